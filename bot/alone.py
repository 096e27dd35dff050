"""Whether this process is the only one that serves a folder: a lock that its end lets go of, whatever ended it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """True for the first process that asks, until it leaves the block; False for others meanwhile."""
    with (folder / "serving.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
