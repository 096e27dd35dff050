"""Reads form.yaml into a Form, and names every mistake by file, line and key."""

import hashlib
from dataclasses import replace
from typing import Any, TypeVar

from knowledge.errors import Mistake, PackError
from knowledge.form import (
    LIMITS_BY,
    NUMBER_RULES,
    RULE_TYPES,
    Condition,
    Field,
    FieldType,
    Form,
    Option,
    Rule,
    RuleKind,
    Section,
    Wording,
)
from knowledge.source import Node
from knowledge.text import squeeze

T = TypeVar("T")

_FIELD_KEYS = (
    *("key", "type", "label", "help", "example", "required", "required_when", "when", "options", "max_chars"),
    *("limit_by", "columns", "min_rows", "max_rows", "advised_rows", "rules", "quote", "pii", "identifies"),
)
_DIGEST = 16
_NO_COLUMNS = {FieldType.TABLE, FieldType.CONSENT}


def read_form(node: Node, *, guide: str) -> Form:
    """The form of a pack. `guide` is the text that every quote must stand in. Raises PackError with all mistakes."""
    node.only("sections")
    reader = _Reader(squeeze(guide))
    sections = tuple(reader.section(item) for item in node.get("sections").items() if reader.whole(item))
    if not sections and not reader.mistakes:
        raise node.fail("needs at least one section", "sections")
    if reader.mistakes:
        raise PackError(reader.mistakes)
    return Form(_digest(node), sections)


class _Reader:
    """Collects mistakes, so that an organizer sees all of them at once."""

    def __init__(self, guide: str) -> None:
        self.guide = guide
        self.mistakes: list[Mistake] = []
        self.earlier: dict[str, Field] = {}
        self.broken: set[str] = set()  # fields with a mistake: what hangs on them is no second mistake
        self.section_keys: set[str] = set()

    def whole(self, item: Node) -> bool:
        """Whether a section has what is needed to go on; otherwise its mistake is kept."""
        try:
            item.only("key", "title", "fields")
            key = item.text("key")
            _wording(item.get("title"))
            item.get("fields").expect(list)
        except PackError as error:
            self.mistakes += error.mistakes
            return False
        if key in self.section_keys:
            self.mistakes += item.get("key").fail(f"the section {key} exists already").mistakes
        self.section_keys.add(key)
        return True

    def section(self, item: Node) -> Section:
        fields = []
        for node in item.get("fields").items():
            try:
                field = self.field(node)
            except PackError as error:
                self.mistakes += error.mistakes
                self.broken.add(str(node.mapping()["key"].value) if node.has("key") else "")
            else:
                fields.append(field)
                self.earlier[field.key] = field
        if not fields and not self.mistakes:
            self.mistakes += item.fail("needs at least one field", "fields").mistakes
        return Section(item.text("key"), _wording(item.get("title")), tuple(fields))

    def field(self, node: Node) -> Field:
        field = self._plain_field(node)
        if field.key in self.earlier:
            raise node.get("key").fail(f"the field {field.key} exists already")
        if field.type is FieldType.TABLE:
            return replace(field, columns=self._columns(node), **_row_limits(node))
        for key in ("columns", "min_rows", "max_rows", "advised_rows"):
            if node.has(key):
                raise node.get(key).fail("is for tables only")
        return replace(field, required_when=self._condition(node, "required_when"), when=self._condition(node, "when"))

    def _plain_field(self, node: Node) -> Field:
        node.only(*_FIELD_KEYS)
        kind = _one_of(node, "type", {str(found): found for found in FieldType})
        field = Field(
            key=_key(node),
            type=kind,
            label=_wording(node.get("label")),
            help=_wording(node.get("help")) if node.has("help") else None,
            example=_wording(node.get("example")) if node.has("example") else None,
            required=node.flag("required"),
            options=_options(node, kind),
            max_chars=_positive(node, "max_chars"),
            limit_by=_one_of(node, "limit_by", {name: name for name in LIMITS_BY}, LIMITS_BY[0]),
            rules=tuple(self._rule(item, kind) for item in node.get("rules").items()) if node.has("rules") else (),
            quote=self._quote(node),
            pii=node.flag("pii"),
            identifies=node.flag("identifies"),
        )
        if field.max_chars and kind not in {FieldType.TEXT, FieldType.LONGTEXT}:
            raise node.get("max_chars").fail("is for text and longtext only")
        return field

    def _columns(self, node: Node) -> tuple[Field, ...]:
        columns: dict[str, Field] = {}
        for item in node.get("columns").items():
            if item.text("type", "") in _NO_COLUMNS:
                raise item.get("type").fail(f"a column cannot be a {item.text('type')}")
            column = self._plain_field(item)
            if column.key in columns:
                raise item.get("key").fail(f"the column {column.key} exists already")
            for key in ("when", "required_when", "columns", "identifies"):
                if item.has(key):
                    raise item.get(key).fail("is not for columns")
            columns[column.key] = column
        if not columns:
            raise node.fail("needs at least one column", "columns")
        return tuple(columns.values())

    def _condition(self, node: Node, key: str) -> Condition | None:
        if not node.has(key):
            return None
        place = node.get(key)
        place.only("field", "in")
        name, values = place.text("field"), place.texts("in")
        other = self.earlier.get(name)
        if other is None and name in self.broken:
            return None
        if other is None:
            raise place.get("field").fail(f"{name} is no earlier field")
        if other.type is not FieldType.CHOICE:
            raise place.get("field").fail(f"{name} is no choice")
        known = [option.value for option in other.options]
        unknown = [value for value in values if value not in known]
        if unknown or not values:
            raise place.fail(
                f"{', '.join(unknown) or 'nothing'} is no option of {name}; known are: {', '.join(known)}", "in"
            )
        return Condition(name, values)

    def _rule(self, node: Node, kind: FieldType) -> Rule:
        node.only("kind", "value", "hard", "message", "quote")
        rule = _one_of(node, "kind", {str(found): found for found in RuleKind})
        if kind not in RULE_TYPES[rule]:
            raise node.get("kind").fail(f"is not for a {kind}")
        value = node.text("value", "")
        if rule in NUMBER_RULES and not value.isdecimal():
            raise node.fail("must be a whole number", "value")
        message = _wording(node.get("message")) if node.has("message") else None
        return Rule(str(rule), value, node.flag("hard", default=True), message, self._quote(node))

    def _quote(self, node: Node) -> str:
        quote = node.text("quote", "")
        if quote and squeeze(quote) not in self.guide:
            raise node.get("quote").fail("does not stand in guide.md word for word")
        return quote


def _key(node: Node) -> str:
    key = node.text("key")
    if not (key.isascii() and key.isidentifier()) or len(key) > 64:
        raise node.get("key").fail("must be a short name of a-z, 0-9 and _")
    return key


def _wording(node: Node) -> Wording:
    if isinstance(node.value, dict):
        node.only("zh", "en")
        return Wording(node.text("zh"), node.text("en"))
    raise node.fail("must have zh and en")


def _one_of(node: Node, key: str, known: dict[str, T], default: str | None = None) -> T:
    text = node.text(key, default)
    if text not in known:
        raise node.get(key).fail(f"{text} is not known here; known are: {', '.join(known)}")
    return known[text]


def _options(node: Node, kind: FieldType) -> tuple[Option, ...]:
    if kind is not FieldType.CHOICE:
        if node.has("options"):
            raise node.get("options").fail("is for choices only")
        return ()
    options: dict[str, Option] = {}
    for item in node.get("options").items():
        item.only("value", "label")
        value = item.text("value")
        if value in options:
            raise item.get("value").fail(f"the option {value} exists already")
        options[value] = Option(value, _wording(item.get("label")))
    if len(options) < 2:
        raise node.fail("needs at least two", "options")
    return tuple(options.values())


def _positive(node: Node, key: str) -> int | None:
    number = node.integer(key)
    if number is not None and number < 1:
        raise node.get(key).fail("must be at least 1")
    return number


def _row_limits(node: Node) -> dict[str, Any]:
    lowest = (node.integer("min_rows") or 0) if node.has("min_rows") else int(node.flag("required"))
    highest, advised = _positive(node, "max_rows"), _positive(node, "advised_rows")
    if lowest < 0:
        raise node.get("min_rows").fail("must not be negative")
    if highest is not None and highest < max(lowest, advised or 0):
        raise node.get("max_rows").fail("must not be less than min_rows or advised_rows")
    return {"min_rows": lowest, "max_rows": highest, "advised_rows": advised}


def _digest(node: Node) -> str:
    return hashlib.sha256(repr(_content(node)).encode()).hexdigest()[:_DIGEST]


def _content(node: Node) -> object:
    """The value without its places: moving a line changes no version."""
    if isinstance(node.value, dict):
        return {key: _content(value) for key, value in sorted(node.value.items())}
    if isinstance(node.value, list):
        return [_content(item) for item in node.value]
    return node.value
