from datetime import UTC, datetime

import pytest

from storage.engines import make_engine
from storage.errors import StorageError
from storage.migrations import REVISIONS
from storage.models import Instant, applications
from storage.rows import fit
from storage.schema import check_revision


@pytest.mark.parametrize("url", ["postgresql://me@host/name", "postgresql+psycopg://me@host/name"])
def test_postgresql_is_spoken_to_by_psycopg(url: str) -> None:
    engine = make_engine(url, threads=3, busy_timeout=1)
    assert (engine.url.drivername, engine.dialect.driver) == ("postgresql+psycopg", "psycopg")
    engine.dispose()


def test_password_is_not_shown() -> None:
    engine = make_engine("postgresql://me:hidden@host/name", threads=1, busy_timeout=1)
    assert "hidden" not in repr(engine)
    engine.dispose()


def test_other_databases_are_refused() -> None:
    with pytest.raises(StorageError, match="oracle"):
        make_engine("oracle://me@host/name", threads=1, busy_timeout=1)


def test_revisions_known_and_unknown() -> None:
    assert check_revision(None) is False
    assert check_revision(REVISIONS[-1]) is True


def test_naive_instants_are_refused() -> None:
    engine = make_engine("postgresql://me@host/name", threads=1, busy_timeout=1)
    aware = datetime(2026, 9, 1, tzinfo=UTC)
    assert Instant().process_bind_param(aware, engine.dialect) == aware
    with pytest.raises(ValueError, match="zone"):
        Instant().process_bind_param(aware.replace(tzinfo=None), engine.dialect)
    engine.dispose()


def test_fit_cuts_to_the_column() -> None:
    assert fit(applications.c.receipt, "R" * 60) == "R" * 48
    assert fit(applications.c.receipt, "R") == "R"
