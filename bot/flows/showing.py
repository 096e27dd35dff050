"""Turns where a walk stands into what is shown."""

from collections.abc import Callable, Mapping

from bot.flows import fields, outline
from bot.flows.longtexts import joined
from bot.flows.shown import Ask, ChooseField, ChooseSection, Collect, ConfirmCancel, PickRow, Review, Rows, Shown, Step
from bot.flows.walk import Walk
from knowledge.form import FieldType
from knowledge.text import count


def step(walk: Walk) -> Step:
    """The step that a walk has made."""
    return Step(
        cursor=walk.cursor.stored(),
        show=_SHOW[walk.cursor.at](walk),
        changes=walk.changes,
        problem=walk.problem,
        warnings=tuple(walk.warnings),
        notes=tuple(walk.notes),
        outcome=walk.outcome,
    )


def _field(walk: Walk) -> Shown:
    place, current = walk.place(), walk.current
    if walk.asked.type is not FieldType.LONGTEXT:
        return Ask(place, walk.required, current)
    pieces = walk.cursor.drafts.get(walk.slot, [])
    limit = fields.limit_of(walk.asked) or 0
    return Collect(place, walk.required, count(joined(pieces)), limit, len(pieces), current)


def _rows(walk: Walk) -> Shown:
    rows, most = walk.rows, walk.field.max_rows
    return Rows(walk.place(), rows, most is None or len(rows) < most, len(rows) >= walk.field.min_rows)


def _pick(walk: Walk) -> Shown:
    return PickRow(walk.place(), walk.cursor.purpose, walk.rows)


def _choose(walk: Walk) -> Shown:
    shown = walk.visible()
    if walk.cursor.candidates:
        return ChooseField([found for found in shown if found.key in walk.cursor.candidates])
    for section in walk.form.sections:
        if section.key == walk.cursor.section:
            return ChooseField([found for found in section.fields if found in shown])
    return ChooseSection([section for section in walk.form.sections if any(found in shown for found in section.fields)])


def _review(walk: Walk) -> Shown:
    items = outline.items(walk.form, walk.answers, walk.moment)
    by_key = {item.field.key: item for item in items}
    sections = [
        (section, [by_key[found.key] for found in section.fields if found.key in by_key])
        for section in walk.form.sections
    ]
    gaps = [item for item in items if item.problem is not None]
    filled = sum(item.value is not None for item in items)
    return Review([(section, found) for section, found in sections if found], gaps, filled, len(items))


def _cancel(_walk: Walk) -> Shown:
    return ConfirmCancel()


_SHOW: Mapping[str, Callable[[Walk], Shown]] = {
    "field": _field,
    "rows": _rows,
    "pick": _pick,
    "choose": _choose,
    "review": _review,
    "cancel": _cancel,
}
