"""What unit tests share."""

from collections.abc import Iterator

import pytest

from storage.database import Storage
from storage.unit_of_work import UnitOfWork


@pytest.fixture
def uow(sqlite_storage: Storage) -> Iterator[UnitOfWork]:
    """One transaction on a new SQLite database, committed at the end of the test."""
    with sqlite_storage._engine.begin() as connection:
        yield UnitOfWork(connection)
