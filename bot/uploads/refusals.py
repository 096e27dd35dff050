"""Why a file is not taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


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
