"""What a programme wants on paper and by mail, as plain data. `papers.yaml` of a pack is read into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.form import Conditions
from knowledge.wording import Wording

if TYPE_CHECKING:  # a programme has its papers: the other way round only the name is needed
    from knowledge.programme import Quote

TEMPLATES = "documents"  # the folder of a pack that its Word templates lie in


class Mark(StrEnum):
    """What a printed paper must bear."""

    STAMP = "stamp"
    SIGN = "sign"


class Kind(StrEnum):
    """What an applicant does with the papers."""

    STAMP = "stamp"
    SIGN = "sign"
    UPLOAD = "upload"
    MAIL = "mail"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Template:
    """A Word form of the programme that is filled from the answers, where `when` holds.

    `file` is a .docx whose braces name fields of the form. A table has at least its `printed` rows. `marks` are what
    the print must bear, by `quote`.
    """

    key: str
    title: Wording
    file: Path
    printed: Mapping[str, int] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    quote: "Quote | None" = None
    when: Conditions = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail that the applicant sends. Braces in `subject` and `body` name fields; `{files}` lists the attachments.

    `note` says what the guide leaves open.
    """

    to: str
    subject: str
    body: str
    quote: "Quote | None" = None
    note: Wording | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Something that is still to be done by hand after submitting here, where `when` holds and `done_when` does not.

    It is best done `days` days before the last day of the stricter reading of the deadline; 0: on it.
    """

    kind: Kind
    text: Wording
    days: int = 0
    quote: "Quote | None" = None
    when: Conditions = ()
    done_when: Conditions = ()


@dataclass(frozen=True, slots=True)
class Papers:
    """All of it. Word forms and mail are written in `language` ("zh" or "en"), whatever the applicant's is.

    `copies` of each printed paper are wanted, by `copies_quote`.
    """

    language: str = "zh"
    templates: tuple[Template, ...] = ()
    copies: int = 1
    copies_quote: "Quote | None" = None
    mail: Mail | None = None
    tasks: tuple[Task, ...] = ()
