"""Filled Word forms that applicants send instead of answering: told apart, and read by the programme's templates."""

from collections.abc import Sequence

from bot.documents.grid import Grid
from bot.documents.patterns import read_pattern
from bot.documents.reading import Given, read_filled
from knowledge.form import Form
from knowledge.programme import Programme


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
