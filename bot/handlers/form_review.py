"""The review of a form in words: all of it where it is short, section by section where it is long; pasted answers."""

from collections.abc import Sequence
from typing import Any

from bot.context import Turn
from bot.flows.menus import PASTE
from bot.flows.shown import Item, Pasted, Review
from bot.flows.values import Problem
from bot.handlers.form_saying import LABEL, cut, explain, moves, say, show_value, word_choice
from bot.messages import Choice, Reply
from knowledge.form import FieldType, Section, Stage
from knowledge.text import count

LONG = 24  # fields: what is longer is looked at by section
_NAMED = 2  # missing fields that a line names; of more it tells how many
_BUTTONS = 6  # missing fields with a button of their own
_READ = 16  # new answers shown in full
_REST = 3  # lines that belong to nothing, shown


def show_review(turn: Turn, shown: Review) -> Reply:
    """What was answered and what is missing."""
    numbers = _numbers(shown)
    if shown.section is not None:
        return _one_section(turn, shown, shown.section, numbers)
    if shown.total > LONG:
        return _by_section(turn, shown)
    lines = [say(turn, "review_head", {"filled": shown.filled, "total": shown.total})]
    for section, items in shown.sections:
        lines += ["", say(turn, "review_section", {"title": section.title})]
        lines += [_line(turn, item, numbers) for item in items]
    lines += ["", *_verdict(turn, shown)]
    return Reply("\n".join(lines), (*_onward(turn, shown), *moves(turn, "back")))


def show_pasted(turn: Turn, shown: Pasted) -> Reply:
    """What a text of several answers was understood as, for a yes or no."""
    lines = [say(turn, "paste_head", {"count": len(shown.read)})]
    # What would be replaced is always shown; of much else that is new, a part stands for the whole.
    new = [one for one in shown.read if one[2] is None or one[2] == one[1]]
    passed_over = new[_READ:]
    for field, value, old in [one for one in shown.read if one not in passed_over]:
        before = cut(show_value(turn, field, old)) if old is not None and old != value else ""
        lines.append(
            say(turn, "paste_line", {"label": field, "value": cut(show_value(turn, field, value)), "old": before})
        )
    if passed_over:
        lines.append(say(turn, "paste_more", {"count": len(passed_over)}))
    read = {field.key for field, _, _ in shown.read}
    lines += [
        say(turn, "paste_unread", {"label": field, "problem": problem, "partly": field.key in read})
        for field, problem in shown.unread
    ]
    rest = [cut(line) for line in shown.rest]
    if rest:
        lines.append(say(turn, "paste_rest", {"lines": rest[:_REST], "more": len(rest) - _REST}))
    choices = []
    if shown.read:
        choices.append(turn.option(f"{PASTE}all", "apply.button_paste_all", count=len(shown.read)))
    if shown.asked is not None:
        label = shown.asked.label.get(turn.locale)
        choices.append(turn.option(f"{PASTE}one", "apply.button_paste_one", label=label[: LABEL // 2]))
    return Reply("\n".join(lines), (*choices, turn.option(f"{PASTE}none", "apply.button_paste_none")))


def _by_section(turn: Turn, shown: Review) -> Reply:
    """The sections with what they lack, those that lack something first among the choices."""
    lines = [say(turn, "review_head", {"filled": shown.filled, "total": shown.total})]
    for section, items in shown.sections:
        asked = [item for item in items if item.field.type is not FieldType.COMPUTED]
        gaps = shown.gaps_in(section)
        values = {"title": section.title, "filled": sum(item.value is not None for item in asked), "total": len(asked)}
        named = [cut(item.field.label.get(turn.locale)) for item in gaps] if len(gaps) <= _NAMED else []
        lines.append(say(turn, "review_count", {**values, "gaps": len(gaps), "named": named}))
    first = sorted(shown.sections, key=lambda pair: not shown.gaps_in(pair[0]))
    choices = [
        turn.option(
            f"section:{section.key}",
            "apply.button_section",
            title=section.title.get(turn.locale)[: LABEL - 8],
            gaps=len(shown.gaps_in(section)),
        )
        for section, _ in first
    ]
    verdict = [say(turn, "review_look", {"gaps": len(shown.gaps)})] if shown.gaps else _verdict(turn, shown)
    return Reply("\n".join([*lines, "", *verdict]), (*_onward(turn, shown), *choices, *moves(turn, "back")))


def _one_section(turn: Turn, shown: Review, section: Section, numbers: dict[str, int]) -> Reply:
    items = next((items for found, items in shown.sections if found == section), ())
    lines = [say(turn, "review_section", {"title": section.title}), *(_line(turn, item, numbers) for item in items)]
    gaps = shown.gaps_in(section)[:_BUTTONS]
    missing = [Choice(f"field:{item.field.key}", item.field.label.get(turn.locale)[:LABEL]) for item in gaps]
    first = next((numbers[item.field.key] for item in items if item.field.key in numbers), 1)
    lines.append(say(turn, "review_edit", {"gaps": len(gaps), "number": first}))
    return Reply("\n".join(lines), (*missing, *_onward(turn, shown), *moves(turn, "back")))


def _onward(turn: Turn, shown: Review) -> tuple[Choice, ...]:
    first = "continue" if not shown.complete else "submit" if shown.stage is Stage.ENTRY else "done"
    return word_choice(turn, first), word_choice(turn, "edit"), word_choice(turn, "save")


def _verdict(turn: Turn, shown: Review) -> Sequence[str]:
    if shown.gaps:
        return [say(turn, "review_gaps", {"gaps": [item.field for item in shown.gaps]})]
    return [say(turn, "review_complete", {"submit": shown.stage is Stage.ENTRY})]


def _numbers(shown: Review) -> dict[str, int]:
    """The places by which fields are asked for, such as "goto 12"."""
    asked = [item.field for _, items in shown.sections for item in items if item.field.type is not FieldType.COMPUTED]
    return {field.key: number for number, field in enumerate(asked, 1)}


def _line(turn: Turn, item: Item, numbers: dict[str, int]) -> str:
    values: dict[str, Any] = {"label": item.field.label, "value": _short(turn, item), "problem": "", "doubts": []}
    if item.problem is not None and item.value is not None:
        values["problem"] = explain(turn, item.problem)
    values["number"] = numbers.get(item.field.key)
    values["missing"] = item.value is None and item.problem is not None
    values["doubts"] = [explain(turn, Problem(one.kind, {**one.values, "quote": ""})) for one in item.warnings[:1]]
    return say(turn, "review_line", values)


def _short(turn: Turn, item: Item) -> str:
    if item.value is None:
        return ""
    match item.field.type:
        case FieldType.TABLE:
            return say(turn, "row_count", {"rows": len(item.value)})
        case FieldType.LONGTEXT:
            return say(
                turn,
                "text_count",
                {"count": count(item.value), "start": cut(item.value), "words": bool(item.field.max_words)},
            )
        case FieldType.CONSENT:
            return say(turn, "agreed", {"on": ""})
        case FieldType.COMPUTED:
            return show_value(turn, item.field, item.value)
        case _:
            return cut(show_value(turn, item.field, item.value))
