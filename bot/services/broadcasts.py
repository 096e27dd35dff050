"""Messages to many: whom they reach, confirming, starting, steering, reporting."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.errors import BotError
from bot.messages import Rights
from storage.records import Audience as Audience  # noqa: PLC0414 - handlers name it, and import no storage
from storage.records import Broadcast, Reach
from storage.unit_of_work import UnitOfWork

# The part of a channel's rate that broadcasts may use: the rest is free for replies whenever they come.
BROADCAST_SHARE = 0.8
_RENDERED_AT_ONCE = 500
# What may become of a broadcast in each state; "resend" sends the messages of unknown fate again.
_ACTIONS = {
    "queued": ("pause", "cancel"),
    "running": ("pause", "cancel"),
    "paused": ("resume", "cancel"),
    "completed": ("resend", "cancel"),
    "cancelled": (),
}
_BEYOND_NUMBERS = 2**31

Windows = Mapping[str, tuple[timedelta | None, int | None, bool]]


class NobodyReached(BotError):
    """A broadcast that would reach nobody now or later."""

    template = "admin_broadcast.nobody"


class WrongNumber(BotError):
    """The number typed is not the number reached. Values: number, reached."""

    template = "admin_broadcast.wrong_number"


class ReachChanged(BotError):
    """Since the preview more or fewer people are reached. Values: before, reached."""

    template = "admin_broadcast.reach_changed"


class UnknownBroadcast(BotError):
    """No broadcast has this number. Values: number."""

    template = "admin_broadcast.unknown"


class NotNow(BotError):
    """A broadcast's state does not allow this. Values: number, state, action, actions (those that are possible)."""

    template = "admin_broadcast.not_now"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a broadcast would do now: for each channel how many it reaches, and the seconds it would take."""

    channels: Mapping[str, Reach]
    seconds: float

    @property
    def reached(self) -> int:
        """Accounts that get the message now."""
        return sum(reach.reached for reach in self.channels.values())

    @property
    def waiting(self) -> int:
        """Accounts that get it at their next contact."""
        return sum(reach.waiting for reach in self.channels.values())

    @property
    def blocked(self) -> int:
        """Accounts that do not get it."""
        return sum(reach.blocked for reach in self.channels.values())


@dataclass(frozen=True, slots=True)
class Line:
    """What became of a broadcast's messages on one channel. `reasons`: why they failed or are held, with numbers."""

    channel: str
    sent: int = 0
    open: int = 0
    held: int = 0
    failed: int = 0
    cancelled: int = 0
    unknown: int = 0
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A broadcast with its progress. `total` counts the messages of all channels; `actions` are possible now."""

    broadcast: Broadcast
    lines: tuple[Line, ...]
    actions: tuple[str, ...]

    @property
    def total(self) -> Line:
        """The sums over the channels."""
        names = ("sent", "open", "held", "failed", "cancelled", "unknown")
        return Line("", **{name: sum(getattr(line, name) for line in self.lines) for name in names})


def broadcast_rate(rights: Rights) -> float:
    """Messages of a broadcast that a channel takes in a second."""
    return rights.rate * BROADCAST_SHARE


def windows_of(rights: Mapping[str, Rights]) -> Windows:
    """The channels' rights as storage counts with them. What lands in a mailbox needs no push."""
    return {name: (own.window, own.pushes, own.push or own.mailbox) for name, own in rights.items()}


def preview_broadcast(*, uow: UnitOfWork, audience: Audience, rights: Mapping[str, Rights], now: datetime) -> Preview:
    """How many accounts of the audience each channel reaches, and how long that takes. Channels send side by side."""
    channels = uow.broadcasts.reach(audience, windows_of(rights), now)
    seconds = max((reach.reached / broadcast_rate(rights[name]) for name, reach in channels.items()), default=0.0)
    return Preview(channels, seconds)


def confirm_broadcast(
    *,
    uow: UnitOfWork,
    author_id: int,
    text: str,
    audience: Audience,
    rights: Mapping[str, Rights],
    shown: int,
    number: int,
    starts_at: datetime | None,
    now: datetime,
) -> Broadcast:
    """Queues a broadcast for its time (None: now). `number` was typed to confirm the number reached that was `shown`.

    Raises WrongNumber, ReachChanged where the preview is no longer true, NobodyReached.
    """
    if number != shown:
        raise WrongNumber(number=number, reached=shown)
    preview = preview_broadcast(uow=uow, audience=audience, rights=rights, now=now)
    if preview.reached != shown:
        raise ReachChanged(before=shown, reached=preview.reached)
    return create_broadcast(
        uow=uow, author_id=author_id, text=text, audience=audience, preview=preview, starts_at=starts_at, now=now
    )


def create_broadcast(
    *,
    uow: UnitOfWork,
    author_id: int,
    text: str,
    audience: Audience,
    preview: Preview,
    starts_at: datetime | None,
    now: datetime,
) -> Broadcast:
    """Queues a broadcast. Raises NobodyReached for one that arrives nowhere."""
    if not preview.reached + preview.waiting:
        raise NobodyReached
    counts = {name: asdict(reach) for name, reach in preview.channels.items()}
    number = uow.broadcasts.add(author_id, text, _stored(audience), counts, "queued", starts_at or now, now)
    return _get(uow, number)


def start_broadcast(
    *,
    uow: UnitOfWork,
    broadcast: Broadcast,
    rights: Mapping[str, Rights],
    text_for: Callable[[int], str] | None,
    now: datetime,
) -> int:
    """Freezes the audience and lets a queued broadcast run; how many messages it has.

    `text_for` makes a person's own text where the text has fields. It is asked within the same transaction, so that no
    message leaves before it has its text.
    """
    count = uow.broadcasts.freeze(broadcast.id, audience_of(broadcast), windows_of(rights), now)
    if text_for is not None:
        _write_texts(uow, broadcast.id, text_for)
    uow.broadcasts.set_state(broadcast.id, "running", now)
    return count


def complete_broadcasts(*, uow: UnitOfWork, now: datetime) -> list[Broadcast]:
    """Ends the running broadcasts that have nothing left to send, and gives them."""
    done = [found for found in uow.broadcasts.running() if uow.broadcasts.finished(found.id)]
    for found in done:
        uow.broadcasts.set_state(found.id, "completed", now)
    return done


def pause_broadcast(*, uow: UnitOfWork, number: int, now: datetime) -> Report:
    """Nothing more of it leaves until it is resumed. Raises UnknownBroadcast, NotNow."""
    _allowed(uow, number, "pause")
    uow.broadcasts.set_state(number, "paused", now)
    return report_broadcast(uow=uow, number=number)


def resume_broadcast(*, uow: UnitOfWork, number: int, now: datetime) -> Report:
    """Goes on with a paused one; one that had not begun is queued again. Raises UnknownBroadcast, NotNow."""
    _allowed(uow, number, "resume")
    uow.broadcasts.set_state(number, "running" if uow.broadcasts.report(number) else "queued", now)
    return report_broadcast(uow=uow, number=number)


def cancel_broadcast(*, uow: UnitOfWork, number: int, now: datetime) -> Report:
    """What has not left stays. Raises UnknownBroadcast, NotNow."""
    _allowed(uow, number, "cancel")
    uow.broadcasts.set_state(number, "cancelled", now)
    uow.messages.cancel(number)
    return report_broadcast(uow=uow, number=number)


def resend_unknown(*, uow: UnitOfWork, number: int, now: datetime) -> Report:
    """Sends again what may have been lost in a crash; it may arrive twice. Raises UnknownBroadcast, NotNow."""
    _allowed(uow, number, "resend")
    if uow.messages.resume_unknown(number):
        uow.broadcasts.set_state(number, "running", now)
    return report_broadcast(uow=uow, number=number)


def report_broadcast(*, uow: UnitOfWork, number: int) -> Report:
    """The state of a broadcast and what became of its messages. Raises UnknownBroadcast."""
    broadcast = _get(uow, number)
    lines = tuple(_line(channel, counts) for channel, counts in sorted(uow.broadcasts.report(number).items()))
    report = Report(broadcast, lines, _ACTIONS.get(broadcast.state, ()))
    return replace(report, actions=tuple(action for action in report.actions if _is_of_use(action, report)))


def list_broadcasts(*, uow: UnitOfWork, limit: int = 5) -> list[Report]:
    """The latest broadcasts, newest first."""
    return [report_broadcast(uow=uow, number=found.id) for found in uow.broadcasts.recent(limit)]


def audience_of(broadcast: Broadcast) -> Audience:
    """The audience of a stored broadcast."""
    return read_audience(broadcast.audience)


def read_audience(stored: Mapping[str, Any]) -> Audience:
    """An audience from its stored form."""
    lists = {key: tuple(value) for key, value in stored.items() if isinstance(value, (list, tuple))}
    return Audience(everyone=bool(stored.get("everyone")), **lists)


def _stored(audience: Audience) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(audience).items() if value}


def _write_texts(uow: UnitOfWork, broadcast_id: int, text_for: Callable[[int], str]) -> None:
    after = 0
    while rows := uow.messages.addressees(broadcast_id, after=after, limit=_RENDERED_AT_ONCE):
        uow.messages.set_texts([(number, text_for(person_id)) for number, person_id in rows])
        after = rows[-1][0]


def _line(channel: str, counts: Mapping[str, int]) -> Line:
    sums: dict[str, int] = {}
    reasons = []
    for name, number in counts.items():
        state, _, reason = name.partition(":")
        state = "open" if state in {"pending", "sending"} else state
        sums[state] = sums.get(state, 0) + number
        if reason:
            reasons.append((reason, number))
    return Line(channel, **sums, reasons=tuple(reasons))


def _allowed(uow: UnitOfWork, number: int, action: str) -> None:
    report = report_broadcast(uow=uow, number=number)
    if action not in report.actions:
        raise NotNow(number=number, state=report.broadcast.state, action=action, actions=report.actions)


def _is_of_use(action: str, report: Report) -> bool:
    """Whether there is anything to send again or, once all has been tried, anything that still waits."""
    if action == "resend":
        return report.total.unknown > 0
    return action != "cancel" or report.broadcast.state != "completed" or report.total.held > 0


def _get(uow: UnitOfWork, number: int) -> Broadcast:
    broadcast = uow.broadcasts.get(number) if 0 < number < _BEYOND_NUMBERS else None
    if broadcast is None:
        raise UnknownBroadcast(number=number)
    return broadcast
