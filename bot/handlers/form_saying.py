"""What the prompts and the review of a form share: rendering, buttons for moving about, values and problems."""

from collections.abc import Mapping
from typing import Any, Protocol

from bot.context import Turn
from bot.flows.plain import as_text
from bot.flows.shown import Item
from bot.flows.values import Problem, Value
from bot.flows.words import PREFIX
from bot.messages import Choice, Reply
from bot.sizes import lower_size, upper_size
from knowledge.form import Field, FieldType
from knowledge.wording import Wording

CUT = 28  # characters of a value in a list
LABEL = 40  # characters of a button
UPLOAD = "upload"  # a problem of a file that could not be taken in: bot.uploads says which
_CUT_SHORT = frozenset({"text", "name"})  # what somebody wrote
_LOWER_BOUNDS = frozenset({"file_small"})
_SIZED = _LOWER_BOUNDS | {"file_large", "files_large"}


class Speaker(Protocol):
    """Who puts templates into words: a turn, or the form page."""

    locale: str

    def say(self, template: str, **values: Any) -> Reply:
        """Renders a reply in the person's language."""


def say(turn: Speaker, block: str, values: Mapping[str, Any]) -> str:
    """A block of apply.j2 with these values, wordings and fields among them in the person's language."""
    return turn.say(f"apply.{block}", **{key: _plain(turn, value) for key, value in values.items()}).text


def explain(turn: Speaker, problem: Problem) -> str:
    """What is wrong or doubtful, and what would be right."""
    if problem.kind == UPLOAD:
        return turn.say(f"files.problem_{problem.values['kind']}", **problem.values["values"]).text
    values = {key: value[:LABEL] if key in _CUT_SHORT else value for key, value in problem.values.items()}
    if problem.kind in _SIZED:
        values |= _sizes(problem.kind, values)
    if isinstance(values.get("field"), Field) and "value" in values:
        values["value"] = cut(as_text(values["field"], values["value"], turn.locale))
    values = {"row": None, "quote": "", "instead": None, "hard": True, "recompressed": False, **values}
    return say(turn, "ruled" if values.get("message") is not None else f"problem_{problem.kind}", values)


def show_value(turn: Turn, field: Field, value: Value | None) -> str:
    """A stored answer as people read it, whole; a table as its rows."""
    text = as_text(field, value, turn.locale)
    if field.type is FieldType.CONSENT and text:
        return say(turn, "agreed", {"on": text})
    return text or "—"


def cut(text: str) -> str:
    """The beginning of a text, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= CUT else f"{flat[: CUT - 1]}…"


def moves(turn: Turn, *words: str) -> tuple[Choice, ...]:
    """Buttons for moving about: where there are no buttons they are words to type, and take no number."""
    return tuple(
        Choice(f"{PREFIX}{'skip' if word == 'keep' else word}", say(turn, f"button_{word}", {}), numbered=False)
        for word in words
        if word
    )


def word_choice(turn: Turn, word: str) -> Choice:
    """A choice that stands for a word of the dialog."""
    return turn.option(f"{PREFIX}{word}", f"apply.button_{word}")


def _sizes(kind: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Sizes as text. A file too small is never rounded up to what would do, nor one too large down.

    Lower bounds are in units of 1000 and upper ones of 1024, as forms are read.
    """
    lower = kind in _LOWER_BOUNDS
    sizes = {key: values[key] for key in ("size", "total") if isinstance(values.get(key), int)}
    shown = {key: lower_size(size, up=False) if lower else upper_size(size) for key, size in sizes.items()}
    if isinstance(values.get("least"), int):
        shown["least"] = lower_size(values["least"])
    if isinstance(values.get("most"), int):
        shown["most"] = upper_size(values["most"], up=False)
    return shown


def _plain(turn: Speaker, value: Any) -> Any:
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
