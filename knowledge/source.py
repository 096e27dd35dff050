"""YAML files read with the line of every key, so that a mistake can be named by file, line and key.

Only `loader` parses YAML; everything that reads a pack reads `Node`s.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from knowledge.errors import Mistake, PackError

T = TypeVar("T")

_NAMES = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    dict: "a mapping",
    float: "a number",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a YAML file with its place: `value` is a scalar, a list of Nodes or a dict of key to Node."""

    value: Any
    file: str
    line: int
    path: str = ""

    def fail(self, message: str, key: str = "") -> PackError:
        """An error that names this place."""
        return PackError([Mistake(self.file, self.line, ".".join(part for part in (self.path, key) if part), message)])

    def expect(self, kind: type[T]) -> T:
        """The value as `kind`. Raises PackError where it is another."""
        if kind is str and isinstance(self.value, (int, float)) and not isinstance(self.value, bool):
            return str(self.value)  # type: ignore[return-value]  # the branch has just asked for str
        if not isinstance(self.value, kind) or (kind is int and isinstance(self.value, bool)):
            raise self.fail(f"must be {_NAMES.get(kind, kind.__name__)}")
        return self.value

    def mapping(self) -> Mapping[str, "Node"]:
        """The value as a mapping. Raises PackError where it is none."""
        return self.expect(dict)

    def items(self) -> Iterator["Node"]:
        """The members of a list. Raises PackError where it is none."""
        return iter(self.expect(list))

    def has(self, key: str) -> bool:
        """Whether a mapping has the key with a value other than null."""
        node = self.mapping().get(key)
        return node is not None and node.value is not None

    def get(self, key: str) -> "Node":
        """The Node under a key that must be there."""
        if not self.has(key):
            raise self.fail("is missing", key)
        return self.mapping()[key]

    def text(self, key: str, default: str | None = None) -> str:
        """The text under a key; `default` where it is absent, and a PackError where there is no default."""
        if default is not None and not self.has(key):
            return default
        return self.get(key).expect(str).strip()

    def integer(self, key: str) -> int | None:
        """The whole number under a key, None where it is absent."""
        return self.get(key).expect(int) if self.has(key) else None

    def flag(self, key: str, default: bool = False) -> bool:
        """The truth value under a key."""
        return self.get(key).expect(bool) if self.has(key) else default

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts under a key: a list, or one text; empty where it is absent."""
        if not self.has(key):
            return ()
        node = self.get(key)
        if isinstance(node.value, list):
            return tuple(item.expect(str).strip() for item in node.items())
        return (node.expect(str).strip(),)

    def only(self, *keys: str) -> None:
        """Raises PackError for the first key that is not one of these: a misspelt key is a mistake, not a comment."""
        for key, node in self.mapping().items():
            if key not in keys:
                raise node.fail(f"is not known here; known are: {', '.join(keys)}")
