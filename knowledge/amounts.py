"""Verdicts on numbers: lengths, counts and ages that a question names beside the pack's fact."""

import re
from collections.abc import Callable, Mapping

from knowledge import scripts
from knowledge.case import Case, Reasoned
from knowledge.form import Wording
from knowledge.programme import Fact

_OVER = re.compile(
    r"超[没不]超|超了[吗没么]|超(?:标|字|长|出|限)|会超|算超|太长|要删|要缩|缩短|删减"
    r"|too (?:long|much)|over the|exceed|shorten"
)
_BEYOND = re.compile(r"(?:超过?|多于|大于|over|more than|above|exceed\w*)\s*$")
_THIS_YEAR = re.compile(
    r"今年.{0,8}(?:授权|下证|拿证|批)|granted (?:in |earlier )?this (?:year|spring|summer|autumn|month)"
)
_COUNT = re.compile(
    r"(?<![\d.])(\d+)\s*(?:个|份|套|张|幅|项|件|位|名|copies|copy|sets?|pictures?|images?|photos?|people|persons?)"
)
_GRANTED = re.compile(
    r"((?:19|20)\d\d)\s*年?.{0,4}?(?:授权|下证|拿证|获批|批下来|授予)|(?:授权|下证|授予).{0,6}?((?:19|20)\d\d)"
    r"|granted\s+(?:back\s+)?in\s+((?:19|20)\d\d)"
)


def _value(fact: Fact | None) -> int | None:
    """A fact's number; None where it has none or no sentence it rests on."""
    return fact.value if fact and fact.quote and isinstance(fact.value, int) else None


def _length(case: Case, fact: Fact | None) -> Reasoned | None:
    """Whether a text of the length that the question names is short enough."""
    limit, named = _value(fact), scripts.lengths(case.question)
    if fact is None or fact.quote is None or limit is None or not named:
        return None
    question = scripts.digits(case.question)
    beyond = any(_BEYOND.search(question[: match.start()]) for match in re.finditer(str(max(named)), question))
    fits = max(named) < limit or (max(named) == limit and not beyond)
    if _OVER.search(question):  # "is it too long" is answered the other way round
        point = Wording(f"没有超：不超过{limit}字。", f"It is not: at most {limit} characters.")
        if not fits:
            point = Wording(f"超了：不能超过{limit}字。", f"It is too long: at most {limit} characters.")
        return Reasoned(point, "no" if fits else "yes", (fact.quote,))
    if not fits:
        point = Wording(f"不行，超过了上限：不能超过{limit}字。", f"No, that is too long: at most {limit} characters.")
        return Reasoned(point, "no", (fact.quote,))
    return Reasoned(Wording(f"可以：不超过{limit}字。", f"Yes: at most {limit} characters."), "yes", (fact.quote,))


def counts(text: str) -> list[int]:
    """The numbers of things that a text names."""
    return [int(match[1]) for match in _COUNT.finditer(scripts.digits(text))]


def _at_most(case: Case, fact: Fact | None) -> Reasoned | None:
    """Whether as many as the question names are allowed."""
    limit, named = _value(fact), counts(case.question)
    if fact is None or fact.quote is None or limit is None or not named:
        return None
    if max(named) > limit:
        return Reasoned(Wording(f"不行：最多{limit}个。", f"No: at most {limit}."), "no", (fact.quote,))
    return Reasoned(Wording(f"可以：最多{limit}个。", f"Yes: at most {limit}."), "yes", (fact.quote,))


def _exactly(case: Case, fact: Fact | None) -> Reasoned | None:
    """Whether the number that the question names is the one that is asked for."""
    wanted, named = _value(fact), counts(case.question)
    if fact is None or fact.quote is None or wanted is None or not named:
        return None
    if wanted in named:
        return Reasoned(Wording(f"对，要{wanted}份。", f"Yes, {wanted}."), "yes", (fact.quote,))
    return Reasoned(Wording(f"不对，要{wanted}份。", f"No, {wanted} are required."), "no", (fact.quote,))


def _granted(case: Case, fact: Fact | None) -> Reasoned | None:
    """Whether a patent granted in the year that the question names is recent enough."""
    span, match = _value(fact), _GRANTED.search(case.question)
    if fact is None or fact.quote is None or span is None:
        return None
    quotes = case.entry.quotes if case.entry and case.entry.quotes else (fact.quote,)
    if _THIS_YEAR.search(case.question):
        point = Wording(
            "可以，今年授权的算；哪年申请的不限。", "Yes, granted this year counts; the year of filing does not matter."
        )
        return Reasoned(point, "yes", quotes)
    if match is None:
        return None
    year = int(next(group for group in match.groups() if group))
    present = case.programme.year or case.now.astimezone(case.programme.zone).year
    if year < present - span:
        point = Wording(
            f"不可以，{year}年授权的太早：要近{span}年内授权的。",
            f"No, {year} is too early: it must have been granted within the last {span} years.",
        )
        return Reasoned(point, "no", quotes)
    return None


AMOUNTS: Mapping[str, Callable[[Case, Fact | None], Reasoned | None]] = {
    "length": _length,
    "at_most": _at_most,
    "exactly": _exactly,
    "granted": _granted,
}
