from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.database import Storage
from storage.errors import DatabaseNewer
from storage.migrations import REVISIONS
from storage.models import metadata


@pytest.fixture
def blank(blank_url: str) -> Iterator[Storage]:
    storage = Storage.open(blank_url)
    yield storage
    storage.close()


_DEFINITIONS = {
    "sqlite": """
        SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
        UNION SELECT tables.name || '.' || fields.name, fields.dflt_value
        FROM sqlite_master AS tables, pragma_table_info(tables.name) AS fields WHERE tables.type = 'table'
    """,
    "postgresql": """
        SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION SELECT table_name || '.' || column_name, column_default
        FROM information_schema.columns WHERE table_schema = 'public'
    """,
}


def definitions(connection: sa.Connection) -> dict[str, str]:
    """What alembic does not compare: the conditions of partial indexes, and the columns' defaults."""
    rows = connection.execute(sa.text(_DEFINITIONS[connection.dialect.name]))
    return {name: text for name, text in rows if not name.startswith("alembic_version")}


def test_migrations_make_what_the_models_say(blank: Storage) -> None:
    blank.upgrade()
    with blank._engine.begin() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        migrated = definitions(connection)
        metadata.drop_all(connection)
        metadata.create_all(connection)
        assert definitions(connection) == migrated


def test_revisions_are_those_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(script.revision for script in reversed(list(scripts))) == REVISIONS


def test_upgrade_again_changes_nothing(blank: Storage) -> None:
    blank.upgrade()
    blank.upgrade()
    with blank._engine.begin() as connection:
        assert list(connection.scalars(sa.text("SELECT version_num FROM alembic_version"))) == [REVISIONS[-1]]


def test_upgrade_by_several_at_once(blank_url: str) -> None:
    barrier = Barrier(4)
    failures: list[BaseException] = []

    def start() -> None:
        storage = Storage.open(blank_url)
        barrier.wait()
        try:
            storage.upgrade()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test is to tell it
            failures.append(error)
        storage.close()

    threads = [Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_upgrade_of_a_newer_database_is_refused(storage: Storage) -> None:
    with storage._engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(DatabaseNewer, match="9999"):
            storage.upgrade()
    finally:
        with storage._engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :own"), {"own": REVISIONS[-1]})
