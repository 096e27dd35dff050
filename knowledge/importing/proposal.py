"""What a proposal for a pack looks like: a value, and the mark that asks its editor to confirm it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.passages import sentences
from knowledge.programme import Passage
from knowledge.writer import Noted

# Parts of patterns, by the words that stand for them.
_PARTS = {
    "NUMBER": r"\d{1,5}|[一二两三四五六七八九十]{1,3}|one|two|three|four|five|six",
    "SIZE": r"\d+(?:\.\d+)?",
    "UNIT": r"[KMG]B?(?![A-Za-z])",
}
_LONGEST = 800  # characters of a sentence that is read for facts
_LABEL = 20  # characters of a passage that names the next, such as the first cell of a row
MARK = "proposed: check"
MARKED = re.compile(r"#\s*proposed:")


def pattern(*alternatives: str) -> re.Pattern[str]:
    """A pattern of several ways to say a thing; capitals do not matter. NUMBER, SIZE and UNIT stand for theirs."""
    text = "|".join(alternatives)
    for name, part in _PARTS.items():
        text = text.replace(name, part)
    return re.compile(text, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the guide with its heading, and what stands between the two that may name what it is about."""

    text: str
    section: str
    before: str = ""

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether the sentence holds it."""
        return bool(pattern.search(self.text))


def said(passages: Sequence[Passage]) -> list[Said]:
    """The sentences of a guide; without those so long that no editor would quote them."""
    found, label = list[Said](), ""
    for passage in passages:
        before = f"{passage.section} {label}"
        for text in sentences(passage.text):
            if len(text) <= _LONGEST:
                found.append(Said(text, passage.section, before[-_LONGEST:]))
            before += text
        label = passage.text if len(passage.text) <= _LABEL else ""
    return found


def proposed(value: object, reason: str) -> Noted:
    """A value with the mark and the reason for it."""
    return Noted(value, f"{MARK} ({reason})")


def fact(value: object, sentence: Said, reason: str) -> Noted:
    """A fact with its sentence."""
    return proposed({"value": value, "quote": sentence.text}, reason)
