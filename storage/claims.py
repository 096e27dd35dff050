"""Which rows of the outbox may be sent now, as SQL for both databases.

Rows of a broadcast give way to all others of their chat; the others go out in the order of their ids. A chat is held
while one of its rows is being sent or waits for a repetition that the platform put off. Three kinds of rows hold
nobody: those planned for later that were never tried, those of a broadcast that does not run, and those of a broadcast
whose lease ran out, which nobody may send again unasked.
"""

from typing import Any

import sqlalchemy as sa

from storage.models import Instant, broadcasts, messages

NOW = sa.bindparam("now", type_=Instant)
IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
# A completed broadcast still sends what waited for its reader's next contact.
FLOWING = ("running", "completed")

_row = messages.alias("m")
_other = messages.alias("o")
# Written out, not bound: a partial index serves only a condition that the planner can read.
_ROW_OPEN = sa.text("m.state IN ('pending', 'sending')")
_OTHER_OPEN = sa.text("o.state IN ('pending', 'sending')")

_Row = sa.FromClause


def _due(row: _Row) -> sa.ColumnElement[bool]:
    # What was due when it was made is due whatever clock made it: the clock that is passed in may have been set.
    return sa.or_(row.c.due_at <= NOW, row.c.due_at <= row.c.created_at)


def _later(row: _Row) -> sa.ColumnElement[bool]:
    return sa.and_(row.c.due_at > NOW, row.c.due_at > row.c.created_at)


def _in_line() -> sa.ColumnElement[bool]:
    """The other row is not merely planned for later."""
    return sa.or_(_other.c.state == "sending", _other.c.attempts > 0, _due(_other))


def _holds_chat() -> sa.ColumnElement[bool]:
    leased = sa.and_(_other.c.state == "sending", _other.c.lease_until > NOW)
    put_off = sa.and_(_other.c.state == "pending", _other.c.attempts > 0, _later(_other))
    return sa.or_(leased, put_off)


def _blocked(*reasons: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        _OTHER_OPEN,
        _other.c.channel == _row.c.channel,
        _other.c.chat == _row.c.chat,
        _other.c.id != _row.c.id,
        sa.or_(_holds_chat(), *reasons),
    )


_ahead = sa.and_(_other.c.broadcast_id.is_(None), _other.c.id < _row.c.id, _in_line())
# Whether a chat has something open with a smaller id; what merely waits of a broadcast gives way.
TAKEN: sa.ColumnElement[bool] = sa.exists().where(
    _OTHER_OPEN,
    _other.c.channel == sa.bindparam("of_channel"),
    _other.c.chat == sa.bindparam("of_chat"),
    _other.c.id < sa.bindparam("below", type_=messages.c.id.type),
    sa.text("(o.broadcast_id IS NULL OR o.state = 'sending')"),
)

_flowing_ids = sa.select(broadcasts.c.id).where(broadcasts.c.state.in_(FLOWING))

# The oldest row of each free chat, but for broadcasts; a lease that ran out is taken over. Walks ix_messages_urgent.
URGENT: sa.Select[Any] = (
    sa.select(_row.c.id)
    .where(
        _ROW_OPEN,
        _row.c.broadcast_id.is_(None),
        _row.c.channel.in_(sa.bindparam("channels", expanding=True)),
        sa.or_(
            sa.and_(_row.c.state == "pending", _due(_row)),
            sa.and_(_row.c.state == "sending", _row.c.lease_until <= NOW),
        ),
        ~_blocked(_ahead),
    )
    .order_by(_row.c.id)
    .limit(sa.bindparam("limit"))
    .with_for_update(of=_row, skip_locked=True)
)

# Broadcasts that have something to send; one probe of ix_messages_campaign each.
WITH_WORK: sa.Select[Any] = (
    sa.select(broadcasts.c.id)
    .where(
        broadcasts.c.state.in_(FLOWING),
        sa.exists().where(_ROW_OPEN, _row.c.broadcast_id == broadcasts.c.id),
    )
    .order_by(broadcasts.c.id)
)

_earlier_campaign = sa.and_(
    _other.c.broadcast_id.in_(sa.bindparam("flowing", expanding=True)),
    _other.c.id < _row.c.id,
    _other.c.state == "pending",
    _in_line(),
)

# What is left of the limit goes to a broadcast: chats where nothing else is in line. Walks ix_messages_campaign.
CAMPAIGN: sa.Select[Any] = (
    sa.select(_row.c.id)
    .where(
        _ROW_OPEN,
        _row.c.broadcast_id == sa.bindparam("broadcast"),
        _row.c.channel.in_(sa.bindparam("channels", expanding=True)),
        _row.c.state == "pending",
        _due(_row),
        ~_blocked(sa.and_(_other.c.broadcast_id.is_(None), _in_line()), _earlier_campaign),
    )
    .order_by(_row.c.id)
    .limit(sa.bindparam("limit"))
    .with_for_update(of=_row, skip_locked=True)
)

# PostgreSQL: first the locks, then (in a new snapshot) the question which of them are free: a worker may be faster.
LOCK_IDS: sa.Select[Any] = (
    sa.select(messages.c.id).where(messages.c.id.in_(IDS)).order_by(messages.c.id).with_for_update()
)

# Those of the given rows that nothing but themselves precedes in their chats.
FREE_IDS: sa.Select[Any] = (
    sa.select(_row.c.id)
    .where(
        _row.c.id.in_(IDS),
        _row.c.state == "pending",
        _due(_row),
        sa.or_(_row.c.broadcast_id.is_(None), _row.c.broadcast_id.in_(_flowing_ids)),
        ~_blocked(sa.and_(_ahead, sa.or_(_other.c.id.not_in(IDS), _other.c.state == "sending"))),
    )
    .order_by(_row.c.id)
)
