"""Holds a form's limits and days against the facts of its pack and the guide's sentences that its fields rest on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge import amounts, scripts
from knowledge.errors import Mistake
from knowledge.folders import FORM
from knowledge.form import DAY_VALUES, Field, FieldType, FileSpec, Form, Rule, RuleKind
from knowledge.importing.dates import Day, days
from knowledge.loader import parse
from knowledge.programme import Fact, Programme
from knowledge.source import Node
from knowledge.text import fold, squeeze

_TEXTS = frozenset({FieldType.TEXT, FieldType.LONGTEXT})
_LEAST, _LIMIT = "minimum", "limit_"  # how facts are named: file_minimum is the least, limit_summary counts 字
_UNITS = ((1000**3, 1024**3), (1000**2, 1024**2), (1000, 1024))
_STEPS = ("fields", "parts", "columns")


@dataclass(frozen=True, slots=True)
class _Part:
    """A field, or a column of one, with its name in messages."""

    name: str
    field: Field


def check_form(folder: Path, programme: Programme) -> Iterator[Mistake]:
    """Labels that two fields share, and limits and days that depart from the guide's."""
    if programme.form is None:
        return
    lines = _lines(parse(folder / FORM), "sections")
    for name, key, message in (*_same_labels(programme.form), *_departures(programme.form, programme)):
        yield Mistake(str(folder / FORM), lines.get(name, 0), f"{name}.{key}", message)


def named_days(sentence: str, programme: Programme) -> list[Day]:
    """The days that a sentence names, in the programme's year where it names none; empty where that is not known."""
    year = programme.year or (programme.deadline.closes_at.year if programme.deadline.closes_at else 0)
    return [day.in_year(year) for day in days(sentence) if day.year or year]


def _same_labels(form: Form) -> Iterator[tuple[str, str, str]]:
    """Labels by which people could not tell two fields apart when they name one."""
    for locale in ("zh", "en"):
        seen = dict[str, str]()
        for field in form.fields():
            label = squeeze(field.label.get(locale)).lower()
            if label in seen:
                yield field.key, f"label.{locale}", f"is also the label of {seen[label]}"
            seen.setdefault(label, field.key)


def _departures(form: Form, programme: Programme) -> Iterator[tuple[str, str, str]]:
    """Name of the field, key and message of each departure."""
    groups = {field.group.key: field.group for field in form.fields() if field.group}
    for group in groups.values():
        facts = _limit_facts(group.key, group.quote, programme)
        yield from _unlike(group.key, "max_chars", group.max_chars, facts or _named_limits(group.quote))
    for part in _parts(form):
        field = part.field
        if field.limit_by == "guide" and field.type in _TEXTS:
            yield from _text(part, programme)
        if field.file:
            yield from _file(part, field.file, programme)
        if field.type is FieldType.TABLE:
            yield from _table(part, programme)
        for rule in field.rules:
            yield from _rule(part, rule, programme)


def _parts(form: Form) -> Iterator[_Part]:
    for field in form.fields():
        yield _Part(field.key, field)
        for column in field.columns:
            yield _Part(f"{field.key}.{column.key}", column)


def _text(part: _Part, programme: Programme) -> Iterator[tuple[str, str, str]]:
    field = part.field
    key = "max_words" if field.max_words else "max_chars"
    limit, facts = field.max_words or field.max_chars, _limit_facts(field.key, field.quote, programme)
    if limit is not None:
        yield from _unlike(part.name, key, limit, facts or _named_limits(field.quote))
    elif field.group is None:
        yield from _unlike(part.name, key, None, facts)


def _file(part: _Part, spec: FileSpec, programme: Programme) -> Iterator[tuple[str, str, str]]:
    """Sizes beside the facts of the same sentence, or those that it names; the number of files beside its counts."""
    facts = _facts_of(part.field.quote, programme)
    sizes = {key: bounds for key, fact in facts.items() if (bounds := amounts.bytes_of(fact))}
    least = {low for key, (low, _) in sizes.items() if _LEAST in key}
    most = {high for key, (_, high) in sizes.items() if _LEAST not in key}
    named = () if sizes else scripts.sizes(fold(part.field.quote))
    if spec.min_bytes or least:
        yield from _unlike(part.name, "file.min_size", spec.min_bytes, least or set(named))
    if spec.max_bytes or most:
        yield from _unlike(
            part.name, "file.max_size", spec.max_bytes or spec.max_total, most or set(map(_generous, named))
        )
    counts = {value for key, fact in facts.items() if (value := _number(fact)) and not key.startswith(_LIMIT)}
    yield from _unlike(part.name, "file.most", spec.most, counts)


def _table(part: _Part, programme: Programme) -> Iterator[tuple[str, str, str]]:
    """Each number that the table's sentence gives as a fact is one of the numbers of the table."""
    field = part.field
    numbers = {field.min_rows, field.max_rows, field.advised_rows}
    numbers |= {int(rule.value) for column in field.columns for rule in column.rules if rule.value.isdecimal()}
    for key, fact in _facts_of(field.quote, programme).items():
        value = _number(fact)
        if value is not None and value not in numbers:
            yield part.name, "max_rows", f"the fact {key} is {value}, and neither the rows nor a rule say so"


def _rule(part: _Part, rule: Rule, programme: Programme) -> Iterator[tuple[str, str, str]]:
    """The day of a rule is one that its sentence, or a fact of that sentence, names."""
    if RuleKind(rule.kind) not in DAY_VALUES:
        return
    found = {date(day.year, day.month, day.day).isoformat() for day in named_days(rule.quote, programme)}
    if found and rule.value not in found:
        yield part.name, "rules", f"{rule.kind} says {rule.value}, and its quote names {', '.join(sorted(found))}"


def _limit_facts(key: str, quote: str, programme: Programme) -> set[int]:
    """The limits that a fact of the field's name or sentence gives."""
    facts = {name: fact for name, fact in _facts_of(quote, programme).items() if name.startswith(_LIMIT)}
    if own := programme.facts.get(f"{_LIMIT}{key}"):
        facts[own.key] = own
    return {value for fact in facts.values() if (value := _number(fact)) is not None}


def _facts_of(quote: str, programme: Programme) -> dict[str, Fact]:
    """The facts that rest on the same sentence."""
    return {key: fact for key, fact in programme.facts.items() if fact.quote and _same(quote, fact.quote.text)}


def _named_limits(quote: str) -> set[int]:
    return set(scripts.lengths(fold(quote)))


def _number(fact: Fact) -> int | None:
    return fact.value if isinstance(fact.value, int) else None


def _generous(size: int) -> int:
    """A size named in thousands, read in 1024s."""
    return next((size // thousands * binary for thousands, binary in _UNITS if size % thousands == 0), size)


def _same(one: str, other: str) -> bool:
    """Whether one quote is a part of the other."""
    first, second = squeeze(one), squeeze(other)
    return bool(first and second) and (first in second or second in first)


def _unlike(name: str, key: str, value: int | None, expected: set[int]) -> Iterator[tuple[str, str, str]]:
    if expected and value not in expected:
        told = f"is {value}" if value else "is missing"
        yield name, key, f"{told}, and the guide's limit is {_or(expected)}"


def _or(numbers: Iterable[int]) -> str:
    return " or ".join(str(number) for number in sorted(numbers))


def _lines(node: Node, step: str, above: str = "") -> dict[str, int]:
    """The lines of fields, parts and columns by their names in messages."""
    found = dict[str, int]()
    for item in node.get(step).items():
        key = item.text("key")
        name = f"{above}.{key}" if above else key
        if step != "sections":
            found[name] = item.line
        for below in _STEPS:
            if item.has(below):
                found |= _lines(item, below, name if below == "columns" else "")
    return found
