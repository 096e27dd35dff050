"""The one place that decides on time. Half-open: an instant is on time when it lies before the closing instant."""

from datetime import date, datetime, timedelta
from typing import Literal

from knowledge.programme import Notice, Programme

Phase = Literal["open", "closed", "unknown"]


def effective(programme: Programme, notice: Notice | None = None, extension: datetime | None = None) -> datetime | None:
    """The instant (exclusive) at which submissions close; None where none is announced.

    A personal `extension` stands before the `notice` of staff, and that before the guide.
    """
    if extension is not None:
        return extension
    return notice.closes_at if notice is not None else programme.deadline.closes_at


def reminding(programme: Programme, notice: Notice | None = None) -> datetime | None:
    """The instant that reminders count back from: the stricter reading of the guide, unless staff set another."""
    if notice is not None:
        return notice.closes_at
    return programme.deadline.remind_at or programme.deadline.closes_at


def is_open(
    programme: Programme, now: datetime, notice: Notice | None = None, extension: datetime | None = None
) -> bool:
    """Whether a submission received at `now` is on time. One without an announced deadline is open."""
    closes_at = effective(programme, notice, extension)
    return closes_at is None or now < closes_at


def phase(programme: Programme, now: datetime, notice: Notice | None = None) -> Phase:
    """Open or closed at `now`. "unknown" where nothing says that entries are taken: a pack that is only a guide."""
    if notice is None and not programme.dated:
        return "unknown"
    return "open" if is_open(programme, now, notice) else "closed"


def last_day(closes_at: datetime, programme: Programme) -> date:
    """The last day on which a submission is on time, in the programme's zone."""
    return (closes_at.astimezone(programme.zone) - timedelta(microseconds=1)).date()


def days_left(programme: Programme, now: datetime, notice: Notice | None = None) -> int | None:
    """The calendar days to the last day, in the programme's zone; negative when over, None where none is announced."""
    closes_at = effective(programme, notice)
    if closes_at is None:
        return None
    return (last_day(closes_at, programme) - now.astimezone(programme.zone).date()).days
