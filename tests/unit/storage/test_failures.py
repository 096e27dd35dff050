import sqlite3

import pytest
from sqlalchemy import exc

from storage.errors import Conflict, DatabaseBusy, DatabaseUnreachable, StorageError
from storage.failures import explain, explained


class PostgresError(Exception):
    """What psycopg raises, as far as it is looked at."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("postgres says so")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "expected"),
    [
        (None, DatabaseUnreachable),
        ("40001", Conflict),
        ("40P01", Conflict),
        ("55P03", DatabaseBusy),
        ("57P03", DatabaseUnreachable),
        ("08006", DatabaseUnreachable),
        ("28P01", DatabaseUnreachable),
        ("3D000", DatabaseUnreachable),
    ],
)
def test_explain_of_postgresql(sqlstate: str | None, expected: type[StorageError]) -> None:
    found = explain(exc.OperationalError("SELECT 1", {}, PostgresError(sqlstate)))
    assert type(found) is expected
    assert str(found) == "postgres says so"


def test_explain_of_a_mistake_in_a_statement() -> None:
    assert explain(exc.ProgrammingError("SELECT x", {}, PostgresError("42703"))) is None
    assert explain(exc.ProgrammingError("SELECT x", {}, sqlite3.OperationalError("no such column: x"))) is None
    assert explain(exc.ArgumentError("nonsense")) is None


def test_explain_of_a_full_pool() -> None:
    assert type(explain(exc.TimeoutError("pool is full"))) is DatabaseBusy


def test_explained_lets_others_through() -> None:
    with pytest.raises(KeyError), explained():
        raise KeyError
