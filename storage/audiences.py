"""Whom a broadcast goes to, as SQL: the preview counts with the same expressions that the queue is filled by."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.models import applications, identities, persons
from storage.records import Audience

# channel -> (window since the last contact or None, pushes within it or None, whether push is allowed at all)
Windows = Mapping[str, tuple[timedelta | None, int | None, bool]]

ACCOUNTS = identities.join(persons, persons.c.id == identities.c.person_id)


def chosen(audience: Audience, windows: Windows) -> sa.ColumnElement[bool]:
    """Which accounts belong to the audience: of people not forgotten, on channels that are on (have a window)."""
    conditions = _people(audience)
    if not conditions:
        return sa.false()
    channels = [name for name in windows if not audience.channels or name in audience.channels]
    return sa.and_(persons.c.forgotten_at.is_(None), identities.c.channel.in_(channels), *conditions)


def standing(windows: Windows, now: datetime) -> sa.ColumnElement[str]:
    """What becomes of a message to an account: "reached", "waiting" or "blocked"."""
    return sa.case(
        (~identities.c.reachable, sa.literal("blocked")),
        (sa.or_(sa.false(), *(_waits(name, *windows[name], now) for name in windows)), sa.literal("waiting")),
        else_=sa.literal("reached"),
    )


def _people(audience: Audience) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if audience.everyone:
        conditions.append(sa.true())
    if audience.roles:
        conditions.append(persons.c.role.in_(audience.roles))
    if audience.person_ids:
        conditions.append(persons.c.id.in_(audience.person_ids))
    if audience.programmes or audience.states:
        conditions.append(_applied(audience))
    return conditions


def _applied(audience: Audience) -> sa.ColumnElement[bool]:
    # One and the same application has to fit both, or "drafts of this programme" would mean drafts of any.
    own = sa.exists().where(applications.c.person_id == persons.c.id)
    if audience.programmes:
        own = own.where(applications.c.programme.in_(audience.programmes))
    if audience.states:
        own = own.where(applications.c.state.in_(audience.states))
    return own


def _waits(
    channel: str, window: timedelta | None, pushes: int | None, push: bool, now: datetime
) -> sa.ColumnElement[bool]:
    closed: list[sa.ColumnElement[bool]] = [sa.false() if push else sa.true()]
    if window is not None:
        closed += [identities.c.last_inbound_at.is_(None), identities.c.last_inbound_at <= now - window]
    if pushes is not None:
        closed.append(identities.c.pushes >= pushes)
    return sa.and_(identities.c.channel == channel, sa.or_(*closed))
