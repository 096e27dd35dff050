"""Puts what the dialog of a form shows into words and buttons."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.context import Turn
from bot.flows.fields import AGREE, DECLINE
from bot.flows.plain import as_text
from bot.flows.shown import (
    Ask,
    ChooseField,
    ChooseSection,
    Collect,
    ConfirmCancel,
    Files,
    Note,
    Pasted,
    PickFile,
    PickRow,
    Place,
    Review,
    Rows,
    Shown,
    Step,
)
from bot.flows.values import Attachment, Problem
from bot.flows.words import PREFIX
from bot.handlers import form_review
from bot.handlers.form_saying import (
    LABEL,
    UPLOAD,
    cut,
    explain,
    moves,
    say,
    show_value,
    word_choice,
)
from bot.messages import Choice, Reply
from bot.sizes import lower_size, show_size, upper_size
from knowledge.form import Field, FieldType, FileSpec
from knowledge.text import count

_PICKED = 20  # rows with a button of their own
_TOO_LONG = frozenset({"too_long", "too_many_words", "group_too_long"})
_TOO_LARGE = frozenset({"too_large", "too_large_here"})
_LAST_ROWS = 8  # rows that a prompt lists; the earlier ones are counted


def show_step(turn: Turn, step: Step) -> Reply:
    """One reply: what was noted, what is doubtful, what is wrong, then the prompt."""
    said = [_note(turn, note) for note in step.notes]
    wrong = (*step.warnings, *([step.problem] if step.problem is not None else []))
    if isinstance(step.show, Collect) and step.show.over:
        wrong = tuple(one for one in wrong if one.kind not in _TOO_LONG)  # its prompt says so
    said += [explain(turn, _of_the_field(one, step.show)) for one in wrong]
    prompt = show(turn, step.show)
    return Reply("\n\n".join([*said, prompt.text]), prompt.choices)


def _of_the_field(problem: Problem, shown: Shown) -> Problem:
    """A file that is too large for its channel, and for the field that asks for it too: what the field says of that."""
    kind, values = problem.values.get("kind"), problem.values.get("values", {})
    if problem.kind != UPLOAD or kind not in _TOO_LARGE or not isinstance(shown, Files):
        return problem
    spec = shown.place.field.file or FileSpec()
    most = min((bound for bound in (spec.max_bytes, spec.max_total) if bound), default=None)
    if most is None or most > values["most"]:
        return problem
    told = {"name": values["name"], "size": "", "most": most, "instead": spec.too_big}
    return Problem("file_large", told)


def show(turn: Turn, shown: Shown) -> Reply:
    """The prompt alone."""
    match shown:
        case Ask():
            return _ask(turn, shown)
        case Collect():
            return _collect(turn, shown)
        case Files():
            return _files(turn, shown)
        case Rows():
            return _rows(turn, shown)
        case PickRow():
            return _pick(turn, shown.purpose, [row_label(turn, shown.place.field, row) for row in shown.rows])
        case PickFile():
            return _pick(turn, f"{shown.purpose}_file", [cut(str(one["name"])) for one in shown.files])
        case Review():
            return form_review.show_review(turn, shown)
        case Pasted():
            return form_review.show_pasted(turn, shown)
        case _:
            return _choose(turn, shown)


def _choose(turn: Turn, shown: ChooseSection | ChooseField | ConfirmCancel) -> Reply:
    if isinstance(shown, ConfirmCancel):
        words = (word_choice(turn, "save"), word_choice(turn, "discard"), word_choice(turn, "continue"))
        return turn.say("apply.confirm_cancel", choices=words)
    if isinstance(shown, ChooseSection):
        sections = [Choice(f"section:{one.key}", one.title.get(turn.locale)[:LABEL]) for one in shown.sections]
        return turn.say("apply.choose_section", choices=(*sections, *moves(turn, "back")))
    fields = [Choice(f"field:{one.key}", one.label.get(turn.locale)[:LABEL]) for one in shown.fields]
    return turn.say("apply.choose_field", choices=(*fields, *moves(turn, "back")))


def row_label(turn: Turn, field: Field, row: Mapping[str, Any]) -> str:
    """A row of a table in short: its first text, after the choices before it that alone tell no row from the next."""
    cells: list[str] = []
    for column in field.columns:
        if column.key in row:
            cells.append(show_value(turn, column, row[column.key]))
            if column.type is not FieldType.CHOICE:
                break
    return cut(" · ".join(cells)) if cells else "—"


def _note(turn: Turn, note: Note) -> str:
    values = dict(note.values)
    if isinstance(values.get("field"), Field) and "value" in values:
        values["value"] = as_text(values["field"], values["value"], turn.locale)
    if "size" in values:
        values["size"] = show_size(values["size"])
    return say(turn, f"note_{note.kind}", values)


def _ask(turn: Turn, shown: Ask) -> Reply:
    asked, place = shown.place.asked, shown.place
    lines = [*_head(turn, place, required=shown.required), *_hints(turn, asked)]
    if shown.current is not None:
        lines.append(say(turn, "current", {"value": cut(show_value(turn, asked, shown.current))}))
    elif shown.proposed:
        lines.append(say(turn, "proposed", {"value": cut(shown.proposed), "sources": list(shown.sources)}))
    keeps = (shown.current is not None and _is_offered(shown)) or bool(shown.proposed)
    done = "done" if shown.picked else ""
    skip = "keep" if keeps else "" if shown.required else "skip"
    return Reply("\n".join(lines), (*_options(turn, shown), *moves(turn, done, *_back(place), skip, "review", "save")))


def _is_offered(shown: Ask) -> bool:
    """Whether what is stored can be kept: an answer before it may have taken its option away."""
    known = {option.value for option in shown.options}
    stored = shown.current if isinstance(shown.current, list) else [shown.current]
    return not shown.place.asked.options or all(one in known for one in stored)


def _options(turn: Turn, shown: Ask) -> tuple[Choice, ...]:
    if shown.place.asked.type is FieldType.CONSENT:
        return (turn.option(AGREE, "apply.button_agree"), turn.option(DECLINE, "apply.button_decline"))
    labels = [(one.value, one.label.get(turn.locale)) for one in shown.options]
    return tuple(
        Choice(value, f"✓ {label}"[:LABEL] if value in shown.picked else label[:LABEL]) for value, label in labels
    )


def _collect(turn: Turn, shown: Collect) -> Reply:
    asked, place = shown.place.asked, shown.place
    if shown.pieces:
        left = max(0, shown.limit - shown.count)
        values: dict[str, Any] = {"label": asked.label, "count": shown.count, "limit": shown.limit, "left": left}
        values |= {"over": shown.over, "words": bool(asked.max_words), "bounded": shown.bounded}
        values |= {
            "group": asked.group.label if asked.group and shown.shared is not None else "",
            "shared": shown.shared,
        }
        values["total"] = asked.group.max_chars if asked.group else None
        return Reply(say(turn, "collecting", values), moves(turn, "done", "undo", "clear", "review", "save"))
    lines = [*_head(turn, place, required=shown.required), *_hints(turn, asked, shared=shown.shared)]
    if shown.current is not None:
        lines.append(
            say(
                turn,
                "current_text",
                {"start": cut(shown.current), "count": count(shown.current), "words": bool(asked.max_words)},
            )
        )
    skip = "keep" if shown.current is not None else "" if shown.required else "skip"
    return Reply("\n".join(lines), moves(turn, *_back(place), skip, "review", "save"))


def _files(turn: Turn, shown: Files) -> Reply:
    asked, files = shown.place.field, shown.files
    lines = _head(turn, shown.place, required=shown.required)
    lines += [_file_line(turn, number, one) for number, one in enumerate(files, 1)]
    if shown.replacing is not None:
        name = cut(str(files[shown.replacing - 1]["name"]))
        lines.append(say(turn, "files_replace", {"number": shown.replacing, "name": name}))
        return Reply("\n".join(lines), moves(turn, "keep", "review", "save"))
    if not files:
        lines += _hints(turn, asked)
        skip = "" if shown.required else "skip"
        return Reply("\n".join(lines), moves(turn, *_back(shown.place), skip, "page", "review", "save"))
    lines.append(say(turn, "files_more", {"can_add": shown.can_add}))
    choices = moves(turn, "done", "replace", "delete", "page", *_back(shown.place), "review", "save")
    return Reply("\n".join(lines), choices)


def _file_line(turn: Turn, number: int, one: Attachment) -> str:
    values = {
        "number": number,
        "name": cut(str(one["name"])),
        "size": show_size(one["size"]),
        "pages": one.get("pages"),
    }
    return say(turn, "file_line", values)


def _rows(turn: Turn, shown: Rows) -> Reply:
    field = shown.place.field
    lines = _head(turn, shown.place, required=field.min_rows > 0)
    hidden = max(0, len(shown.rows) - _LAST_ROWS)
    if hidden:
        lines.append(say(turn, "rows_before", {"rows": hidden}))
    last = enumerate(shown.rows[hidden:], hidden + 1)
    lines += [f"{number}. {row_label(turn, field, row)}" for number, row in last]
    if not shown.rows:
        lines += _hints(turn, field)
    choices = []
    if shown.can_add:
        choices.append(turn.option(f"{PREFIX}add", "apply.button_add_more" if shown.rows else "apply.button_add"))
    if shown.can_finish:
        choices.append(word_choice(turn, "done" if shown.rows else "skip"))
    if shown.rows:
        choices += [turn.option(f"{PREFIX}edit", "apply.button_change_row"), word_choice(turn, "delete")]
    return Reply("\n".join(lines), (*choices, *moves(turn, *_back(shown.place), "review", "save")))


def _pick(turn: Turn, purpose: str, labels: Sequence[str]) -> Reply:
    """Asks which one of a list. The first ones have a button each, so that a number means the same with and without."""
    choices = tuple(Choice(f"row:{i}", f"{i}. {label}"[:LABEL]) for i, label in enumerate(labels[:_PICKED], 1))
    more = len(labels) if len(labels) > _PICKED else 0
    return turn.say(f"apply.pick_{purpose}", choices=(*choices, *moves(turn, "back")), of=more)


def _head(turn: Turn, place: Place, *, required: bool) -> list[str]:
    values = {"position": place.position, "total": place.total, "section": place.section.title, "row": place.row}
    row = values["row"] if place.column else None
    where = say(turn, "head", {**values, "row": row, "table": place.field.label if place.column else ""})
    remark = [say(turn, "remark", {"text": place.remark})] if place.remark else []
    return [where, say(turn, "label", {"label": place.asked.label, "required": required}), *remark]


def _hints(turn: Turn, field: Field, *, shared: int | None = None) -> list[str]:
    told = field.help or (field.group.help if field.group else None)
    lines = [told.get(turn.locale)] if told else []
    values = {
        "type": str(field.type),
        "limit": field.max_chars,
        "words": field.max_words,
        "ours": field.limit_by == "ours",
        "unit": field.unit or "",
        "group": field.group.label if field.group and shared is not None else "",
        "total": field.group.max_chars if field.group else None,
        "shared": shared,
        "example": bool(field.example),
        "file": _file_rule(field.file or FileSpec()) if field.type is FieldType.FILE else None,
    }
    rule = say(turn, "rule", values)
    lines += [rule] if rule else []
    return lines + ([say(turn, "example", {"text": field.example})] if field.example else [])


def _file_rule(spec: FileSpec) -> dict[str, Any]:
    """What a file field takes, as its prompt says it."""
    return {
        "kinds": [kind.upper() for kind in spec.kinds],
        "least_size": lower_size(spec.min_bytes) if spec.min_bytes else "",
        "most_size": upper_size(spec.max_bytes) if spec.max_bytes else "",
        "total": upper_size(spec.max_total) if spec.max_total else "",
        "least": spec.least,
        "most": spec.most,
    }


def _back(place: Place) -> Sequence[str]:
    return ("back",) if place.position > 1 or place.column else ()
