"""The tables. Instants are stored in UTC and read back aware; see `Instant`."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware instant; SQLite, which has no zones, holds it as UTC. Raises ValueError for a naive one."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


# SQLite counts up by itself for INTEGER alone.
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON()


def _id() -> sa.Column[int]:
    return sa.Column("id", Id, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, **kwargs: Any) -> sa.Column[int]:
    return sa.Column(name, Id, sa.ForeignKey(f"{target}.id", ondelete=kwargs.pop("ondelete", None)), **kwargs)


def _partial(name: str, *columns: str, where: str) -> sa.Index:
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


persons = sa.Table(
    "persons",
    metadata,
    _id(),
    sa.Column("role", sa.String(16), nullable=False, server_default="applicant"),  # applicant | staff | owner
    sa.Column("locale", sa.String(2)),
    sa.Column("name", sa.String(200), nullable=False, server_default=""),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("forgotten_at", Instant),
    _partial("ix_persons_forgotten", "forgotten_at", where="forgotten_at IS NOT NULL"),
)

identities = sa.Table(
    "identities",
    metadata,
    _id(),
    _ref("person_id", "persons", nullable=False, index=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("external_id", sa.String(128), nullable=False),
    sa.Column("chat", sa.String(128), nullable=False),  # the private chat that notifications go to
    sa.Column("reachable", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("unreachable_reason", sa.String(200), nullable=False, server_default=""),
    sa.Column("last_inbound_at", Instant),
    sa.Column("pushes", sa.Integer, nullable=False, server_default="0"),  # sent unasked since last_inbound_at
    sa.UniqueConstraint("channel", "external_id"),
    sa.Index(None, "channel", "chat"),
)

conversations = sa.Table(
    "conversations",
    metadata,
    _id(),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("chat", sa.String(128), nullable=False),
    sa.Column("sender", sa.String(128), nullable=False),  # in a group each person has a conversation of their own
    _ref("person_id", "persons", nullable=False, index=True),
    sa.Column("state", Json, nullable=False),  # bot.context.State as plain data
    sa.Column("updated_at", Instant, nullable=False),
    sa.UniqueConstraint("channel", "chat", "sender"),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("channel", sa.String(16), primary_key=True),
    sa.Column("event", sa.String(200), primary_key=True),
    sa.Column("received_at", Instant, nullable=False, index=True),
    sa.Column("messages", Json, nullable=False),  # ids of the messages that answered it
    sa.Column("reference", sa.String(16), nullable=False, server_default=""),  # of the error, where there was one
)

broadcasts = sa.Table(
    "broadcasts",
    metadata,
    _id(),
    _ref("author_id", "persons", nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("audience", Json, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # pending queued running paused completed cancelled
    sa.Column("preview", Json, nullable=False),  # channel -> {"reached": n, "not_reached": n, ...} at the confirmation
    sa.Column("starts_at", Instant),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("completed_at", Instant),
)

# PostgreSQL counts the messages that were sent by it; SQLite, with its one writer, by the greatest number there is.
SENT = sa.Sequence("messages_sent", metadata=metadata)

messages = sa.Table(  # the outbox
    "messages",
    metadata,
    _id(),
    sa.Column("key", sa.String(200), nullable=False, unique=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("chat", sa.String(128), nullable=False),
    _ref("person_id", "persons", index=True),
    sa.Column("kind", sa.String(16), nullable=False),  # reply | notification | broadcast | reminder
    sa.Column("body", Json, nullable=False),  # text, choices, files, prompt
    sa.Column("state", sa.String(12), nullable=False),  # pending sending sent held failed cancelled unknown
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("lease_until", Instant),
    sa.Column("lease_owner", sa.String(40), nullable=False, server_default=""),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("reason", sa.String(300), nullable=False, server_default=""),
    sa.Column("external_id", sa.String(64), nullable=False, server_default=""),
    sa.Column("sent_order", sa.BigInteger),  # Sent.order
    _ref("broadcast_id", "broadcasts"),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    sa.Column("sequence", sa.BigInteger),  # counts up as rows become sent: mailboxes are read by it
    _partial("ix_messages_open", "channel", "chat", "id", where="state IN ('pending', 'sending')"),
    _partial("ix_messages_urgent", "id", where="state IN ('pending', 'sending') AND broadcast_id IS NULL"),
    _partial("ix_messages_campaign", "broadcast_id", "id", where="state IN ('pending', 'sending')"),
    _partial("ix_messages_broadcast", "broadcast_id", "state", where="broadcast_id IS NOT NULL"),
    _partial("ix_messages_leased", "lease_until", where="state = 'sending'"),
    sa.Index("ix_messages_chat", "channel", "chat", "sequence", "id"),
    _partial("ix_messages_sequence", "sequence", where="sequence IS NOT NULL"),
)

subjects = sa.Table(  # whom a message is about, beside its reader: it is emptied when they are forgotten
    "subjects",
    metadata,
    _ref("message_id", "messages", primary_key=True, ondelete="CASCADE"),
    _ref("person_id", "persons", primary_key=True),
    sa.Index(None, "person_id"),
)

applications = sa.Table(
    "applications",
    metadata,
    _id(),
    sa.Column("programme", sa.String(64), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    _ref("person_id", "persons", nullable=False, index=True),
    sa.Column("state", sa.String(16), nullable=False),  # the states of bot.flows.lifecycle
    sa.Column("decision", sa.String(16), nullable=False, server_default=""),  # pending until published
    sa.Column(
        "entrant", sa.String(300), nullable=False, server_default=""
    ),  # folded name: the same company, the same text
    sa.Column("title", sa.String(300), nullable=False, server_default=""),  # the entrant as written
    sa.Column("receipt", sa.String(48), unique=True),  # of the latest version
    sa.Column("contested_by", Id),  # the application of another person in the same name
    sa.Column("official", sa.String(16), nullable=False, server_default=""),  # "", told, done: the official route
    sa.Column("form_version", sa.String(64), nullable=False),
    sa.Column("cursor", Json, nullable=False),  # where the dialog stands
    sa.Column("returned", Json, nullable=False, server_default="{}"),  # what staff ask for: "due", "comments" by field
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("submitted_at", Instant),
    sa.Index(None, "programme", "state"),
    sa.Index(None, "programme", "entrant"),
)

answers = sa.Table(
    "answers",
    metadata,
    _ref("application_id", "applications", primary_key=True, ondelete="CASCADE"),
    sa.Column("field", sa.String(64), primary_key=True),
    sa.Column("value", Json, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

versions = sa.Table(
    "versions",
    metadata,
    _id(),
    _ref("application_id", "applications", nullable=False, ondelete="CASCADE"),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("receipt", sa.String(48), nullable=False, unique=True),
    sa.Column("form_version", sa.String(64), nullable=False),
    sa.Column("answers", Json, nullable=False),
    sa.Column("submitted_at", Instant, nullable=False),
    sa.UniqueConstraint("application_id", "number"),
)

files = sa.Table(  # whose content of the file store is; content that no row names is removed
    "files",
    metadata,
    _id(),
    sa.Column("key", sa.String(64), nullable=False, index=True),
    _ref("person_id", "persons", nullable=False, index=True),
    _ref("application_id", "applications", index=True, ondelete="SET NULL"),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),  # bytes
    sa.Column("pages", sa.Integer),
    sa.Column("width", sa.Integer),
    sa.Column("height", sa.Integer),
    sa.Column("created_at", Instant, nullable=False, index=True),
)

moves = sa.Table(
    "moves",
    metadata,
    _id(),
    _ref("application_id", "applications", nullable=False, index=True, ondelete="CASCADE"),
    sa.Column("state", sa.String(16), nullable=False),
    _ref("actor_id", "persons"),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("moved_at", Instant, nullable=False),
)

counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

questions = sa.Table(
    "questions",
    metadata,
    _id(),
    _ref("person_id", "persons", nullable=False, index=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("chat", sa.String(128), nullable=False),
    sa.Column("programme", sa.String(64), nullable=False, server_default=""),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),  # open | answered
    sa.Column("answer", sa.Text, nullable=False, server_default=""),
    _ref("answered_by", "persons"),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("answered_at", Instant),
    sa.Index(None, "state"),
)

deadlines = sa.Table(  # what staff announced; the latest row of a programme counts
    "deadlines",
    metadata,
    _id(),
    sa.Column("programme", sa.String(64), nullable=False, index=True),
    _ref("person_id", "persons", index=True),  # a personal extension, else NULL
    sa.Column("closes_at", Instant),
    _ref("author_id", "persons", nullable=False),
    sa.Column("noted_at", Instant, nullable=False),
)

watches = sa.Table(  # who wants to hear of a programme's deadline without applying
    "watches",
    metadata,
    _ref("person_id", "persons", primary_key=True),
    sa.Column("programme", sa.String(64), primary_key=True, index=True),
    sa.Column("created_at", Instant, nullable=False),
)

reminders = sa.Table(
    "reminders",
    metadata,
    _id(),
    sa.Column("programme", sa.String(64), nullable=False),
    sa.Column("before_seconds", sa.Integer, nullable=False),  # before the deadline
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    _ref("author_id", "persons", nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("fired_for", Instant),  # the deadline it last fired for
    sa.Column("fired_at", Instant),
    sa.UniqueConstraint("programme", "before_seconds"),
)

invitations = sa.Table(
    "invitations",
    metadata,
    _id(),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant),
    _ref("used_by", "persons"),
    sa.Column("used_at", Instant),
)

leases = sa.Table(  # who polls Telegram, who keeps the schedule: one process at a time
    "leases",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("owner", sa.String(40), nullable=False),
    sa.Column("until", Instant, nullable=False),
)
