"""What a person typed, made safe to stand in a Word form: it is text there, whatever it looks like."""

import re
from datetime import date

from markupsafe import Markup, escape

# What XML 1.0 cannot hold; Word's own marks for tabs, pages and paragraphs are made below, never taken from a text.
_UNFIT = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029]")
_PARAGRAPH = "\a"  # the template engine ends a paragraph there
_DIGITS = "〇一二三四五六七八九"


def clean(text: str) -> str:
    r"""The text with line ends as "\n" and without characters that a document cannot hold."""
    lines = re.sub("\r\n?|\u2028|\u2029|\v|\f|\x85", "\n", text)
    return _UNFIT.sub("", lines).strip()


def literal(text: str) -> Markup:
    """The text as it stands in the document's XML: neither markup nor a template's brace."""
    return Markup(str(escape(clean(text))).replace("{", "&#123;").replace("}", "&#125;"))  # noqa: S704 - escaped here


def paragraphs(text: Markup) -> Markup:
    """A text of several lines as paragraphs; empty lines go."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return Markup(_PARAGRAPH).join(lines)  # noqa: S704 - a constant


def day(value: str) -> str:
    """A stored date as 2022年12月5日; anything else as it is."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{found.year}年{found.month}月{found.day}日"


def han_date(value: str, year: int = 0) -> str:
    """A stored date as 二〇二二年十二月五日; without one the year and blanks to fill in by hand."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return f"{_han_year(year) if year else '　　　　'}年　　月　　日"
    return f"{_han_year(found.year)}年{_han_number(found.month)}月{_han_number(found.day)}日"


def _han_year(year: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(year))


def _han_number(number: int) -> str:
    """A number from 1 to 99 as it is said: 十二, 二十, 三十一."""
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return ten + (_DIGITS[ones] if ones else "")
