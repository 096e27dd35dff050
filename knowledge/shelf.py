"""Programmes and topics kept beside the model as JSON, so that a start need not parse thousands of lines again."""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import orjson

from knowledge.programme import Contact, Deadline, Entry, Fact, Passage, Programme, Quote, Route, Stage, Topic
from knowledge.wording import Wording

T = TypeVar("T")

_KEPT = 4  # of each name: those of the packs that are in use
_KIND = "="  # the key that says what an object is; without it, it is a mapping
_KINDS: Mapping[str, type] = {
    kind.__name__: kind
    for kind in (Contact, Deadline, Entry, Fact, Passage, Programme, Quote, Route, Stage, Topic, Wording)
}


def digest(files: Iterable[Path]) -> str:
    """What is kept hangs on this: the bytes of the files that it was read from, and their names. Raises OSError."""
    found = hashlib.sha256()
    for file in files:
        found.update(f"{file.parent.name}/{file.name}".encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:32]


def take(folder: Path, key: str, name: str, kind: type[T]) -> tuple[T, ...] | None:
    """The values of a kind that are kept under a name and a digest; None where there are none, or nothing readable."""
    path = folder / f"{name}-{key}.json"
    try:
        found = _built(orjson.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError):
        return None
    with suppress(OSError):
        path.touch()  # in use: old ones are cleared away
    return found if isinstance(found, tuple) and all(isinstance(one, kind) for one in found) else None


def keep(folder: Path, key: str, values: Sequence[object], name: str) -> None:
    """Keeps values under a name and a digest. May fail silently, as for numbers that JSON does not hold."""
    path = folder / f"{name}-{key}.json"
    partial = path.with_name(f".{path.stem}-{os.getpid()}")
    with suppress(OSError, TypeError):
        folder.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(orjson.dumps(_plain(tuple(values))))
        partial.replace(path)
        clear(folder, f"{name}-*.json")


def clear(folder: Path, pattern: str, *beside: str) -> None:
    """Deletes the files of a pattern but the last that were used, and those beside them with other suffixes."""
    found = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in found[_KEPT:]:
        for path in (old, *map(old.with_suffix, beside)):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _plain(value: object) -> object:
    """A value as JSON has it: tuples are lists, and whatever JSON does not know is an object that names its kind.

    Raises TypeError for what would come back as something else.
    """
    if is_dataclass(value):
        return {_KIND: type(value).__name__, **{one.name: _plain(getattr(value, one.name)) for one in fields(value)}}
    if (isinstance(value, float) and not isfinite(value)) or (isinstance(value, Mapping) and _KIND in value):
        raise TypeError
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, list):
        return {_KIND: "list", "of": _plain(tuple(value))}
    if isinstance(value, ZoneInfo):
        return {_KIND: "zone", "of": value.key}
    if isinstance(value, datetime):
        return {_KIND: "datetime", "of": [value.isoformat(), getattr(value.tzinfo, "key", "")]}
    if isinstance(value, date):
        return {_KIND: "date", "of": value.isoformat()}
    return value


def _built(value: Any) -> Any:
    """The value that `_plain` gave this for. Raises KeyError for an unknown kind, TypeError for other members."""
    if isinstance(value, list):
        return tuple([_built(one) if isinstance(one, (dict, list)) else one for one in value])
    members = {key: _built(one) if isinstance(one, (dict, list)) else one for key, one in value.items()}
    kind = members.pop(_KIND, "")
    if kind in _KINDS:
        return _KINDS[kind](**members)
    return _MAKERS[kind](members["of"]) if kind else members


def _at(told: tuple[str, str]) -> datetime:
    """An instant, in its zone where that has a name."""
    found = datetime.fromisoformat(told[0])
    return found.astimezone(ZoneInfo(told[1])) if told[1] else found


_MAKERS: Mapping[str, Callable[[Any], object]] = {
    "date": date.fromisoformat,
    "datetime": _at,
    "list": list,
    "zone": ZoneInfo,
}
