"""Reads what fields of form.yaml are made of: wordings, conditions, options, rules, files, texts made of answers."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from knowledge.form import (
    DAY_VALUES,
    FILE_KINDS,
    NUMBER_VALUES,
    RULE_TYPES,
    WHOLE_VALUES,
    Condition,
    Conditions,
    Field,
    FieldType,
    FileSpec,
    Option,
    Rule,
    RuleKind,
)
from knowledge.source import Node
from knowledge.text import squeeze
from knowledge.wording import Wording

T = TypeVar("T")

CHOICES = frozenset({FieldType.CHOICE, FieldType.MULTI_CHOICE})
_INSERTS = frozenset(
    {FieldType.TEXT, FieldType.CHOICE, FieldType.NUMBER, FieldType.DATE, FieldType.EMAIL, FieldType.PHONE}
)
_INSERT = re.compile(r"\{([a-z0-9_]+)\}", re.IGNORECASE)
_SIZE = re.compile(r"(\d+)\s*([KM]?)B?", re.IGNORECASE)
# The guides' K and M may mean 1000 or 1024: what is within either reading is accepted.
_LOWER = {"": 1, "K": 1000, "M": 1000**2}
_UPPER = {"": 1, "K": 1024, "M": 1024**2}


def read_key(node: Node) -> str:
    """The key of a field, section or group."""
    key = node.text("key")
    if not (key.isascii() and key.isidentifier()) or len(key) > 64:
        raise node.get("key").fail("must be a short name of a-z, 0-9 and _")
    return key


def read_wording(node: Node) -> Wording:
    """A text in both languages."""
    if isinstance(node.value, dict):
        node.only("zh", "en")
        return Wording(node.text("zh"), node.text("en"))
    raise node.fail("must have zh and en")


def wording_of(node: Node, key: str) -> Wording | None:
    """The text under a key, None where there is none."""
    return read_wording(node.get(key)) if node.has(key) else None


def one_of(node: Node, key: str, known: Mapping[str, T], default: str | None = None) -> T:
    """The value that a name under `key` stands for."""
    text = node.text(key, default)
    if text not in known:
        raise node.get(key).fail(f"{text} is not known here; known are: {', '.join(known)}")
    return known[text]


def positive(node: Node, key: str) -> int | None:
    """A whole number of at least 1, None where there is none."""
    number = node.integer(key)
    if number is not None and number < 1:
        raise node.get(key).fail("must be at least 1")
    return number


def read_quote(node: Node, guide: str) -> str:
    """The quote of a node; `guide` is squeezed."""
    quote = node.text("quote", "")
    if quote and squeeze(quote) not in guide:
        raise node.get("quote").fail("does not stand in guide.md word for word")
    return quote


def read_conditions(node: Node, key: str, earlier: Mapping[str, Field], broken: set[str]) -> Conditions:
    """The conditions under a key: one, or a list of which all must hold.

    `earlier` are the fields they may look at; what is `broken` is a mistake already and no second one.
    """
    if not node.has(key):
        return ()
    place = node.get(key)
    nodes = list(place.items()) if isinstance(place.value, list) else [place]
    found = [_condition(one, earlier, broken) for one in nodes]
    return tuple(one for one in found if one is not None)


def read_options(node: Node, kind: FieldType, earlier: Mapping[str, Field], broken: set[str]) -> tuple[Option, ...]:
    """The options of a choice."""
    if kind not in CHOICES:
        if node.has("options"):
            raise node.get("options").fail("is for choices only")
        return ()
    options: dict[str, Option] = {}
    for item in node.get("options").items():
        item.only("value", "label", "when", "also")
        value = item.text("value")
        if value in options:
            raise item.get("value").fail(f"the option {value} exists already")
        when = read_conditions(item, "when", earlier, broken)
        also = item.texts("also") if item.has("also") else ()
        options[value] = Option(value, read_wording(item.get("label")), when, also)
    if len(options) < 2:
        raise node.fail("needs at least two", "options")
    return tuple(options.values())


def read_rule(
    node: Node, kind: FieldType, options: tuple[Option, ...], guide: str, known: Mapping[str, Field], broken: set[str]
) -> Rule:
    """A rule of a field of this type with these options."""
    node.only("kind", "value", "hard", "message", "quote", "when")
    rule = one_of(node, "kind", {str(found): found for found in RuleKind})
    if kind not in RULE_TYPES[rule]:
        raise node.get("kind").fail(f"is not for a {kind}")
    value = node.text("value", "")
    if reason := _unfit_value(rule, value, options):
        raise node.fail(reason, "value")
    return Rule(
        kind=str(rule),
        value=value,
        hard=node.flag("hard", default=True),
        message=wording_of(node, "message"),
        quote=read_quote(node, guide),
        when=read_conditions(node, "when", known, broken),
    )


def read_file(node: Node, kind: FieldType) -> FileSpec | None:
    """What files a file field takes."""
    if kind is not FieldType.FILE:
        if node.has("file"):
            raise node.get("file").fail("is for a file only")
        return None
    if not node.has("file"):
        return FileSpec()
    place = node.get("file")
    place.only("kinds", "min_size", "max_size", "max_total", "least", "most", "too_many", "too_small", "too_big")
    kinds = _kinds(place) if place.has("kinds") else ()
    lowest, highest = _size(place, "min_size", _LOWER) or 0, _size(place, "max_size", _UPPER)
    least, most = positive(place, "least") or 1, positive(place, "most")
    if highest is not None and highest < lowest:
        raise place.get("max_size").fail("must not be less than min_size")
    if most is not None and most < least:
        raise place.get("most").fail("must not be less than least")
    return FileSpec(
        kinds=kinds,
        min_bytes=lowest,
        max_bytes=highest,
        max_total=_size(place, "max_total", _UPPER),
        least=least,
        most=most,
        too_many=wording_of(place, "too_many"),
        too_small=wording_of(place, "too_small"),
        too_big=wording_of(place, "too_big"),
    )


def read_taken(node: Node, options: tuple[Option, ...]) -> tuple[str, ...]:
    """The options that say that the official route was taken."""
    taken = node.texts("taken") if node.has("taken") else ()
    unknown = [value for value in taken if value not in {option.value for option in options}]
    if unknown:
        raise node.get("taken").fail(f"{', '.join(unknown)} is no option of this field")
    return taken


def read_insertions(node: Node, key: str, earlier: Mapping[str, Field], broken: set[str]) -> str:
    """A text such as "{list}+{name}" whose braces name earlier fields; empty where there is none."""
    text = node.text(key, "")
    for name in insertions(text):
        if name in broken:
            continue
        if name not in earlier:
            raise node.get(key).fail(f"{name} is no earlier field")
        if earlier[name].type not in _INSERTS:
            raise node.get(key).fail(f"{name} is a {earlier[name].type}, which cannot stand in a text")
    if text and (not _INSERT.search(text) or set("{}") & set(_INSERT.sub("", text))):
        raise node.get(key).fail("must name fields in braces, such as {name}")
    return text


def insertions(text: str) -> list[str]:
    """The names in the braces of such a text."""
    return _INSERT.findall(text)


def _condition(node: Node, earlier: Mapping[str, Field], broken: set[str]) -> Condition | None:
    node.only("field", "in", "not_in", "filled")
    name = node.text("field")
    other = earlier.get(name)
    if other is None and name in broken:
        return None
    if other is None:
        raise node.get("field").fail(f"{name} is no earlier field")
    if other.type is FieldType.COMPUTED:
        raise node.get("field").fail(f"{name} is computed, and never answered")
    asked = [key for key in ("in", "not_in", "filled") if node.has(key)]
    if len(asked) != 1:
        raise node.fail("needs one of in, not_in and filled")
    if asked == ["filled"]:
        return Condition(name, filled=node.flag("filled"))
    if other.type not in CHOICES:
        raise node.get("field").fail(f"{name} is no choice")
    values = node.texts(asked[0])
    known = [option.value for option in other.options]
    unknown = [value for value in values if value not in known]
    if unknown or not values:
        wrong = ", ".join(unknown) or "nothing"
        raise node.fail(f"{wrong} is no option of {name}; known are: {', '.join(known)}", asked[0])
    return Condition(name, values, negate=asked == ["not_in"])


def _unfit_value(rule: RuleKind, value: str, options: tuple[Option, ...]) -> str:
    """What a rule's value should be, empty where it is so."""
    if rule in WHOLE_VALUES and not value.isdecimal():
        return "must be a whole number"
    if rule in DAY_VALUES and not _is_day(value):
        return "must be a day such as 2024-10-20"
    if rule in NUMBER_VALUES and not _is_number(value):
        return "must be a number"
    if rule is RuleKind.IN_YEAR and value and not (value.isdecimal() and len(value) == 4):
        return "must be a year such as 2024"
    if rule is RuleKind.AMONG and len(value.split(".")) != 2:
        return "must name a column as table.column"
    if rule is RuleKind.NONE_OF:
        unknown = [part for part in split_values(value) if part not in {option.value for option in options}]
        if unknown or not value:
            return f"must be options of this field, separated by commas; {', '.join(unknown) or 'nothing'} is none"
    return ""


def split_values(value: str) -> list[str]:
    """The options that the value of a none_of rule names."""
    return [part.strip() for part in value.split(",")]


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_number(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _kinds(place: Node) -> tuple[str, ...]:
    names = place.texts("kinds")
    unknown = [name for name in names if name not in FILE_KINDS]
    if unknown:
        raise place.get("kinds").fail(f"{', '.join(unknown)} is not known; known are: {', '.join(FILE_KINDS)}")
    if "any" in names:
        return ()
    return tuple(dict.fromkeys(kind for name in names for kind in FILE_KINDS[name]))


def _size(place: Node, key: str, units: Mapping[str, int]) -> int | None:
    if not place.has(key):
        return None
    found = _SIZE.fullmatch(place.text(key).strip())
    if found is None or not int(found[1]):
        raise place.get(key).fail("must be a size such as 150K or 3M")
    return int(found[1]) * units[found[2].upper()]
