"""What can be wrong with a pack."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a pack's file: where it is, what would be right. `line` counts from 1; 0 where there is none."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


@dataclass
class PackError(Exception):
    """A pack that cannot be loaded, with every mistake found in it."""

    mistakes: list[Mistake] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join(str(mistake) for mistake in self.mistakes)
