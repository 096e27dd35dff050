"""Removes what no longer belongs to anybody from the file store."""

from datetime import timedelta

from storage.database import Storage
from storage.files import FileStore

# What was uploaded is named by a row a moment later; what no row names after so long never will be.
_UNNAMED_KEPT = timedelta(hours=1)
_BATCH = 500


def sweep_files(storage: Storage, store: FileStore) -> int:
    """Removes the content that no row names, and what crashes left of uploads; how many files. It blocks."""
    gone = store.sweep()
    batch: list[str] = []
    for key in store.keys(idle=_UNNAMED_KEPT):
        batch.append(key)
        if len(batch) == _BATCH:
            gone += _sweep(storage, store, batch)
            batch = []
    return gone + _sweep(storage, store, batch)


def _sweep(storage: Storage, store: FileStore, keys: list[str]) -> int:
    named = storage.run_sync(lambda uow: uow.files.named(keys)) if keys else set()
    # Asked again of each: what somebody uploads meanwhile stays.
    return sum(store.delete(key, idle=_UNNAMED_KEPT) for key in keys if key not in named)
