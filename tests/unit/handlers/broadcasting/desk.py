"""Staff at work on broadcasts, for tests."""

from collections.abc import Callable
from datetime import timedelta

from bot.context import Services, State, Turn
from bot.handlers import admin_broadcast
from bot.messages import Choice, Reply, Rights
from bot.router import choice_of
from storage.records import Broadcast, Person
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import NOW, make_person, make_services, make_turn

RIGHTS = {"telegram": Rights(rate=25), "wechat": Rights(window=timedelta(hours=48), pushes=5, rate=10)}


class Desk:
    """A member of staff who broadcasts: what they say goes where the router would send it."""

    def __init__(self, uow: UnitOfWork, locale: str = "zh") -> None:
        self.uow = uow
        self.locale = locale
        self.person: Person = make_person(uow, "王主任", role="staff", locale=locale)
        self.services: Services = make_services(uow, rights=RIGHTS)
        self.state = State()
        self.now = NOW

    def command(self, text: str) -> list[Reply]:
        """Says "/broadcast text"."""
        return self._turn(admin_broadcast.broadcast, text)

    def say(self, text: str) -> list[Reply]:
        """Says something within the dialog: a choice's number or label, or a text."""
        choice = choice_of(text, self.state.choices)
        if choice is not None and choice.value.startswith("/broadcast"):
            return self.command(choice.value.removeprefix("/broadcast").strip())
        return self._turn(admin_broadcast.continue_broadcast, text, choice)

    def broadcasts(self) -> list[Broadcast]:
        """What was made."""
        return self.uow.broadcasts.recent()

    def _turn(
        self, handler: Callable[[Turn, Services], list[Reply]], text: str, choice: Choice | None = None
    ) -> list[Reply]:
        turn = make_turn(
            self.person,
            text,
            choice=choice.value if choice else None,
            state=self.state,
            locale=self.locale,
            now=self.now,
        )
        replies = handler(turn, self.services)
        self.state.choices = next((reply.choices for reply in reversed(replies) if reply.choices), ())
        return replies


def texts(replies: list[Reply]) -> list[str]:
    return [reply.text for reply in replies]


def labels(reply: Reply) -> list[str]:
    return [choice.label for choice in reply.choices]
