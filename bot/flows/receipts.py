"""Receipt numbers with a check character, so that a typing mistake is told from another receipt."""

import re
import unicodedata

from knowledge.text import unpiled

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MODULUS = 36
_SHAPE = re.compile(r"([A-Z0-9]+)-(\d{4})-(\d{6,})-([A-Z0-9])")
_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc]")


def make_receipt(prefix: str, year: int, number: int) -> str:
    """A receipt such as ABC-2026-000123-X: programme, year, number, check character."""
    body = f"{prefix.upper()}-{year:04d}-{number:06d}"
    return f"{body}-{_check_character(body)}"


def normalise_receipt(text: str) -> str:
    """A receipt as it was given out, from what somebody typed: lower case, full-width, with spaces."""
    flat = _DASHES.sub("-", unicodedata.normalize("NFKC", unpiled(text)))
    return re.sub(r"\s+", "", flat).upper()


def looks_like_receipt(text: str) -> bool:
    """Whether a text has the shape of a receipt, right or mistyped."""
    return _SHAPE.fullmatch(normalise_receipt(text)) is not None


def check_receipt(text: str) -> bool:
    """Whether a text is a receipt without a typing mistake. A single wrong character is always found."""
    receipt = normalise_receipt(text)
    found = _SHAPE.fullmatch(receipt)
    return found is not None and _check_character(receipt.rsplit("-", 1)[0]) == found.group(4)


def _check_character(body: str) -> str:
    """ISO 7064 MOD 37,36 over the letters and digits: a hybrid system that needs no 37th character."""
    state = _MODULUS
    for character in body.replace("-", ""):
        state = (state + _LETTERS.index(character)) % _MODULUS or _MODULUS
        state = state * 2 % (_MODULUS + 1)
    return _LETTERS[(1 - state) % _MODULUS]
