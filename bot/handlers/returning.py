"""What staff write when they return an application: a reason, a comment a field, and until when it is due."""

import re

from bot.context import Services, Turn
from bot.errors import BotError
from bot.flows.pasting import field_named
from bot.handlers.naming import programme_zone
from bot.services.instants import read_instant
from bot.services.review import Application, Asked
from knowledge.form import Field, Form
from knowledge.text import fold

_LINE = re.compile(r"\s*([^:：]{1,60})\s*[:：]\s*(.+)")
_DUE = frozenset({"截止", "期限", "截止时间", "due", "until", "deadline"})


class UnreadableDue(BotError):
    """A due time that names no instant. Values: text."""

    template = "admin_review.unreadable_due"


def read_asked(turn: Turn, services: Services, application: Application, text: str) -> tuple[str, Asked]:
    """The reason, and what is asked: lines "field: comment", and one "due: instant". Raises UnreadableDue.

    A field goes by its label in either language, by how only its label ends, or by its key; a line that begins
    otherwise belongs to the reason.
    """
    programme = services.library.programmes.get(application.programme)
    form = programme.form if programme is not None else None
    reason, comments, due = list[str](), dict[str, str](), None
    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        name = _flat(found[1]) if found else ""
        field = _field(form, name) if form is not None and found else None
        if found and name in _DUE:
            read = read_instant(found[2], zone=programme_zone(services, application.programme), now=turn.now)
            if read is None:
                raise UnreadableDue(text=found[2][:60])
            due = read.instant
        elif found and field is not None:
            comments[field.key] = found[2].strip()
        elif line.strip():
            reason.append(line.strip())
    return "\n".join(reason), Asked(comments, due)


def labelled(services: Services, application: Application, asked: Asked, locale: str) -> list[tuple[str, str]]:
    """The comments with the labels of their fields, in the form's order."""
    programme = services.library.programmes.get(application.programme)
    form = programme.form if programme is not None and programme.form is not None else Form("")
    return [(one.label.get(locale), asked.comments[one.key]) for one in form.fields() if one.key in asked.comments]


def _field(form: Form, name: str) -> Field | None:
    by_key = (field for field in form.fields() if _flat(field.key) == name)
    return next(by_key, None) or field_named(name, form)


def _flat(text: str) -> str:
    return "".join(fold(text).split())
