"""Verdicts on names: whether the body or the place that a question names is the one of the guide."""

import re

from knowledge.case import Case, Reasoned
from knowledge.query import Query
from knowledge.regions import cities
from knowledge.text import fold

_NAMED = re.compile(r"[\u3400-\u9fff]{4,}|[a-z]{5,}")
_BODY = re.compile(  # the name of a body
    r"(?<![我贵你哪个])(?!我们|你们|什么|哪)[\u3400-\u9fff]{3,}"
    r"(?:协会|学会|联合会|商会|促进会|基金会|研究院|大学|总局|集团|日报|电视台|晚报|理事会)"
)


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
    right = any(piece in known for body in bodies for piece in _pieces(body))
    return Reasoned(entry.point, "yes" if right else "no", entry.quotes) if bodies else None


def placed(case: Case) -> Reasoned | None:
    """Whether the city or province that the question names is the one of the entry's sentences."""
    entry, asked = case.entry, cities(case.question)
    if entry is None or entry.point is None or not asked:
        return None
    told = cities(fold(entry.point.zh + entry.point.en + "".join(quote.text for quote in entry.quotes)))
    return Reasoned(entry.point, "yes" if asked & told else "no", entry.quotes) if told else None


def _pieces(run: str) -> list[str]:
    """Every four neighbouring characters of a Chinese run, or a Latin word."""
    return [run[i : i + 4] for i in range(len(run) - 3)] if run[0] >= "\u3400" else [run]
