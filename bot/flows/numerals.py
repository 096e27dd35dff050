"""Numbers as people write them, into canonical decimals: digits, thousands, 万 and 亿, Chinese numerals, units."""

import re
import unicodedata
from decimal import Decimal

from bot.flows.values import Problem
from knowledge.scripts import number as chinese_number
from knowledge.wording import Wording

MOST_TYPED = 60  # characters of a number; the patterns below are not made for more
MOST_DIGITS = 24
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_ENGLISH = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_DECIMAL = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_PLAIN = re.compile(rf"[+-]?{_DECIMAL}")
_SCALED = re.compile(rf"({_DECIMAL})\s*([十百千万亿]+)")
_WORDED = re.compile(rf"([+-]?{_DECIMAL})\s*({'|'.join(_ENGLISH)})s?")
_SAME = str.maketrans("萬億兩仟佰拾壹贰叁肆伍陆柒捌玖", "万亿两千百十一二三四五六七八九")
_LAST = re.compile(r"(.*[千百万亿])([一二两三四五六七八九])")  # 两千五 is 2500, 三万二 is 32000
_NEXT = {"百": "十", "千": "百", "万": "千", "亿": "千万"}


def read_number(text: str, unit: Wording | None = None) -> str | Problem:
    """A number as a canonical decimal such as "12.5". What says 万 or names the unit is converted to the field's unit.

    With the unit 万元, "1200", "1200万", "1200万元" and "12000000元" are all "1200".
    """
    if len(text) > MOST_TYPED:
        return Problem("number", {"text": text})
    said = unicodedata.normalize("NFKC", text).translate(_SAME).replace("−", "-").strip().lower()
    factor, base = _split_unit(unit.zh.strip().lower()) if unit else (1, "")
    english = unit.en.strip().lower() if unit else ""
    bare = _without(said, english) if english and english != base else said
    bare = _without(bare, base)
    number = _value(bare)
    if number is None:
        return Problem("number", {"text": text})
    absolute = bare != said and bool(base) and said.endswith(base)
    if factor != 1 and (absolute or any(scale in bare for scale in "万亿")):
        number /= factor
    if len(number.as_tuple().digits) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
        return Problem("number", {"text": text})
    return canonical(number)


def canonical(number: Decimal) -> str:
    """The one way in which a number is written: no exponent, no zeros at the end, no minus before 0."""
    plain = f"{number:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in {"-0", ""} else plain


def _value(said: str) -> Decimal | None:
    """The value of a text without its unit."""
    if _PLAIN.fullmatch(said):
        return Decimal(said.replace(",", "").lstrip("+"))
    if found := _WORDED.fullmatch(said):
        return Decimal(found[1].replace(",", "")) * _ENGLISH[found[2]]
    minus = said.startswith(("-", "负"))
    positive = _scaled(said.lstrip("-负").strip())
    return -positive if minus and positive is not None else positive


def _scaled(said: str) -> Decimal | None:
    """The value of "3.5千万", "1亿2000万", "三百二十" or "一亿二千万"."""
    if _SCALED.sub("", said).strip() == "" and said:
        parts = [(Decimal(digits.replace(",", "")), scales) for digits, scales in _SCALED.findall(said)]
        return sum((value * _product(scales) for value, scales in parts), Decimal())
    if found := _LAST.fullmatch(said):
        said = f"{found[1]}{found[2]}{_NEXT[found[1][-1]]}"
    high, hundred_million, low = said.rpartition("亿")
    values = [chinese_number(part) for part in (high, low) if part]
    if not values or None in values or (hundred_million and not high):
        return None
    total = (chinese_number(high) or 0) * _SCALES["亿"] if hundred_million else 0
    return Decimal(total + (chinese_number(low) or 0))


def _product(scales: str) -> int:
    total = 1
    for scale in scales:
        total *= _SCALES[scale]
    return total


def _split_unit(unit: str) -> tuple[int, str]:
    """A unit such as 万元 as its factor and what is counted; 万 alone counts nothing by name."""
    base = unit.lstrip("十百千万亿")
    return _product(unit[: len(unit) - len(base)]), base


def _without(said: str, suffix: str) -> str:
    return said.removesuffix(suffix).strip() if suffix else said
