"""How a yes/no question is framed: for leave, a duty, a thing or a limit, and which way round (data/framing.txt)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Literal

from knowledge.query import Query, neutral
from knowledge.text import is_chinese

Frame = Literal["leave", "duty", "thing", "only"]
FRAMES: tuple[Frame, ...] = ("leave", "thing", "duty", "only")
Span = tuple[int, int]

_FILE = Path(__file__).parent / "data" / "framing.txt"
_PARTICLE = re.compile(  # "or not"
    r"(?<=[\u3400-\u9fff\d])(?<![都也啥么])(?:没有|没得|冇|[没不否])(?=$|[,，。?？!！ 啊呀哦])"
)
# "…, or must we?": what stands first is asked.
_OTHER = re.compile(
    r"(?<=[吗么])[,，?？]?\s*还是.*$|(?:(?<=\?)|,) ?or (?=is|are|ha[sv]|do|must|will|can|not|should|only).*$"
)
_CLAUSE = re.compile(r"(?:[^,，。;；!！?？\s]|(?<=[a-z\d])\s+(?!$)|\s+(?=[a-z\d]))+(?:[,，。;；!！?？\s]+|$)")
_SENTENCE = re.compile(
    r"(?:(?!, (?:is|are|can|may|do|does|will|would|could) )[^.;!?\n])+(?:[.;!?\n]+|, |$)"  # "all is English, is it OK?"
)
_NOT_BUT = re.compile(r"非(?!自)([^,，。?？]{1,8})不(?:可|行)")  # 非盖不可: must
_LATIN = re.compile(r"\W*[a-z]")
_NEAR = 40  # characters before a word within which another calms it
_CONTENT = re.compile(r"[\u3400-\u9fff]|[a-z']+")
_BRIEF = 6  # what a clause so short is asked of stands before it
_TAG = re.compile(  # what asks for a yes to the clause before it
    r"\W*(?:(?:是|对|行|成|中|好|可以|可行|要得|合适|没错|真|没关系|不要紧|没问题|没事|ok|right|correct|isn't it)"
    r"(?:的|滴)?(?:这样)?|(?:是|有)?(?:这|那)么?(?:好的?|一)?(?:个|回|种)?(?:事|样|意思|说法|规定)?儿?(?:属实|真的)?"
    r"|真的?假的?|真假|靠谱|属实|我(?:没)?(?:理解|听|记|看)(?:得)?[对错])[吗吧么嘛伐啵不是]?\W*"
)


@dataclass(frozen=True, slots=True)
class Framing:
    """How a question is put.

    `asked` is the place of what is asked in its `text`. `wanted` are the frames it may ask for, the likeliest first.
    `bars` are the places of words that bar somebody or say that something goes wrong. `must`: a duty is named.
    `undone`: a deed is left out. `denied`: a thing is. `unlimited`: a limit is.
    """

    text: str
    asked: Span
    wanted: tuple[Frame, ...]
    bars: tuple[Span, ...]
    must: bool
    undone: bool
    denied: bool
    unlimited: bool

    def turned(self, frame: str, told: Sequence[Span] = ()) -> bool:
        """Whether a verdict of a frame is the other way round here.

        `told` are the places of words that say the direction themselves; what is no frame turns as leave does.
        """
        barred = bool(self.bars) and not any(
            start < bar[1] and bar[0] < end for bar in self.bars for start, end in told
        )
        if frame == "duty":
            return self.undone != barred
        if frame == "thing":
            return self.denied
        return self.unlimited if frame == "only" else barred


def framing(question: str) -> Framing:
    """The framing of a folded, simplified question. Places are those of its `text`, which is made neutral before."""
    asked = _NOT_BUT.sub(r"必须\1", _OTHER.sub("", question))
    clauses = [match[0] for match in (_CLAUSE if is_chinese(asked) else _SENTENCE).finditer(asked)]
    flat = [neutral(clause) for clause in clauses]
    place = max((at for at, clause in enumerate(clauses) if Query(clause).is_polar), default=len(flat) - 1)
    told = place  # "there is none, is that so, really?" asks of the clause that tells something
    while told > 0 and _TAG.fullmatch(flat[told]):
        told -= 1
    flat = [clause if at == told < place else _PARTICLE.sub("吗", clause) for at, clause in enumerate(flat)]
    ends = [0, *accumulate(map(len, flat))]
    length = len(_CONTENT.findall(flat[place])) if flat else 0
    text, end = "".join(flat), ends[place + 1]
    tagged = ends[max(0, told)]
    near = min(tagged, ends[max(0, place - (length <= _BRIEF))])

    def holds(name: str, start: int = near) -> bool:
        return bool(_words()[name].search(text, start, end))

    unlimited = holds("unlimited", tagged)
    denied, must = holds("none", tagged), holds("duty")
    bars = _bars(text, tagged, end)
    undone = holds("undone") or bool(_words()["either"].search(asked))
    order: tuple[tuple[Frame, bool], ...] = (
        ("only", unlimited or holds("only", tagged)),
        ("duty", undone or must),
        ("leave", bool(bars) or holds("leave")),
        ("thing", denied or holds("thing")),
    )
    wanted = tuple(frame for frame, held in order if held)
    return Framing(text, (near, end), wanted, bars, must, undone, denied, unlimited)


def _bars(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The places where a text asks whether somebody is barred, or something goes wrong."""
    words = _words()
    return tuple(
        match.span()
        for name in ("barred", "trouble")
        for match in words[name].finditer(text, start, end)
        if not (name == "trouble" and words["calm"].search(text, max(0, match.start() - _NEAR), match.start()))
        and not words["after"].search(text, match.end(), end)
    )


@cache
def _words() -> Mapping[str, re.Pattern[str]]:
    """What a question is searched for, by name."""
    found = dict[str, list[str]]()
    for row in _FILE.read_text(encoding="utf-8").split("\n"):
        name, colon, words = row.partition(": ")
        if colon and not row.startswith("#"):
            found.setdefault(name, []).extend(word.replace("_", " ") for word in words.split())
    ends = {"calm": "$"}  # what calms stands right before
    return {
        name: re.compile("|".join(f"(?:{_whole(word, ends.get(name, ''))})" for word in words))
        for name, words in found.items()
    }


def _whole(word: str, end: str) -> str:
    """A pattern; of Latin letters it is a word of its own."""
    return rf"\b(?:{word})(?![a-z])" + (end and rf"\s*{end}") if _LATIN.match(word) else word + end
