"""Several answers in one text: lines such as "标签：值" or "Label: value", as people copy them from a form."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.flows import fields, outline
from bot.flows.scope import Scope
from bot.flows.values import Answers, Input, Moment, Problem, Reading, Value
from knowledge.form import Field, FieldType, Form
from knowledge.text import fold

LEAST = 2  # labels that make a text one of several answers
MOST_RAW = 60_000  # characters of such a text
_LONGEST_LABEL = 60
_LEAST_HAN, _LEAST_LETTERS = 2, 4  # characters of a label's ending
_NUMBERING = re.compile(
    r"\s*(?:[-*•·●▪◆■]|[(（](?:\d{1,3}|[一二三四五六七八九十]{1,3})[)）]|\d{1,3}(?:[.．、)）]|\s*/\s*\d{1,3}\s*[·.]?)(?!\d)"
    r"|[一二三四五六七八九十]{1,3}[、.．]|第\s*\d{1,3}\s*[项题][、:：]?)\s*"
)
_LABELLED = re.compile(rf"([^:：\t]{{1,{_LONGEST_LABEL}}})(?:[:：]|\t)(?!//)\s*(.*)", re.DOTALL)
_REMARK = re.compile(r"\s*[(（\[【][^()（）\[\]【】]*[)）\]】]\s*$")  # "（选填）", "(at most 100 words)"
_MARKS = re.compile(r"[*＊_#>\s“”\"'「」《》]+")
_ONE_LINE = frozenset(FieldType) - {FieldType.LONGTEXT}
_ASKED_AT_THEIR_PROMPT = frozenset({FieldType.CONSENT, FieldType.TABLE, FieldType.FILE, FieldType.COMPUTED})


@dataclass(frozen=True, slots=True)
class Piece:
    """The text that stands behind a label. `field` is None where the label belongs to no field, or to several."""

    label: str
    text: str
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """What a pasted text says: values by field, what is wrong with others, lines that belong to nothing."""

    values: Mapping[str, Value]
    problems: Mapping[str, Problem]
    rest: Sequence[str]


def names_several(text: str, form: Form, answers: Answers) -> bool:
    """Whether a text gives several answers: at least two of its lines begin with the label of an asked field."""
    return text.count("\n") >= LEAST - 1 and len(text) <= MOST_RAW and count_named(text, form, answers) >= LEAST


def count_named(text: str, form: Form, answers: Answers) -> int:
    """How many asked fields a text gives an answer to, each behind its label."""
    shown = Scope(form, answers)
    named = {piece.field.key for piece in split(text, form) if piece.field and piece.text}
    return sum(outline.is_asked(form.field(key), shown) for key in named)


def merged(earlier: str, later: str, form: Form) -> str:
    """Two texts as one, for chats cut long ones: what the later one says again replaces what the earlier one said."""
    again = {piece.field.key if piece.field else _flat(piece.label) for piece in split(later, form)}
    said = [(piece, piece.field.key if piece.field else _flat(piece.label)) for piece in split(earlier, form)]
    kept = [piece for piece, name in said if not name or name not in again]
    return "\n".join([*(f"{piece.label}：{piece.text}" if piece.label else piece.text for piece in kept), later])


def understand(text: str, form: Form, answers: Answers, moment: Moment) -> Understood:
    """Reads each labelled text as the answer to its field.

    It goes in the form's order, so that an answer can make the next field appear and say what it may hold.
    """
    pieces = _by_ending(split(text, form), form)
    given = {piece.field.key: piece for piece in pieces if piece.field is not None and piece.text}
    values: dict[str, Value] = {}
    problems: dict[str, Problem] = {}
    for field in form.fields():
        if field.key not in given:
            continue
        found = _read(field, given[field.key].text, Scope(form, {**answers, **values}), moment)
        if isinstance(found, Problem):
            problems[field.key] = found
        else:
            values[field.key] = found.value
    rest = [f"{piece.label}：{piece.text}" if piece.label else piece.text for piece in pieces if piece.field is None]
    return Understood(values, problems, rest)


def split(text: str, form: Form) -> list[Piece]:
    """The pieces of a text, in order. A line without a label goes on with the one before it.

    So does one whose label is unknown within a long text: a colon in a story is no label.
    """
    known = _labels(form)
    pieces: list[Piece] = []
    for line in text.splitlines():
        label, value, fitting = _labelled(line, known)
        last = pieces[-1] if pieces else None
        if fitting:
            pieces.append(Piece(label, value, fitting[0]))
        elif label and (last is None or last.field is None or last.field.type in _ONE_LINE):
            pieces.append(Piece(label, value))
        elif line.strip() and last is not None:
            pieces[-1] = Piece(last.label, f"{last.text}\n{line.strip()}".strip(), last.field)
        elif line.strip():
            pieces.append(Piece("", line.strip()))
    return list(_told_apart(pieces, known))


def field_named(label: str, form: Form) -> Field | None:
    """The field that a label means: the one it is the label of, else the only one whose label ends with it.

    A form that asks for "联系人手机" prints "手机". None where it means none, or several.
    """
    return _named(label, _labels(form))


def _named(label: str, known: Mapping[str, list[Field]]) -> Field | None:
    wanted = _flat(_REMARK.sub("", label))
    fitting = known.get(_flat(label)) or known.get(wanted)
    if fitting is None and len(wanted) >= (_LEAST_LETTERS if wanted.isascii() else _LEAST_HAN):
        ending = {one.key: one for text, found in known.items() if text.endswith(wanted) for one in found}
        fitting = list(ending.values())
    return fitting[0] if fitting is not None and len(fitting) == 1 else None


def _by_ending(pieces: Sequence[Piece], form: Form) -> list[Piece]:
    """Gives what has no field yet the one whose label ends so, where nothing else in the text is about it."""
    known = _labels(form)
    meant = [piece.field or (_named(piece.label, known) if piece.label else None) for piece in pieces]
    counts = Counter(found.key for found in meant if found is not None)
    return [
        Piece(piece.label, piece.text, found) if found is not None and counts[found.key] == 1 else piece
        for piece, found in zip(pieces, meant, strict=True)
    ]


def _read(field: Field, text: str, scope: Scope, moment: Moment) -> Reading | Problem:
    if field.type in _ASKED_AT_THEIR_PROMPT:
        return Problem("paste_not_here", {"type": str(field.type)})
    if not outline.is_asked(field, scope):
        return Problem("paste_hidden")
    return fields.read(field, Input(text=text), moment=moment, scope=scope)


def _labels(form: Form) -> dict[str, list[Field]]:
    """The fields asked at the form's stage by their folded label: the whole one, and one without its last remark."""
    whole: dict[str, list[Field]] = {}
    short: dict[str, list[Field]] = {}
    for field in form.fields():
        if field.at is form.stage:
            for label in set(form.labels_of(field.key)):
                whole.setdefault(_MARKS.sub("", label), []).append(field)
                short.setdefault(_MARKS.sub("", _REMARK.sub("", label)), []).append(field)
    return {**{key: found for key, found in short.items() if len(found) == 1}, **whole}


def _labelled(line: str, known: Mapping[str, list[Field]]) -> tuple[str, str, list[Field]]:
    """The label and the value of a line, and the fields that the label names."""
    for start in _starts(line):
        found = _LABELLED.fullmatch(start)
        if found is None:
            continue
        label, value = found[1].strip(), found[2].strip()
        while label:
            if fitting := known.get(_flat(label)):
                return label, value, fitting
            shorter = _REMARK.sub("", label)
            if shorter == label:
                break
            label = shorter
    last = _LABELLED.fullmatch(_NUMBERING.sub("", line, count=1) if _NUMBERING.match(line) else line)
    return (last[1].strip(), last[2].strip(), []) if last is not None else ("", "", [])


def _starts(line: str) -> Iterator[str]:
    """A line as it is, then without its numbering, for a label may begin with a number of its own."""
    yield line.strip()
    for _ in range(2):
        shorter = _NUMBERING.sub("", line, count=1) if _NUMBERING.match(line) else line
        if shorter == line:
            return
        line = shorter
        yield line.strip()


def _told_apart(pieces: Sequence[Piece], known: Mapping[str, list[Field]]) -> Iterator[Piece]:
    """Gives each piece its field where several fields share a label: as often as they stand in the form, or not at all.

    A label given twice for one field says nothing for sure either.
    """
    counts: dict[str, int] = {}
    for piece in pieces:
        if piece.field is not None:
            counts[_flat(piece.label)] = counts.get(_flat(piece.label), 0) + 1
    seen: dict[str, int] = {}
    for piece in pieces:
        key = _flat(piece.label)
        fitting = known.get(key, [])
        if piece.field is None or len(fitting) != counts[key]:
            yield Piece(piece.label, piece.text)
            continue
        yield Piece(piece.label, piece.text, fitting[seen.get(key, 0)])
        seen[key] = seen.get(key, 0) + 1


def _flat(label: str) -> str:
    return _MARKS.sub("", fold(label))
