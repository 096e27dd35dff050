"""The numbers that Word writes before paragraphs by itself: they stand in no text, and guides speak of them."""

import re
from collections import defaultdict
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_CHINESE = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "chineseLegalSimplified"}
)


class Numbering:
    """Counts the numbered paragraphs of one document."""

    def __init__(self, document: Any) -> None:
        self._levels = dict[tuple[str, int], tuple[str, str, int]]()
        self._counts = defaultdict[str, dict[int, int]](dict)
        self._read(document)

    def next(self, paragraph: Any) -> str:
        """What Word writes before this paragraph: such as "一、", "-" for a bullet, empty for none."""
        found = _numbered(paragraph)
        if found is None or (found[0], found[1]) not in self._levels:
            return ""
        number, level = found
        form, pattern, start = self._levels[number, level]
        if form in {"bullet", "none"}:
            return "-" if form == "bullet" else ""
        counts = self._counts[number]
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]

        def value(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            return told(counts.get(at, 1), self._levels.get((number, at), ("decimal", "", 1))[0])

        text = re.sub(r"%(\d)", value, pattern)
        return text if not text or ord(text[-1]) > 0x2E80 else f"{text} "

    def _read(self, document: Any) -> None:
        """The levels of each list of the document."""
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstract = {item.get(f"{_W}abstractNumId"): item for item in root.findall(f"{_W}abstractNum")}
        for item in root.findall(f"{_W}num"):
            target = item.find(f"{_W}abstractNumId")
            for level in abstract.get(target.get(f"{_W}val"), ()) if target is not None else ():
                if level.tag == f"{_W}lvl":
                    key = (item.get(f"{_W}numId"), int(level.get(f"{_W}ilvl")))
                    self._levels[key] = (
                        _value(level, "numFmt", "decimal"),
                        _value(level, "lvlText", ""),
                        int(_value(level, "start", "1")),
                    )


def _value(element: Any, name: str, default: str) -> str:
    """The value of a child element."""
    child = element.find(f"{_W}{name}")
    return default if child is None else str(child.get(f"{_W}val") or default)


def _numbered(paragraph: Any) -> tuple[str, int] | None:
    """The list and the level that a paragraph, or its style, belongs to; None where it is in no list."""
    style = paragraph.style.element if paragraph.style else None
    for element in (paragraph._p, style):  # noqa: SLF001 - the library does not read numbers
        found = element.find(f"./{_W}pPr/{_W}numPr") if element is not None else None
        if found is not None and _value(found, "numId", "0") != "0":
            return _value(found, "numId", "0"), int(_value(found, "ilvl", "0"))
    return None


def told(number: int, form: str) -> str:
    """A number in the form that Word calls by this name."""
    if form in _CHINESE and number < 100:
        tens, ones = divmod(number, 10)
        ten = "" if not tens else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
        return f"{ten}{_DIGITS[ones] if ones else ''}"
    if form.endswith("Letter") and 0 < number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter.upper() if form.startswith("upper") else letter
    if form.endswith("Roman") and 0 < number < 40:
        text, left = "", number
        for value, sign in _ROMAN:
            text, left = text + sign * (left // value), left % value
        return text.upper() if form.startswith("upper") else text
    return str(number)
