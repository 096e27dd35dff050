"""Facts that answers reason from: fee, copies, sizes, word limits, counts, ages, dates of release."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from knowledge.importing.dates import days
from knowledge.importing.proposal import Said, fact, pattern
from knowledge.scripts import number
from knowledge.writer import Noted

_FREE = pattern(
    r"不收取?(?:任何)?(?:报名|参评|参赛|评审|申报)?.{0,4}费|(?:无需|不需要?|无须)(?:缴|交|支付)?.{0,6}费|免(?:收|缴|交).{0,6}费",
    r"免费(?:申请|报名|参加|参评|参赛|申报)|free of charge|no (?:\w+ )?(?:fee|charge)",
    r"(?:free|nothing) to (?:apply|enter|pay)|(?:entry|application) is free",
)
_FEE = pattern(
    r"(?:报名|参评|参赛|评审|申报|注册|服务)费[^。；]{0,12}?(?P<amount>\d[\d,.]*\s*万?元)",
    r"(?:entry|application|registration|submission) fee[^.;]{0,24}?"
    r"(?P<english>(?:USD|US\$|CNY|RMB|EUR|GBP|[$€£¥])\s?\d[\d,.]*\d|\d[\d,.]*\s?(?:USD|CNY|RMB|EUR|GBP|yuan|dollars|euros))",
)
_COPIES = pattern(
    r"(?:纸质|书面|打印|盖章)[^。；，]{0,14}?(?:一式)?(?P<first>NUMBER)\s*份",
    r"一式(?P<second>NUMBER)\s*份|(?P<third>NUMBER)\s*份(?:纸质|书面|打印)",
    r"(?P<english>NUMBER)\s+(?:printed|hard|paper|bound|signed)\s+cop",
)
_LARGEST = pattern(
    r"(?:不超过|不得超过|不超|小于|不大于|不得大于|低于|限|≤|<|大于|超过)\s*(?P<number>SIZE)\s*(?P<unit>UNIT)",
    r"(?:within|under|up to|no (?:larger|more|bigger) than|not exceed(?:ing)?|maximum(?: of)?|max\.?)"
    r"\s*(?P<english>SIZE)\s*(?P<english_unit>UNIT)",
    r"(?P<later>SIZE)\s*(?P<later_unit>UNIT)\s*(?:以内|以下|之内|or less|or smaller|maximum|max)",
)
_LEAST = pattern(
    r"(?:不小于|不低于|不少于|不得小于|≥|at least|no (?:less|smaller) than)\s*(?P<number>SIZE)\s*(?P<unit>UNIT)"
)
_BETWEEN = pattern(r"(?P<low>SIZE)\s*(?P<small>UNIT)\s*(?:-|—|~|至|到|to)\s*(?P<high>SIZE)\s*(?P<big>UNIT)")
_WORDS = pattern(
    r"(?:不超过|不得超过|不超|限|控制在|少于|within|up to|no more than|not exceed(?:ing)?|maximum(?: of)?"
    r"|max\.?|limit(?:ed)? (?:of|to))\D{0,6}?(?P<number>\d{2,5})\s*(?:个?字|words?|characters?)",
    r"(?P<later>\d{2,5})\s*(?:个?字|words?|characters?)\s*(?:以内|以下|之内|左右|or less|or fewer|max)",
)
_UNLIMITED = pattern(
    r"(?:次数|数量)[^。；]{0,6}不(?:受|作|做|加)?限|不限(?:数量|项目数|次数|制)",
    r"(?:unlimited|no limit (?:on|to))[^.;]{0,20}(?:entr|submi|appl)",
)
_ONLY = pattern(
    r"(?:每|同一)[^。；，]{0,10}?(?:限|只能|仅可|最多|至多|仅限|可)[^。；，]{0,5}?(?P<number>NUMBER)\s*(?:个|项|件|份|篇|部)",
    r"(?:at most|up to|only|no more than|limited to)\s+(?P<english>NUMBER)"
    r"\s+(?:entr|submission|application|project)",
)
_AGES = re.compile(
    r"(?P<low>\d{2})\s*(?:周岁)?\s*(?:-|—|~|至|到|to|and)\s*(?P<high>\d{2})\s*(?:周?岁|years?)", re.IGNORECASE
)
_YOUNGER = pattern(
    r"(?P<number>\d{2})\s*周?岁(?:及?以下|以内)|(?:不超过|未满|不满|不得超过)\s*(?P<later>\d{2})\s*周?岁",
    r"(?:under|younger than|below|no older than)\s+(?P<english>\d{2})",
)
_RELEASED = re.compile(r"发布|上市|推出|投产|投入市场|released|launched|on the market", re.IGNORECASE)
_PATENTS = re.compile(r"专利|patent", re.IGNORECASE)
_PICTURE = re.compile(r"图片|照片|图像|image|picture|photo", re.IGNORECASE)
_LIMITS: Mapping[str, str] = {
    "简介": "profile", "摘要": "summary", "概述": "summary", "简述": "summary", "技术": "technology",
    "应用": "application", "创新": "innovation", "理由": "reason", "事迹": "story", "团队": "team", "计划": "plan",
    "abstract": "summary", "summary": "summary", "biography": "profile", "profile": "profile",
    "statement": "statement", "essay": "essay", "description": "description",
}  # fmt: skip
_ENGLISH: Mapping[str, int] = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def propose_facts(sentences: Sequence[Said]) -> dict[str, Noted]:
    """The facts of programme.yaml by key; of several sentences for one key the first."""
    found = dict[str, Noted]()
    for sentence in sentences:
        for read in _READ:
            for key, value, reason in read(sentence):
                name = _free(found, key) if key.startswith("limit_") else key
                found.setdefault(name, fact(value, sentence, reason))
    return found


Found = Iterator[tuple[str, object, str]]


def _fee(sentence: Said) -> Found:
    if match := _FEE.search(sentence.text):
        yield "fee", (match["amount"] or match["english"]), "an amount beside a fee"
    elif sentence.has(_FREE):
        yield "fee", 0, "says that nothing is charged"


def _copies(sentence: Said) -> Found:
    if (match := _COPIES.search(sentence.text)) and (value := _count(match)):
        yield "paper_copies", value, "copies on paper"


def _sizes(sentence: Said) -> Found:
    if match := _BETWEEN.search(sentence.text):
        yield "file_minimum", _told(match["low"], match["small"]), "a range of sizes"
        yield "file_maximum", _told(match["high"], match["big"]), "a range of sizes"
        return
    if match := _LEAST.search(sentence.text):
        yield "file_minimum", _told(match["number"], match["unit"]), "a least size"
    if match := _LARGEST.search(sentence.text):
        size = _told(*(value for value in match.groups() if value))
        near = sentence.text[max(0, match.start() - 12) : match.start()]
        key = "picture_maximum" if _PICTURE.search(near) else "attachment_maximum" if "附件" in near else "file_maximum"
        yield key, size, "a greatest size"


def _told(size: str, unit: str) -> str:
    """A size as facts write it."""
    return f"{size}{unit[0].upper()}"


def _words(sentence: Said) -> Found:
    for match in _WORDS.finditer(sentence.text):
        near = f"{sentence.before}{sentence.text[: match.start()]}".lower()
        name = max(_LIMITS, key=near.rfind)
        key = _LIMITS[name] if name in near else "text"
        yield f"limit_{key}", int(match["number"] or match["later"]), "a greatest length in words"


def _entries(sentence: Said) -> Found:
    if sentence.has(_UNLIMITED):
        yield "submissions", "unlimited", "says that the number is not limited"
    elif (match := _ONLY.search(sentence.text)) and (value := _count(match)) and not sentence.has(_PICTURE):
        yield "submissions", value, "a number for each entrant"


def _ages(sentence: Said) -> Found:
    if match := _AGES.search(sentence.text):
        yield "age_minimum", int(match["low"]), "a range of ages"
        yield "age_maximum", int(match["high"]), "a range of ages"
    elif match := _YOUNGER.search(sentence.text):
        value = int(match["number"] or match["later"] or match["english"])
        yield "age_maximum", value, "a greatest age"


def _released(sentence: Said) -> Found:
    for day in days(sentence.text):
        if day.after and day.year and sentence.has(_RELEASED) and not sentence.has(_PATENTS):
            yield "released_after", f"{day.year}-{day.month:02}-{day.day:02}", "a day after which it must have come out"


_READ: tuple[Callable[[Said], Found], ...] = (_fee, _copies, _sizes, _words, _entries, _ages, _released)


def _count(match: re.Match[str]) -> int:
    """The number that a match holds in any of its groups; 0 where there is none."""
    text = next((value for value in match.groupdict().values() if value), "")
    return int(text) if text.isdigit() else (_ENGLISH.get(text.lower()) or number(text) or 0)


def _free(found: Mapping[str, object], key: str) -> str:
    """The key, or with a number where it is taken."""
    names = [key, *(f"{key}_{place}" for place in range(2, 100))]
    return next(name for name in names if name not in found)
