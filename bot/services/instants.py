"""Instants as staff write them: "2026-12-31 24:00", "2026年12月31日24点", "12-31 18:00", or ISO with a zone."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_LAST_HOUR = 24
_LONGEST = 100  # characters: a longer text is no instant
_MARKS = str.maketrans(
    {"年": "-", "月": "-", "日": " ", "号": " ", "点": ":", "时": ":", "分": " ", "/": "-", ".": "-"}
)
_INSTANT = re.compile(
    r"(?:(?P<year>\d{4})\s*-\s*)?(?P<month>\d{1,2})\s*-\s*(?P<day>\d{1,2})"
    r"(?:[\sT]+(?P<hour>\d{1,2})\s*:\s*(?P<minute>\d{1,2})?(?P<seconds>:00)?)?"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """An instant in UTC. `whole_day`: only a date was given, and the end of that day is meant."""

    instant: datetime
    whole_day: bool = False


def read_instant(text: str, *, zone: ZoneInfo, now: datetime) -> Reading | None:
    """The instant that a text names, in the programme's zone unless it says another; None where it names none.

    A date alone means the end of that day; a date without its year the next such date. 24:00 is the next day's 00:00.
    """
    if len(text) > _LONGEST:
        return None
    folded = unicodedata.normalize("NFKC", text).strip()
    if (zoned := _read_zoned(folded)) is not None:
        return Reading(zoned)
    found = _INSTANT.fullmatch(" ".join(folded.translate(_MARKS).split()))
    if found is None:
        return None
    whole_day = found["hour"] is None
    clock = (_LAST_HOUR, 0) if whole_day else (int(found["hour"]), int(found["minute"] or 0))
    day = (int(found["month"]), int(found["day"]))
    years = (int(found["year"]),) if found["year"] else _years_from(now.astimezone(zone).year)
    instants = [made for year in years if (made := _make(year, day, clock, zone)) is not None]
    chosen = next((made for made in instants if found["year"] or made > now), None)
    return None if chosen is None else Reading(chosen, whole_day)


def _years_from(year: int) -> tuple[int, ...]:
    """This year and the next; later ones for 29 February."""
    return tuple(range(year, year + 9))


def _read_zoned(text: str) -> datetime | None:
    """An ISO instant that carries its zone."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _to_utc(instant) if instant.tzinfo else None


def _make(year: int, day: tuple[int, int], clock: tuple[int, int], zone: ZoneInfo) -> datetime | None:
    hour, minute = clock
    if hour > _LAST_HOUR or (hour == _LAST_HOUR and minute):
        return None
    try:
        start = datetime(year, *day, 0 if hour == _LAST_HOUR else hour, minute, tzinfo=zone)
        return _to_utc(start + timedelta(days=hour == _LAST_HOUR))
    except (ValueError, OverflowError):
        return None


def _to_utc(instant: datetime) -> datetime | None:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        return None
