"""Fixtures of these tests: a database and a desk."""

from collections.abc import Iterator

import pytest

from storage.database import Storage
from storage.unit_of_work import UnitOfWork
from tests.unit.handlers.broadcasting.desk import Desk


@pytest.fixture
def uow(sqlite_storage: Storage) -> Iterator[UnitOfWork]:
    with sqlite_storage._engine.begin() as connection:
        yield UnitOfWork(connection)


@pytest.fixture
def desk(uow: UnitOfWork) -> Desk:
    return Desk(uow)
