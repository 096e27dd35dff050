"""The migrations, in order. A new one is added to `versions/` and to the end of REVISIONS."""

# Known without alembic, whose import would slow down every start.
REVISIONS = ("0001", "0002", "0003")
