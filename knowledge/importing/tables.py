"""Tables told in lines that can be understood, and quoted, alone."""

from collections.abc import Iterator, Sequence

_LABEL = 20  # characters of what can be the name of a row
_ENDS = "：:。；;！!？?，,"


def told(rows: Sequence[Sequence[str]]) -> list[str]:
    """A table's rows as lines: "label：value" for two cells, "first：head value；…" under a head; no blank ones."""
    full = [[" ".join(cell.split()) for cell in row] for row in rows]
    full = [row for row in full if any(row)]
    head = _head(full)
    if head is None:
        return [line for row in full for line in _row(row)]
    return [_under(head, row) for row in full[1:]]


def _head(rows: Sequence[Sequence[str]]) -> Sequence[str] | None:
    """The first row where it names the columns of at least one full row of three or more cells."""
    if len(rows) < 2 or len(rows[0]) < 3:
        return None
    first = rows[0]
    short = all(cell and len(cell) <= _LABEL and cell[-1] not in _ENDS for cell in first)
    filled = all(len(row) == len(first) and sum(map(bool, row)) > len(row) / 2 for row in rows[1:])
    return first if short and filled and len(set(first)) == len(first) else None


def _under(head: Sequence[str], row: Sequence[str]) -> str:
    """A row under a head: what it is about, then each value with its column's name."""
    values = [f"{name} {cell}" for name, cell in zip(head[1:], row[1:], strict=True) if cell]
    subject = row[0] or head[0]
    return f"{subject}：{'；'.join(values)}" if values else subject


def _row(row: Sequence[str]) -> Iterator[str]:
    """A row without a head: labels with their values; a label without one is a blank of a form and stands alone."""
    cells = [cell for cell in row if cell]
    if len(cells) == 2 and len(row) == 2 and len(cells[0]) <= _LABEL and cells[0][-1] not in _ENDS:
        yield f"{cells[0]}：{cells[1]}"
    elif len(cells) == 2 and cells[0][-1] in "：:":
        yield "".join(cells)
    elif len(row) % 2 == 0 and all(row[::2]) and not all(row[1::2]):
        yield from (f"{label}：{value}" if value else label for label, value in zip(row[::2], row[1::2], strict=True))
    elif cells and all(len(cell) <= _LABEL for cell in cells):
        yield "；".join(cells)
    else:
        yield from cells
