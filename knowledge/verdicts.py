"""The verdict on a yes/no question: what the pack says of the stance or the frame it takes, turned as it is put."""

import re
from collections.abc import Mapping
from functools import lru_cache

from knowledge.framing import FRAMES, Framing, Span, framing
from knowledge.programme import Entry, Topic, Verdict
from knowledge.query import Query, neutral
from knowledge.regions import MARK, within

_TURNED: Mapping[Verdict, Verdict] = {"yes": "no", "no": "yes", "depends": "depends"}
Pair = tuple[re.Pattern[str], re.Pattern[str]]
_STRICT = frozenset({"only", "duty"})  # frames whose questions no verdict on another frame answers


def verdict_of(query: Query, topic: Topic, entry: Entry, before: str = "") -> Verdict | None:
    """The verdict on a yes/no question; None on others, and where the pack gives none.

    A stance whose words the question holds, or the question `before` it, stands before the frames (leave, thing, duty,
    only), and these before what holds whatever is asked. "stance frame" is a verdict that is turned as that frame is.
    """
    if not query.is_polar or not entry.verdicts:
        return None
    put = framing(query.text)
    for text, start, end in ((put.text, *put.asked), (put.text, 0, len(put.text)), (neutral(before), 0, len(before))):
        for stance, words in topic.stances.items():
            key = _key(stance, entry, put)
            if key and (told := _places(words, text, start, end)):
                frame = key.rpartition(" ")[2]
                return turn(entry.verdicts[key], put.turned(frame, told if text is put.text else ()))
    frame = _frame(entry, put)
    return turn(entry.verdicts[frame], put.turned(frame)) if frame in entry.verdicts else None


def turn(verdict: Verdict, turned: bool) -> Verdict:
    """A verdict, or its opposite; what depends goes on depending."""
    return _TURNED[verdict] if turned else verdict


def _key(stance: str, entry: Entry, put: Framing) -> str:
    """The key of the pack's verdict on a stance, in the frame that is asked for where there is one; "" without any."""
    framed = [key for frame in put.wanted if (key := f"{stance} {frame}") in entry.verdicts]
    plain = [stance] if stance in entry.verdicts else []
    loose = [key for frame in FRAMES if frame != "only" and (key := f"{stance} {frame}") in entry.verdicts]
    return next(iter([*framed, *plain, *loose]), "")


def _places(words: tuple[str, ...], text: str, start: int, end: int) -> tuple[Span, ...]:
    """Where a text holds a stance's words, from `start` to `end`.

    Of "a+b" it is the place of b, where a is there as well; of "@region" that of a place which lies there.
    """
    plain, joint, regions = _patterns(words)
    found = [match.span() for match in plain.finditer(text, start, end)] if plain else []
    for beside, last in joint:
        if beside.search(text, start, end):
            found += [match.span() for match in last.finditer(text, start, end)]
    for region in regions:
        found += [span for span in within(region, text) if start <= span[0] and span[1] <= end]
    return tuple(found)


@lru_cache(maxsize=1024)
def _patterns(words: tuple[str, ...]) -> tuple[re.Pattern[str] | None, tuple[Pair, ...], tuple[str, ...]]:
    """A stance's words as one pattern, the pairs that ask for both, and the regions."""
    plain = sorted((word for word in words if "+" not in word and not word.startswith(MARK)), key=len, reverse=True)
    pairs = (word.split("+", 1) for word in words if "+" in word)
    joint = tuple((re.compile(_word(one)), re.compile(_word(other))) for one, other in pairs)
    regions = tuple(word[1:] for word in words if word.startswith(MARK))
    return (re.compile("|".join(map(_word, plain))) if plain else None), joint, regions


def _word(word: str) -> str:
    """A word as it stands in a question that was made neutral; one in Latin letters begins there."""
    flat = neutral(word)
    return ("(?<![a-z])" if flat[:1].isascii() and flat[:1].isalpha() else "") + re.escape(flat)


def _frame(entry: Entry, put: Framing) -> str:
    """The frame of a pack's verdict that a question asks for; "" for what holds whatever is asked."""
    given = [frame for frame in FRAMES if frame in entry.verdicts]
    if put.denied and "thing" in given:
        return "thing"
    if asked := next((frame for frame in put.wanted if frame in given), ""):
        return asked if "only" not in put.wanted or asked in _STRICT else ""
    loose = [frame for frame in given if frame != "only" and (frame != "duty" or "leave" not in put.wanted)]
    return loose[0] if loose and "" not in entry.verdicts and not put.must and "only" not in put.wanted else ""
