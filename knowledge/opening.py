"""A library opened: programmes and topics out of the cache where none of their files has changed, else read anew.

What reads YAML is imported then only: it would take a fifth of the time until ready.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache as once
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from knowledge import shelf
from knowledge.folders import ENTRIES, GUIDE, PACKS, PROGRAMME, STATEMENTS, TOPICS, VOICES, cache_folder
from knowledge.library import Library
from knowledge.programme import Programme, Topic

if TYPE_CHECKING:
    from knowledge.statements import Statements

T = TypeVar("T")

# The modules that reading a pack or a topic runs through: what they made is kept until one of them changes.
READERS = (
    "errors.py", "folders.py", "loader.py", "pack_reader.py", "passages.py", "programme.py", "regions.py", "shelf.py",
    "source.py", "text.py", "wording.py", "data/regions.txt",
)  # fmt: skip


def load_packs(directory: Path = PACKS, topics: Path = TOPICS, *, forms: bool = True) -> Library:
    """The programmes of all packs in a folder, ready to answer. Raises PackError with the mistakes of all of them.

    Without `forms` the programmes have neither form nor papers, which answers do not need, and come out of the cache.
    """
    cache = cache_folder()
    known = kept_topics(topics, cache)
    programmes = _read_programmes(directory) if forms else kept_programmes(directory, cache)
    return Library({one.id: one for one in programmes}, known, cache, once(lambda: _stated(topics, known, cache)))


def kept_programmes(directory: Path, cache: Path) -> tuple[Programme, ...]:
    """The programmes of a folder of packs, without forms and papers."""
    files = chain.from_iterable(directory.glob(f"*/{name}") for name in (GUIDE, PROGRAMME, ENTRIES))
    return _kept(files, cache, PACKS.name, Programme, lambda: _read_programmes(directory, forms=False))


def kept_topics(directory: Path, cache: Path) -> tuple[Topic, ...]:
    """The topics of a folder."""

    def load() -> tuple[Topic, ...]:
        from knowledge.loader import load_topics

        return load_topics(directory)

    files = chain(directory.glob("*.yaml"), (directory / VOICES).glob("*.yaml"))
    return _kept(files, cache, TOPICS.name, Topic, load)


def kept_statements(directory: Path, topics: Sequence[Topic], cache: Path) -> tuple[Topic, ...]:
    """The topics of a folder with sentences as guides write them for lines."""

    def load() -> tuple[Topic, ...]:
        from knowledge.loader import load_statements

        return load_statements(directory, topics)

    return _kept(directory.rglob("*.yaml"), cache, STATEMENTS, Topic, load)


def _read_programmes(directory: Path, *, forms: bool = True) -> tuple[Programme, ...]:
    """The programmes of a folder of packs, read anew."""
    from knowledge.loader import load_programmes

    return tuple(load_programmes(directory, forms=forms).values())


def _stated(directory: Path, topics: Sequence[Topic], cache: Path) -> "Statements":
    """What bare guides want."""
    from knowledge.statements import Statements

    return Statements(kept_statements(directory, topics, cache), cache)


def _kept(
    files: Iterable[Path], cache: Path, name: str, kind: type[T], load: Callable[[], tuple[T, ...]]
) -> tuple[T, ...]:
    """What is loaded of files, out of the cache where neither they nor their readers have changed."""
    try:
        key = shelf.digest([*sorted(files), *(Path(__file__).parent / reader for reader in READERS)])
    except OSError:
        return load()
    if (found := shelf.take(cache, key, name, kind)) is not None:
        return found
    read = load()
    shelf.keep(cache, key, read, name)
    return read
