"""The claims of a large outbox: the planner has to walk the partial indexes, not the rows that were sent."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from storage.database import Storage
from storage.unit_of_work import UnitOfWork
from tests.integration.storage.samples import LEASE, broadcast

SENT = 100_000
PENDING = 10_000

_ROWS = """
    INSERT INTO messages (key, channel, chat, kind, body, state, due_at, created_at, broadcast_id)
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :size)
    SELECT :state || n, 'telegram', 'chat' || (n % 20000), 'reply', '{}', :state,
           '2026-09-01 08:00:00', '2026-09-01 08:00:00', CASE WHEN n % 2 = 0 THEN :broadcast END
    FROM numbers
"""


class Undone(Exception):
    """Takes a transaction back."""


@pytest.fixture
def statements(storage: Storage) -> Iterator[list[tuple[str, Any]]]:
    """The statements that ran, as the driver got them."""
    ran: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        ran.append((statement, parameters))

    event.listen(storage._engine, "before_cursor_execute", note)
    yield ran
    event.remove(storage._engine, "before_cursor_execute", note)


def fill(storage: Storage) -> None:
    number = storage.run_sync(broadcast)
    cast = "CAST('{}' AS JSON)" if storage.dialect == "postgresql" else "'{}'"
    rows = _ROWS.replace("'{}'", cast)
    if storage.dialect == "postgresql":
        rows = rows.replace("'2026-09-01 08:00:00'", "TIMESTAMPTZ '2026-09-01 08:00:00Z'")
    with storage._engine.begin() as connection:
        for state, size in (("sent", SENT), ("pending", PENDING)):
            connection.execute(sa.text(rows), {"state": state, "size": size, "broadcast": number})
        connection.execute(sa.text("ANALYZE"))


def plans(storage: Storage, statements: list[tuple[str, Any]]) -> list[str]:
    prefix = "EXPLAIN QUERY PLAN" if storage.dialect == "sqlite" else "EXPLAIN (ANALYZE)"
    reads = [(sql, values) for sql, values in statements if sql.startswith("SELECT") and "messages AS m" in sql]
    with storage._engine.connect() as connection:
        ran = [connection.exec_driver_sql(f"{prefix} {sql}", values) for sql, values in reads]
        return ["\n".join(str(row[-1]) for row in rows) for rows in ran]


def test_claim_walks_the_partial_indexes(storage: Storage, statements: list[tuple[str, Any]]) -> None:
    fill(storage)

    def look(uow: UnitOfWork) -> None:
        statements.clear()
        rows = uow.messages.claim(channels=["telegram"], owner="one", lease=LEASE, limit=PENDING)
        uow.messages.claim_ids([rows[0].id], owner="two", lease=LEASE)
        raise Undone(len(rows))

    with pytest.raises(Undone, match=str(PENDING)):
        storage.run_sync(look)
    found = plans(storage, list(statements))
    steps = "\n".join(found)
    assert len(found) == 4
    assert re.findall(r"Seq Scan on messages.*|SCAN [mo]\b.*", steps) == []
    # PostgreSQL counts what it read for nothing: never the rows that were sent.
    assert [number for number in re.findall(r"Rows Removed by Filter: (\d+)", steps) if int(number) > PENDING] == []
