"""Verdicts from facts: what a question's dates, sizes and numbers mean beside those of the pack."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from knowledge import deadlines, scripts
from knowledge.amounts import AMOUNTS
from knowledge.case import Case, Reasoned
from knowledge.framing import framing
from knowledge.naming import listed, placed
from knowledge.programme import Programme, Quote, Verdict
from knowledge.query import Query
from knowledge.verdicts import turn
from knowledge.wording import Wording

_WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
_ENGLISH_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT_YEAR = re.compile(
    r"(?<![\d.了过第近满超约做花])(?P<year>[0-4]\d)\s*年(?=\s*(?:(?:1[0-2]|0?[1-9])\s*月|[一二三四五六七八九十]+月|[初底末春夏秋冬]|上半|下半"
    r"|发布|上市|开卖|卖|推出|面世|授权|申请|投产|量产|上线|下证|拿证))|(?<=[a-z] )'(?P<latin>[0-4]\d)\b"
)
_CLOSING = re.compile(r"截止|截至|最后|期限|死线|\b(?:deadline|due|clos\w+|last day|end)\b")
_THAT_DAY = re.compile(r"当天|那天|当日|那日|最后一天|\b(?:last day|on the day|that day|same day)\b")
_UNTIL = re.compile(r"(?:年|月|日|号)(?:份)?(?:之|以)?前|\b(?:before|prior to)\b")
_SINCE = re.compile(r"(?:年|月|日|号)(?:份)?(?:之|以)?后|\b(?:after|since)\b")
_OWN_WAY = frozenset(
    {"length", "deadline", "listed", "placed"}
)  # reasonings that read the direction of a question themselves


def reason(name: str, case: Case) -> Reasoned | None:
    """What the reasoning of this name finds; None where the question or the pack gives it nothing to go on.

    A name may carry the fact that it weighs: "length:limit_summary"; several are joined by "+", the first that finds
    something holds. A verdict is turned where the question is put the other way round ("then it is too late?").
    """
    case = replace(case, question=_SHORT_YEAR.sub(_full, case.question))
    for one in name.split("+"):
        kind, _, fact = one.partition(":")
        found = AMOUNTS[kind](case, case.programme.facts.get(fact)) if kind in AMOUNTS else _REASONS[kind](case)
        if found is not None:
            return found if kind in _OWN_WAY else _turned(case, found, "duty" if kind == "exactly" else "leave")
    return None


def _turned(case: Case, found: Reasoned | None, frame: str = "leave") -> Reasoned | None:
    """What was found, its verdict turned as the question is put."""
    if found is None or found.verdict is None:
        return found
    return replace(found, verdict=turn(found.verdict, framing(case.question).turned(frame)))


def _full(match: re.Match[str]) -> str:
    """A year of two digits as one of four: 21年 is 2021年."""
    return f"20{match['year']}年" if match["year"] else f"20{match['latin']}"


def show(instant: datetime, programme: Programme) -> Wording:
    """A closing instant as the last minute that counts: 24:00 of the last day where it closes at midnight."""
    local = instant.astimezone(programme.zone)
    day, clock = local, f"{local:%H:%M}"
    if (local.hour, local.minute) == (0, 0):
        day, clock = local - timedelta(days=1), "24:00"
    beijing = programme.zone.key == "Asia/Shanghai"
    return Wording(
        f"{day.year}年{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）{clock}"
        + ("（北京时间）" if beijing else ""),
        f"{_ENGLISH_WEEKDAYS[day.weekday()]}, {day:%B} {day.day}, {day.year}, {clock}"
        + (" Beijing time" if beijing else f" ({programme.zone.key})"),
    )


def _closing(case: Case, closes_at: datetime) -> Wording:
    """The closing instant; where the guide may be read more strictly, that reading as advice."""
    when, strict = show(closes_at, case.programme), deadlines.reminding(case.programme, case.notice)
    if strict is None or strict >= closes_at:
        return when
    safe = show(strict, case.programme)
    return Wording(f"{when.zh}；稳妥起见请在{safe.zh}前完成", f"{when.en}; to be safe, finish by {safe.en}")


def _quotes(case: Case) -> tuple[Quote, ...]:
    """The guide's sentence on the deadline."""
    if case.entry and case.entry.quotes:
        return case.entry.quotes
    return (case.programme.deadline.quote,) if case.programme.deadline.quote else ()


def _noticed(case: Case) -> Wording | None:
    """How the organizer's notice is told; None where staff moved nothing."""
    if case.notice is None:
        return None
    noted = case.notice.noted_at.astimezone(case.programme.zone)
    if case.notice.closes_at is None:
        return Wording(
            f"主办方{noted.month}月{noted.day}日通知：截止时间另行公布。指南原文：",
            f"Organizer's notice of {noted:%B} {noted.day}: the deadline will be announced. The guide said:",
        )
    when = show(case.notice.closes_at, case.programme)
    return Wording(
        f"主办方{noted.month}月{noted.day}日通知：截止时间为{when.zh}。指南原文：",
        f"Organizer's notice of {noted:%B} {noted.day}: entries close on {when.en}. The guide said:",
    )


def _deadline(case: Case) -> Reasoned | None:
    """When entries close: the notice of staff, else the pack's own line; whether on the day or hour named."""
    noticed = _noticed(case)
    closes_at = deadlines.effective(case.programme, case.notice)
    if closes_at is None or not Query(case.question).is_polar:
        return Reasoned(noticed, None, _quotes(case)) if noticed else None
    if (instant := _instant(case)) is not None:
        if not _CLOSING.search(case.question):
            return _turned(case, _late(case))
        right = deadlines.last_day(closes_at, case.programme) == instant.astimezone(case.programme.zone).date()
    elif (hour := scripts.hour(case.question)) is not None and deadlines.reminding(
        case.programme, case.notice
    ) == closes_at:
        closing = closes_at.astimezone(case.programme.zone).hour or 24
        if _THAT_DAY.search(case.question) or not _CLOSING.search(case.question):  # whether that hour is still in time
            in_time: Verdict = "yes" if hour <= closing else "no"
            return _turned(case, Reasoned(noticed or _closing(case, closes_at), in_time, _quotes(case)))
        right = hour == closing
    else:
        return Reasoned(noticed, None, _quotes(case)) if noticed else None
    return Reasoned(noticed or _closing(case, closes_at), "yes" if right else "no", _quotes(case))


def _open(case: Case) -> Reasoned | None:
    """Whether entries are taken now: from the clock, never from a sentence."""
    named = _instant(case)
    if named is not None:
        return _late(case)
    phase = deadlines.phase(case.programme, case.now, case.notice)
    closes_at = deadlines.effective(case.programme, case.notice)
    if phase == "unknown":
        return None
    if closes_at is None:
        point = Wording(
            "现在可以报名：截止日期尚未公布。", "Yes, entries are open: no closing date has been announced."
        )
        return Reasoned(point, "yes", _quotes(case))
    when = show(closes_at, case.programme)
    notice = Wording("（主办方通知的时间）", " (by the organizer's notice)") if case.notice else Wording("", "")
    if phase == "open":
        left = deadlines.days_left(case.programme, case.now, case.notice) or 0
        point = Wording(
            f"现在可以报名，截止到{when.zh}{notice.zh}，还有{left}天。",
            f"Yes, entries are open until {when.en}{notice.en}, {left} days from now.",
        )
        return Reasoned(point, "yes", _quotes(case))
    point = Wording(f"已经截止：截止时间是{when.zh}{notice.zh}。", f"No, entries closed on {when.en}{notice.en}.")
    return Reasoned(point, "no", _quotes(case))


def _instant(case: Case) -> datetime | None:
    """The instant that the question asks about (not the one it calls today)."""
    closes_at = deadlines.effective(case.programme, case.notice)
    year = _year(case)
    for moment in scripts.moments(case.question):
        if not moment.today and (found := moment.at(year, case.programme.zone)) is not None:
            return found
    relative = re.search(
        r"(?:晚|迟|过了?|超(?:过)?)(?:了|交)?\s*(?:\d+|一|两|几|半)\s*(?:个)?(?:天|日|小时|分钟)|(?:days?|hours?|minutes?)\s+late",
        case.question,
    )
    return closes_at + timedelta(hours=1) if relative and closes_at else None


def _year(case: Case) -> int:
    """The year that a date without one is of: the edition's, else the present."""
    closes_at = deadlines.effective(case.programme, case.notice)
    if closes_at is not None:
        return deadlines.last_day(closes_at, case.programme).year
    return case.programme.year or case.now.astimezone(case.programme.zone).year


def _late(case: Case) -> Reasoned | None:
    """Whether an instant that the question names is on time."""
    closes_at, instant = deadlines.effective(case.programme, case.notice), _instant(case)
    if closes_at is None or instant is None:
        return None
    when = _closing(case, closes_at)
    if instant >= closes_at:
        return Reasoned(
            Wording(
                f"来不及，那时已经截止：截止时间是{when.zh}。", f"No, that is too late: entries close on {when.en}."
            ),
            "no",
            _quotes(case),
        )
    strict = deadlines.reminding(case.programme, case.notice)
    if strict is not None and instant >= strict:
        point = Wording(
            f"要看怎么理解：指南写的是“前”，没有说当天算不算，最稳妥是在{show(strict, case.programme).zh}之前完成。",
            f'It depends: the guide says "before" and not whether that day counts. '
            f"To be safe, finish by {show(strict, case.programme).en}.",
        )
        return Reasoned(point, "depends", _quotes(case))
    point = Wording(f"来得及：截止时间是{when.zh}。", f"Yes, that is on time: entries close on {when.en}.")
    return Reasoned(point, "yes", _quotes(case))


def _days_left(case: Case) -> Reasoned | None:
    """How many days are left, from today or from the day that the question calls today."""
    closes_at = deadlines.effective(case.programme, case.notice)
    if closes_at is None:
        return None
    last = deadlines.last_day(closes_at, case.programme)
    start = case.now.astimezone(case.programme.zone).date()
    for moment in scripts.moments(case.question):
        if found := moment.at(last.year, case.programme.zone):
            start = found.date()
    left, when = (last - start).days, _closing(case, closes_at)
    if left < 0:
        return Reasoned(
            Wording(f"已经截止：截止时间是{when.zh}。", f"Entries closed on {when.en}."), None, _quotes(case)
        )
    point = Wording(
        f"从{start.month}月{start.day}日算起还有{left}天：截止时间是{when.zh}。",
        f"{left} days from {start:%B} {start.day}: entries close on {when.en}.",
    )
    return Reasoned(point, None, _quotes(case))


def _weekday(case: Case) -> Reasoned | None:
    """The weekday of the last day."""
    closes_at = deadlines.effective(case.programme, case.notice)
    if closes_at is None:
        return None
    when = show(closes_at, case.programme)
    return Reasoned(Wording(f"截止时间是{when.zh}。", f"Entries close on {when.en}."), None, _quotes(case))


def _released(case: Case) -> Reasoned | None:
    """Whether a release that the question dates lies after the day the pack names."""
    fact = case.programme.facts.get("released_after")
    if fact is None or fact.quote is None:
        return None
    bound = date.fromisoformat(str(fact.value))
    earliest, latest = _span(case)
    if earliest is None or latest is None:
        return None
    told = Wording(f"{bound.year}年{bound.month}月{bound.day}日", f"{bound:%B} {bound.day}, {bound.year}")
    if latest < bound:
        point = Wording(f"不符合：成果须在{told.zh}之后发布上市。", f"No: it must have been released after {told.en}.")
        return Reasoned(point, "no", (fact.quote,))
    if earliest > bound or (earliest == bound and (latest > bound or _SINCE.search(case.question))):
        point = Wording(
            f"符合这一条：成果须在{told.zh}之后发布上市。",
            f"Yes, on this point: it must have been released after {told.en}.",
        )
        return Reasoned(point, "yes", (fact.quote,))
    point = Wording(
        f"要看具体日期：指南写的是{told.zh}后，当天算不算没有说。",
        f"It depends on the day: the guide says after {told.en}, and not whether that day counts.",
    )
    return Reasoned(point, "depends", (fact.quote,))


def _span(case: Case) -> tuple[date | None, date | None]:
    """The first and the last day of the time that a question names."""
    zone, year = case.programme.zone, case.programme.year or case.now.year
    first = last = None
    for moment in scripts.moments(case.question):
        if found := moment.at(year, zone):
            first = last = found.date()
            break
        if moment.month:
            first = date(moment.year or year, moment.month, 1)
            last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            break
    if first is None and (named := scripts.years(case.question)):
        first, last = date(named[-1], 1, 1), date(named[-1], 12, 31)
    if first is not None:  # "before 2022" is all that came earlier
        return (date.min, first - timedelta(days=1)) if _UNTIL.search(case.question) else (first, last)
    back = scripts.years_ago(case.question)
    if back is None or back >= year:
        return None, None
    return date(year - back, 1, 1), date(year - back, 12, 31)


_REASONS: Mapping[str, Callable[[Case], Reasoned | None]] = {
    "deadline": _deadline,
    "open": _open,
    "late": _late,
    "days_left": _days_left,
    "weekday": _weekday,
    "released": _released,
    "listed": listed,
    "placed": placed,
}
NAMES = frozenset(_REASONS) | frozenset(AMOUNTS)
