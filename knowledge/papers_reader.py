"""Reads papers.yaml into Papers, and names every mistake by file, line and key."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from knowledge.form import Conditions, Field, FieldType, Form
from knowledge.form_parts import read_conditions, read_key
from knowledge.pack_reader import Mistakes, one_of, optional_quote, optional_wording, wording
from knowledge.papers import TEMPLATES, Kind, Mail, Mark, Papers, Task, Template
from knowledge.passages import Section
from knowledge.source import Node

T = TypeVar("T")

FILES = "files"  # the brace of a mail's text that lists the attachments
_BRACE = re.compile(r"\{([a-z0-9_]+)\}", re.IGNORECASE)
_NO_TEXT = frozenset({FieldType.TABLE, FieldType.CONSENT, FieldType.FILE})
_MOST_COPIES, _MOST_DAYS, _MOST_ROWS = 100, 365, 100


def read_papers(node: Node, *, sections: Sequence[Section], form: Form | None, folder: Path) -> Papers:
    """The papers of the pack in `folder`. Raises PackError with all mistakes.

    `sections` are the guide's, in which every quote must stand; `form` is the one whose answers the papers show.
    """
    return _Reader(sections, form, folder).papers(node)


class _Reader:
    """Collects mistakes, so that an organizer sees all of them at once."""

    def __init__(self, sections: Sequence[Section], form: Form | None, folder: Path) -> None:
        self.sections = sections
        self.fields: Mapping[str, Field] = {field.key: field for field in form.fields()} if form else {}
        self.folder = folder / TEMPLATES
        self.mistakes = Mistakes()

    def papers(self, node: Node) -> Papers:
        with self.mistakes.collecting():
            node.only("language", "templates", "copies", "mail", "tasks")
        language, copies, copies_quote = "zh", 1, None
        with self.mistakes.collecting():
            language = one_of(node, "language", ("zh", "en"), "zh")
        with self.mistakes.collecting():
            if node.has("copies"):
                place = node.get("copies")
                place.only("count", "quote")
                copies = _whole(place, "count", least=1, most=_MOST_COPIES)
                copies_quote = optional_quote(place, self.sections)
        templates = self._each(node, "templates", self._template)
        with self.mistakes.collecting():
            _check_once(node, templates)
        mail = None
        with self.mistakes.collecting():
            mail = self._mail(node.get("mail")) if node.has("mail") else None
        tasks = self._each(node, "tasks", self._task)
        self.mistakes.check()
        return Papers(language, templates, copies, copies_quote, mail, tasks)

    def _each(self, node: Node, key: str, read: Callable[[Node], T]) -> tuple[T, ...]:
        found = []
        for item in node.get(key).items() if node.has(key) else ():
            with self.mistakes.collecting():
                found.append(read(item))
        return tuple(found)

    def _template(self, node: Node) -> Template:
        node.only("key", "title", "file", "printed", "marks", "quote", "when")
        name = node.text("file")
        if Path(name).name != name or Path(name).suffix.lower() != ".docx":
            raise node.get("file").fail(f"must be the name of a .docx file in {TEMPLATES}/")
        if not (self.folder / name).is_file():
            raise node.get("file").fail(f"{TEMPLATES}/{name} is not there")
        return Template(
            key=read_key(node),
            title=wording(node.get("title")),
            file=self.folder / name,
            printed=self._printed(node),
            marks=tuple(Mark(_among(node.get("marks"), mark, Mark)) for mark in node.texts("marks")),
            quote=optional_quote(node, self.sections),
            when=self._conditions(node, "when"),
        )

    def _printed(self, node: Node) -> dict[str, int]:
        """The rows that the printed form has, by the key of their table."""
        if not node.has("printed"):
            return {}
        place = node.get("printed")
        for key, child in place.mapping().items():
            if key not in self.fields or self.fields[key].type is not FieldType.TABLE:
                raise child.fail(f"{key} is no table of form.yaml")
        return {key: _whole(place, key, least=1, most=_MOST_ROWS) for key in place.mapping()}

    def _mail(self, node: Node) -> Mail:
        node.only("to", "subject", "body", "quote", "note")
        return Mail(
            to=node.text("to"),
            subject=self._braced(node, "subject"),
            body=self._braced(node, "body", FILES),
            quote=optional_quote(node, self.sections),
            note=optional_wording(node, "note"),
        )

    def _braced(self, node: Node, key: str, *also: str) -> str:
        """A text whose braces name fields that are no table, consent or file."""
        text = node.text(key)
        for name in _BRACE.findall(text):
            if name not in also and name not in self.fields:
                raise node.get(key).fail(f"{name} is no field of form.yaml")
            if name in self.fields and self.fields[name].type in _NO_TEXT:
                raise node.get(key).fail(f"{name} is a {self.fields[name].type}, which cannot stand in a text")
        if set("{}") & set(_BRACE.sub("", text)):
            raise node.get(key).fail("has a brace that names no field; fields are named as {name}")
        return text

    def _task(self, node: Node) -> Task:
        node.only("kind", "text", "days", "quote", "when", "done_when")
        return Task(
            kind=Kind(one_of(node, "kind", tuple(Kind))),
            text=wording(node.get("text")),
            days=_whole(node, "days", least=0, most=_MOST_DAYS) if node.has("days") else 0,
            quote=optional_quote(node, self.sections),
            when=self._conditions(node, "when"),
            done_when=self._conditions(node, "done_when"),
        )

    def _conditions(self, node: Node, key: str) -> Conditions:
        return read_conditions(node, key, self.fields, set())


def _check_once(node: Node, templates: Sequence[Template]) -> None:
    """Raises PackError for a key that two templates share."""
    keys = [template.key for template in templates]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise node.get("templates").fail(f"the key {', '.join(sorted(twice))} occurs twice")


def _whole(node: Node, key: str, *, least: int, most: int) -> int:
    found = node.get(key).expect(int)
    if not least <= found <= most:
        raise node.get(key).fail(f"must be between {least} and {most}")
    return found


def _among(node: Node, text: str, known: Iterable[str]) -> str:
    if text not in list(known):
        raise node.fail(f"{text} is not known here; known are: {', '.join(known)}")
    return text
