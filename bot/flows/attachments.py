"""Which files a field takes, and the list of them that is its answer."""

from collections.abc import Sequence

from bot.flows.values import Attachment, Problem
from knowledge.form import Field, FileSpec
from knowledge.wording import Wording

_SHAPE = {"key": str, "name": str, "kind": str, "size": int}


def add(field: Field, files: Sequence[Attachment], new: Attachment) -> list[Attachment] | Problem:
    """The files with one more behind them, or why it is not taken. The same content twice is one file."""
    if any(one["key"] == new["key"] for one in files):
        return Problem("file_twice", {"name": new["name"]})
    return _kept(field, [*files, new], new)


def replace(field: Field, files: Sequence[Attachment], number: int, new: Attachment) -> list[Attachment] | Problem:
    """The files with the one of this number (from 1) replaced, or why the new one is not taken."""
    others = [one for place, one in enumerate(files, 1) if place != number]
    if any(one["key"] == new["key"] for one in others):
        return Problem("file_twice", {"name": new["name"]})
    return _kept(field, [new if place == number else one for place, one in enumerate(files, 1)], new)


def check(field: Field, files: object) -> Problem | None:
    """What is wrong with stored files: one of them, all together, or that they are too few."""
    if not isinstance(files, list) or not all(_is_attachment(one) for one in files):
        return Problem("unfit")
    spec = _spec(field)
    for one in files:
        if problem := _judge_one(spec, one):
            return problem
    if problem := _judge_all(spec, files):
        return problem
    return Problem("few_files", {"count": len(files), "least": spec.least}) if len(files) < spec.least else None


def may_add(field: Field, files: Sequence[Attachment]) -> bool:
    """Whether one more file has room."""
    most = _spec(field).most
    return most is None or len(files) < most


def _kept(field: Field, files: list[Attachment], new: Attachment) -> list[Attachment] | Problem:
    spec = _spec(field)
    return _judge_one(spec, new) or _judge_all(spec, files, new) or files


def _judge_one(spec: FileSpec, one: Attachment) -> Problem | None:
    """Whether one file is of a right kind and size."""
    size, name = one["size"], one["name"]
    if spec.kinds and one["kind"] not in spec.kinds:
        return Problem("file_kind", {"name": name, "is": one["kind"], "kinds": spec.kinds})
    if size < spec.min_bytes:
        values = {"name": name, "size": size, "least": spec.min_bytes, "most": spec.max_bytes}
        return Problem("file_small", _said(spec.too_small, values))
    if spec.max_bytes is not None and size > spec.max_bytes:
        values = {"name": name, "size": size, "least": spec.min_bytes, "most": spec.max_bytes}
        return Problem("file_large", _said(spec.too_big, values))
    return None


def _judge_all(spec: FileSpec, files: Sequence[Attachment], new: Attachment | None = None) -> Problem | None:
    """Whether the files are not too many or too much together; `new` is the one that made them so."""
    name = new["name"] if new is not None else ""
    if spec.most is not None and len(files) > spec.most:
        return Problem("many_files", _said(spec.too_many, {"most": spec.most, "count": len(files), "name": name}))
    total = sum(one["size"] for one in files)
    if spec.max_total is not None and total > spec.max_total:
        return Problem("files_large", _said(spec.too_big, {"total": total, "most": spec.max_total, "name": name}))
    return None


def _said(instead: Wording | None, values: dict[str, object]) -> dict[str, object]:
    """The values, with what the pack says to do instead."""
    return {**values, "instead": instead}


def _spec(field: Field) -> FileSpec:
    return field.file or FileSpec()


def _is_attachment(one: object) -> bool:
    return isinstance(one, dict) and all(type(one.get(key)) is kind for key, kind in _SHAPE.items())
