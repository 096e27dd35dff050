"""Rows as plain values, as the repositories give them out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who chats. `role`: applicant, staff or owner."""

    id: int
    role: str
    locale: str | None
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Identity:
    """One account of a person on a channel. `pushes` counts what was sent unasked since `last_inbound_at`."""

    id: int
    person_id: int
    channel: str
    external_id: str
    chat: str
    reachable: bool
    unreachable_reason: str
    last_inbound_at: datetime | None
    pushes: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """The stored state of a chat with one person."""

    id: int
    channel: str
    chat: str
    sender: str
    person_id: int
    state: Json


@dataclass(frozen=True, slots=True)
class Opening:
    """What a turn begins with: its conversation, who speaks, and whether the event was handled before."""

    conversation: Conversation
    person: Person
    handled: bool


@dataclass(frozen=True, slots=True)
class Event:
    """An inbound event that was handled, and the messages that answered it."""

    channel: str
    event: str
    received_at: datetime
    messages: tuple[int, ...]
    reference: str


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be queued.

    `body` has text, choices [[token, label, numbered]], files [[key, name, media_type, …]], prompt. `about` are the
    people, beside the reader, whose data it shows: when one of them is forgotten, it loses its text.
    """

    key: str
    channel: str
    chat: str
    person_id: int | None
    kind: str
    body: Json
    state: str = "pending"
    due_at: datetime | None = None  # None: now
    lease_until: datetime | None = None  # with state "sending": who answers in its own response holds it so long
    broadcast_id: int | None = None
    about: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the outbox. `sequence` counts up as rows become sent; None before."""

    id: int
    key: str
    channel: str
    chat: str
    person_id: int | None
    kind: str
    body: Json
    state: str
    due_at: datetime
    attempts: int
    reason: str
    sent_order: int | None
    broadcast_id: int | None
    created_at: datetime
    sent_at: datetime | None
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """How sending a message ended. `due_at` goes with pending: when to try again. `owner` claimed the message."""

    id: int
    state: str
    reason: str = field(default="", kw_only=True)
    external_id: str = field(default="", kw_only=True)
    sent_order: int | None = field(default=None, kw_only=True)
    due_at: datetime | None = field(default=None, kw_only=True)
    owner: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Application:
    """An application without its answers. `decision` is pending until published.

    `returned` is what staff ask for: "due" (an instant as ISO text, or None) and "comments" by field.
    """

    id: int
    programme: str
    year: int
    person_id: int
    state: str
    decision: str
    entrant: str
    title: str
    receipt: str | None
    contested_by: int | None
    official: str
    form_version: str
    cursor: Json
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    returned: Json


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file somebody sent, or that was made for them. `key` names its content in the file store; `size` in bytes."""

    id: int
    key: str
    person_id: int
    application_id: int | None
    name: str
    kind: str
    size: int
    pages: int | None
    width: int | None
    height: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """What was submitted, unchangeable."""

    id: int
    application_id: int
    number: int
    receipt: str
    form_version: str
    answers: Json
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """One change of an application's state."""

    application_id: int
    state: str
    actor_id: int | None
    reason: str
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A question that the guide could not answer."""

    id: int
    person_id: int
    channel: str
    chat: str
    programme: str
    text: str
    state: str
    answer: str
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A message to many. `audience` as bot.services.broadcasts writes it."""

    id: int
    author_id: int
    text: str
    audience: Json
    state: str
    preview: Json
    starts_at: datetime | None
    created_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeadlineNotice:
    """A deadline as staff announced it, for everybody or for one person."""

    programme: str
    person_id: int | None
    closes_at: datetime | None
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder so many seconds before a programme's deadline."""

    id: int
    programme: str
    before_seconds: int
    active: bool
    author_id: int
    fired_for: datetime | None
    fired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation to become staff or owner."""

    id: int
    role: str
    created_at: datetime
    expires_at: datetime | None
    used_by: int | None


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people of an audience a channel reaches, and why not the others."""

    reached: int = 0
    waiting: int = 0  # outside the channel's window: held until their next contact
    blocked: int = 0


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a broadcast goes to: all conditions hold together; an empty one (nobody asked for) reaches nobody.

    `everyone` must be said; `programmes` and `states` choose people by their applications; `roles` by role; `channels`
    narrows to channels; `person_ids` names people.
    """

    everyone: bool = False
    programmes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    person_ids: tuple[int, ...] = field(default=())


Figures = Mapping[str, int]
