"""Puts what the dialog of a form shows into words and buttons."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.context import Turn
from bot.flows.fields import AGREE, DECLINE
from bot.flows.shown import (
    Ask,
    ChooseField,
    ChooseSection,
    Collect,
    ConfirmCancel,
    Item,
    PickRow,
    Place,
    Review,
    Rows,
    Shown,
    Step,
)
from bot.flows.values import Problem, Value
from bot.flows.words import PREFIX
from bot.messages import Choice, Reply
from knowledge.form import Field, FieldType, Wording
from knowledge.text import count

_CUT = 28  # characters of a value in a list
_LABEL = 40  # characters of a button


def show_step(turn: Turn, step: Step) -> Reply:
    """One reply: what was noted, what is doubtful, what is wrong, then the prompt."""
    said = [_say(turn, f"note_{note.kind}", note.values) for note in step.notes]
    said += [explain(turn, warning) for warning in step.warnings]
    if step.problem is not None:
        said.append(explain(turn, step.problem))
    prompt = show(turn, step.show)
    return Reply("\n\n".join([*said, prompt.text]), prompt.choices)


def show(turn: Turn, shown: Shown) -> Reply:
    """The prompt alone."""
    match shown:
        case Ask():
            return _ask(turn, shown)
        case Collect():
            return _collect(turn, shown)
        case Rows():
            return _rows(turn, shown)
        case PickRow():
            labels = [row_label(turn, shown.place.field, row) for row in shown.rows]
            choices = tuple(Choice(f"row:{i}", f"{i}. {label}"[:_LABEL]) for i, label in enumerate(labels, 1))
            return turn.say(f"apply.pick_{shown.purpose}", choices=(*choices, *_moves(turn, "back")))
        case ChooseSection():
            sections = [Choice(f"section:{one.key}", one.title.get(turn.locale)[:_LABEL]) for one in shown.sections]
            return turn.say("apply.choose_section", choices=(*sections, *_moves(turn, "back")))
        case ChooseField():
            fields = [Choice(f"field:{one.key}", one.label.get(turn.locale)[:_LABEL]) for one in shown.fields]
            return turn.say("apply.choose_field", choices=(*fields, *_moves(turn, "back")))
        case Review():
            return _review(turn, shown)
        case ConfirmCancel():
            words = (_word(turn, "save"), _word(turn, "discard"), _word(turn, "continue"))
            return turn.say("apply.confirm_cancel", choices=words)


def explain(turn: Turn, problem: Problem) -> str:
    """What is wrong or doubtful, and what would be right."""
    values = {key: value[:_LABEL] if key == "text" else value for key, value in problem.values.items()}
    if values.get("message") is not None:
        return _say(turn, "ruled", {"row": None, **values})
    return _say(turn, f"problem_{problem.kind}", {"row": None, "quote": "", **values})


def show_value(turn: Turn, field: Field, value: Value | None) -> str:
    """A stored answer as people read it, whole; a table as its rows."""
    if value is None:
        return "—"
    if field.type is FieldType.CHOICE:
        return next((one.label.get(turn.locale) for one in field.options if one.value == value), str(value))
    if field.type is FieldType.CONSENT:
        return _say(turn, "agreed", {"on": f"{datetime.fromisoformat(value['agreed_at']):%Y-%m-%d %H:%M}"})
    if field.type is FieldType.TABLE:
        return "\n".join(f"{i}. {_cells(turn, field, row)}" for i, row in enumerate(value, 1)) or "—"
    return str(value)


def row_label(turn: Turn, field: Field, row: Mapping[str, Any]) -> str:
    """A row of a table in short: its first filled cell."""
    for column in field.columns:
        if column.key in row:
            return _cut(show_value(turn, column, row[column.key]))
    return "—"


def _ask(turn: Turn, shown: Ask) -> Reply:
    asked, place = shown.place.asked, shown.place
    lines = [*_head(turn, place, required=shown.required), *_hints(turn, asked)]
    if shown.current is not None:
        value = _cut(show_value(turn, asked, shown.current))
        lines.append(_say(turn, "current", {"value": value}))
    choices: tuple[Choice, ...] = ()
    if asked.type is FieldType.CHOICE:
        choices = tuple(Choice(one.value, one.label.get(turn.locale)[:_LABEL]) for one in asked.options)
    if asked.type is FieldType.CONSENT:
        choices = (turn.option(AGREE, "apply.button_agree"), turn.option(DECLINE, "apply.button_decline"))
    skip = "keep" if shown.current is not None else "" if shown.required else "skip"
    return Reply("\n".join(lines), (*choices, *_moves(turn, *_back(place), skip, "review", "save")))


def _collect(turn: Turn, shown: Collect) -> Reply:
    asked, place = shown.place.asked, shown.place
    if shown.pieces:
        over = max(0, shown.count - shown.limit)
        left = max(0, shown.limit - shown.count)
        values = {"label": asked.label, "count": shown.count, "limit": shown.limit, "over": over, "left": left}
        return Reply(_say(turn, "collecting", values), _moves(turn, "done", "undo", "clear", "review", "save"))
    lines = [*_head(turn, place, required=shown.required), *_hints(turn, asked)]
    if shown.current is not None:
        lines.append(_say(turn, "current_text", {"start": _cut(shown.current), "count": count(shown.current)}))
    skip = "keep" if shown.current is not None else "" if shown.required else "skip"
    return Reply("\n".join(lines), _moves(turn, *_back(place), skip, "review", "save"))


def _rows(turn: Turn, shown: Rows) -> Reply:
    field = shown.place.field
    lines = _head(turn, shown.place, required=field.min_rows > 0)
    lines += [f"{i}. {row_label(turn, field, row)}" for i, row in enumerate(shown.rows, 1)]
    if not shown.rows:
        lines += _hints(turn, field)
    choices = []
    if shown.can_add:
        choices.append(turn.option(f"{PREFIX}add", "apply.button_add_more" if shown.rows else "apply.button_add"))
    if shown.can_finish:
        choices.append(_word(turn, "done" if shown.rows else "skip"))
    if shown.rows:
        choices += [turn.option(f"{PREFIX}edit", "apply.button_change_row"), _word(turn, "delete")]
    return Reply("\n".join(lines), (*choices, *_moves(turn, *_back(shown.place), "review", "save")))


def _review(turn: Turn, shown: Review) -> Reply:
    lines = [_say(turn, "review_head", {"filled": shown.filled, "total": shown.total})]
    for section, items in shown.sections:
        lines += ["", _say(turn, "review_section", {"title": section.title})]
        lines += [_review_line(turn, item) for item in items]
    labels = [item.field.label.get(turn.locale) for item in shown.gaps]
    lines += ["", _say(turn, "review_gaps" if labels else "review_complete", {"gaps": labels})]
    first = _word(turn, "submit") if shown.complete else _word(turn, "continue")
    return Reply("\n".join(lines), (first, _word(turn, "edit"), _word(turn, "save"), *_moves(turn, "back")))


def _review_line(turn: Turn, item: Item) -> str:
    values: dict[str, Any] = {"label": item.field.label, "value": _short(turn, item), "problem": "", "doubts": []}
    if item.problem is not None and item.value is not None:
        values["problem"] = explain(turn, item.problem)
    values["missing"] = item.value is None and item.problem is not None
    values["doubts"] = [explain(turn, Problem(one.kind, {**one.values, "quote": ""})) for one in item.warnings[:1]]
    return _say(turn, "review_line", values)


def _short(turn: Turn, item: Item) -> str:
    if item.value is None:
        return ""
    if item.field.type is FieldType.TABLE:
        return _say(turn, "row_count", {"rows": len(item.value)})
    if item.field.type is FieldType.LONGTEXT:
        return _say(turn, "text_count", {"count": count(item.value), "start": _cut(item.value)})
    if item.field.type is FieldType.CONSENT:
        return _say(turn, "agreed", {"on": ""})
    return _cut(show_value(turn, item.field, item.value))


def _head(turn: Turn, place: Place, *, required: bool) -> list[str]:
    values = {"position": place.position, "total": place.total, "section": place.section.title, "row": place.row}
    where = _say(turn, "head", {**values, "table": place.field.label if place.column else ""})
    return [where, _say(turn, "label", {"label": place.asked.label, "required": required})]


def _hints(turn: Turn, field: Field) -> list[str]:
    lines = [field.help.get(turn.locale)] if field.help else []
    rule = _say(turn, "rule", {"type": str(field.type), "limit": field.max_chars, "ours": field.limit_by == "ours"})
    lines += [rule] if rule else []
    return lines + ([_say(turn, "example", {"text": field.example})] if field.example else [])


def _back(place: Place) -> Sequence[str]:
    return ("back",) if place.position > 1 or place.column else ()


def _moves(turn: Turn, *words: str) -> tuple[Choice, ...]:
    """Buttons for moving about: where there are no buttons they are words to type, and take no number."""
    return tuple(
        Choice(f"{PREFIX}{'skip' if word == 'keep' else word}", _say(turn, f"button_{word}", {}), numbered=False)
        for word in words
        if word
    )


def _word(turn: Turn, word: str) -> Choice:
    return turn.option(f"{PREFIX}{word}", f"apply.button_{word}")


def _cells(turn: Turn, field: Field, row: Mapping[str, Any]) -> str:
    given = [column for column in field.columns if column.key in row]
    cells = [{"label": column.label, "value": show_value(turn, column, row[column.key])} for column in given]
    return "\n   ".join(_say(turn, "cell", cell) for cell in cells)


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _CUT else f"{flat[: _CUT - 1]}…"


def _say(turn: Turn, block: str, values: Mapping[str, Any]) -> str:
    return turn.say(f"apply.{block}", **{key: _plain(turn, value) for key, value in values.items()}).text


def _plain(turn: Turn, value: Any) -> Any:
    """A value as a template takes it: words in the person's language."""
    if isinstance(value, Wording):
        return value.get(turn.locale)
    if isinstance(value, Problem):
        return explain(turn, value)
    if isinstance(value, Field):
        return value.label.get(turn.locale)
    if isinstance(value, Item):
        return value.field.label.get(turn.locale)
    if isinstance(value, (list, tuple)):
        return [_plain(turn, one) for one in value]
    return value
