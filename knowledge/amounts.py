"""Verdicts on numbers: lengths, counts, ages, months and years that a question names beside the pack's fact."""

import re
from collections.abc import Callable, Mapping

from knowledge import scripts
from knowledge.case import Case, Reasoned
from knowledge.framing import framing
from knowledge.programme import Fact
from knowledge.text import fold
from knowledge.wording import Wording

_OVER = re.compile(
    r"超[没不]超|超了[吗没么]|超(?:标|字|长|出|限)|会超|算超|太长|要删|要缩|缩短|删减"
    r"|too (?:long|much)|over the|exceed|shorten"
)
_NOT_OVER = re.compile(
    r"(?<!超)(?:(?<!有)没有?|(?<!会)不会?|未|(?<!算)不算)超|(?<!算)不算?太?长"
    r"|(?:not|n't) (?:be |too )*(?:long|over|exceed)"
)
_BEYOND = re.compile(r"(?:超过?|多于|大于|over|more than|above|exceed\w*|larger than|bigger than)\s*$")
_SOMEWHAT = re.compile(
    r"超(?:一点|一些|几|出|过|字|限|了?点)|多写|写多|写长|\b(?:go over|exceed|longer than|run over|a bit over)\b"
)
_THIS_YEAR = re.compile(
    r"(?<!不是)今年(?![^,，。]{0,8}(?:[没未]|才?能))[^,，。]{0,8}(?:授权|下的?证|拿证|拿到(?!奖)|到手|批|发证|颁)|(?:授权|下证|拿证)[^,，。]{0,6}(?<!不是)今年"
    r"|(?<!not )(?<!n't )(?<!be )grant(?:ed)? (?:\w+ ){0,4}(?<!not )this (?:year|spring|summer|autumn|month)"
)
_GRANT = re.compile(r"授权|下的?证|拿证|发证|拿到|批下|\bgrant")
_THEMES = re.compile(r"[“\"]([^”\"]{2,12})[”\"]\s*\((\d{4})\s*年\)")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_IN_MONTH = re.compile(r"(?<!\d)(1[0-2]|[1-9])\s*月")
_IN_ENGLISH_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})\b")
_YEAR_END = re.compile(r"年底|年末|年内|\b(?:year'?s end|end of (?:the|this) year|this year)\b")
_BEFORE = re.compile(r"月(?:份)?(?:之)?前|\b(?:before|by)\b")
_LARGER = re.compile(r"超|大于|\b(?:over|exceed\w*|above|larger than|bigger than|more than)\b")  # than the size named
_ELSEWHERE = re.compile(r"链接|网盘|云盘|拆开|分开发|\b(?:link|cloud|drive|split)\b")  # asked instead of attaching
_ATTACHED = re.compile(r"直接|附件里|当附件|作为附件|\b(?:attach\w*|directly)\b")  # asked of the mail itself
_LOOSE = re.compile(r"(\d)\s*个多?\s*(?=[kmg兆])")  # 8个多兆 is 8兆 and somewhat more
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMG])")
_EACH = re.compile(r"单个|单份|单张|每[个份张]|一个文件|\b(?:each|per|single)\b")
_ALL = re.compile(r"加起来|加一起|总[共和量]|合计|全部|所有|\b(?:total|altogether|sum|all|everything|together)\b")
_WHOLE = re.compile(
    r"(?<![\d.])(\d+|[一二两三四五六七八九十百]{1,5})\s*(?:个|家|大|类|项|种|lists?|companies|categories|winners)"
)
_TAKEN = re.compile(r"[一总]共|合计|只有|就[^会]|对[吧吗么]|是不是|\b(?:only|in total|altogether|right|are there)\b")
_COUNT = re.compile(
    r"(?<![\d.来再另])(?P<number>\d+)\s*(?P<unit>个|份|套|张|幅|项|件|位|名|人|copies|copy|sets?|pictures?|images?|photos?|people|persons?)"
)
_NUMERAL = re.compile(r"(?<![来再另第])([一二两三四五六七八九十]{1,3})(?=\s*(?:个|份|套|张|幅|项|件|位|名|人))")
_PAIRS = re.compile(r"[俩仨](?!钱)|\b(?:two|both|three|four|five|six)\b")
_SPELT = {"俩": "2个", "仨": "3个", "two": "2", "both": "2", "three": "3", "four": "4", "five": "5", "six": "6"}
_GRANTED = re.compile(
    r"((?:19|20)\d\d)\s*年?[^,，。;；]{0,4}?(?:授权|下证|拿证|获批|批下来|授予)|(?:授权|下证|授予)[^,，。;；]{0,6}?((?:19|20)\d\d)"
    r"|granted\s+(?:back\s+)?in\s+((?:19|20)\d\d)"
)


def _value(fact: Fact | None) -> int | None:
    """A fact's number; None where it has none or no sentence it rests on."""
    return fact.value if fact and fact.quote and isinstance(fact.value, int) else None


def _length(case: Case, fact: Fact | None) -> Reasoned | None:
    """Whether a text of the length that the question names is short enough."""
    limit, named = _value(fact), scripts.lengths(case.question)
    if fact is None or fact.quote is None or limit is None:
        return None
    question = scripts.digits(case.question)
    if not named and _SOMEWHAT.search(case.question) and not framing(question).turned("leave"):
        point = Wording(f"不行：不能超过{limit}字。", f"No: at most {limit} characters.")
        return Reasoned(point, "no", (fact.quote,))
    if not named:
        return None
    fits = max(named) < limit or (max(named) == limit and not _is_beyond(question, max(named)))
    over = bool(_OVER.search(question)) or framing(question).turned("leave")
    if over and not _NOT_OVER.search(question):  # "is it too long" is answered the other way round
        point = Wording(f"没有超：不超过{limit}字。", f"It is not: at most {limit} characters.")
        if not fits:
            point = Wording(f"超了：不能超过{limit}字。", f"It is too long: at most {limit} characters.")
        return Reasoned(point, "no" if fits else "yes", (fact.quote,))
    if not fits:
        point = Wording(f"不行，超过了上限：不能超过{limit}字。", f"No, that is too long: at most {limit} characters.")
        return Reasoned(point, "no", (fact.quote,))
    return Reasoned(Wording(f"可以：不超过{limit}字。", f"Yes: at most {limit} characters."), "yes", (fact.quote,))


def _is_beyond(question: str, number: float) -> bool:
    """Whether a question asks of more than a number that it names."""
    flat = question.replace(",", "")
    return any(_BEYOND.search(flat[: match.start()]) for match in re.finditer(f"{number:g}", flat))


def counts(text: str) -> list[int]:
    """The numbers of things that a text names, in figures or in words; those with a measure of their own, if any."""
    flat = _PAIRS.sub(lambda match: _SPELT[match[0]], text)
    flat = _NUMERAL.sub(lambda match: str(scripts.number(match[1]) or match[1]), flat)
    found = [(int(match["number"]), match["unit"] != "个") for match in _COUNT.finditer(flat)]
    own = [number for number, measured in found if measured]
    return own or [number for number, _ in found]


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
    if named[-1] == wanted:
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
    present = case.programme.year or case.now.astimezone(case.programme.zone).year
    year = int(next(group for group in match.groups() if group)) if match else _years_back(case.question, present)
    if year is None:
        return None
    if year < present - span:
        point = Wording(
            f"不可以，{year}年授权的太早：要近{span}年内授权的。",
            f"No, {year} is too early: it must have been granted within the last {span} years.",
        )
        return Reasoned(point, "no", quotes)
    if year < present and case.entry and case.entry.point and case.entry.verdicts.get("") == "depends":
        return Reasoned(case.entry.point, "depends", quotes)
    return None


def _years_back(question: str, present: int) -> int | None:
    """The year of a grant that lies so many years back."""
    back = scripts.years_ago(question) if _GRANT.search(question) else None
    return present - back if back and back < present else None


def _between(case: Case, fact: Fact | None) -> Reasoned | None:
    """Whether something happens in the month, or before the end of the year, that the question names.

    The fact is two months, the first and the last: 2024-10/2024-11.
    """
    if fact is None or fact.quote is None or case.entry is None or case.entry.point is None:
        return None
    first, last = (int(month.rpartition("-")[2]) for month in str(fact.value).split("/"))
    by_year = _YEAR_END.search(case.question)
    named = [int(match[1]) for match in _IN_MONTH.finditer(scripts.digits(case.question))]
    named += [_MONTHS.index(match[1]) + 1 for match in _IN_ENGLISH_MONTH.finditer(case.question)]
    if by_year:
        return Reasoned(case.entry.point, "yes", case.entry.quotes)
    if not named:
        return None
    before = _BEFORE.search(case.question)
    fits = last < named[0] if before else first <= named[0] <= last
    return Reasoned(case.entry.point, "yes" if fits else "no", case.entry.quotes)


def _which_year(case: Case, _: Fact | None) -> Reasoned | None:
    """Whether the theme that the question names is that of its year; silent where the guide does not name the year."""
    named = scripts.years(case.question)
    if case.entry is None or case.entry.point is None or not named:
        return None
    told = "".join(quote.text for quote in case.entry.quotes)
    if not any(str(year) in told for year in named):
        return Reasoned(case.entry.point, silent=True)
    themes = {theme: int(year) for theme, year in _THEMES.findall(fold(told)) if theme in case.question}
    if not themes:
        return None
    right = all(year in named for year in themes.values())
    return Reasoned(case.entry.point, "yes" if right else "no", case.entry.quotes)


def bytes_of(fact: Fact | None) -> tuple[int, int] | None:
    """A size fact such as 3M in bytes: counted in thousands, and in 1024s."""
    match = _SIZE.fullmatch(str(fact.value)) if fact else None
    if match is None:
        return None
    power = "KMG".index(match[2]) + 1
    return int(float(match[1]) * 1000**power), int(float(match[1]) * 1024**power)


def _file_size(case: Case, _: Fact | None) -> Reasoned | None:
    """Whether a file of the size that the question names may be sent; silent on whether a limit is that of the sum."""
    if _EACH.search(case.question) and _ALL.search(case.question) and case.entry and case.entry.point:
        stated = any(_EACH.search(quote.text) for quote in case.entry.quotes)
        return None if stated else Reasoned(case.entry.point, silent=True)
    named = scripts.sizes(_LOOSE.sub(r"\1", case.question))
    if not named:
        return None
    beyond = bool(_LARGER.search(case.question)) and not framing(case.question).turned("leave")
    attached = case.programme.facts.get("attachment_maximum")
    if case.programme.facts.get("file_maximum") is None and attached is not None:
        return _attached(case, attached, named[0], beyond)
    return _within(case, named[0], beyond)


def _attached(case: Case, most: Fact, size: int, beyond: bool) -> Reasoned | None:
    """Whether a file may be attached, where what is larger goes as a link."""
    bounds = bytes_of(most)
    if bounds is None or most.quote is None:
        return None
    if size > bounds[1] or beyond:
        if case.entry is None or _ELSEWHERE.search(case.question) or not _ATTACHED.search(case.question):
            return None
        point = Wording(
            f"不能直接作为附件：大于{most.value}的请填分享链接。",
            f"Not as an attachment: over {most.value}, give a share link.",
        )
        return Reasoned(point, "no", case.entry.quotes)
    if _ELSEWHERE.search(case.question):
        point = Wording(
            f"不需要，可以直接作为附件：没有超过{most.value}。", f"No need, attach it: it is not over {most.value}."
        )
        return Reasoned(point, "no", (most.quote,))
    point = Wording(f"可以直接作为附件：没有超过{most.value}。", f"Yes, as an attachment: up to {most.value}.")
    return Reasoned(point, "yes", (most.quote,))


def _within(case: Case, size: int, beyond: bool) -> Reasoned | None:
    """Whether a file lies between the least and the greatest size."""
    least, most = case.programme.facts.get("file_minimum"), case.programme.facts.get("file_maximum")
    low, high = bytes_of(least), bytes_of(most)
    if low and least and least.quote and size < low[0]:
        point = Wording(f"不行，太小了：不能小于{least.value}。", f"No, that is too small: at least {least.value}.")
        return Reasoned(point, "no", (least.quote,))
    if not (high and most and most.quote):
        return None
    if size > high[1] or (beyond and size >= high[0]):
        point = Wording(f"不行，太大了：不能超过{most.value}。", f"No, that is too big: at most {most.value}.")
        return Reasoned(point, "no", (most.quote,))
    return Reasoned(Wording(f"可以：上限是{most.value}。", f"Yes: the limit is {most.value}."), "yes", (most.quote,))


def _counted(case: Case, fact: Fact | None) -> Reasoned | None:
    """Whether the number that the question takes for the whole is the fact's."""
    whole = _value(fact)
    told = [match[1] for match in _WHOLE.finditer(case.question)]
    named = [int(one) if one.isascii() else scripts.number(one) for one in told]
    if whole is None or not named or not _TAKEN.search(case.question) or case.entry is None or case.entry.point is None:
        return None
    return Reasoned(case.entry.point, "yes" if whole in named else "no", case.entry.quotes)


AMOUNTS: Mapping[str, Callable[[Case, Fact | None], Reasoned | None]] = {
    "length": _length,
    "at_most": _at_most,
    "exactly": _exactly,
    "granted": _granted,
    "between": _between,
    "counted": _counted,
    "file_size": _file_size,
    "which_year": _which_year,
}
