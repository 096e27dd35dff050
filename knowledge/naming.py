"""Verdicts on names: whether the body or the place that a question names is the one of the guide."""

import re

from knowledge.case import Case, Reasoned
from knowledge.programme import Quote
from knowledge.query import Query, neutral
from knowledge.regions import CHINA, within
from knowledge.text import fold
from knowledge.wording import Wording

_NAMED = re.compile(r"[\u3400-\u9fff]{4,}|[a-z]{5,}")
_THERE = re.compile(  # where something is sent, or lies
    r"(?:[寄送递邮发交]|快递)(?:过?去|来)?(?:到|往|去|至)[^,，。?？]{1,8}"
    r"|(?:组委会|地址|办公室|办公地|总部|办事处)[^,，。?？]{0,3}在[^,，。?？]{1,8}"
    r"|(?:sen[dt]|post\w*|mail\w*|deliver\w*|ship\w*|courier\w*|committee|office|headquarter\w*|address)[^.?!]{0,40}"
)
_DENIED = re.compile(r"不(?:是|用|会|在|该|应该?)?(?:[寄送递邮发交设在])|不是")
_BODY = re.compile(  # the name of a body
    r"[\u3400-\u9fff]{3,}(?:协会|学会|联合会|商会|促进会|基金会|研究院|大学|总局|集团|日报|电视台|晚报|理事会)"
)
_NOBODY = re.compile(r"[我你贵哪的级]|什么")  # what stands in words that only sound like a body's name
_END = 6  # characters of a body's name that tell it from others


def listed(case: Case) -> Reasoned | None:
    """Whether what the question names is among those that the guide lists."""
    entry = case.entry
    if entry is None or entry.point is None:
        return None
    known = fold("".join(quote.text for quote in entry.quotes))
    label = fold(entry.point.zh + entry.point.en)
    for run in _NAMED.findall(case.question):
        if any(piece in known and piece not in label for piece in _pieces(run)):
            return Reasoned(entry.point, "yes", entry.quotes)
    bodies = _BODY.findall(case.question) if Query(case.question).is_polar else []
    named = [body[-_END:] for body in bodies if not _NOBODY.search(body[-_END:])]
    return _told(case, entry.point, entry.quotes, any(body in known for body in named)) if named else None


def placed(case: Case) -> Reasoned | None:
    """Whether the city or province that the question names is the one of the entry's sentences."""
    entry = case.entry
    if entry is None or entry.point is None or not Query(case.question).is_polar:
        return None
    asked = _cities(" ".join(_THERE.findall(case.question)))
    told = _cities(fold(entry.point.zh + " " + entry.point.en + "".join(quote.text for quote in entry.quotes)))
    return _told(case, entry.point, entry.quotes, not asked.isdisjoint(told)) if asked and told else None


def _told(case: Case, point: Wording, quotes: tuple[Quote, ...], right: bool) -> Reasoned:
    """An entry's point with the verdict on a name that is right or not, turned where the question denies it."""
    denied = bool(_DENIED.search(neutral(case.question)))
    return Reasoned(point, "no" if right == denied else "yes", quotes)


def _cities(text: str) -> set[str]:
    """The Chinese cities and provinces that a text names."""
    return {text[start:end] for start, end in within(CHINA, text)}


def _pieces(run: str) -> list[str]:
    """Every four neighbouring characters of a Chinese run, or a Latin word."""
    return [run[i : i + 4] for i in range(len(run) - 3)] if run[0] >= "\u3400" else [run]
