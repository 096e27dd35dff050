"""Finds in a filled form what the form prints, whatever its width, case, spaces and punctuation.

A text is compared flat, and each of its flat characters knows its place: that takes time in proportion to the text,
whatever stands in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.documents.patterns import flat

_LONG = 8  # characters of a printed text that nobody writes by chance
_BLANKS = frozenset(" \t\u3000")
_ENDING = frozenset(":：。.）)\n\xa0") | _BLANKS  # what may follow a printed text
_CLAUSE_ENDS = frozenset("，,；;。.")


@dataclass(frozen=True, slots=True)
class _Flat:
    """A text, as it is compared, and the place in it of each character of that."""

    text: str
    flat: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "_Flat":
        known = {character: flat(character) for character in set(text)}
        pairs = [(one, place) for place, character in enumerate(text) for one in known[character]]
        return cls(text, "".join(one for one, _ in pairs), tuple(place for _, place in pairs))

    def find(self, words: str) -> Iterator[tuple[int, int]]:
        """Where the words begin and end in the text, from first to last, overlapping ones too."""
        found = self.flat.find(words)
        while found >= 0:
            yield self.places[found], self.places[found + len(words) - 1] + 1
            found = self.flat.find(words, found + 1)


def after_print(text: str, words: str) -> str:
    """The text without the flat `words` that the form prints before the answer; as it is where it has none."""
    if not words:
        return text
    start, end = next(_Flat.of(text).find(words), (0, 0))
    return text[_past(text, end, _ENDING) :] if end and not text[:start].strip() else text


def without_print(text: str, words: str) -> str:
    """The text without the flat `words` where a form has them: on a line of their own, long ones also at its ends.

    Somebody's answer may well hold the same few words.
    """
    kept, done, long = [], 0, len(words) >= _LONG
    for start, end in _Flat.of(text).find(words):
        past = _past(text, end, _ENDING)
        begins, ends = _begins_line(text, start), _line_end(text, end, past)
        cut = past if begins and long else ends if begins or long else None
        if cut is not None and start >= done:
            kept.append(text[done:start])
            done = cut
    return "\n".join([*kept, text[done:]])


def find_separator(text: str, words: str) -> tuple[int, int] | None:
    """Where the flat `words` stand between two answers: at the start of a line or clause, and with a colon or alone.

    The same words within an answer cut nothing.
    """
    for start, last in _Flat.of(text).find(words):
        end = _past(text, last, _BLANKS)
        alone = end == len(text) or text[end] == "\n"
        if (alone or text[end] in ":：") and _begins_clause(text, start):
            return start, end if alone else end + 1
    return None


def _past(text: str, place: int, among: frozenset[str]) -> int:
    """The place after the characters of a kind that stand at another one."""
    while place < len(text) and text[place] in among:
        place += 1
    return place


def _begins_line(text: str, place: int) -> bool:
    while place and text[place - 1] != "\n" and text[place - 1].isspace():
        place -= 1
    return place == 0 or text[place - 1] == "\n"


def _line_end(text: str, end: int, past: int) -> int | None:
    """The last end of a line between two places; None where there is none."""
    if past == len(text):
        return past
    last = text.rfind("\n", end, past + 1)
    return last if last >= 0 else None


def _begins_clause(text: str, place: int) -> bool:
    return place == 0 or text[place - 1].isspace() or text[place - 1] in _CLAUSE_ENDS
