"""Topics kept beside the model, so that a start need not parse thousands of lines again."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from knowledge.form import Wording
from knowledge.programme import Topic

_FORM = b"1"  # of what is kept
_LISTS = ("lines", "cues", "only")


def digest(files: Iterable[Path]) -> str:
    """What kept topics hang on: the bytes of the files that they were read from. Raises OSError."""
    found = hashlib.sha256(_FORM)
    for file in files:
        found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:32]


def take(folder: Path, key: str, name: str = "topics") -> tuple[Topic, ...] | None:
    """The topics kept under a digest; None where there are none, or they cannot be read."""
    try:
        rows = json.loads((folder / f"{name}-{key}.json").read_text(encoding="utf-8"))
        return tuple(_topic(row) for row in rows)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def keep(folder: Path, key: str, topics: Sequence[Topic], name: str = "topics") -> None:
    """Keeps topics under a name and a digest, and no others under that name. May fail silently."""
    path = folder / f"{name}-{key}.json"
    partial = path.with_name(f".{path.stem}-{os.getpid()}")
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps([asdict(topic) for topic in topics], ensure_ascii=False), encoding="utf-8")
        for old in folder.glob(f"{name}-*.json"):
            old.unlink(missing_ok=True)
        partial.replace(path)


def _topic(row: Mapping[str, Any]) -> Topic:
    """A topic out of what was kept of it."""
    values = {**row, **{key: tuple(row[key]) for key in _LISTS}}
    values["label"] = Wording(**row["label"])
    values["reply"] = Wording(**row["reply"]) if row["reply"] else None
    for key in ("stances", "voices"):
        values[key] = {name: tuple(words) for name, words in row[key].items()}
    return Topic(**values)
