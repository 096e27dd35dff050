"""An application form as plain data. `form.yaml` of a pack is read into it; flows walk it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LIMITS_BY = ("guide", "ours")  # whose limit it is: the first one where nothing is said


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in both languages."""

    zh: str
    en: str

    def get(self, locale: str) -> str:
        """The text in the language "zh" or "en"."""
        return self.en if locale == "en" else self.zh


class FieldType(StrEnum):
    """What a field holds."""

    TEXT = "text"
    LONGTEXT = "longtext"  # several messages until "done"
    CHOICE = "choice"
    DATE = "date"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    CONSENT = "consent"
    TABLE = "table"  # repeated rows of columns


class RuleKind(StrEnum):
    """The checks beyond the type; flows.rules makes them."""

    NOT_FUTURE = "not_future"
    NOT_PAST = "not_past"
    WITHIN_YEARS = "within_years"  # not before the value-th year before the application's
    IN_YEAR = "in_year"  # in the application's year
    USCC = "uscc"  # the check digit of what looks like a Unified Social Credit Code
    UNIQUE = "unique"  # a column that no two rows share
    AT_LEAST = "at_least"  # so many 字


RULE_TYPES: Mapping[RuleKind, frozenset[FieldType]] = {
    RuleKind.NOT_FUTURE: frozenset({FieldType.DATE}),
    RuleKind.NOT_PAST: frozenset({FieldType.DATE}),
    RuleKind.WITHIN_YEARS: frozenset({FieldType.DATE}),
    RuleKind.IN_YEAR: frozenset({FieldType.DATE}),
    RuleKind.USCC: frozenset({FieldType.TEXT}),
    RuleKind.UNIQUE: frozenset(FieldType) - {FieldType.TABLE, FieldType.CONSENT, FieldType.LONGTEXT},
    RuleKind.AT_LEAST: frozenset({FieldType.TEXT, FieldType.LONGTEXT}),
}
NUMBER_RULES = frozenset({RuleKind.WITHIN_YEARS, RuleKind.AT_LEAST})


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice. `value` is what is stored."""

    value: str
    label: Wording


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when the answer to `field` is one of `values`."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule beyond the type, such as "not in the future".

    `kind` names a check of flows.fields; `value` is its argument; a `hard` rule refuses, a soft one warns and lets
    go on. `quote` is the guide's sentence that it rests on, `message` what the applicant reads.
    """

    kind: str
    value: str = ""
    hard: bool = True
    message: Wording | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the form.

    `required` may hang on `required_when`; the field is asked only where `when` holds (hidden answers are kept, not
    submitted). `max_chars` counts 字 as knowledge.text.count does; `limit_by` says whose limit it is ("guide" or
    "ours"). `quote` is the guide's sentence the field rests on. A table has `columns`, `min_rows`, `max_rows` and
    `advised_rows` (fewer are accepted with a warning). `pii` marks personal data. `identifies` marks the field whose
    value says which entrant an application is of.
    """

    key: str
    type: FieldType
    label: Wording
    help: Wording | None = None
    example: Wording | None = None
    required: bool = False
    required_when: Condition | None = None
    when: Condition | None = None
    options: tuple[Option, ...] = ()
    max_chars: int | None = None
    limit_by: str = "guide"
    columns: tuple["Field", ...] = ()
    min_rows: int = 0
    max_rows: int | None = None
    advised_rows: int | None = None
    rules: tuple[Rule, ...] = ()
    quote: str = ""
    pii: bool = False
    identifies: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form."""

    key: str
    title: Wording
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form. `version` is a digest of its content: an answer given to another version is checked again."""

    version: str
    sections: tuple[Section, ...] = field(default=())

    def fields(self) -> Iterator[Field]:
        """All fields in the order they are asked."""
        for section in self.sections:
            yield from section.fields

    def field(self, key: str) -> Field:
        """The field of this key. Raises KeyError."""
        for found in self.fields():
            if found.key == key:
                return found
        raise KeyError(key)
