"""How a person is forgotten."""

from datetime import datetime

import orjson
import sqlalchemy as sa

from storage.models import (
    answers,
    applications,
    conversations,
    identities,
    messages,
    moves,
    persons,
    questions,
    versions,
)

_NEEDLE = 200  # characters that tell a text well enough, and that a LIKE pattern can hold
_TELLING = 4  # a shorter text may stand anywhere by chance
_EMPTY_BODY = {"text": "", "choices": [], "files": [], "prompt": 0}
_UNSENT = ("pending", "sending", "held")


def forget_person(connection: sa.Connection, person_id: int, now: datetime) -> None:
    """Erases what a person wrote and what tells who they were.

    Drafts go; submitted applications stay as empty rows in state "purged" with their receipts, so that numbers and
    lists still add up. Messages to them, and to others about their applications and questions, lose their text;
    those not yet sent are cancelled. Accounts and conversations go: whoever writes again is a new person. A role ends.
    """
    _empty_messages(connection, person_id)
    _empty_applications(connection, person_id, now)
    connection.execute(
        sa.update(questions).where(questions.c.person_id == person_id).values(text="", answer="", chat="")
    )
    connection.execute(sa.delete(conversations).where(conversations.c.person_id == person_id))
    connection.execute(sa.delete(identities).where(identities.c.person_id == person_id))
    gone = {"name": "", "role": "applicant", "forgotten_at": now}
    connection.execute(sa.update(persons).where(persons.c.id == person_id).values(gone))


def _empty_messages(connection: sa.Connection, person_id: int) -> None:
    to_them = messages.c.person_id == person_id
    text = sa.cast(messages.c.body, sa.Text)
    about = [text.contains(needle, autoescape=True) for needle in _needles(connection, person_id)]
    # First the states, while the rows are still to be told by their bodies.
    unsent = messages.c.state.in_(_UNSENT)
    connection.execute(
        sa.update(messages).where(sa.or_(to_them, *about), unsent).values(state="cancelled", lease_until=None)
    )
    connection.execute(sa.update(messages).where(sa.or_(to_them, *about)).values(body=_EMPTY_BODY, reason=""))
    # A key may hold the platform's id of the event, and that the person's account.
    anonymous = sa.literal("forgotten:") + sa.cast(messages.c.id, sa.String)
    connection.execute(sa.update(messages).where(to_them).values(chat="", key=anonymous))


def _needles(connection: sa.Connection, person_id: int) -> list[str]:
    """What messages about this person quote, as it stands in a JSON text."""
    own = applications.c.person_id == person_id
    receipts = sa.select(versions.c.receipt).join(applications).where(own)
    titles = sa.select(applications.c.title).where(own)
    asked = sa.select(questions.c.text).where(questions.c.person_id == person_id)
    found = {text for (text,) in connection.execute(sa.union(receipts, titles, asked)) if len(text) >= _TELLING}
    return [orjson.dumps(text[:_NEEDLE]).decode()[1:-1] for text in sorted(found)]


def _empty_applications(connection: sa.Connection, person_id: int, now: datetime) -> None:
    own = applications.c.person_id == person_id
    drafts = sa.select(applications.c.id).where(own, applications.c.state == "draft", applications.c.receipt.is_(None))
    connection.execute(sa.delete(answers).where(answers.c.application_id.in_(sa.select(applications.c.id).where(own))))
    connection.execute(sa.delete(moves).where(moves.c.application_id.in_(drafts)))
    connection.execute(sa.delete(applications).where(applications.c.id.in_(drafts)))
    ids = sa.select(applications.c.id).where(own)
    connection.execute(sa.update(versions).where(versions.c.application_id.in_(ids)).values(answers={}))
    connection.execute(sa.update(moves).where(moves.c.application_id.in_(ids)).values(reason=""))
    emptied = {"title": "", "entrant": "", "cursor": {}, "decision": "", "state": "purged", "updated_at": now}
    connection.execute(sa.update(applications).where(own).values(emptied))
