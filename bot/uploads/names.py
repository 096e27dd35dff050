"""Names of files: for showing and for offering at a download, never for a path."""

import re
import unicodedata

from knowledge.text import unpiled

LONGEST = 120
_ENDING = re.compile(r"\.([A-Za-z0-9]{1,8})$")
# What some system gives a meaning within a name.
_RESERVED = re.compile(r'[<>:"|?*]')
_FALLBACK = "file"


def clean_name(name: str) -> str:
    """The last part of a name, without what could mislead a reader or a file system; "file" where nothing is left.

    At most `LONGEST` characters, of which the ending is kept.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", unpiled(name)).strip())[-1]
    # Cf holds the marks that turn the order of letters around: exe.pdf for fdp.exe.
    shown = "".join(each for each in last if unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    shown = " ".join(_RESERVED.sub("_", shown).split()).strip(". ")
    found = _ENDING.search(shown)
    if found is None:
        return shown[:LONGEST].rstrip(". ") or _FALLBACK
    stem = shown[: found.start()][: LONGEST - len(found[0])].rstrip(". ")
    return f"{stem or _FALLBACK}{found[0]}"


def ending(name: str) -> str:
    """What stands after the last dot of a name, in lower case; "" where there is none."""
    found = _ENDING.search(name)
    return found[1].lower() if found else ""


def name_as(name: str, kind: str, endings: frozenset[str]) -> str:
    """The name, with the kind at its end unless it ends in one of the kind's own `endings`."""
    return name if ending(name) in endings else clean_name(f"{name}.{kind}")
