"""What was written and not taken as an answer: where the cursor keeps it, under which names, and how it moves."""

from collections.abc import Mapping
from typing import Any

SHELVES = ("drafts", "typed")  # the parts of the cursor that keep it


def slot_of(field: str, row: int | None = None, column: str = "") -> str:
    """The name under which it is kept: "field", or "field.row.column" with rows from 0."""
    return f"{field}.{row}.{column}" if column else field


def place_of(slot: str) -> tuple[str, int | None, str]:
    """The field, row and column of a slot; no row and no column outside of tables."""
    parts = slot.split(".")
    return (parts[0], int(parts[1]), parts[2]) if len(parts) == 3 else (slot, None, "")


def moved_up(shelf: Mapping[str, Any], key: str, gone: int) -> dict[str, Any]:
    """A shelf after the row `gone` of the table `key` was deleted: what belongs to later rows goes up with them."""
    moved = {}
    for slot, text in shelf.items():
        field, row, column = place_of(slot)
        if field != key or row is None or row < gone:
            moved[slot] = text
        elif row > gone:
            moved[slot_of(key, row - 1, column)] = text
    return moved


def without(shelf: Mapping[str, Any], key: str) -> dict[str, Any]:
    """A shelf without what belongs to a field, its rows included."""
    return {slot: text for slot, text in shelf.items() if place_of(slot)[0] != key}
