"""How a person is forgotten."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.models import (
    answers,
    applications,
    conversations,
    files,
    identities,
    messages,
    moves,
    persons,
    questions,
    subjects,
    versions,
    watches,
)

_OMITTED = "[…]"  # what a message to somebody else says from then on, in any language: an empty one cannot be sent
_EMPTY_BODY = {"text": "", "choices": [], "files": [], "prompt": 0}
_UNSENT = ("pending", "sending", "held")


def forget_person(connection: sa.Connection, person_id: int, now: datetime) -> None:
    """Erases what a person wrote and what tells who they were.

    Drafts go; submitted applications stay as empty rows in state "purged" with their receipts, so that numbers and
    lists still add up. Messages to them lose their text, and those not yet sent are cancelled; messages to others that
    are about them (`NewMessage.about`) lose their text alone. Their files go, the content that nobody else has with the
    next sweep. Accounts and conversations go: whoever writes again is a new person. A role ends. What is queued for
    them later in this transaction, such as the answer to their wish, is `sweep_forgotten`'s.
    """
    # First, for it waits for turns of their other accounts: whatever those wrote is then seen below.
    connection.execute(sa.delete(identities).where(identities.c.person_id == person_id))
    _empty_messages_about(connection, person_id)
    _empty_messages(connection, person_id)
    _empty_applications(connection, person_id, now)
    connection.execute(
        sa.update(questions).where(questions.c.person_id == person_id).values(text="", answer="", chat="")
    )
    connection.execute(sa.delete(files).where(files.c.person_id == person_id))
    connection.execute(sa.delete(watches).where(watches.c.person_id == person_id))
    connection.execute(sa.delete(conversations).where(conversations.c.person_id == person_id))
    gone = {"name": "", "role": "applicant", "forgotten_at": now}
    connection.execute(sa.update(persons).where(persons.c.id == person_id).values(gone))


def sweep_forgotten(connection: sa.Connection, before: datetime) -> int:
    """Empties what was queued for people while or after they were forgotten, before that instant; how many rows.

    Files that were noted while they were being forgotten go too.
    """
    gone = sa.select(persons.c.id).where(persons.c.forgotten_at.is_not(None), persons.c.forgotten_at < before)
    connection.execute(sa.delete(files).where(files.c.person_id.in_(gone)))
    left = sa.update(messages).where(messages.c.person_id.in_(gone), messages.c.state.not_in(["pending", "sending"]))
    state = sa.case((messages.c.state == "held", "cancelled"), else_=messages.c.state)
    return connection.execute(left.values(**_anonymous(), state=state)).rowcount


def _anonymous() -> dict[str, Any]:
    """A message that tells neither what it said nor to whom. Its key may hold the event's id, and that an account."""
    key = sa.literal("forgotten:") + sa.cast(messages.c.id, sa.String)
    return {"chat": "", "key": key, "person_id": None, "body": _EMPTY_BODY, "reason": "", "external_id": ""}


def _empty_messages(connection: sa.Connection, person_id: int) -> None:
    own = sa.update(messages).where(messages.c.person_id == person_id)
    state = sa.case((messages.c.state.in_(_UNSENT), "cancelled"), else_=messages.c.state)
    connection.execute(own.values(**_anonymous(), state=state, lease_until=None))


def _empty_messages_about(connection: sa.Connection, person_id: int) -> None:
    """What others were told of the person. What they may still choose below it shows names as well, and goes too."""
    about = sa.select(subjects.c.message_id).where(subjects.c.person_id == person_id)
    shown = sa.select(messages.c.channel, messages.c.chat, messages.c.person_id, messages.c.body)
    for row in connection.execute(shown.where(messages.c.id.in_(about)).order_by(messages.c.id)).all():
        if row.body.get("prompt"):
            _drop_choices(connection, row)
    omitted = {"body": {**_EMPTY_BODY, "text": _OMITTED}}
    connection.execute(sa.update(messages).where(messages.c.id.in_(about)).values(omitted))
    connection.execute(sa.delete(subjects).where(subjects.c.person_id == person_id))


def _drop_choices(connection: sa.Connection, message: Any) -> None:
    """Takes the choices of a message out of its reader's conversation, where they are still to be chosen from."""
    talk = sa.and_(
        conversations.c.channel == message.channel,
        conversations.c.chat == message.chat,
        conversations.c.person_id == message.person_id,
    )
    for row in connection.execute(sa.select(conversations).where(talk).with_for_update()).all():
        if row.state.get("prompt") == message.body["prompt"]:
            kept = {name: value for name, value in row.state.items() if name != "choices"}
            connection.execute(sa.update(conversations).where(conversations.c.id == row.id).values(state=kept))


def _empty_applications(connection: sa.Connection, person_id: int, now: datetime) -> None:
    own = applications.c.person_id == person_id
    drafts = sa.select(applications.c.id).where(own, applications.c.state == "draft", applications.c.receipt.is_(None))
    connection.execute(sa.delete(answers).where(answers.c.application_id.in_(sa.select(applications.c.id).where(own))))
    connection.execute(sa.delete(moves).where(moves.c.application_id.in_(drafts)))
    connection.execute(sa.delete(applications).where(applications.c.id.in_(drafts)))
    ids = sa.select(applications.c.id).where(own)
    connection.execute(sa.update(versions).where(versions.c.application_id.in_(ids)).values(answers={}))
    connection.execute(sa.update(moves).where(moves.c.application_id.in_(ids)).values(reason=""))
    emptied = {
        "title": "",
        "entrant": "",
        "cursor": {},
        "returned": {},
        "decision": "",
        "state": "purged",
        "updated_at": now,
    }
    connection.execute(sa.update(applications).where(own).values(emptied))
