"""What papers are made of: a submitted application with its programme, as plain values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.flows import outline
from bot.flows.plain import as_text
from bot.flows.scope import Scope, all_hold
from knowledge.form import Field, FieldType, Form, Section
from knowledge.papers import Papers, Task, Template
from knowledge.programme import Programme


@dataclass(frozen=True, slots=True)
class Filing:
    """A submission, and what is known of it when its papers are made.

    `answers` are those of the version and what was given after it; `locale` is the applicant's language. `closes_at`
    and `remind_at` are the deadline that holds for them and its stricter reading. `official_here`: submitting here is
    the official submission; `official_done`: the applicant says that the official route was taken. Instants are aware.
    """

    programme: Programme
    form: Form
    answers: Mapping[str, Any]
    receipt: str
    number: int
    form_version: str
    submitted_at: datetime
    made_at: datetime
    locale: str = "zh"
    closes_at: datetime | None = None
    remind_at: datetime | None = None
    official_here: bool = False
    official_done: bool = False

    @property
    def counted(self) -> Scope:
        """The answers of the fields that concern this applicant."""
        return Scope(self.form, self.answers)

    @property
    def papers(self) -> Papers:
        """What the programme wants on paper and by mail."""
        return self.programme.papers or Papers()

    @property
    def prepared_only(self) -> bool:
        """Whether the official submission is still to be made elsewhere."""
        return bool(self.programme.routes) and not (self.official_here or self.official_done)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that the applicant attached. `key` names its content in the file store."""

    field: Field
    key: str
    name: str
    kind: str
    size: int
    pages: int | None
    width: int | None
    height: int | None

    @property
    def is_picture(self) -> bool:
        """Whether Word can show it in a page."""
        return self.kind in {"jpg", "png", "gif"}


def enclosures(filing: Filing) -> list[Enclosure]:
    """The attached files, in the order of the form."""
    counted = filing.counted
    fields = [field for field in filing.form.fields() if field.type is FieldType.FILE]
    return [found for field in fields for found in enclosures_of(field, counted.get(field.key))]


def enclosures_of(field: Field, value: Any) -> list[Enclosure]:
    """The files of one field's answer."""
    given = value if isinstance(value, list) else []
    return [
        Enclosure(
            field,
            one["key"],
            one["name"],
            one["kind"],
            one["size"],
            one.get("pages"),
            one.get("width"),
            one.get("height"),
        )
        for one in given
    ]


def answered(filing: Filing) -> Iterator[tuple[Section, list[Field]]]:
    """The sections with the fields that have an answer, computed ones included."""
    counted = filing.counted
    for section in filing.form.sections:
        fields = [
            field
            for field in section.fields
            if field.key in counted or (field.type is FieldType.COMPUTED and counted.shows(field.key))
        ]
        if fields:
            yield section, fields


def text_of(filing: Filing, field: Field, locale: str) -> str:
    """An answer as people read it; empty where there is none, or the field does not concern this applicant."""
    counted = filing.counted
    if field.type is FieldType.COMPUTED:
        return outline.computed(filing.form, filing.answers, field, locale) if counted.shows(field.key) else ""
    return as_text(field, counted.get(field.key), locale)


def templates(filing: Filing) -> list[Template]:
    """The Word forms that this applicant needs."""
    return [template for template in filing.papers.templates if all_hold(template.when, filing.counted)]


def tasks(filing: Filing) -> list[tuple[Task, bool]]:
    """What is to be done by hand, what is due first before the rest, each with whether it is done."""
    counted = filing.counted
    due = sorted((task for task in filing.papers.tasks if all_hold(task.when, counted)), key=lambda task: -task.days)
    return [(task, bool(task.done_when) and all_hold(task.done_when, counted)) for task in due]


def best_by(filing: Filing, task: Task) -> date | None:
    """The day by which a task is best done, in the programme's zone; None where no deadline is announced."""
    strict = filing.remind_at or filing.closes_at
    if strict is None:
        return None
    last = (strict.astimezone(filing.programme.zone) - timedelta(microseconds=1)).date()
    return last - timedelta(days=task.days)
