"""How rows of the outbox are written, as SQL for both databases."""

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from storage import claims
from storage.models import SENT, Instant, messages
from storage.records import Message, NewMessage
from storage.rows import upsert


@cache
def queue(dialect: str) -> sa.Insert:
    """Queues a message as its values say; gives no row where the key exists."""
    return upsert(messages, dialect).on_conflict_do_nothing(index_elements=["key"]).returning(messages.c.id)


def next_place(dialect: str) -> sa.ColumnElement[int]:
    """The next number in the order of sending. The messages of one chat are sent one after the other, by its lease."""
    if dialect == "postgresql":
        return SENT.next_value()
    sent = sa.select(sa.func.coalesce(sa.func.max(messages.c.sequence), 0) + 1)
    return sent.where(messages.c.sequence.is_not(None)).scalar_subquery()


def _lease_end(dialect: str) -> sa.ColumnElement[Any]:
    """The end of a lease of `seconds`, as the column holds it, by the clock that claims compare with."""
    seconds = sa.bindparam("seconds", type_=sa.Integer)
    if dialect == "postgresql":
        return sa.func.clock_timestamp() + seconds * sa.literal_column("interval '1 second'")
    return sa.func.strftime("%Y-%m-%d %H:%M:%f000", "now", seconds.op("||")(" seconds"))


@cache
def reply(dialect: str, state: str) -> sa.Insert:
    """Queues a message in this state where nothing of its chat is open below an id, else as pending.

    Gives its id, state and sequence; no row where the key exists.
    """
    values: dict[str, Any] = {"state": sa.case((claims.TAKEN, "pending"), else_=state)}
    if state == "sending":
        values["lease_until"] = sa.case((claims.TAKEN, sa.null()), else_=_lease_end(dialect))
        values["lease_owner"] = sa.case((claims.TAKEN, ""), else_=sa.bindparam("owner", type_=sa.String))
    if state == "sent":
        values["sent_at"] = sa.case((claims.TAKEN, sa.null()), else_=sa.bindparam("sent", type_=Instant))
        values["sequence"] = sa.case((claims.TAKEN, sa.null()), else_=next_place(dialect))
    fresh = upsert(messages, dialect).values(values).on_conflict_do_nothing(index_elements=["key"])
    return fresh.returning(messages.c.id, messages.c.state, messages.c.sequence)


@cache
def mark(dialect: str) -> sa.Update:
    """Writes how sending a row ended."""
    sent = sa.bindparam("sent", type_=Instant)
    # Only the present holder of the lease may say how it ended: whoever lost it knows nothing of the second attempt.
    held = sa.and_(
        messages.c.id == sa.bindparam("row"),
        messages.c.state == "sending",
        messages.c.lease_owner == sa.bindparam("owner"),
    )
    return (
        sa.update(messages)
        .where(held)
        .values(
            state=sa.bindparam("to"),
            reason=sa.bindparam("why"),
            external_id=sa.bindparam("theirs"),
            sent_order=sa.bindparam("place"),
            due_at=sa.func.coalesce(sa.bindparam("due", type_=Instant), messages.c.due_at),
            sent_at=sent,
            sequence=sa.case((sent.is_not(None), next_place(dialect))),
            attempts=messages.c.attempts + sa.bindparam("again", type_=sa.Integer),
            lease_until=None,
            lease_owner="",
        )
    )


@cache
def mark_sent(dialect: str) -> sa.Update:
    """Writes that a row was given out without a lease."""
    fresh = sa.update(messages).where(messages.c.id == sa.bindparam("row"), messages.c.state != "sent")
    return fresh.values(
        state="sent",
        sent_at=sa.bindparam("sent", type_=Instant),
        sequence=next_place(dialect),
        reason="",
        lease_until=None,
        lease_owner="",
    )


def values_of(new: NewMessage, now: datetime) -> dict[str, Any]:
    """The columns of a new message."""
    return {
        "key": new.key,
        "channel": new.channel,
        "chat": new.chat,
        "person_id": new.person_id,
        "kind": new.kind,
        "body": new.body,
        "state": new.state,
        "due_at": new.due_at or now,
        "broadcast_id": new.broadcast_id,
        "created_at": now,
    }


def row_of(new: NewMessage, now: datetime, created: sa.Row[Any]) -> Message:
    """The row that was made of a new message, without asking for it."""
    return Message(
        id=created.id,
        key=new.key,
        channel=new.channel,
        chat=new.chat,
        person_id=new.person_id,
        kind=new.kind,
        body=new.body,
        state=created.state,
        due_at=new.due_at or now,
        attempts=0,
        reason="",
        sent_order=None,
        broadcast_id=new.broadcast_id,
        created_at=now,
        sent_at=now if created.state == "sent" else None,
        sequence=created.sequence,
    )
