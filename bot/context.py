"""What a handler gets: the turn (data of this event) and the services it may use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.messages import Choice, Inbound, OutgoingFile, Reply, Rights
from bot.render import render
from knowledge.programme import Answer, Notice, Programme
from storage.records import Person
from storage.unit_of_work import UnitOfWork

HISTORY = 4


class Clock(Protocol):
    """Tells the time; given to whoever needs it, so that tests and --now can set it."""

    def __call__(self) -> datetime:
        """The present instant, aware."""


class Library(Protocol):
    """The programmes, and answers from their guides (knowledge.library)."""

    programmes: Mapping[str, Programme]

    def find(self, text: str) -> Programme | None:
        """The programme of an id, a name or an alias, with the typos people make; None where it is unclear."""

    def ask(
        self,
        question: str,
        *,
        programme: str | None = None,
        history: tuple[str, ...] = (),
        now: datetime,
        notices: Mapping[str, Notice] | None = None,
        locale: str | None = None,
    ) -> Answer:
        """Answers a question from the guides."""


class Links(Protocol):
    """Addresses of the form page."""

    outside: bool  # whether they lead here from anywhere, and not from this machine alone
    lifetime: timedelta  # how long a link can be opened

    def page_url(self, application_id: int, person_id: int, now: datetime) -> str:
        """A link to an application, for this person alone and for the first browser that opens it."""


@dataclass(slots=True)
class State:
    """A conversation's state, stored as plain data. `flow` names the handler that the next message belongs to.

    `prompt` numbers the last prompt shown, `choices` are what its buttons and numbers mean, and `about` whose data
    their labels show. `expects` names what a flow waits for (a field, say); `asked`, `asked_message` and `asked_at` are
    the prompt, the outbox id and the time at which that was first shown: what somebody sent before is no answer to it.
    `number` is the conversation's: in a group, a button that was shown to somebody else carries another one.
    """

    number: int = 0
    programme: str = ""
    flow: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    expects: str = ""
    prompt: int = 0
    choices: tuple[Choice, ...] = ()
    about: tuple[int, ...] = ()
    asked: int = 0
    asked_message: int | None = None
    asked_at: datetime | None = None
    history: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[str, str]:
        """What is asked now: the flow and what it waits for."""
        return self.flow, self.expects

    def enter(self, flow: str, **data: Any) -> None:
        """The next message belongs to this flow."""
        self.flow, self.data, self.expects = flow, data, ""

    def leave(self) -> None:
        """The next message belongs to no flow."""
        self.flow, self.data, self.expects = "", {}, ""

    def remember(self, question: str) -> None:
        """Keeps the last few questions for follow-ups."""
        self.history = (*self.history, question)[-HISTORY:]


@dataclass(slots=True)
class Turn:
    """The handling of one inbound event.

    `text` is what the person said, without the command's word; `choice` is the value of the button or number they
    chose.
    """

    inbound: Inbound
    now: datetime
    person: Person
    state: State
    locale: str
    text: str = ""
    choice: str | None = None

    def say(
        self,
        template: str,
        *,
        choices: tuple[Choice, ...] = (),
        files: tuple[OutgoingFile, ...] = (),
        about: tuple[int, ...] = (),
        **values: object,
    ) -> Reply:
        """Renders a reply in the person's language. `about` as in `Reply`."""
        return Reply(render(template, self.locale, **values), choices, files, about=about)

    def option(self, value: str, template: str, **values: object) -> Choice:
        """A choice whose label is rendered in the person's language."""
        return Choice(value, render(template, self.locale, **values))


@dataclass(frozen=True, slots=True)
class Services:
    """What a handler works with. Handlers pass `uow` to the functions of bot.services and never call a repository.

    `rights` are those of the channels that are on: what previews of broadcasts count with. `links` is None where this
    process knows no address of the form page.
    """

    uow: UnitOfWork
    library: Library
    notices: Mapping[str, Notice]
    rights: Mapping[str, Rights]
    links: Links | None = None
