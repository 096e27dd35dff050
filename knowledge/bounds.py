"""Verdicts from a sentence alone: a number beside the bounds it sets, what it allows or bars, and plain yes or no."""

import re
from collections.abc import Iterator, Mapping, Sequence

from knowledge.glossary import Term, keys
from knowledge.programme import Verdict
from knowledge.scripts import Moment, moments, number, simplify, years
from knowledge.text import fold
from knowledge.units import Unit

_UNITS: Mapping[str, tuple[str, float]] = {
    "gb": ("size", 1000.0), "g": ("size", 1000.0), "mb": ("size", 1.0), "m": ("size", 1.0), "兆": ("size", 1.0),
    "kb": ("size", 0.001), "k": ("size", 0.001), "千克": ("weight", 1.0), "公斤": ("weight", 1.0),
    "kg": ("weight", 1.0), "kilograms": ("weight", 1.0), "字": ("words", 1.0), "words": ("words", 1.0),
    "页": ("pages", 1.0), "pages": ("pages", 1.0), "page": ("pages", 1.0), "周岁": ("age", 1.0), "岁": ("age", 1.0),
    "years old": ("age", 1.0), "分钟": ("minutes", 1.0), "minutes": ("minutes", 1.0), "minute": ("minutes", 1.0),
    "mins": ("minutes", 1.0), "人": ("people", 1.0), "名": ("people", 1.0), "people": ("people", 1.0),
    "张": ("sheets", 1.0), "幅": ("sheets", 1.0), "images": ("sheets", 1.0), "photos": ("sheets", 1.0),
    "像素": ("pixels", 1.0), "pixels": ("pixels", 1.0), "个月": ("months", 1.0), "months": ("months", 1.0),
}  # fmt: skip
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_NUMBER = r"(?<![\d,])\d[\d,]{0,11}(?:\.\d{1,6})?"
_NAMED = re.compile(rf"(?P<number>{_NUMBER})\s*(?:多)?(?:个(?!月))?\s*(?P<unit>{_UNIT})(?![a-z])")
_RANGE = re.compile(
    rf"(?P<low>{_NUMBER})\s*(?:{_UNIT})?\s*(?:-|–|—|~|至|到|\bto\b|\band\b)\s*(?P<high>{_NUMBER})\s*(?P<unit>{_UNIT})(?![a-z])"
)
_MOST = re.compile(
    rf"(?:不超过|不得超过|不多于|不大于|至多|最多|up to|no more than|at most|not exceed|maximum of|within)"
    rf"\s*(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})(?![a-z])"
    rf"|(?P<later>{_NUMBER})\s*(?P<later_unit>{_UNIT})\s*(?:以内|以下|之内|or less|or fewer)"
)
_LEAST = re.compile(
    rf"(?:不少于|不低于|不小于|至少|最少|年满|at least|no (?:less|fewer|smaller) than)"
    rf"\s*(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})(?![a-z])"
    rf"|(?P<later>{_NUMBER})\s*(?P<later_unit>{_UNIT})\s*(?:以上|or (?:more|over|older))"
)
_OVER = re.compile(r"超(?!清)|太(?:长|大|重|多)|\btoo (?:long|big|large|heavy|many|much)\b|\bover\b|\bexceed")
_SHORT = re.compile(r"太(?:小|短|少|轻)|\btoo (?:short|small|few|light)\b")
_ANSWER = re.compile(
    r"(?:^|\ba\s*[.:：]\s*|答\s*[:：]\s*)(?P<word>yes\b|no\b|可以(?!,但)|不可以|不能|不行|能|是的|不是|否|没关系|没问题|不(?:保证|加分|需要|用|会|收|退|设))",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[日月年]\s*(?:以|之)?后|\bon or after\b|\bafter\b|\bsince\b")
_BEFORE = re.compile(
    r"[日时点)）]\s*(?:以|之)?前|截止|截至|[至到—–~-]\s*(?:20\d\d\s*年)?\d"
    r"|\b(?:by|until|due|clos\w+|before|no later than)\b"
)
_ASKS_BEFORE = re.compile(r"(?:底|初|日|号|月)(?:以|之)?前|\b(?:by|before|until)\b")  # "will it be known by then"
_LASTING = re.compile(r"[满超足]\S{0,4}(?:年|月)|连续|\bfor at least\b")  # how long by a day, and no bound of days
_CLAUSES = re.compile(r"[，,；;。:：]|\bbut\b|\.\s")
_BARRED = re.compile(
    r"不(?!仅|晚于|早于|断|同|限|论|管|影响|要求|强求|超过|少于|低于|多于|大于|小于|可抗|作要求|占|受|必|用|需|妨)|禁止|无(?!论|需|须|效|故)"
    r"|没有?(?!关系|问题)|未(?!取得|获|满|获得|注册|发表)|自理|\b(?:cannot|never|none|nothing|nobody|prohibited|ineligible)\b"
    r"|\b(?:not|no)\b(?! (?:more|less|fewer|later|condition|longer|required|matter|need|limit))"
)
_DENIED = re.compile(rf"(?:{_BARRED.pattern})[\u3400-\u9fff]{{0,2}}")  # with what it bars
_MAY = re.compile(
    r"可(?!能|追溯|复制|持续|推广|行性)|均能|欢迎|不影响|不限|不要求|不作要求|不受|没关系|没问题|即可|就行|^能|同等|允许|接受"
    r"|\bmay\b|\bcan\b|\ballowed\b|\bwelcome\b|\baccepted\b|\bdoes not matter\b|\bnot a condition\b"
)
_SPARED = re.compile(
    r"无需|无须|不需|不用|不必|不要求|不强求|不强制|自愿|可交可不交|可选|可不|免交|免费|不收"
    r"|\boptional\b|\bnot (?:required|necessary|a condition)\b|\bneed not\b|\bno need\b|\bfree\b"
)
_OWED = re.compile(r"须|必须|应(?!用|届|急|对)|务必|一律|需(?!求)|\bmust\b|\bshall\b|\brequired\b|\bhave to\b")
_ASKS_LEAVE = re.compile(
    r"可以|能(?!源|力|耗|效|碳)|行(?=[吗么不嘛呗吧啊]|$|[?？])|可否|可不可|允许|够格|资格|合规|有戏|还收|接[受收]|收不|算数|来得及|赶得上"
    r"|\b(?:can|may|could|allowed|ok|okay|accepted|eligible|qualify|possible|fine)\b"
)
_ASKS_DUTY = re.compile(
    r"要不要|用不用|需不需|必须|一定|非得|需要|硬性|强制|要(?=盖|交|带|去|填|写|签|打|寄|现场|装订|付|花|自己|整|快递|本人)|得(?=交|填|写|去|有|带|付)"
    r"|\b(?:must|have to|need|required?|compulsory|mandatory|necessary)\b"
)
_ASKS_THING = re.compile(
    r"会(?!议|员|场|计|费)|有没有|有(?=.{0,8}[吗么没不])|给|还我|退|发不|公开|提供|报销|包|管没"
    r"|^(?:do|does|will|is there|are there)\b|[,.!] (?:do|does|will|is there)\b"
)
_TROUBLE = re.compile(
    r"取消|违规|作废|刷掉|扣分|有问题|影响|迟到|淘汰|除了|哪|什么|啥|怎|多少|几"
    r"|\b(?:disqualif\w*|penali\w*|wh(?:at|ich|en|ere|o)|how|why)\b"
)
_CONDITION = re.compile(
    r"但|除[^。]{1,12}外|如[有果]|否则|仅限|\b(?:if|unless|except|only|apart from|otherwise|as long as|provided)\b"
)
_EXCEPTED = re.compile(r"除|仅作|只作|^(?:答:)?(?:可以|能用?),但|\b(?:unless|except|apart from)\b")
_NEGATED = re.compile(r"免费|禁止|不(?=[交寄盖写填去参付])|\b(?:free|without|prohibited|forbidden|only|not|or)\b|还是")
_NO = re.compile(r"no|不|否")


def verdict(question: str, unit: Unit, asked: Sequence[Term]) -> Verdict | None:
    """What a sentence says to a yes/no question, where it is certain; `question` is folded and simplified."""
    said = simplify(fold(unit.quote.text))
    if unit.kind == "answer":
        match = _ANSWER.search(simplify(fold(unit.quote.text.removeprefix(unit.asked))).strip())
        return ("no" if _NO.match(match["word"]) else "yes") if match else None
    bounds = list(_bounds(said))
    for kind, value in _amounts(question):
        mine = [(low, high) for what, low, high in bounds if what == kind]
        if mine:
            over = any(value > high for _, high in mine)
            under = any(value < low for low, _ in mine)
            if _OVER.search(question):
                return "yes" if over else "no"
            if _SHORT.search(question):
                return "yes" if under else "no"
            return "no" if over or under else "yes"
    if (dated := _dated(question, said)) or unit.kind == "row":
        return dated if unit.kind != "row" else None
    return None if bounds or _NEGATED.search(question) else _plain(question, said, asked)


def _dated(question: str, said: str) -> Verdict | None:
    """Whether the day or the year that a question names lies within what a sentence dates; None where it touches it."""
    theirs = [moment for moment in moments(said) if moment.year and moment.month]
    if not theirs or _ASKS_BEFORE.search(question) or _LASTING.search(said):
        return None
    after = _AFTER.search(said)
    if not after and not _BEFORE.search(said):
        return None
    bound = theirs[0] if after else theirs[-1]
    low, high = _span(bound, bound.year or 0)
    mine = [_span(moment, bound.year or 0) for moment in moments(question) if moment.month and not moment.today]
    mine = mine or [((year, 1, 1), (year, 12, 31)) for year in years(question)]
    if not mine:
        return None
    earliest, latest = mine[0]
    if latest < low:
        return "no" if after else "yes"
    return ("yes" if after else "no") if earliest > high else None


def _span(moment: Moment, year: int) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """The first and the last day that a moment may mean, in `year` where it names none."""
    in_year, month = moment.year or year, moment.month or 1
    return (in_year, month, moment.day or 1), (in_year, month, moment.day or 31)


def _plain(question: str, said: str, asked: Sequence[Term]) -> Verdict | None:
    """What a sentence bars, allows, asks or spares where it speaks of the question; None where that is not plain."""
    clauses = [clause for clause in _CLAUSES.split(said) if clause.strip()]
    if not clauses or _TROUBLE.search(question):
        return None
    shared = [sum(worth for term in asked for worth in _shared(term, clause)) for clause in clauses]
    place = shared.index(max(shared))
    clause = clauses[place] if max(shared) > 0 else said
    whole = not _CONDITION.search(said)
    if _ASKS_DUTY.search(question):
        if _SPARED.search(clause):
            return "no"
        return "yes" if whole and _OWED.search(clause) and not _BARRED.search(said) else None
    if _ASKS_LEAVE.search(question):
        return _left(clause, said, whole and "须" not in said)
    return "no" if _ASKS_THING.search(question) and _BARRED.search(clause) and not _MAY.search(clause) else None


def _left(clause: str, said: str, whole: bool) -> Verdict | None:
    """Whether a clause allows or bars; the sentence where the clause does neither. `whole`: it sets no condition."""
    for text in (clause, said):
        may, barred = bool(_MAY.search(_DENIED.sub("", text))), bool(_BARRED.search(text))
        if may and barred:
            return None
        if barred:
            return None if _EXCEPTED.search(said) else "no"
        if may:
            return "yes" if whole else None
    return None


def _shared(term: Term, clause: str) -> Iterator[float]:
    """What a term of the question is worth in a clause that holds it."""
    held = keys(clause)
    if worths := [worth for key, worth in term.keys if key in held]:
        yield term.weight * max(worths)


def _amounts(text: str) -> list[tuple[str, float]]:
    """The amounts that a text names, by what they measure."""
    flat = re.sub(
        r"[零〇一二两三四五六七八九十百千万]+(?=\s*(?:多)?个?(?:字|页|岁|周岁|分钟|人|名|张|幅|公斤|千克|兆|[mgk]))",
        lambda match: str(number(match[0]) or match[0]),
        text,
    )
    return [_measured(match["number"], match["unit"]) for match in _NAMED.finditer(flat)]


def _bounds(text: str) -> Iterator[tuple[str, float, float]]:
    """The least and the greatest amounts that a sentence allows."""
    for match in _RANGE.finditer(text):
        kind, high = _measured(match["high"], match["unit"])
        yield kind, _measured(match["low"], match["unit"])[1], high
    for match in _MOST.finditer(text):
        kind, high = _measured(match["number"] or match["later"], match["unit"] or match["later_unit"])
        yield kind, 0.0, high
    for match in _LEAST.finditer(text):
        kind, low = _measured(match["number"] or match["later"], match["unit"] or match["later_unit"])
        yield kind, low, float("inf")


def _measured(value: str, unit: str) -> tuple[str, float]:
    """An amount as what it measures and how much, in the first unit of its kind."""
    kind, scale = _UNITS[unit]
    return kind, float(value.replace(",", "")) * scale
