"""Turns where a walk stands into what is shown."""

from collections.abc import Callable, Mapping

from bot.flows import attachments, lengths, menus, outline, picking
from bot.flows.longtexts import joined
from bot.flows.shown import (
    Ask,
    ChooseField,
    ChooseSection,
    Collect,
    ConfirmCancel,
    Files,
    Item,
    Pasted,
    PickFile,
    PickRow,
    Review,
    Rows,
    Shown,
    Step,
)
from bot.flows.values import digest
from bot.flows.walk import Walk
from knowledge.form import FieldType
from knowledge.text import count
from knowledge.wording import Wording


def step(walk: Walk) -> Step:
    """The step that a walk has made. What is stored where it stands now is noted as seen."""
    shown = _SHOW[walk.cursor.at](walk)
    _note_seen(walk, shown)
    return Step(
        cursor=walk.cursor.stored(),
        show=shown,
        changes=walk.changes,
        problem=walk.problem,
        warnings=tuple(walk.warnings),
        notes=tuple(walk.notes),
        outcome=walk.outcome,
    )


def _note_seen(walk: Walk, shown: Shown) -> None:
    """Keeps the digest of the value that is shown; one that was shown before what came since stays."""
    cursor = walk.cursor
    if cursor.at == "field":
        if walk.slot not in cursor.drafts or not cursor.seen:
            cursor.seen = digest(walk.current)
    elif isinstance(shown, Pasted):
        cursor.seen = menus.seen_of({field.key: before for field, _, before in shown.read})
    else:
        cursor.seen = digest(walk.answers.get(cursor.field)) if cursor.at in {"rows", "pick"} else ""


def _field(walk: Walk) -> Shown:
    match walk.asked.type:
        case FieldType.LONGTEXT:
            return _collect(walk)
        case FieldType.FILE:
            return _files(walk)
    asked, proposed = walk.asked, walk.proposed
    several = asked.type is FieldType.MULTI_CHOICE
    return Ask(
        walk.place(),
        walk.required,
        walk.current,
        options=walk.options,
        picked=picking.picked(walk) if several else (),
        proposed=proposed,
        sources=outline.sources_of(asked.default, walk.form) if proposed else (),
    )


def _collect(walk: Walk) -> Shown:
    pieces, asked = walk.cursor.drafts.get(walk.slot, []), walk.asked
    limit = lengths.limit_of(asked, walk.scope) or 0
    shared = lengths.used_by_others(asked, walk.scope) if asked.group and asked.group.max_chars else None
    return Collect(walk.place(), walk.required, count(joined(pieces)), limit, len(pieces), walk.current, shared)


def _files(walk: Walk) -> Shown:
    files, row = walk.files, walk.cursor.row
    replacing = row + 1 if row is not None and row < len(files) else None
    return Files(walk.place(), walk.required, files, attachments.may_add(walk.asked, files), replacing)


def _rows(walk: Walk) -> Shown:
    rows, most = walk.rows, walk.field.max_rows
    return Rows(walk.place(), rows, most is None or len(rows) < most, len(rows) >= walk.field.min_rows)


def _pick(walk: Walk) -> Shown:
    if walk.field.type is FieldType.FILE:
        return PickFile(walk.place(), walk.cursor.purpose, walk.files)
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
    by_key = {item.field.key: item for item in (*items, *_computed(walk))}
    sections = [
        (section, [by_key[found.key] for found in section.fields if found.key in by_key])
        for section in walk.form.sections
    ]
    gaps = [item for item in items if item.problem is not None]
    filled = sum(item.value is not None for item in items)
    looked_at = next((section for section in walk.form.sections if section.key == walk.cursor.section), None)
    shown = [(section, found) for section, found in sections if found]
    return Review(shown, gaps, filled, len(items), looked_at, walk.form.stage)


def _computed(walk: Walk) -> list[Item]:
    """What follows from the answers, at this stage."""
    found = []
    for field in walk.form.fields():
        if field.type is FieldType.COMPUTED and field.at is walk.form.stage and walk.scope.shows(field.key):
            zh, en = (outline.filled_in(field.source, walk.scope, locale) for locale in ("zh", "en"))
            found.append(Item(field, Wording(zh, en) if zh else None, required=False))
    return found


def _paste(walk: Walk) -> Shown:
    found = menus.understood(walk)
    asked = walk.asked if walk.cursor.came == "field" else None
    return Pasted(
        [(walk.form.field(key), value, walk.answers.get(key)) for key, value in found.values.items()],
        [(walk.form.field(key), problem) for key, problem in found.problems.items()],
        found.rest,
        asked if asked is not None and asked.type in menus.FREE_TEXT else None,
    )


def _cancel(_walk: Walk) -> Shown:
    return ConfirmCancel()


_SHOW: Mapping[str, Callable[[Walk], Shown]] = {
    "field": _field,
    "rows": _rows,
    "pick": _pick,
    "choose": _choose,
    "review": _review,
    "paste": _paste,
    "cancel": _cancel,
}
