"""Fills the Word forms of a programme from the answers."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from io import BytesIO
from typing import Any, BinaryIO
from zipfile import BadZipFile

from docx.image.image import Image
from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Emu, Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bot.documents.archive import repack
from bot.documents.filing import Enclosure, Filing, enclosures_of, text_of
from bot.documents.safe import day, han_date, literal, paragraphs
from bot.flows.plain import as_text
from knowledge.form import Field, FieldType, Form
from knowledge.papers import Template

Opener = Callable[[str], BinaryIO]  # the content of a key of the file store; raises OSError or LookupError

_WIDEST, _HIGHEST = Mm(70), Mm(70)  # of a picture
APPLICATION = "application"  # what templates find receipt and year under


def fill(template: Template, filing: Filing, open_file: Opener) -> bytes:
    """The filled form as a .docx. The same values give the same bytes.

    Raises jinja2.TemplateError where the template names what is no field.
    """
    document = DocxTemplate(template.file)
    document.init_docx()
    document.render(_context(template, filing, document, open_file), environment(), autoescape=True)
    stamp(document.docx, filing.submitted_at)
    packed = BytesIO()
    document.save(packed)
    return repack(packed.getvalue())


def find_mistake(template: Template, form: Form) -> str:
    """What is wrong with a Word form, in plain English; empty where it can be filled from answers to `form`."""
    try:
        names = DocxTemplate(template.file).get_undeclared_template_variables(environment())
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError):
        return "is no Word document (.docx)"
    except TemplateError as error:
        return f"has a brace that cannot be read: {error}"
    unknown = names - {field.key for field in form.fields()} - {APPLICATION}
    return f"names what is no field of form.yaml: {', '.join(sorted(unknown))}" if unknown else ""


def stamp(document: Any, at: datetime) -> None:
    """Notes in a document's properties when it was filled, and nobody's name."""
    properties = document.core_properties
    properties.created = properties.modified = at.replace(tzinfo=None)
    properties.author = properties.last_modified_by = ""
    properties.revision = 1


def environment() -> ImmutableSandboxedEnvironment:
    """What templates are rendered in: they reach values and nothing else; a name that is no field is a mistake."""
    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    made.filters |= {"paragraphs": paragraphs, "day": day, "han_date": han_date}
    return made


class Attached:
    """The files of a field: their names one a line, and the `pictures` among them, read where a form shows them."""

    def __init__(self, given: list[Enclosure], document: DocxTemplate, open_file: Opener) -> None:
        # A form reaches no name that begins with "_", so neither the store.
        self._given, self._document, self._open_file = given, document, open_file
        self.names = literal("\n".join(one.name for one in given))

    @cached_property
    def pictures(self) -> tuple[InlineImage, ...]:
        """Those that can be shown."""
        shown = (_picture(one, self._document, self._open_file) for one in self._given if one.is_picture)
        return tuple(one for one in shown if one is not None)

    def __html__(self) -> str:
        return self.names


def _context(template: Template, filing: Filing, document: DocxTemplate, open_file: Opener) -> dict[str, object]:
    """The values by the keys of their fields: text, rows of text, or files. What is hidden or unanswered is empty."""
    language, counted = filing.papers.language, filing.counted
    context: dict[str, object] = {}
    for field in filing.form.fields():
        value = counted.get(field.key)
        if field.type is FieldType.TABLE:
            context[field.key] = _rows(field, value or [], template.printed.get(field.key, 0), language)
        elif field.type is FieldType.FILE:
            context[field.key] = Attached(enclosures_of(field, value), document, open_file)
        else:
            context[field.key] = literal(text_of(filing, field, language))
    context[APPLICATION] = {"receipt": filing.receipt, "year": filing.programme.year or filing.submitted_at.year}
    return context


def _rows(table: Field, rows: list[Mapping[str, Any]], printed: int, language: str) -> list[dict[str, Markup]]:
    """The rows, and blank ones up to the number that is printed."""
    filled = [
        {
            column.key: literal(as_text(column, row[column.key], language) if column.key in row else "")
            for column in table.columns
        }
        for row in rows
    ]
    blank = {column.key: literal("") for column in table.columns}
    return filled + [blank] * (printed - len(filled))


def _picture(one: Enclosure, document: DocxTemplate, open_file: Opener) -> InlineImage | None:
    """The picture within its box; None where it cannot be shown: its name stands in the form all the same."""
    try:
        with open_file(one.key) as stream:
            content = stream.read()
        found = Image.from_blob(content)
        # Both sides are given: what a picture says of its resolution may be nothing that can be divided by.
        scale = min(_WIDEST / found.px_width, _HIGHEST / found.px_height)
        size = {"width": Emu(int(found.px_width * scale)), "height": Emu(int(found.px_height * scale))}
    except Exception:  # noqa: BLE001 - a stranger's file: whatever it does to the library, the form is made
        return None
    return InlineImage(document, BytesIO(content), **size)
