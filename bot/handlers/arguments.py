"""Arguments as staff write them: receipts, states in either language, pages; stray spaces, full-width letters."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from bot.context import Turn
from bot.errors import BotError
from bot.flows import receipts
from bot.flows.lifecycle import State
from bot.handlers.naming import state_name
from bot.render import LOCALES
from knowledge.text import unpiled

_ANSWERS = frozenset({"answers", "answer", "答案", "答复", "内容", "填写内容"})
_MOST_PAGES = 10_000
_LONGEST_LIST = 200
_RECEIPT_WORDS = 7
_MORE_WORDS: Mapping[str, State] = {
    "评审": State.IN_REVIEW,
    "审核中": State.IN_REVIEW,
    "reviewing": State.IN_REVIEW,
    "提交": State.SUBMITTED,
    "初选": State.SHORTLISTED,
    "shortlist": State.SHORTLISTED,
    "入选": State.SELECTED,
    "已入选": State.SELECTED,
    "最终入围": State.SELECTED,
    "select": State.SELECTED,
    "winner": State.SELECTED,
    "落选": State.NOT_SELECTED,
    "退回": State.RETURNED,
    "return": State.RETURNED,
    "撤回": State.WITHDRAWN,
    "withdraw": State.WITHDRAWN,
    "取代": State.SUPERSEDED,
    "不合格": State.INELIGIBLE,
    "不符合": State.INELIGIBLE,
    "不符合申报条件": State.INELIGIBLE,
}
# One word for two results that must never be confused: whoever uses it is asked which.
SHORTLIST_OR_FINAL = "入围"
_SEPARATOR = r"\s:：,，;；"
_ONE_WORD = re.compile(rf"([^{_SEPARATOR}]+)[{_SEPARATOR}]*(.*)", re.DOTALL)
_TWO_WORDS = re.compile(rf"([^{_SEPARATOR}]+\s+[^{_SEPARATOR}]+)[{_SEPARATOR}]*(.*)", re.DOTALL)


class Mistyped(BotError):
    """A receipt whose check character does not fit the rest. Values: text."""

    template = "admin_review.mistyped"


def fold_words(text: str) -> str:
    """A word as words are compared: half-width, lower case, underscores and hyphens as spaces, single spaces."""
    return " ".join(re.sub(r"[_\-]", " ", unicodedata.normalize("NFKC", unpiled(text))).casefold().split())


def short_words(text: str) -> str:
    """A short argument in its usual letters, with single spaces; over 200 characters it is cut, with … at its end."""
    start = text[:_LONGEST_LIST] + ("…" if len(text) > _LONGEST_LIST else "")
    return " ".join(unicodedata.normalize("NFKC", start).split())


def answer_to_prompt(turn: Turn) -> str:
    """What was answered to the question whether to go on: the choice, or the word typed, folded.

    A word counts only while the question is the last thing shown (its number is `shown` in the flow's data): a "yes"
    after something else was looked up in between may be meant for that. It is "" then.
    """
    if turn.choice is not None:
        return turn.choice
    return fold_words(turn.text) if turn.state.data.get("shown") == turn.state.prompt else ""


def next_prompt(turn: Turn) -> int:
    """The number that the question asked now will have."""
    return turn.state.prompt + 1


def split_receipt(text: str) -> tuple[str, str]:
    """The receipt that a text begins with, normalised, and the rest; "" where it begins with none. Raises Mistyped."""
    words = [(found.group(), found.end()) for found in re.finditer(r"\S+", text)]
    for number in range(1, min(len(words), _RECEIPT_WORDS) + 1):
        candidate = "".join(word for word, _ in words[:number])
        if receipts.looks_like_receipt(candidate):
            if not receipts.check_receipt(candidate):
                raise Mistyped(text=receipts.normalise_receipt(candidate))
            return receipts.normalise_receipt(candidate), text[words[number - 1][1] :].strip()
    return "", text.strip()


def split_answers(text: str) -> tuple[str, bool]:
    """What is looked for, and whether its answers are asked for: a company may be called so, a receipt may not."""
    wanted, _, last = text.strip().rpartition(" ")
    if fold_words(last) in _ANSWERS and receipts.looks_like_receipt(wanted):
        return wanted.strip(), True
    return text.strip(), False


def read_list(text: str) -> tuple[str, int, str]:
    """State, page (the number at the end, else 1) and what is left: a programme, before the state or after it."""
    words, page = text[:_LONGEST_LIST].split(), 1
    if words and words[-1].isdecimal():
        page = min(max(int(words.pop()[:9]), 1), _MOST_PAGES)
    state, rest = _split_state(words)
    return state, page, rest


def split_state(text: str) -> tuple[str, str]:
    """The state that stands in a text, as `read_state` gives it, and what is left: a programme, before or after it."""
    return _split_state(text[:_LONGEST_LIST].split())


def read_state(text: str) -> tuple[str, str]:
    """The state that a text begins with, in either language, and what follows it.

    The state is "" where the text begins with none, and `SHORTLIST_OR_FINAL` for the word that means two.
    """
    words = _state_words()
    for pattern in (_TWO_WORDS, _ONE_WORD):
        found = pattern.fullmatch(text.strip())
        if found is not None and (state := words.get(fold_words(found[1]))) is not None:
            return state, found[2].strip()
    return "", text.strip()


def _split_state(words: list[str]) -> tuple[str, str]:
    for start in range(len(words)):
        state, rest = read_state(" ".join(words[start:]))
        if state:
            return state, " ".join([*words[:start], rest]).strip()
    return "", " ".join(words)


@cache
def _state_words() -> Mapping[str, str]:
    words = {fold_words(state): str(state) for state in State}
    words |= {fold_words(state_name(state, locale)): str(state) for state in State for locale in LOCALES}
    words |= {fold_words(word): str(state) for word, state in _MORE_WORDS.items()}
    return words | {SHORTLIST_OR_FINAL: SHORTLIST_OR_FINAL, f"已{SHORTLIST_OR_FINAL}": SHORTLIST_OR_FINAL}
