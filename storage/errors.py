"""What can go wrong with the database and the files, as far as a caller can act on it."""


class StorageError(Exception):
    """The database did not do what was asked."""


class DatabaseBusy(StorageError):
    """Another process or transaction held a lock for longer than the timeout."""


class DatabaseUnreachable(StorageError):
    """There is no database at the address, it takes no connection, or the file is none of SQLite's."""


class DatabaseNewer(StorageError):
    """The database was written by a newer version of the code."""


class AlreadyHandled(StorageError):
    """The inbound event was handled by another transaction meanwhile; everything done here is rolled back."""


class Conflict(StorageError):
    """Another transaction wrote the same row at the same moment; run again, the work finds it. `Storage` does that."""


class NoSuchRow(StorageError):
    """A row that has to exist does not."""


class BackupRefused(StorageError):
    """A backup that cannot be made or restored. The message says why, in plain English."""


class StoreFull(Exception):
    """The disk has no room for a file. Nothing of it is kept."""


class NoSuchFile(LookupError):
    """There is no content of that key."""
