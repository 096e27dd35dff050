"""Turns on a real database, with channels of every kind and a clock that tests set."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import pytest

from bot.channels.base import Limits, Rights
from bot.messages import Address, Inbound
from bot.turns import Handled, Turns
from storage.database import Storage
from storage.records import Message
from tests.fixtures.people import NOW, FakeLibrary, make_programme

LIMITS = {
    "buttons": Limits(text=4000, measure=len),
    "numbers": Limits(text=4000, measure=len, buttons=False),
    "passive": Limits(text=200, measure=len, buttons=False, replies=1),
    "pushing": Limits(text=200, measure=len, buttons=False, replies=1),
}
RIGHTS = {
    "buttons": Rights(),
    "numbers": Rights(),
    "passive": Rights(push=False),
    "pushing": Rights(window=timedelta(hours=48), pushes=5),
}


@dataclass
class FakeDispatch:
    """Sends nothing and keeps what it was to send."""

    owner: str = "house"
    lease: timedelta = timedelta(minutes=1)
    channels: Collection[str] = ("buttons", "numbers")
    sent: list[list[int]] = field(default_factory=list)

    async def prepare(self, _address: Address) -> float:
        """Knows one instant."""
        return 7.0

    async def send_now(self, rows: Sequence[Message], since: float) -> None:
        """Keeps the messages' ids."""
        assert since == 7.0
        self.sent.append([row.id for row in rows])


@dataclass
class House:
    """Turns and what they did."""

    storage: Storage
    library: FakeLibrary
    now: datetime = NOW
    dispatch: FakeDispatch = field(default_factory=FakeDispatch)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.turns = Turns(self.storage, self.library, lambda: self.now, LIMITS, RIGHTS, self.dispatch)

    def event(self, text: str = "", *, channel: str = "buttons", person: str = "anna", **values: object) -> Inbound:
        """A new event of a person in their private chat."""
        found = {"event": f"e{next(self.numbers)}", "chat": person, "sender": person, "text": text, **values}
        return Inbound(channel, **found)  # type: ignore[arg-type]

    async def say(self, text: str = "", **values: object) -> Handled:
        """Handles a new event."""
        return await self.turns.handle(self.event(text, **values))  # type: ignore[arg-type]

    def states(self) -> list[str]:
        """The states of all messages, by id."""
        return self.storage.run_sync(lambda uow: [row.state for row in uow.messages.get(range(1, 100))])


@pytest.fixture
def house(storage: Storage) -> House:
    return House(storage, FakeLibrary({"lantern": make_programme()}))


@pytest.fixture
def lite_house(sqlite_storage: Storage) -> House:
    return House(sqlite_storage, FakeLibrary({"lantern": make_programme()}))
