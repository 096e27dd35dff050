"""Who wants to hear of a deadline, and what staff ask of an application that they return."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes the table, and the column of what is asked of a returned application."""
    op.create_table(
        "watches",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_watches_person_id"),
        sa.PrimaryKeyConstraint("person_id", "programme", name="pk_watches"),
    )
    op.create_index("ix_watches_programme", "watches", ["programme"])
    op.add_column("applications", sa.Column("returned", sa.JSON(), nullable=False, server_default="{}"))
