"""Filled Word forms that applicants send instead of answering: told apart, and read by the programme's templates."""

from collections.abc import Sequence
from datetime import datetime

from bot.documents.grid import Grid
from bot.documents.patterns import read_pattern
from bot.documents.reading import Given, read_filled
from bot.flows import engine
from bot.flows.lifecycle import EDITABLE
from bot.services.applications import moment_of
from knowledge.form import FieldType, Form
from knowledge.programme import Programme
from storage.unit_of_work import UnitOfWork


def wants_paper_form(*, uow: UnitOfWork, programme: Programme, application_id: int, now: datetime) -> bool:
    """Whether a Word file that comes now may be a filled form: the programme has some, and no file is asked for."""
    found = uow.applications.get(application_id)
    if not (programme.papers and programme.papers.templates and programme.form) or found is None:
        return False
    moment, answers = moment_of(programme, found, now), uow.applications.answers(application_id)
    asked = engine.asked_field(programme.form, answers, found.cursor, moment)
    return found.state in EDITABLE and (asked is None or asked.type is not FieldType.FILE)


def read_paper_forms(*, programme: Programme, form: Form, documents: Sequence[Grid]) -> Given | None:
    """What these documents say, taken together: a form of several annexes may come in one file or in several.

    None where none of them is a form of the programme.
    """
    templates = programme.papers.templates if programme.papers else ()
    read = [
        read_filled(document, read_pattern(template.file), form) for document in documents for template in templates
    ]
    recognised = [given for given in read if given.is_of_the_form]
    if not recognised:
        return None
    texts = {key: ways for given in recognised for key, ways in given.texts.items()}
    rows = {key: listed for given in recognised for key, listed in given.rows.items() if listed}
    found, expected = sum(given.found for given in recognised), sum(given.expected for given in recognised)
    return Given(texts, rows, found, expected)
