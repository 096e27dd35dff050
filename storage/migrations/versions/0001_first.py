"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Spelled out here and not taken from the models: a migration stays as it is when they change.
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)
_OPEN = sa.text("state IN ('pending', 'sending')")
_URGENT = sa.text("state IN ('pending', 'sending') AND broadcast_id IS NULL")
_BROADCAST = sa.text("broadcast_id IS NOT NULL")
_LEASED = sa.text("state = 'sending'")
_SENT = sa.text("sequence IS NOT NULL")
_FORGOTTEN = sa.text("forgotten_at IS NOT NULL")


def upgrade() -> None:
    """Makes all tables, those first that others point to."""
    _counters()
    _events()
    _leases()
    _persons()
    _applications()
    _broadcasts()
    _conversations()
    _deadlines()
    _identities()
    _invitations()
    _questions()
    _reminders()
    _answers()
    _messages()
    _message_indexes()
    _subjects()
    _moves()
    _versions()


def downgrade() -> None:
    """There is nothing before the first tables."""
    raise NotImplementedError("a backup leads back, not a downgrade")


def _counters() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("event", sa.String(length=200), nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.Column("reference", sa.String(length=16), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("channel", "event", name="pk_events"),
    )
    op.create_index("ix_events_received_at", "events", ["received_at"])


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def _persons() -> None:
    op.create_table(
        "persons",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("role", sa.String(length=16), server_default="applicant", nullable=False),
        sa.Column("locale", sa.String(length=2)),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("forgotten_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
    )
    op.create_index(
        "ix_persons_forgotten", "persons", ["forgotten_at"], sqlite_where=_FORGOTTEN, postgresql_where=_FORGOTTEN
    )


def _applications() -> None:
    op.create_table(
        "applications",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.String(length=16), server_default="", nullable=False),
        sa.Column("entrant", sa.String(length=300), server_default="", nullable=False),
        sa.Column("title", sa.String(length=300), server_default="", nullable=False),
        sa.Column("receipt", sa.String(length=48)),
        sa.Column("contested_by", _ID),
        sa.Column("official", sa.String(length=16), server_default="", nullable=False),
        sa.Column("form_version", sa.String(length=64), nullable=False),
        sa.Column("cursor", sa.JSON(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.Column("submitted_at", _INSTANT),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_applications_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_applications"),
        sa.UniqueConstraint("receipt", name="uq_applications_receipt"),
    )
    op.create_index("ix_applications_person_id", "applications", ["person_id"])
    op.create_index("ix_applications_programme_entrant", "applications", ["programme", "entrant"])
    op.create_index("ix_applications_programme_state", "applications", ["programme", "state"])


def _broadcasts() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("author_id", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("preview", sa.JSON(), nullable=False),
        sa.Column("starts_at", _INSTANT),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("completed_at", _INSTANT),
        sa.ForeignKeyConstraint(["author_id"], ["persons.id"], name="fk_broadcasts_author_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broadcasts"),
    )


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_conversations_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.UniqueConstraint("channel", "chat", "sender", name="uq_conversations_channel_chat_sender"),
    )
    op.create_index("ix_conversations_person_id", "conversations", ["person_id"])


def _deadlines() -> None:
    op.create_table(
        "deadlines",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("person_id", _ID),
        sa.Column("closes_at", _INSTANT),
        sa.Column("author_id", _ID, nullable=False),
        sa.Column("noted_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["persons.id"], name="fk_deadlines_author_id"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_deadlines_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deadlines"),
    )
    op.create_index("ix_deadlines_person_id", "deadlines", ["person_id"])
    op.create_index("ix_deadlines_programme", "deadlines", ["programme"])


def _identities() -> None:
    op.create_table(
        "identities",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("external_id", sa.String(length=128), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("reachable", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("unreachable_reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("last_inbound_at", _INSTANT),
        sa.Column("pushes", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_identities_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_identities"),
        sa.UniqueConstraint("channel", "external_id", name="uq_identities_channel_external_id"),
    )
    op.create_index("ix_identities_channel_chat", "identities", ["channel", "chat"])
    op.create_index("ix_identities_person_id", "identities", ["person_id"])


def _invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT),
        sa.Column("used_by", _ID),
        sa.Column("used_at", _INSTANT),
        sa.ForeignKeyConstraint(["used_by"], ["persons.id"], name="fk_invitations_used_by"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
    )


def _questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("programme", sa.String(length=64), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by", _ID),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("answered_at", _INSTANT),
        sa.ForeignKeyConstraint(["answered_by"], ["persons.id"], name="fk_questions_answered_by"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_questions_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
    )
    op.create_index("ix_questions_person_id", "questions", ["person_id"])
    op.create_index("ix_questions_state", "questions", ["state"])


def _reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("before_seconds", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("author_id", _ID, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("fired_for", _INSTANT),
        sa.Column("fired_at", _INSTANT),
        sa.ForeignKeyConstraint(["author_id"], ["persons.id"], name="fk_reminders_author_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
        sa.UniqueConstraint("programme", "before_seconds", name="uq_reminders_programme_before_seconds"),
    )


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("application_id", _ID, nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_answers_application_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("application_id", "field", name="pk_answers"),
    )


def _messages() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.schema.CreateSequence(sa.Sequence("messages_sent")))
    op.create_table(
        "messages",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("person_id", _ID),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("lease_until", _INSTANT),
        sa.Column("lease_owner", sa.String(length=40), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.Column("external_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("sent_order", sa.BigInteger()),
        sa.Column("broadcast_id", _ID),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("sent_at", _INSTANT),
        sa.Column("sequence", sa.BigInteger()),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcasts.id"], name="fk_messages_broadcast_id"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_messages_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("key", name="uq_messages_key"),
    )


def _message_indexes() -> None:
    op.create_index(
        "ix_messages_broadcast",
        "messages",
        ["broadcast_id", "state"],
        sqlite_where=_BROADCAST,
        postgresql_where=_BROADCAST,
    )
    op.create_index(
        "ix_messages_campaign", "messages", ["broadcast_id", "id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("ix_messages_chat", "messages", ["channel", "chat", "sequence", "id"])
    op.create_index("ix_messages_leased", "messages", ["lease_until"], sqlite_where=_LEASED, postgresql_where=_LEASED)
    op.create_index(
        "ix_messages_open", "messages", ["channel", "chat", "id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("ix_messages_person_id", "messages", ["person_id"])
    op.create_index("ix_messages_sequence", "messages", ["sequence"], sqlite_where=_SENT, postgresql_where=_SENT)
    op.create_index("ix_messages_urgent", "messages", ["id"], sqlite_where=_URGENT, postgresql_where=_URGENT)


def _subjects() -> None:
    op.create_table(
        "subjects",
        sa.Column("message_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_subjects_message_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_subjects_person_id"),
        sa.PrimaryKeyConstraint("message_id", "person_id", name="pk_subjects"),
    )
    op.create_index("ix_subjects_person_id", "subjects", ["person_id"])


def _moves() -> None:
    op.create_table(
        "moves",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("application_id", _ID, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("actor_id", _ID),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("moved_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["persons.id"], name="fk_moves_actor_id"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_moves_application_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_moves"),
    )
    op.create_index("ix_moves_application_id", "moves", ["application_id"])


def _versions() -> None:
    op.create_table(
        "versions",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("application_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(length=48), nullable=False),
        sa.Column("form_version", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("submitted_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_versions_application_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.UniqueConstraint("application_id", "number", name="uq_versions_application_id_number"),
        sa.UniqueConstraint("receipt", name="uq_versions_receipt"),
    )
