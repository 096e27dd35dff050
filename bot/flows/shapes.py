"""The shapes of stored values, by type of field: what answered a field of another type is no answer to it."""

from collections.abc import Callable, Mapping

from bot.flows.values import Value
from knowledge.form import FieldType


def is_shaped(kind: FieldType, value: Value) -> bool:
    """Whether a stored value has the shape of a type. Of a list the first one tells: all were written alike."""
    return _SHAPES.get(kind, _is_text)(value)


def _is_text(value: Value) -> bool:
    return isinstance(value, str)


def _is_consent(value: Value) -> bool:
    return isinstance(value, dict) and isinstance(value.get("agreed_at"), str)


def _is_list_of_texts(value: Value) -> bool:
    return isinstance(value, list) and (not value or isinstance(value[0], str))


def _is_list_of_rows(value: Value) -> bool:
    return isinstance(value, list) and (not value or isinstance(value[0], dict))


def _is_list_of_files(value: Value) -> bool:
    return _is_list_of_rows(value) and (not value or {"key", "name", "kind", "size"} <= value[0].keys())


_SHAPES: Mapping[FieldType, Callable[[Value], bool]] = {
    FieldType.CONSENT: _is_consent,
    FieldType.MULTI_CHOICE: _is_list_of_texts,
    FieldType.FILE: _is_list_of_files,
    FieldType.TABLE: _is_list_of_rows,
}
