"""Tables: row by row, column by column, then add, change, delete or done. A row is stored as it is given."""

from bot.flows import fields
from bot.flows.numbered import pick, said_number
from bot.flows.shelves import moved_up
from bot.flows.shown import Note
from bot.flows.values import Input, Problem, Value
from bot.flows.walk import Walk


def store_value(walk: Walk, value: Value) -> None:
    """Stores the value of the field or column that was asked for, and goes on."""
    if not walk.cursor.column:
        walk.put(walk.cursor.field, value)
        walk.forward()
        return
    rows, index = list(walk.rows), walk.cursor.row or 0
    if index >= len(rows):
        rows.append({})
    rows[index] = {**rows[index], walk.cursor.column: value}
    walk.put(walk.cursor.field, rows)
    walk.cursor.typed.pop(walk.slot, None)
    pass_over(walk)


def clear_value(walk: Walk) -> None:
    """Takes away the value of the optional field or column; the cursor stays."""
    if not walk.cursor.column:
        walk.put(walk.cursor.field, None)
        return
    rows, index = list(walk.rows), walk.cursor.row or 0
    rows[index] = {key: value for key, value in rows[index].items() if key != walk.cursor.column}
    walk.put(walk.cursor.field, rows)


def pass_over(walk: Walk) -> None:
    """Goes to the next column, to the rows after the last one, to the next field outside a table."""
    column = walk.column
    if column is None:
        walk.forward()
        return
    following = walk.field.columns[walk.field.columns.index(column) + 1 :]
    if following:
        walk.to_column(following[0])
    else:
        walk.leave_row()


def at_rows(walk: Walk, given: Input) -> None:
    """Reads an input at the list of rows."""
    match given.word:
        case "add" | "continue":
            _add(walk)
        case "done" | "skip":
            finish(walk)
        case "delete":
            _pick(walk, "delete", given.argument)
        case "back":
            walk.backward()
        case _:
            walk.problem = Problem("rows_words")


def change_row(walk: Walk, argument: str) -> bool:
    """Goes to the row of this number, or asks for one where none is given. False where the argument is no number."""
    if argument and not argument.isdecimal():
        return False
    _pick(walk, "change", argument)
    return True


def at_pick(walk: Walk, given: Input) -> None:
    """Reads which row is meant."""
    if given.word == "back":
        walk.leave_row()
        return
    _pick(walk, walk.cursor.purpose, said_number(given))


def may_finish(walk: Walk) -> bool:
    """Whether "done" ends the table: at the first column of a row that does not exist yet."""
    return walk.column == walk.field.columns[0] and (walk.cursor.row or 0) >= len(walk.rows)


def finish(walk: Walk) -> None:
    """Ends the table, unless a row is incomplete or too few are there."""
    rows = list(walk.rows)
    for index, row in enumerate(rows):
        if gaps := fields.row_gaps(walk.field, row):
            walk.enter_row(index)
            walk.to_column(gaps[0])
            walk.problem = Problem("row_incomplete", {"row": index + 1, "column": gaps[0].label})
            return
    found = fields.check(walk.field, rows, moment=walk.moment, scope=walk.scope)
    if isinstance(found, Problem):
        walk.problem = found
        return
    walk.warnings += [warning for warning in found.warnings if warning.kind == "few_rows"]
    walk.put(walk.cursor.field, rows)
    walk.forward()


def _add(walk: Walk) -> None:
    most = walk.field.max_rows
    if most is not None and len(walk.rows) >= most:
        walk.problem = Problem("many_rows", {"rows": len(walk.rows), "most": most})
    else:
        walk.enter_row(len(walk.rows))


def _pick(walk: Walk, purpose: str, argument: str) -> None:
    number = pick(walk, "rows", walk.rows, purpose, argument)
    if number is not None:
        _on_row(walk, purpose, number - 1)


def _on_row(walk: Walk, purpose: str, index: int) -> None:
    if purpose == "change":
        walk.enter_row(index)
        return
    rows = list(walk.rows)
    gone = rows.pop(index)
    walk.put(walk.cursor.field, rows or None)
    cursor = walk.cursor
    cursor.drafts, cursor.typed = (moved_up(shelf, cursor.field, index) for shelf in (cursor.drafts, cursor.typed))
    walk.leave_row()
    walk.notes.append(Note("row_deleted", {"row": index + 1, "field": walk.field, "cells": gone}))
