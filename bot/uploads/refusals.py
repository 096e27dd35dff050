"""Why a file is not taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_UNITS = ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB"))


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that is not taken. The template files.j2 explains it in its block problem_<kind>, filled by `values`.

    `values` are plain data; the file's display `name` is among them.
    """

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> tuple[str, Mapping[str, Any]]:
        """The pair that an IncomingFile carries as its `problem`."""
        return self.kind, self.values


def show_size(size: int) -> str:
    """A number of bytes for people, such as "20 MB" or "1.5 KB"; in units of 1024."""
    for unit, name in _UNITS:
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{size} B"
