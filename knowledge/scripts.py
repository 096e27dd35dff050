"""Scripts, numbers, dates and sizes as people write them in Chinese and English."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

_DATA = Path(__file__).parent / "data"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千万]+")
_LONGEST_NUMERAL = 30  # characters
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?P<month_name>{'|'.join(_MONTHS)})[a-z]*\.?"
_CHINESE_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)\s*年\s*)?(?P<month>1[0-2]|0?[1-9])\s*月(?:份)?\s*(?:(?P<day>[12]\d|3[01]|0?[1-9])\s*[日号])?"
)
_ISO_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[-/.](?P<month>1[0-2]|0?[1-9])(?:[-/.](?P<day>[12]\d|3[01]|0?[1-9]))?(?!\d)"
)
_ENGLISH_DATES = (
    re.compile(rf"\b{_MONTH}\s+(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<year>(?:19|20)\d\d))?"),
    re.compile(
        rf"\b(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}(?:,?\s+(?P<year>(?:19|20)\d\d))?"
    ),
    re.compile(rf"\b{_MONTH}\s+(?:of\s+)?(?P<year>(?:19|20)\d\d)"),
)
_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:\s*年|\b)")
_CLOCK = re.compile(
    r"(?P<part>凌晨|早上|上午|一早|早晨|中午|下午|晚上|晚|夜里|半夜|傍晚)?\s*(?P<hour>\d{1,2})\s*(?:点|时|[:：])\s*(?:(?P<minute>\d{1,2})\s*分?|(?P<half>半))?"
)
_ENGLISH_CLOCK = re.compile(r"\b(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s*(?P<part>am|pm|a\.m\.|p\.m\.)")
_WHOLE_HOUR = re.compile(
    r"(?P<part>下午|晚上|晚|夜里|半夜|傍晚)?\s*(?P<hour>\d{1,2})\s*(?:点|时(?!间)|:00)"
    r"|(?P<noon>\d{1,2})\s*(?P<latin>am|pm)\b"
)
_SIZE = re.compile(
    r"(?<![\d.])(?P<number>\d{1,9}(?:\.\d{1,6})?)\s*(?:几|多|来)?\s*(?P<unit>k|m|g|兆|mb|kb|gb|megabytes?|kilobytes?|字节|b)(?![a-z])"
)
_LENGTH = re.compile(r"(?P<number>\d+)\s*(?:多|来|几)?\s*(?:个)?(?:字(?!节)|words?|characters?|chars?)")
_SPELT = {
    "a": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_AGO = re.compile(rf"(?P<number>\d+|(?<!-)(?<!half )\b(?:{'|'.join(_SPELT)}))\s*(?:多)?\s*(?:年(?:以)?前|years?\s+ago)")
_SCALE = {"k": 1000, "m": 1_000_000, "g": 1_000_000_000, "兆": 1_000_000, "b": 1, "字": 1}
_MIDNIGHT = 24


@cache
def _table() -> dict[int, str]:
    """Traditional characters to simplified ones."""
    pairs = (_DATA / "traditional.txt").read_text(encoding="utf-8").split("\n", 1)[1].split()
    return {ord(pair[0]): pair[1] for pair in pairs}


@cache
def _words() -> tuple[tuple[str, str], ...]:
    """Words of other Chinese-speaking places, longest first."""
    rows = [line.split() for line in (_DATA / "words.txt").read_text(encoding="utf-8").split("\n")[1:] if line]
    return tuple(sorted(((row[0], row[1]) for row in rows), key=lambda row: -len(row[0])))


def simplify(text: str) -> str:
    """The text in simplified characters, with the words of Mainland usage."""
    flat = text.translate(_table())
    for word, usual in _words():
        if word in flat:
            flat = flat.replace(word, usual)
    return flat


def number(numeral: str) -> int | None:
    """The value of a Chinese numeral such as 二十五 or 二〇二二; None where it is none, or far too long."""
    if len(numeral) > _LONGEST_NUMERAL or not _NUMERAL.fullmatch(numeral):
        return None
    if all(c in _DIGITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total = part = digit = 0
    for character in numeral:
        if character == "万":
            total, part, digit = (total + part + digit) * 10_000, 0, 0
        elif character in _UNITS:
            part, digit = part + (digit or 1) * _UNITS[character], 0
        else:
            digit = _DIGITS[character]
    return total + part + digit


def digits(text: str) -> str:
    """The text with Chinese numerals before a unit of time, length or size written in digits."""
    return re.sub(
        r"[零〇一二两三四五六七八九十百千万]++(?=\s*(?:多|来|几|个)?(?:年|月|日|号|点|分|天|字|兆|[kKmMgG]|张|份|项|页))",
        lambda match: match[0] if (value := number(match[0])) is None else str(value),
        text,
    )


_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point of time that a text names: what of it is said. `today` marks "today is …"."""

    month: int | None
    year: int | None = None
    day: int | None = None
    clock: time | None = None
    end_of_day: bool = False  # 24:00
    today: bool = False

    def at(self, year: int, zone: ZoneInfo) -> datetime | None:
        """The instant, in `year` where the text names none, at noon where it names no hour. None without a day."""
        if self.day is None or self.month is None:
            return None
        try:
            found = date(self.year or year, self.month, self.day)
        except ValueError:
            return None
        if self.end_of_day:
            return datetime.combine(found + timedelta(days=1), time(), zone)
        return datetime.combine(found, self.clock or time(12), zone)


def moments(text: str) -> Iterator[Moment]:
    """The dates that a text (folded, simplified) names, in the order they stand."""
    flat = digits(text)
    found = dict[int, tuple[int, Moment]]()
    for pattern in (_CHINESE_DATE, _ISO_DATE, *_ENGLISH_DATES):
        for match in pattern.finditer(flat):
            if not any(start < match.end() and match.start() < end for start, (end, _) in found.items()):
                found[match.start()] = (match.end(), _moment(match, flat))
    yield from (found[start][1] for start in sorted(found))


def years(text: str) -> list[int]:
    """The years that a text names."""
    return [int(match["year"]) for match in _YEAR.finditer(digits(text))]


def _moment(match: re.Match[str], text: str) -> Moment:
    """The Moment of a date and of the hour that follows it."""
    parts = match.groupdict()
    name = parts.get("month_name")
    month = _MONTHS.index(name) + 1 if name else int(parts["month"])
    year, day = (int(parts[key]) if parts.get(key) else None for key in ("year", "day"))
    before, after = text[max(0, match.start() - 8) : match.start()], text[match.end() : match.end() + 14]
    clock, end_of_day = _clock(after)
    today = bool(re.search(r"(?:今天|今日|现在|目前|today|today is|it is)[是,\s]*(?:\d{4}年)?$", before))
    return Moment(month, year, day, clock, end_of_day, today)


def _clock(text: str) -> tuple[time | None, bool]:
    """The hour that a text begins with, and whether it is the end of the day."""
    match = _CLOCK.search(text) or _ENGLISH_CLOCK.search(text)
    if match is None:
        return None, False
    parts = match.groupdict()
    hour, minute = int(match["hour"]), 30 if parts.get("half") else int(parts.get("minute") or 0)
    part = parts.get("part") or ""
    if hour == _MIDNIGHT or (part in {"晚上", "晚", "夜里", "半夜"} and hour == 12):
        return None, True
    if part in {"下午", "晚上", "晚", "傍晚", "夜里", "pm", "p.m."} and hour < 12:
        hour += 12
    try:
        return time(hour, minute), False
    except ValueError:
        return None, False


def hour(text: str) -> int | None:
    """The hour of the day, 1 to 24, that a text (folded, simplified) names; None where it names none."""
    match = _WHOLE_HOUR.search(digits(text))
    if match is None:
        return None
    if match["noon"]:
        return int(match["noon"]) % 12 + (12 if match["latin"] == "pm" else 0) or 24
    named, part = int(match["hour"]), match["part"]
    midnight = named == 12 and part in {"晚上", "晚", "夜里", "半夜"}
    return (named + 12 if midnight or (part and named < 12) else named) or 24


def sizes(text: str) -> list[int]:
    """The sizes in bytes that a text names, with K and M as thousand and million."""
    return [int(float(match["number"]) * _SCALE[match["unit"][0]]) for match in _SIZE.finditer(digits(text))]


def lengths(text: str) -> list[int]:
    """The numbers of 字 (or words) that a text names."""
    return [int(match["number"]) for match in _LENGTH.finditer(digits(_THOUSANDS.sub("", text)))]


def years_ago(text: str) -> int | None:
    """How many years back a text speaks of; None where of none."""
    if match := _AGO.search(digits(text)):
        return _SPELT.get(match["number"]) or int(match["number"])
    for words, years_back in ((("大前年",), 3), (("前年",), 2), (("去年", "last year"), 1), (("今年", "this year"), 0)):
        if any(word in text for word in words):
            return years_back
    return None
