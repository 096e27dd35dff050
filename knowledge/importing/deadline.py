"""When submissions close, as the guide's sentences say it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge.importing.dates import Day, days
from knowledge.importing.proposal import Said, pattern, proposed
from knowledge.writer import Noted

_CLOSES = re.compile(r"截止|截稿|deadline|closing date|no later than|\bdue\b|\bcloses?\b|逾期", re.IGNORECASE)
_ENTRIES = re.compile(
    r"报名|申报|申请|提交|征集|投稿|材料|报送|寄|发送|推荐|参评|参赛|submi|appl|entr|register|nominat|proposal",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"前|之前|至|止|—|~|\b(?:by|before|until|till|to)\b", re.IGNORECASE)
_HEADED = re.compile(
    r"时间|截止|报名|申报|征集|申请|日程|安排|deadline|dates?|timeline|schedule|apply|submission", re.IGNORECASE
)
_OTHER = pattern(
    r"评审|初审|终审|复审|初评|复评|公示|公布结果|结果公布|公布最终|颁奖|发布会|上市|答辩|路演|缴费|成立于",
    r"出生|注册成立|起满|授权|论坛|通知入选|入选名单|result|ceremon|announc|review|interview|notif|\bborn\b",
    r"launched|released|founded|established|award gala|shortlist",
)
_ANNOUNCED = pattern(
    r"另行(?:通知|公布|公告)|择期|待定|推送|(?:将|会).{0,20}(?:通知|公布|公告)|to be announced|\bTBA\b|\bTBD\b",
    r"will be announced",
)
_ROLLING = re.compile(
    r"(?:全年|常年|长期|随时).{0,8}(?:受理|开放|申报|报名|接受|征集)|rolling basis|all year round|year-round",
    re.IGNORECASE,
)
_LEAST = 3


@dataclass(frozen=True, slots=True)
class Closing:
    """A sentence that may say when submissions close: the last day it names, and how much speaks for it."""

    sentence: Said
    day: Day
    score: int


def closings(sentences: Sequence[Said], year: int) -> list[Closing]:
    """What may be the deadline, the likeliest first. `year` is the edition's, for days without one."""
    found = []
    for sentence in sentences:
        named = [day.in_year(year) for day in days(sentence.text)]
        score = _score(sentence, named)
        if named and named[-1].year and not named[-1].after and score >= _LEAST:
            found.append(Closing(sentence, named[-1], score))
    return sorted(found, key=lambda closing: -closing.score)


def _score(sentence: Said, named: Sequence[Day]) -> int:
    """How much speaks for a sentence as the one on the deadline."""
    score = 3 * sentence.has(_CLOSES) + 2 * sentence.has(_ENTRIES) + sentence.has(_UNTIL)
    score += bool(_HEADED.search(sentence.section)) + (len(named) > 1) - 4 * sentence.has(_OTHER)
    return score


def propose_deadline(sentences: Sequence[Said], year: int) -> Noted | None:
    """The deadline of programme.yaml; None where the guide names none."""
    found = closings(sentences, year)
    if found:
        return _dated(found)
    open_ended = next(
        (one for one in sentences if (one.has(_CLOSES) and one.has(_ANNOUNCED)) or one.has(_ROLLING)), None
    )
    if open_ended is None:
        return None
    return proposed(
        {"closes_at": None, "quote": open_ended.text}, "the guide names no day; null means that none is announced"
    )


def _dated(found: Sequence[Closing]) -> Noted:
    """The likeliest day, and in the mark the others that the guide may mean."""
    best = found[0]
    closes = best.day.closes()
    values: dict[str, object] = {"closes_at": _told(closes)}
    reason = "no hour named: to the end of the day" if best.day.hour is None and not best.day.end else "as named"
    if best.day.before and best.day.hour is None:
        values["remind_at"] = _told(datetime(best.day.year, best.day.month, best.day.day))  # noqa: DTZ001 - no zone
        reason = "「前」 may leave that day out: open to its end, reminded before it begins"
    values["quote"] = best.sentence.text
    others = {_told(other.day.closes()) for other in found[1:]} - {_told(closes)}
    also = f"; also named: {', '.join(sorted(others))}" if others else ""
    return proposed(values, f"score {best.score}, {reason}{also}")


def _told(instant: datetime) -> str:
    """An instant as packs write it."""
    return instant.isoformat(timespec="minutes")
