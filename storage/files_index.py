"""Whose files there are. Their content lies in `storage.files`."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from storage.models import answers, applications, files, identities, versions
from storage.records import StoredFile
from storage.rows import Repository, columns, fit

_COLUMNS = columns(files, StoredFile)
_SELECT = sa.select(*_COLUMNS)


class FilesIndex(Repository):
    """The files of people."""

    def add(
        self,
        person_id: int,
        *,
        key: str,
        name: str,
        kind: str,
        size: int,
        now: datetime,
        pages: int | None = None,
        width: int | None = None,
        height: int | None = None,
        application_id: int | None = None,
    ) -> StoredFile:
        """A file of a person; its content must be in the store."""
        values = {"key": key, "person_id": person_id, "application_id": application_id, "created_at": now}
        values |= {"name": fit(files.c.name, name), "kind": kind, "size": size}
        values |= {"pages": pages, "width": width, "height": height}
        return self._one(StoredFile, sa.insert(files).values(values).returning(*_COLUMNS))

    def find(self, person_id: int, key: str) -> StoredFile | None:
        """The person's file of that content, as they sent it last; nobody else's."""
        own = _SELECT.where(files.c.person_id == person_id, files.c.key == key)
        return self._first(StoredFile, own.order_by(files.c.id.desc()).limit(1))

    def of_person(self, person_id: int) -> list[StoredFile]:
        """All files of a person, by number."""
        return self._all(StoredFile, _SELECT.where(files.c.person_id == person_id).order_by(files.c.id))

    def attach(self, person_id: int, keys: Collection[str], application_id: int) -> None:
        """Notes which application the person's files of these contents belong to."""
        own = sa.update(files).where(files.c.person_id == person_id, files.c.key.in_(list(keys)))
        self._connection.execute(own.values(application_id=application_id))

    def named(self, keys: Collection[str]) -> set[str]:
        """Those of the keys that some row names."""
        return set(self._connection.scalars(sa.select(files.c.key).where(files.c.key.in_(list(keys)))))

    def keys(self) -> list[str]:
        """The keys of all content that some row names, each once."""
        return list(self._connection.scalars(sa.select(files.c.key).distinct().order_by(files.c.key)))

    def usage(self, person_id: int) -> tuple[int, int]:
        """How many files of a person are noted, and their bytes together."""
        counted = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(files.c.size), 0))
        count, total = self._connection.execute(counted.where(files.c.person_id == person_id)).one()
        return count, int(total)

    def usage_of_channels(self, channels: Collection[str]) -> int:
        """The bytes of all noted files of those people who have no account outside of these channels."""
        # Those elsewhere are looked up once: asked of each file whether its person is, SQLite takes four times as long.
        elsewhere = sa.select(identities.c.person_id).where(identities.c.channel.not_in(list(channels)))
        total = sa.select(sa.func.coalesce(sa.func.sum(files.c.size), 0)).where(files.c.person_id.not_in(elsewhere))
        return int(self._connection.execute(total).scalar_one())

    def prune(self, before: datetime, person_id: int | None = None) -> int:
        """Drops the rows from before that instant that no answer and no version of their person names; how many.

        With a person only theirs.
        """
        own = applications.c.person_id == files.c.person_id
        answered = sa.exists().where(own, answers.c.application_id == applications.c.id, _holds(answers.c.value))
        submitted = sa.exists().where(own, versions.c.application_id == applications.c.id, _holds(versions.c.answers))
        unused = sa.delete(files).where(files.c.created_at < before, ~answered, ~submitted)
        return self._changed(unused if person_id is None else unused.where(files.c.person_id == person_id))


def _holds(column: sa.Column[object]) -> sa.ColumnElement[bool]:
    """Whether a JSON value names the file's content: a digest is found in its text and nothing else looks like it."""
    return sa.type_coerce(sa.cast(column, sa.Text), sa.Text).contains(files.c.key)
