"""A guide's passages cut into what can be quoted: sentences, list items, rows of tables, questions answered."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from knowledge.programme import Passage, Quote

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?[”」』）)]*")
_PARTS = re.compile(r"[^；;]+[；;]?")
_FULL_STOP = re.compile(r"(?<=[a-z0-9)”\"%]{2}\.)\s+(?=[A-Z“\"])")
_ITEM = re.compile(
    r"^\s*(?:[-•·*▪○●◆]\s|[（(][一二三四五六七八九十\da-z]{1,3}[)）]|\d{1,2}\s?[.、．)）](?!\d)|[一二三四五六七八九十]{1,2}[、.．]"
    r"|[a-z][.)]\s|[ivx]{1,4}[.)]\s|[①-⑳])"
)
_ASKED = re.compile(r"^(?:Q\d*\s*[.:：、]|问\s*\d*[:：]|Question\s*\d*[:.])|[?？]$", re.IGNORECASE)
_ANSWERED = re.compile(r"^(?:A\d*\s*[.:：、]|答\s*\d*[:：]|Answer\s*\d*[:.])\s*", re.IGNORECASE)
_RULE = re.compile(r"^[|\s:+=-]+$")
_GAP = re.compile(r" {2,}|\t+|\u3000+")
_LONG = 160
_CELLS = 2
_SHORT_LEAD = 90
Cut = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Unit:
    """Something to quote. `around` is what it stands under: headings, the line that leads in, the head of its column.

    `cells` are a table row's, each with the head of its column (empty where it has none); `asked` is the question that
    the guide itself asks and answers here; `kind` is sentence, item, row or answer.
    """

    quote: Quote
    around: str
    kind: str = "sentence"
    cells: tuple[tuple[str, str], ...] = ()
    asked: str = ""


def units_of(passages: Sequence[Passage]) -> tuple[Unit, ...]:
    """All that a guide's passages say, in their order."""
    found = list[Unit]()
    title = next(((*passage.path, passage.section)[0] for passage in passages if passage.section), "")
    for _, group in groupby(passages, key=lambda passage: (passage.path, passage.section)):
        lead = question = ""
        for passage in group:
            for unit in _units(passage, title):
                text = unit.quote.text
                if unit.kind == "sentence" and not unit.asked and _ASKED.search(text):
                    question, lead = text, ""
                    continue
                if question and not unit.asked:
                    unit = replace(unit, asked=question, kind="answer")  # noqa: PLW2901
                elif lead and unit.kind in {"item", "row"}:
                    unit = replace(unit, around=f"{unit.around} {lead}")  # noqa: PLW2901
                found.append(unit)
                if unit.kind == "sentence":
                    lead = text if text.endswith((":", "：")) or _leads(text) else ""
            question = question if question and passage.text.rstrip().endswith(("?", "？")) else ""
    return tuple(found)


def _leads(text: str) -> bool:
    """Whether a line without an end leads into a list: "The applicant must"."""
    return len(text) <= _SHORT_LEAD and not re.search(r"[。.！!？?；;，,”）)]$", text)


def _units(passage: Passage, title: str) -> Iterator[Unit]:
    """What one passage says."""
    around = " ".join(heading for heading in (*passage.path, passage.section) if heading != title)
    lines = [line for line in passage.text.split("\n") if line.strip()]
    if len(lines) > 1 and all(line.startswith("|") for line in lines):
        yield from _table(passage.section, around, lines, _piped)
        return
    if len(lines) > _CELLS and all(len(_GAP.split(line.strip())) >= _CELLS for line in lines):
        yield from _table(passage.section, around, lines, lambda line: _GAP.split(line.strip()))
        return
    asked = next((place for place, line in enumerate(lines) if _ANSWERED.match(line)), 0)
    if asked or (len(lines) > 1 and _ASKED.search(lines[0])):
        first = asked or 1
        question, answer = " ".join(lines[:first]), " ".join(lines[first:])
        yield Unit(Quote(passage.section, f"{question} {answer}"), around, "answer", asked=question)
        return
    for line in lines:
        kind = "item" if passage.item or _ITEM.match(line) or len(lines) > _CELLS else "sentence"
        parts = list(_sentences(line))
        for place, text in enumerate(parts):
            beside = parts[0] if place and len(parts[0]) <= _SHORT_LEAD else ""
            yield Unit(Quote(passage.section, text), f"{around} {beside}".strip(), kind)


def _sentences(line: str) -> Iterator[str]:
    """The sentences of a line, verbatim; the parts of an overlong one."""
    for match in _SENTENCE.finditer(line):
        for sentence in _FULL_STOP.split(match[0]):
            parts = _PARTS.findall(sentence) if len(sentence) > _LONG else [sentence]
            yield from (text for part in parts if (text := part.strip()) and re.search(r"\w", text))


def _piped(line: str) -> list[str]:
    """The cells of a row of a Markdown table."""
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]


def _table(section: str, around: str, lines: Sequence[str], cut: Cut) -> Iterator[Unit]:
    """The rows of a table, each cell with the head of its column."""
    rows = [(line, cut(line)) for line in lines if not _RULE.match(line)]
    headed = len(rows) > 1 and (any(_RULE.match(line) for line in lines) or not re.search(r"\d", rows[0][0]))
    head = rows[0][1] if headed else []
    for line, cells in rows[1:] if headed else rows:
        named = [(head[place] if place < len(head) else "", cell) for place, cell in enumerate(cells)]
        yield Unit(Quote(section, line.strip()), f"{around} {' '.join(head)}".strip(), "row", tuple(named))


def shown(unit: Unit) -> str:
    """A unit as people read it: a table's row with the head of each column."""
    if not unit.cells:
        return unit.quote.text
    first, *rest = unit.cells
    chinese = bool(re.search("[\u3400-\u9fff]", unit.quote.text + unit.around))
    colon, separator = ("：", "；") if chinese else (": ", "; ")
    told = [f"{head}{colon}{cell}" if head else cell for head, cell in rest if cell]
    return f"{first[1]} — {separator.join(told)}" if told else first[1]
