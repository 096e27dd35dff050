"""Stored answers as people read them: in the chat, on the page, in documents and sheets."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

import phonenumbers

from bot.flows.parsing import HOME_REGION
from bot.flows.shapes import is_shaped
from bot.flows.values import Value
from knowledge.form import Field, FieldType
from knowledge.wording import Wording

_GROUPED_FROM = 10_000  # a year takes no separator


def as_text(field: Field, value: Value | None, locale: str) -> str:
    """An answer, whole, in the language "zh" or "en"; empty where there is none. A table is one line a cell.

    What is computed is given as a Wording, or as text.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, Wording):
        return value.get(locale)
    if not is_shaped(field.type, value):
        return str(value)  # of an earlier form, where the field had another type
    return _AS_TEXT.get(field.type, _as_it_is)(field, value, locale)


def row_as_text(field: Field, row: Mapping[str, Value], locale: str) -> str:
    """A row of a table, one line a cell: its column's label and the value."""
    colon = ": " if locale == "en" else "："
    given = [column for column in field.columns if column.key in row]
    return "\n".join(f"{one.label.get(locale)}{colon}{as_text(one, row[one.key], locale)}" for one in given)


def _as_it_is(_field: Field, value: Value, _locale: str) -> str:
    return str(value)


def _choice(field: Field, value: Value, locale: str) -> str:
    return next((one.label.get(locale) for one in field.options if one.value == value), str(value))


def _choices(field: Field, value: Value, locale: str) -> str:
    return _joined([_choice(field, one, locale) for one in value], locale)


def _number(field: Field, value: Value, locale: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return str(value)
    grouped = f"{number:,f}" if abs(number) >= _GROUPED_FROM else f"{number:f}"
    unit = field.unit.get(locale) if field.unit else ""
    return f"{grouped} {unit}" if unit and unit[0].isascii() and unit[0].isalnum() else f"{grouped}{unit}"


def _phone(_field: Field, value: Value, locale: str) -> str:
    """A number as people dial it: 13800138000 or 010-12345678 at home, with its country code elsewhere."""
    try:
        number = phonenumbers.parse(str(value), None)
    except phonenumbers.NumberParseException:
        return str(value)
    if locale == "en" or phonenumbers.region_code_for_number(number) != HOME_REGION:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    digits = phonenumbers.national_significant_number(number)
    area = phonenumbers.length_of_geographical_area_code(number)
    dialled = f"0{digits[:area]}-{digits[area:]}" if area else digits
    return f"{dialled}转{number.extension}" if number.extension else dialled


def _consent(_field: Field, value: Value, _locale: str) -> str:
    """When it was given: that it was given is what the answer says by being there."""
    return f"{datetime.fromisoformat(value['agreed_at']):%Y-%m-%d %H:%M}"


def _files(_field: Field, value: Value, locale: str) -> str:
    return _joined([str(one["name"]) for one in value], locale)


def _table(field: Field, value: Value, locale: str) -> str:
    rows = (row_as_text(field, row, locale).replace("\n", "\n   ") for row in value)
    return "\n".join(f"{number}. {row}" for number, row in enumerate(rows, 1))


def _joined(names: list[str], locale: str) -> str:
    return (", " if locale == "en" else "、").join(names)


_AS_TEXT: Mapping[FieldType, Callable[[Field, Value, str], str]] = {
    FieldType.CHOICE: _choice,
    FieldType.MULTI_CHOICE: _choices,
    FieldType.NUMBER: _number,
    FieldType.PHONE: _phone,
    FieldType.CONSENT: _consent,
    FieldType.FILE: _files,
    FieldType.TABLE: _table,
}
