"""What a register of submissions is made of, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """A submission as the register lists it.

    `answers` are those of its latest version (`number`) and what was given after it; `contested` the receipts of others
    in the same name. One of somebody forgotten has a receipt and a state, and nothing else. Instants are aware.
    """

    id: int
    receipt: str
    state: str
    entrant: str = ""
    decision: str = ""
    submitted_at: datetime | None = None
    number: int | None = None
    official: str = ""
    contested: tuple[str, ...] = ()
    person_id: int | None = None
    answers: Mapping[str, Any] | None = None
