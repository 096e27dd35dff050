"""YAML as an editor of packs reads it: Chinese in clear, nothing folded, a comment beside what is to be looked at."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

_PLAIN_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?")  # text to the loader, whatever other readers make of it


@dataclass(frozen=True, slots=True)
class Noted:
    """A value with a comment: above it for a list or a mapping, behind it on the line for a scalar."""

    value: object
    note: str


def write_yaml(values: Mapping[str, object], head: str = "") -> str:
    """The text of a YAML file that the loader reads back as these values: texts, numbers, None, lists and mappings.

    `head` is the comment that the file begins with.
    """
    comment = "".join(f"# {line}\n" for line in head.splitlines())
    return comment + "".join(f"{line}\n" for line in _mapping(values, ""))


def _mapping(values: Mapping[str, object], indent: str) -> Iterator[str]:
    """The lines of a mapping."""
    for key, given in values.items():
        value, note = _parts(given)
        if isinstance(value, (Mapping, list, tuple)) and value:
            yield from _comment(note, indent)
            yield f"{indent}{_scalar(key)}:"
            yield from _inner(value, indent)
        else:
            yield from _line(f"{indent}{_scalar(key)}:", value, note, indent)


def _inner(value: object, indent: str) -> Iterator[str]:
    """The lines of a list or a mapping inside another."""
    if isinstance(value, Mapping):
        yield from _mapping(value, f"{indent}  ")
    elif isinstance(value, Sequence):
        yield from _list(value, f"{indent}  ")


def _list(values: Sequence[object], indent: str) -> Iterator[str]:
    """The lines of a list."""
    for given in values:
        value, note = _parts(given)
        if isinstance(value, Mapping) and value:
            yield from _comment(note, indent)
            lines = list(_mapping(value, f"{indent}  "))
            # A comment above the first key would part the dash from it.
            while lines and lines[0].lstrip().startswith("#"):
                yield f"{indent}{lines.pop(0).lstrip()}"
            yield f"{indent}- {lines[0][len(indent) + 2 :]}"
            yield from lines[1:]
        elif isinstance(value, (list, tuple)) and value:
            yield from _comment(note, indent)
            yield f"{indent}-"
            yield from _list(value, f"{indent}  ")
        else:
            yield from _line(f"{indent}-", value, note, indent)


def _line(start: str, value: object, note: str, indent: str) -> Iterator[str]:
    """A key or a dash with its scalar; text of several lines as a block."""
    if isinstance(value, str) and "\n" in value.strip("\n"):
        yield from _comment(note, indent)
        yield f"{start} |{'' if value.endswith(chr(10)) else '-'}"
        yield from (f"{indent}  {line}".rstrip() for line in value.rstrip("\n").split("\n"))
    else:
        yield f"{start} {_scalar(value)}" + (f"  # {note}" if note else "")


def _comment(note: str, indent: str) -> Iterator[str]:
    """A comment on lines of its own."""
    for line in note.splitlines():
        yield f"{indent}# {line}"


def _parts(given: object) -> tuple[object, str]:
    """A value and its comment."""
    return (given.value, given.note) if isinstance(given, Noted) else (given, "")


def _scalar(value: object) -> str:
    """A scalar on one line, quoted where it must be."""
    if isinstance(value, str) and _PLAIN_DATE.fullmatch(value):
        return value
    if isinstance(value, (list, tuple, Mapping)):
        return "{}" if isinstance(value, Mapping) else "[]"
    text: str = yaml.safe_dump(value, allow_unicode=True, width=1_000_000, default_flow_style=True)
    return text.removesuffix("...\n").strip()
