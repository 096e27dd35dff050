"""Packs and topics read from their folders. The one module that parses YAML."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from knowledge.errors import Mistake, PackError
from knowledge.folders import ENTRIES, FORM, GUIDE, PAPERS, PROGRAMME, STATEMENTS, TOPICS, VOICES
from knowledge.pack_reader import (
    PROGRAMME_KEYS,
    RESUBMISSIONS,
    Mistakes,
    add_voice,
    one_of,
    read_contact,
    read_deadline,
    read_entry,
    read_fact,
    read_route,
    read_stage,
    read_topic,
    read_zone,
    wording,
)
from knowledge.passages import Section, names_of, read_passages, sections_of, title_of
from knowledge.programme import Entry, Programme, Topic
from knowledge.source import Node
from knowledge.wording import Wording

if TYPE_CHECKING:
    from knowledge.form import Form
    from knowledge.papers import Papers

_YAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, object] = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER, _FLOAT = re.compile(r"[-+]?(?:0|[1-9]\d*)"), re.compile(r"[-+]?\d+\.\d+")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


def load_statements(directory: Path, topics: Sequence[Topic]) -> tuple[Topic, ...]:
    """The topics of an award with sentences as guides write them for lines. Raises PackError."""
    mistakes = Mistakes()
    common = [topic for topic in topics if topic.kind == "topic" and not topic.programme]
    found = {topic.id: Topic(topic.id, topic.label) for topic in common}
    for path in sorted((directory / STATEMENTS).glob("*.yaml")):
        with mistakes.collecting():
            for key, node in parse(path).mapping().items():
                with mistakes.collecting():
                    if key not in found:
                        raise node.fail("is no topic: statements are sentences of guides for topics that exist")
                    found[key] = add_voice(found[key], path.stem, node)
    mistakes.check()
    return tuple(found.values())


def load_programmes(directory: Path, *, forms: bool = True) -> dict[str, Programme]:
    """The programmes by id, in the order of their folders' names."""
    mistakes, found = Mistakes(), dict[str, Programme]()
    folders = sorted(path for path in directory.iterdir() if (path / GUIDE).is_file()) if directory.is_dir() else []
    if not folders:
        raise PackError([Mistake(str(directory), 0, "", f"holds no pack (a folder with a {GUIDE})")])
    for folder in folders:
        with mistakes.collecting():
            programme = load_pack(folder, forms=forms)
            found[programme.id] = programme
    mistakes.check()
    return found


def load_pack(folder: Path, *, forms: bool = True) -> Programme:
    """The programme of one pack; raises PackError with all its mistakes. `forms`: with its form and papers."""
    try:
        guide = (folder / GUIDE).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PackError([Mistake(str(folder / GUIDE), 0, "", f"cannot be read: {error}")]) from error
    passages = read_passages(guide)
    sections = sections_of(passages)
    title = title_of(guide, folder.name)
    mistakes, values = Mistakes(), dict[str, Any]()
    if (folder / PROGRAMME).is_file():
        with mistakes.collecting():
            values |= _programme(parse(folder / PROGRAMME), folder.name, sections, mistakes)
    if (folder / ENTRIES).is_file():
        with mistakes.collecting():
            values |= _entries(parse(folder / ENTRIES), folder.name, sections, mistakes)
    if forms and (folder / FORM).is_file():
        with mistakes.collecting():
            values["form"] = _form(folder / FORM, guide)
    mistakes.check()  # papers are made of the form: without it every field they name would be a mistake
    if forms and (folder / PAPERS).is_file():
        values["papers"] = _papers(folder, sections, values.get("form"))
    bare = {} if (folder / PROGRAMME).is_file() else {"aliases": names_of(title, guide)}
    values = {"id": folder.name, "name": Wording(title, title), **bare, **values}
    return Programme(passages=passages, **values)


def load_topics(directory: Path = TOPICS) -> tuple[Topic, ...]:
    """What applicants ask of any programme."""
    mistakes, found = Mistakes(), dict[str, Topic]()
    for path in sorted(directory.glob("*.yaml")):
        with mistakes.collecting():
            for key, node in parse(path).mapping().items():
                with mistakes.collecting():
                    if key in found:
                        raise node.fail("is defined twice")
                    found[key] = read_topic(key, node)
    for path in sorted((directory / VOICES).glob("*.yaml")):
        with mistakes.collecting():
            for key, node in parse(path).mapping().items():
                with mistakes.collecting():
                    if key not in found:
                        raise node.fail("is no topic: a voice adds lines to topics that exist")
                    found[key] = add_voice(found[key], path.stem, node)
    mistakes.check()
    return tuple(found.values())


def parse(path: Path) -> Node:
    """A YAML file as Nodes. Raises PackError for what is no YAML."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=_YAML)
    except (OSError, UnicodeDecodeError) as error:
        raise PackError([Mistake(str(path), 0, "", f"cannot be read: {error}")]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise PackError([Mistake(str(path), mark.line + 1 if mark else 0, "", f"is no YAML: {problem}")]) from error
    return Node({}, str(path), 1) if root is None else _node(root, str(path), "")


def _node(raw: yaml.Node, file: str, path: str) -> Node:
    """A node of the parser with its place."""
    line = raw.start_mark.line + 1
    if isinstance(raw, yaml.MappingNode):
        return Node(_mapping(raw, file, path), file, line, path)
    if isinstance(raw, yaml.SequenceNode):
        return Node([_node(item, file, f"{path}[{number}]") for number, item in enumerate(raw.value)], file, line, path)
    return Node(_scalar(raw), file, line, path)


def _mapping(raw: yaml.MappingNode, file: str, path: str) -> dict[str, Node]:
    """The members of a mapping. Raises PackError for a key that occurs twice."""
    found = dict[str, Node]()
    for key_node, value in raw.value:
        key = str(key_node.value)
        here = f"{path}.{key}" if path else key
        if key in found:
            raise PackError([Mistake(file, key_node.start_mark.line + 1, here, "occurs twice")])
        child = _node(value, file, here)
        found[key] = Node(child.value, file, key_node.start_mark.line + 1, here)
    return found


def _scalar(raw: yaml.Node) -> object:
    """A scalar's value. Only null, true, false and numbers are not text: "no", "on" and dates stay as written."""
    text = str(raw.value)
    if getattr(raw, "style", ""):  # quoted or a block; plain is None or "", by the parser
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _programme(node: Node, folder: str, sections: Sequence[Section], mistakes: Mistakes) -> dict[str, Any]:
    """The values of programme.yaml."""
    values = dict[str, Any](dated=node.mapping().get("deadline") is not None)
    with mistakes.collecting():
        node.only(*PROGRAMME_KEYS)
    with mistakes.collecting():
        values["id"] = _id(node, folder)
    with mistakes.collecting():
        values["name"] = wording(node.get("name"))
    with mistakes.collecting():
        values["zone"] = read_zone(node)
        if node.has("deadline"):
            values["deadline"] = read_deadline(node.get("deadline"), sections, values["zone"])
    with mistakes.collecting():
        values |= {
            "aliases": node.texts("aliases"),
            "year": node.integer("year") or 0,
            "receipt": node.text("receipt", ""),
        }
    with mistakes.collecting():
        values["resubmission"] = one_of(node, "resubmission", RESUBMISSIONS, "ask")
    for key, read in (("routes", read_route), ("contacts", read_contact), ("stages", read_stage)):
        values[key] = _each(node, key, read, sections, mistakes)
    values["facts"] = {}
    for key, child in node.get("facts").mapping().items() if node.has("facts") else ():
        with mistakes.collecting():
            values["facts"][key] = read_fact(key, child, sections)
    return values


def _each(node: Node, key: str, read: Any, sections: Sequence[Section], mistakes: Mistakes) -> tuple[Any, ...]:
    """The members of a list, each read by `read`."""
    found = []
    for child in node.get(key).items() if node.has(key) else ():
        with mistakes.collecting():
            found.append(read(child, sections))
    return tuple(found)


def _id(node: Node, folder: str) -> str:
    """The programme's id: the folder's name unless the file says another."""
    found = node.text("id", folder)
    if not _ID.fullmatch(found):
        raise node.get("id").fail("may hold small Latin letters, digits and hyphens")
    return found


def _entries(node: Node, folder: str, sections: Sequence[Section], mistakes: Mistakes) -> dict[str, Any]:
    """The values of topics.yaml: entries by topic, and the programme's own topics."""
    node.only("topics", "not_stated", "undecided")
    entries, own = dict[str, Entry](), list[Topic]()
    listed: Mapping[str, Node] = node.get("topics").mapping() if node.has("topics") else {}
    for topic, child in listed.items():
        with mistakes.collecting():
            entries[topic] = read_entry(topic, child, sections, mistakes)
            if child.has("ask"):
                own.append(read_topic(topic, child.get("ask"), folder))
    if node.has("not_stated"):
        for child in node.get("not_stated").items():
            with mistakes.collecting():
                topic = child.expect(str)
                if topic in entries:
                    raise child.fail(f"{topic} is decided twice")
                entries[topic] = Entry(topic, not_stated=True)
    undecided = list[str]()
    for child in node.get("undecided").items() if node.has("undecided") else ():
        with mistakes.collecting():
            topic = child.expect(str)
            if topic in entries or topic in undecided:
                raise child.fail(f"{topic} is decided already" if topic in entries else f"{topic} is listed twice")
            undecided.append(topic)
    return {"entries": entries, "topics": tuple(own), "undecided": tuple(undecided)}


def _form(path: Path, guide: str) -> "Form":
    """The application form."""
    from knowledge.form_reader import read_form

    return read_form(parse(path), guide=guide)


def _papers(folder: Path, sections: Sequence[Section], form: "Form | None") -> "Papers":
    """What is wanted on paper and by mail."""
    from knowledge.papers_reader import read_papers

    return read_papers(parse(folder / PAPERS), sections=sections, form=form, folder=folder)
