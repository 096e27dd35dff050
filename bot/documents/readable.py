"""The readable copy of an application: everything that was answered, for the applicant's own file."""

from collections.abc import Mapping
from typing import Any

from bot.documents.filing import Enclosure, Filing, answered, enclosures, text_of
from bot.documents.layout import Sheet
from bot.flows.plain import as_text
from bot.render import render
from bot.sizes import show_size
from knowledge.form import Field, FieldType

_NARROW = frozenset({FieldType.DATE, FieldType.NUMBER, FieldType.CHOICE})
_TALL = 120  # characters of a cell


def readable_copy(filing: Filing) -> bytes:
    """The copy as a .docx, in the applicant's language."""
    name = filing.programme.name.get(filing.locale)
    sheet = Sheet(_say(filing, "copy_title"), f"{name}  {filing.receipt}")
    sheet.line(name, size=12, after=8).alignment = 1
    for line in _say(filing, "copy_head", **_heading(filing)).split("\n"):
        sheet.line(line)
    for section, fields in answered(filing):
        told = [field for field in fields if field.type is not FieldType.FILE]  # files are listed at the end
        if told:
            sheet.heading(section.title.get(filing.locale))
            _section(sheet, filing, told)
    if older := [(key, _bare(value)) for key, value in filing.answers.items() if not filing.form.has(key)]:
        sheet.heading(_say(filing, "copy_older"))
        sheet.pairs(older)
    if files := enclosures(filing):
        sheet.heading(_say(filing, "copy_files"))
        _files(sheet, filing, files)
    return sheet.save(filing.submitted_at)


def _heading(filing: Filing) -> dict[str, Any]:
    return {
        "receipt": filing.receipt,
        "number": filing.number,
        "at": filing.submitted_at,
        "zone": filing.programme.zone,
        "prepared": filing.prepared_only,
        "routes": [(route.kind, route.target) for route in filing.programme.routes],
    }


def _section(sheet: Sheet, filing: Filing, fields: list[Field]) -> None:
    """Labels and values in tables; a table of rows stands between them under its own label."""
    pairs: list[tuple[str, str]] = []
    for field in fields:
        if field.type is FieldType.TABLE:
            _flush(sheet, pairs)
            _rows(sheet, filing, field, filing.counted[field.key])
        else:
            pairs.append((field.label.get(filing.locale), _value(filing, field)))
    _flush(sheet, pairs)


def _flush(sheet: Sheet, pairs: list[tuple[str, str]]) -> None:
    if pairs:
        sheet.pairs(pairs)
        pairs.clear()


def _value(filing: Filing, field: Field) -> str:
    text = text_of(filing, field, filing.locale)
    return _say(filing, "copy_agreed", at=text) if field.type is FieldType.CONSENT else text


def _bare(value: Any) -> str:
    """An answer whose field the present form no longer has."""
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {_bare(found)}" for key, found in value.items())
    return "\n".join(map(_bare, value)) if isinstance(value, list) else str(value)


def _rows(sheet: Sheet, filing: Filing, table: Field, rows: list[Mapping[str, Any]]) -> None:
    """A table as a grid; one with long texts a row after the other, for they would make towers of narrow columns."""
    sheet.label(table.label.get(filing.locale))
    heads = [column.label.get(filing.locale) for column in table.columns]
    body = [[as_text(column, row.get(column.key), filing.locale) for column in table.columns] for row in rows]
    if any(len(text) > _TALL for texts in body for text in texts):
        for number, texts in enumerate(body, 1):
            sheet.label(str(number))
            sheet.pairs([(head, text) for head, text in zip(heads, texts, strict=True) if text])
        return
    widths = [0.6, *(1.3 if column.type in _NARROW else 2 for column in table.columns)]
    numbered = [[str(number), *texts] for number, texts in enumerate(body, 1)]
    sheet.grid([_say(filing, "copy_number"), *heads], numbered, widths)


def _files(sheet: Sheet, filing: Filing, files: list[Enclosure]) -> None:
    head = [_say(filing, f"copy_{name}") for name in ("number", "file_for", "file_name", "file_size", "file_pages")]
    body = [
        [
            str(number),
            one.field.label.get(filing.locale),
            one.name,
            show_size(one.size),
            str(one.pages) if one.pages else "—",
        ]
        for number, one in enumerate(files, 1)
    ]
    sheet.grid(head, body, [0.6, 2.2, 3.4, 1, 0.7])


def _say(filing: Filing, block: str, **values: object) -> str:
    return render(f"documents.{block}", filing.locale, **values)
