"""Reads form.yaml into a Form, and names every mistake by file, line and key."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from knowledge.errors import Mistake, PackError
from knowledge.form import LIMITS_BY, Field, FieldType, Form, Group, RuleKind, Section, Stage
from knowledge.form_parts import (
    insertions,
    one_of,
    positive,
    read_conditions,
    read_file,
    read_insertions,
    read_key,
    read_options,
    read_quote,
    read_rule,
    read_taken,
    read_wording,
    wording_of,
)
from knowledge.source import Node
from knowledge.text import squeeze

_FIELD_KEYS = (
    *("key", "type", "label", "help", "example", "required", "required_when", "when", "at", "options", "max_chars"),
    *("max_words", "limit_by", "columns", "min_rows", "max_rows", "advised_rows", "file", "source", "default", "unit"),
    "taken",
    *("rules", "quote", "pii", "identifies"),
)
_GROUP = "group"
_GROUP_KEYS = ("key", "type", "label", "help", "parts", "max_chars", "quote", "when", "at", "required")
_DIGEST = 16
_NO_COLUMNS = {str(FieldType.TABLE), str(FieldType.CONSENT), str(FieldType.FILE), str(FieldType.COMPUTED), _GROUP}
_TEXTS = {FieldType.TEXT, FieldType.LONGTEXT}
_NAMES = {FieldType.TEXT, FieldType.EMAIL, FieldType.PHONE}
_ROW_KEYS = ("columns", "min_rows", "max_rows", "advised_rows")
_NOT_IN_COLUMNS = ("when", "required_when", "columns", "identifies", "at", "default", "file", "source", "taken")
_PARTS = {str(FieldType.TEXT), str(FieldType.LONGTEXT)}


def read_form(node: Node, *, guide: str) -> Form:
    """The form of a pack. `guide` is the text that every quote must stand in. Raises PackError with all mistakes."""
    node.only("sections")
    reader = _Reader(squeeze(guide))
    sections = tuple(reader.section(item) for item in node.get("sections").items() if reader.whole(item))
    if not sections and not reader.mistakes:
        raise node.fail("needs at least one section", "sections")
    reader.check_rules()
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
        self.groups: set[str] = set()
        self.references: list[tuple[Node, str]] = []  # columns that rules look at, which may stand further on

    def whole(self, item: Node) -> bool:
        """Whether a section has what is needed to go on; otherwise its mistake is kept."""
        try:
            item.only("key", "title", "fields")
            key = item.text("key")
            read_wording(item.get("title"))
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
                found = list(self.fields(node))
            except PackError as error:
                self.mistakes += error.mistakes
                self.broken |= _keys(node)
            else:
                fields += found
        if not fields and not self.mistakes:
            self.mistakes += item.fail("needs at least one field", "fields").mistakes
        return Section(item.text("key"), read_wording(item.get("title")), tuple(fields))

    def check_rules(self) -> None:
        """Finds the columns that rules of other fields look at."""
        for node, name in self.references:
            table, _, column = name.partition(".")
            found = self.earlier.get(table)
            if table not in self.broken and (found is None or column not in {one.key for one in found.columns}):
                self.mistakes += node.fail(f"{name} is no column of a table", "value").mistakes

    def fields(self, node: Node) -> Iterator[Field]:
        """The field of a node, or the parts of a group."""
        for field in self._group(node) if node.text("type", "") == _GROUP else (self._field(node),):
            if field.key in self.earlier or field.key in self.groups:
                raise node.get("key").fail(f"the field {field.key} exists already")
            _check_stages(node, field, self.earlier)
            self.earlier[field.key] = field
            yield field

    def _group(self, node: Node) -> Iterator[Field]:
        """The parts of a group, each a field of its own that bears the group."""
        node.only(*_GROUP_KEYS)
        group = Group(
            key=read_key(node),
            label=read_wording(node.get("label")),
            help=wording_of(node, "help"),
            max_chars=positive(node, "max_chars"),
            quote=read_quote(node, self.guide),
        )
        if group.key in self.earlier or group.key in self.groups:
            raise node.get("key").fail(f"the field {group.key} exists already")
        self.groups.add(group.key)
        when = read_conditions(node, "when", self.earlier, self.broken)
        at, required = _stage(node), node.flag("required")
        for item in node.get("parts").items():
            if item.text("type", "") not in _PARTS:
                raise item.get("type").fail("must be text or longtext in a group")
            part = self._field(item)
            if part.when or part.at is not Stage.ENTRY:
                raise item.fail("when and at are said of the whole group")
            quote = part.quote or group.quote
            yield replace(part, group=group, when=when, at=at, required=part.required or required, quote=quote)

    def _field(self, node: Node) -> Field:
        field = self._plain_field(node)
        if field.type is FieldType.COMPUTED and not field.source:
            raise node.fail("needs a source, such as {name}", "source")
        field = replace(
            field,
            at=_stage(node),
            default=read_insertions(node, "default", self.earlier, self.broken),
            required_when=read_conditions(node, "required_when", self.earlier, self.broken),
            when=read_conditions(node, "when", self.earlier, self.broken),
        )
        if field.default and field.type not in _NAMES:
            raise node.get("default").fail("is for text, email and phone only")
        if field.taken and field.at is not Stage.DELIVERY:
            raise node.get("taken").fail("is for choices at delivery only")
        if field.type is FieldType.TABLE:
            return replace(field, columns=self._columns(node), **_row_limits(node))
        for key in _ROW_KEYS:
            if node.has(key):
                raise node.get(key).fail("is for tables only")
        return field

    def _plain_field(self, node: Node) -> Field:
        node.only(*_FIELD_KEYS)
        kind = one_of(node, "type", {str(found): found for found in FieldType})
        options = read_options(node, kind, self.earlier, self.broken)
        field = Field(
            key=read_key(node),
            type=kind,
            label=read_wording(node.get("label")),
            help=wording_of(node, "help"),
            example=wording_of(node, "example"),
            required=node.flag("required"),
            options=options,
            max_chars=positive(node, "max_chars"),
            max_words=positive(node, "max_words"),
            limit_by=one_of(node, "limit_by", {name: name for name in LIMITS_BY}, LIMITS_BY[0]),
            file=read_file(node, kind),
            source=read_insertions(node, "source", self.earlier, self.broken),
            unit=wording_of(node, "unit"),
            taken=read_taken(node, options),
            rules=self._rules(node, kind, options),
            quote=read_quote(node, self.guide),
            pii=node.flag("pii"),
            identifies=node.flag("identifies"),
        )
        _check_keys(node, field)
        return field

    def _rules(self, node: Node, kind: FieldType, options: Any) -> tuple[Any, ...]:
        if not node.has("rules"):
            return ()
        rules = []
        for item in node.get("rules").items():
            rule = read_rule(item, kind, options, self.guide, self.earlier, self.broken)
            if rule.kind == RuleKind.AMONG:
                self.references.append((item, rule.value))
            rules.append(rule)
        return tuple(rules)

    def _columns(self, node: Node) -> tuple[Field, ...]:
        columns: dict[str, Field] = {}
        for item in node.get("columns").items():
            if item.text("type", "") in _NO_COLUMNS:
                raise item.get("type").fail(f"a column cannot be a {item.text('type')}")
            for key in _NOT_IN_COLUMNS:
                if item.has(key):
                    raise item.get(key).fail("is not for columns")
            column = self._plain_field(item)
            if column.key in columns:
                raise item.get("key").fail(f"the column {column.key} exists already")
            columns[column.key] = column
        if not columns:
            raise node.fail("needs at least one column", "columns")
        return tuple(columns.values())


def _check_keys(node: Node, field: Field) -> None:
    """Names the keys that are for fields of other types."""
    for key in ("max_chars", "max_words"):
        if node.has(key) and field.type not in _TEXTS:
            raise node.get(key).fail("is for text and longtext only")
    if field.max_chars and field.max_words:
        raise node.get("max_words").fail("is not needed beside max_chars")
    if field.source and field.type is not FieldType.COMPUTED:
        raise node.get("source").fail("is for computed fields only")
    if field.identifies and field.type not in _NAMES:
        raise node.get("identifies").fail("is for text, email and phone only")
    if field.unit and field.type is not FieldType.NUMBER:
        raise node.get("unit").fail("is for numbers only")


def _check_stages(node: Node, field: Field, earlier: Mapping[str, Field]) -> None:
    """Names what a field looks at that is asked after it, at a later stage."""
    order = list(Stage)
    for name in _looked_at(field):
        if name in earlier and order.index(earlier[name].at) > order.index(field.at):
            raise node.fail(f"looks at {name}, which is asked later (at {earlier[name].at})")


def _looked_at(field: Field) -> Iterator[str]:
    """The fields that a field's conditions and texts look at."""
    conditions = [*field.when, *field.required_when]
    for one in (field, *field.columns):
        conditions += [condition for option in one.options for condition in option.when]
        conditions += [condition for rule in one.rules for condition in rule.when]
    yield from (condition.field for condition in conditions)
    yield from insertions(field.source + field.default)


def _keys(node: Node) -> set[str]:
    """The keys that a node with a mistake, or its parts, would have had."""
    if not isinstance(node.value, dict):
        return set()
    own = {str(node.value["key"].value)} if node.has("key") else set()
    parts = node.value["parts"].value if node.has("parts") else ()
    return own.union(*(_keys(part) for part in parts if isinstance(part, Node)))


def _stage(node: Node) -> Stage:
    return one_of(node, "at", {str(stage): stage for stage in Stage}, str(Stage.ENTRY))


def _row_limits(node: Node) -> dict[str, Any]:
    lowest = (node.integer("min_rows") or 0) if node.has("min_rows") else int(node.flag("required"))
    highest, advised = positive(node, "max_rows"), positive(node, "advised_rows")
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
