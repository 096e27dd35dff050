"""Days and hours in a guide's sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from knowledge.importing.proposal import pattern
from knowledge.scripts import digits
from knowledge.text import fold

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:(?P<year>20\d\d)\s*年\s*)?(?P<month>1[0-2]|0?[1-9])\s*月\s*(?P<day>[12]\d|3[01]|0?[1-9])\s*[日号]?",
        r"(?<!\d)(?P<year>20\d\d)[-/.](?P<month>1[0-2]|0?[1-9])[-/.](?P<day>[12]\d|3[01]|0?[1-9])(?!\d)",
        rf"\b{_NAME}\s+(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<year>20\d\d))?",
        rf"\b(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?:\s+of)?\s+{_NAME}(?:,?\s+(?P<year>20\d\d))?",
        r"(?<=[至到—~-])\s*(?P<day>[12]\d|3[01]|0?[1-9])\s*日",
    )
)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_CLOCK = pattern(
    r"^\s*(?:\([^)]{1,8}\)|（[^）]{1,8}）|[,，(（]|at|by|星期.|周.|北京时间|beijing time)*\s*(?P<part>上午|中"
    r"午|下午|晚上?|noon|midnight)?\s*(?:(?P<hour>\d{1,2})\s*(?:[:：]\s*(?P<minute>\d\d)|点(?P<half>半)?|时)|(?"
    r"P<hour12>\d{1,2})(?:[:.](?P<minute12>\d\d))?\s*(?P<half_day>[ap])\.?m)?",
)
_EARLIER = pattern(
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s*(?P<half_day>[ap])\.?m\.?[^.;]{0,24}$",
    r"(?P<hour24>\d{1,2}):(?P<minute24>\d\d)[^.;]{0,24}$",
)
_BEFORE = re.compile(r"^[^，。；,;]{0,12}?(?:之前|以前|前)(?!\s*[(（]\s*含)")
_BEFORE_ENGLISH = re.compile(r"\bbefore\s+(?:\w+,?\s+)?$")
_AFTER = re.compile(r"^[^，。；,;]{0,8}?(?:之后|以后|后)")


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a sentence names; `year` is 0 where it names none. `before`, `after`: what is said of it."""

    year: int
    month: int
    day: int
    hour: time | None = None
    end: bool = False  # 24:00
    before: bool = False
    after: bool = False

    def in_year(self, year: int) -> "Day":
        """The day, in this year where it has none."""
        return self if self.year else replace(self, year=year)

    def closes(self) -> datetime:
        """The first instant that is too late, without its zone: the next midnight where the day has no hour."""
        start = datetime(self.year, self.month, self.day)  # noqa: DTZ001 - the pack's file names the zone
        if self.hour is None or self.end or (self.hour.hour, self.hour.minute) == (23, 59):
            return start + timedelta(days=1)
        return datetime.combine(start, self.hour)


def days(sentence: str) -> list[Day]:
    """The days in the order they stand. One without a year has that of the one before it, or of the sentence."""
    text = digits(fold(sentence))
    found, year, month = list[Day](), 0, 0
    for match in _matches(text):
        parts = match.groupdict()
        number = _MONTHS.index(parts["name"]) + 1 if parts.get("name") else int(parts.get("month") or month)
        if not number:
            continue
        year, month = int(parts.get("year") or year), number
        day = _with_clock(Day(year, number, int(parts["day"])), text[: match.start()], text[match.end() :])
        if _exists(day):
            found.append(day)
    named = _YEAR.search(text)
    return [day.in_year(int(named[0])) for day in found] if named else found


def _matches(text: str) -> Iterator[re.Match[str]]:
    """The matches of all ways to write a day, from left to right, none over another."""
    taken = dict[int, re.Match[str]]()
    for way in _DAYS:
        for match in way.finditer(text):
            if not any(other.start() < match.end() and match.start() < other.end() for other in taken.values()):
                taken[match.start()] = match
    yield from (taken[start] for start in sorted(taken))


def _with_clock(day: Day, before: str, after: str) -> Day:
    """A day with the hour that stands after it, or before it in English, and with its "before"."""
    match = _CLOCK.match(after)
    hour, end, tail = None, False, after
    if match and (match["hour"] or match["hour12"]):
        value = int(match["hour"] or match["hour12"])
        minute = 30 if match["half"] else int(match["minute"] or match["minute12"] or 0)
        late = match["part"] in {"下午", "晚", "晚上"} or match["half_day"] == "p"
        hour, end = _hour(value, minute, late=late)
        tail = after[match.end() :]
    elif earlier := _EARLIER.search(before):
        value = int(earlier["hour"] or earlier["hour24"])
        hour, end = _hour(value, int(earlier["minute"] or earlier["minute24"] or 0), late=earlier["half_day"] == "p")
    earlier_than = bool(_BEFORE.match(tail) or _BEFORE_ENGLISH.search(before))
    return replace(day, hour=hour, end=end, before=earlier_than, after=bool(_AFTER.match(tail)))


def _hour(value: int, minute: int, *, late: bool) -> tuple[time | None, bool]:
    """An hour of the day, and whether it is its end."""
    if value == 24:
        return None, True
    value += 12 if late and value < 12 else 0
    return (time(value, minute), False) if value < 24 and minute < 60 else (None, False)


def _exists(day: Day) -> bool:
    """Whether the calendar has this day."""
    try:
        datetime(day.year or 2024, day.month, day.day)  # noqa: DTZ001 - a day has no zone
    except ValueError:
        return False
    return True
