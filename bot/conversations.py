"""A conversation's state as stored data, and what it says of the event at hand."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from bot.context import State
from bot.messages import Address, Choice, Inbound, Kind, Outgoing, OutgoingFile, Reply
from knowledge.programme import Notice
from storage.records import Message
from storage.unit_of_work import UnitOfWork

_ON_ITS_WAY = frozenset({"pending", "sending"})
# Platforms give their times in whole seconds, by clocks that are not ours.
_CLOCKS_DIFFER = timedelta(seconds=2)


def load(data: Mapping[str, Any]) -> State:
    """A State from its stored form; an empty one for a new conversation."""
    known = {key: value for key, value in data.items() if key in State.__dataclass_fields__}
    state = State(**known)
    state.choices = tuple(Choice(*choice) for choice in data.get("choices", ()))
    state.about = tuple(data.get("about", ()))
    state.history = tuple(data.get("history", ()))
    state.asked_at = datetime.fromisoformat(data["asked_at"]) if data.get("asked_at") else None
    return state


def dump(state: State) -> dict[str, Any]:
    """The stored form of a State: only what differs from an empty one. It shares the State's data."""
    data = {name: getattr(state, name) for name in State.__dataclass_fields__}
    data["choices"] = [[choice.value, choice.label, choice.numbered] for choice in state.choices]
    data["history"] = list(state.history)
    data["asked_at"] = state.asked_at.isoformat() if state.asked_at else None
    return {key: value for key, value in data.items() if value}


def copy(state: State) -> State:
    """The same state, apart from the first."""
    return load(deepcopy(dump(state)))


def note_prompt(state: State, replies: list[Reply], *, interrupted: bool) -> None:
    """Numbers the prompt that the replies show: the last choices are what the next number or button means.

    A flow that was interrupted by something without choices keeps its own.
    """
    choices, about = next(((reply.choices, reply.about) for reply in reversed(replies) if reply.choices), ((), ()))
    if interrupted and not choices:
        return
    if choices or state.flow:
        state.prompt += 1
    state.choices, state.about = choices, about


def note_asked(state: State, before: tuple[str, str], ids: Sequence[int], now: datetime) -> None:
    """Keeps when, and by which message, the flow first asked what it asks now. `before` is the place it came from."""
    if state.place != before and ids:
        state.asked, state.asked_message, state.asked_at = state.prompt, ids[-1], now


def is_untimely(uow: UnitOfWork, inbound: Inbound, state: State) -> bool:
    """Whether an event was sent before its sender saw what the flow asks now.

    The page says which prompt it shows; Telegram numbers the messages of a chat; others give the time alone.
    """
    if not state.flow or inbound.kind is not Kind.TEXT or state.asked_message is None:
        return False
    if inbound.shown is not None:
        return inbound.shown < state.asked
    if inbound.order is not None:
        shown = uow.messages.get([state.asked_message])
        return any(row.state in _ON_ITS_WAY or inbound.order < (row.sent_order or 0) for row in shown)
    if inbound.sent_at is not None and state.asked_at is not None:
        return inbound.sent_at < state.asked_at - _CLOCKS_DIFFER
    return False


class Notices(Mapping[str, Notice]):
    """The deadlines that staff set, by programme. They are read when somebody asks for one."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def __getitem__(self, programme: str) -> Notice:
        """The deadline of a programme; KeyError where staff set none."""
        return self._found[programme]

    def __iter__(self) -> Iterator[str]:
        """The programmes that have one."""
        return iter(self._found)

    def __len__(self) -> int:
        """How many programmes have one."""
        return len(self._found)

    @cached_property
    def _found(self) -> dict[str, Notice]:
        latest = self._uow.deadlines.latest()
        return {key: Notice(found.closes_at, found.noted_at) for key, found in latest.items()}


def outgoing(row: Message) -> Outgoing:
    """A row of the outbox as channels get it."""
    return Outgoing(
        id=row.id,
        address=Address(row.channel, row.chat),
        text=str(row.body["text"]),
        choices=tuple(Choice(*choice) for choice in row.body.get("choices", ())),
        files=tuple(OutgoingFile(*file) for file in row.body.get("files", ())),
        kind=row.kind,
        key=row.key,
        prompt=int(row.body.get("prompt", 0)),
        sequence=row.sequence or 0,
    )
