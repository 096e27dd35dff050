"""Whose files there are; their content lies outside the database."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "files",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("application_id", _ID),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.Integer()),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_files_application_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_files_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
    )
    for column in ("application_id", "created_at", "key", "person_id"):
        op.create_index(f"ix_files_{column}", "files", [column])
