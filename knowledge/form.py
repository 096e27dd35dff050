"""An application form as plain data. `form.yaml` of a pack is read into it; flows walk it."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.form_index import Index
from knowledge.wording import Wording

LIMITS_BY = ("guide", "ours")  # whose limit it is: the first one where nothing is said


class FieldType(StrEnum):
    """What a field holds."""

    TEXT = "text"
    LONGTEXT = "longtext"  # several messages until "done"
    CHOICE = "choice"
    MULTI_CHOICE = "multi-choice"
    NUMBER = "number"
    DATE = "date"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    CONSENT = "consent"
    FILE = "file"  # one attachment or several
    TABLE = "table"  # repeated rows of columns
    COMPUTED = "computed"  # follows from other answers; shown, never asked


class Stage(StrEnum):
    """When a field is asked: while the form is filled in, when the printed papers are back, when they were sent."""

    ENTRY = "entry"
    PACKAGING = "packaging"
    DELIVERY = "delivery"


class RuleKind(StrEnum):
    """The checks beyond the type; flows.rules makes them."""

    NOT_FUTURE = "not_future"
    NOT_PAST = "not_past"
    NOT_BEFORE = "not_before"  # on the day `value` or later
    NOT_AFTER = "not_after"  # on the day `value` or earlier
    NOT_ON = "not_on"  # any day but `value`
    WITHIN_YEARS = "within_years"  # a day or a year, not before the value-th year before the application's
    IN_YEAR = "in_year"  # in the year `value`; without one in the application's year
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    WHOLE = "whole"  # a whole number
    USCC = "uscc"  # the check digit of what looks like a Unified Social Credit Code
    UNIQUE = "unique"  # a column that no two rows share
    AT_LEAST = "at_least"  # so many 字
    DIGITS = "digits"  # exactly so many digits, such as a postcode
    LINK = "link"  # holds at least one http(s) address
    HAN = "han"  # holds Chinese characters
    NONE_OF = "none_of"  # none of the options `value`, separated by commas
    AMONG = "among"  # one of the values of the column `table.column`


_TEXTS = frozenset({FieldType.TEXT, FieldType.LONGTEXT})
_DATES = frozenset({FieldType.DATE})
_NUMBERS = frozenset({FieldType.NUMBER})
_CHOICES = frozenset({FieldType.CHOICE, FieldType.MULTI_CHOICE})
RULE_TYPES: Mapping[RuleKind, frozenset[FieldType]] = {
    RuleKind.NOT_FUTURE: _DATES,
    RuleKind.NOT_PAST: _DATES,
    RuleKind.NOT_BEFORE: _DATES,
    RuleKind.NOT_AFTER: _DATES,
    RuleKind.NOT_ON: _DATES,
    RuleKind.WITHIN_YEARS: _DATES | _NUMBERS,
    RuleKind.IN_YEAR: _DATES,
    RuleKind.MINIMUM: _NUMBERS,
    RuleKind.MAXIMUM: _NUMBERS,
    RuleKind.WHOLE: _NUMBERS,
    RuleKind.USCC: frozenset({FieldType.TEXT}),
    RuleKind.UNIQUE: frozenset(
        {FieldType.TEXT, FieldType.NUMBER, FieldType.DATE, FieldType.EMAIL, FieldType.PHONE, FieldType.URL}
    ),
    RuleKind.AT_LEAST: _TEXTS,
    RuleKind.DIGITS: frozenset({FieldType.TEXT}),
    RuleKind.LINK: _TEXTS,
    RuleKind.HAN: _TEXTS,
    RuleKind.NONE_OF: _CHOICES,
    RuleKind.AMONG: frozenset({FieldType.TEXT}),
}
WHOLE_VALUES = frozenset({RuleKind.WITHIN_YEARS, RuleKind.AT_LEAST, RuleKind.DIGITS})
DAY_VALUES = frozenset({RuleKind.NOT_BEFORE, RuleKind.NOT_AFTER, RuleKind.NOT_ON})
NUMBER_VALUES = frozenset({RuleKind.MINIMUM, RuleKind.MAXIMUM})

FILE_KINDS: Mapping[str, tuple[str, ...]] = {  # what form.yaml calls them: the kinds that a look inside tells apart
    "pdf": ("pdf",),
    "jpg": ("jpg",),
    "png": ("png",),
    "image": ("jpg", "png", "gif", "webp"),
    "doc": ("doc",),
    "docx": ("docx",),
    "xls": ("xls",),
    "xlsx": ("xlsx",),
    "ppt": ("ppt",),
    "pptx": ("pptx",),
    "audio": ("mp3", "wav"),
    "video": ("mp4", "mov"),
    "zip": ("zip",),
    "any": (),  # any kind at all
}


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when the answer to `field` is (or, of several, has) one of `values`; with `negate` when it is none.

    `filled` asks instead whether there is an answer at all.
    """

    field: str
    values: tuple[str, ...] = ()
    negate: bool = False
    filled: bool | None = None


Conditions = tuple[Condition, ...]  # all hold together; empty: nothing is asked


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice. `value` is what is stored; it is offered only where `when` holds.

    `also` are other names that people write for it.
    """

    value: str
    label: Wording
    when: Conditions = ()
    also: tuple[str, ...] = ()


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
    when: Conditions = ()


@dataclass(frozen=True, slots=True)
class FileSpec:
    """Which files a field takes.

    `kinds` as a look inside tells them (empty: any), sizes in bytes (`max_total` of all together), `most` files (None:
    any number). `too_many`, `too_small` and `too_big` say what to do instead, where the pack has something to say.
    """

    kinds: tuple[str, ...] = ()
    min_bytes: int = 0
    max_bytes: int | None = None
    max_total: int | None = None
    least: int = 1
    most: int | None = None
    too_many: Wording | None = None
    too_small: Wording | None = None
    too_big: Wording | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together and share a limit of `max_chars` 字 (None: each has its own)."""

    key: str
    label: Wording
    help: Wording | None = None
    max_chars: int | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the form.

    `required` may hang on `required_when`; the field is asked only where `when` holds (hidden answers are kept, not
    submitted). `at` is when it is asked. `max_chars` counts 字 as knowledge.text.count does, `max_words` words;
    `limit_by` says whose limit it is ("guide" or "ours"). `quote` is the guide's sentence the field rests on. A table
    has `columns`, `min_rows`, `max_rows` and `advised_rows` (fewer are accepted with a warning); a file has `file`.
    `source` makes a computed field of others, such as "{list}+{name}"; `default` is such a text that is proposed where
    nothing is answered yet. `taken` are the options of a delivery field that say that the official route was taken.
    `group` is the group it is a part of. `unit` stands behind a number. `pii` marks personal
    data. `identifies` marks the field whose value says which entrant an application is of.
    """

    key: str
    type: FieldType
    label: Wording
    help: Wording | None = None
    example: Wording | None = None
    required: bool = False
    required_when: Conditions = ()
    when: Conditions = ()
    at: Stage = Stage.ENTRY
    options: tuple[Option, ...] = ()
    max_chars: int | None = None
    max_words: int | None = None
    limit_by: str = "guide"
    columns: tuple["Field", ...] = ()
    min_rows: int = 0
    max_rows: int | None = None
    advised_rows: int | None = None
    file: FileSpec | None = None
    group: Group | None = None
    source: str = ""
    default: str = ""
    taken: tuple[str, ...] = ()
    unit: Wording | None = None
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
    """A form, as it is asked at one stage. `version` is a digest of its content: answers to another one are rechecked.

    It holds the fields of all stages, for conditions look across them; what is asked now are those of `stage`.
    """

    version: str
    sections: tuple[Section, ...] = field(default=())
    stage: Stage = Stage.ENTRY
    _index: Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Notes where each field stands, so that a step through 500 fields looks none up by going through them."""
        object.__setattr__(self, "_index", Index(self.sections))

    def at(self, stage: Stage) -> "Form":
        """The same form as it is asked at another stage."""
        if stage is self.stage:
            return self
        found = copy(self)  # with what it knows of its fields, which are the same
        object.__setattr__(found, "stage", stage)
        return found

    def fields(self) -> Iterator[Field]:
        """All fields of all stages, in the order they are asked."""
        return iter(self._index.order)

    def has(self, key: str) -> bool:
        """Whether there is a field of this key."""
        return key in self._index.fields

    def field(self, key: str) -> Field:
        """The field of this key. Raises KeyError."""
        return self._index.fields[key]

    @property
    def order(self) -> Sequence[Field]:
        """All fields of all stages, in the order they are asked."""
        return self._index.order

    def position(self, key: str) -> int:
        """The place in `order` of the field of this key, from 0. Raises KeyError."""
        return self._index.positions[key]

    def always_asked(self) -> Sequence[int]:
        """The places in `order` of the fields that are asked at this stage whatever the answers are."""
        return self._index.always.get(self.stage, ())

    def sometimes_asked(self) -> Sequence[Field]:
        """The fields that are asked at this stage where other answers make them appear."""
        return self._index.sometimes.get(self.stage, ())

    def conditional(self, key: str) -> Field | None:
        """The field of this key where other answers decide on it; None where they do not, or there is none."""
        return self._index.conditional.get(key)

    def labels_of(self, key: str) -> tuple[str, str]:
        """Both labels of the field of this key, folded and without white space. Raises KeyError."""
        return self._index.labels[key]

    def section_of(self, key: str) -> Section:
        """The section that the field of this key stands in. Raises KeyError."""
        return self._index.sections[key]

    def parts(self, group: str) -> tuple[Field, ...]:
        """The fields of a group, in order; none where there is no such group."""
        return tuple(self._index.groups.get(group, ()))
