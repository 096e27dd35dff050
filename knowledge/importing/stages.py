"""The stages of a programme, where the guide lists them."""

import re
from collections.abc import Sequence

from knowledge.importing.dates import days
from knowledge.importing.proposal import Said, pattern, proposed
from knowledge.writer import Noted

_HEADED = pattern(
    r"流程|日程|安排|进度|阶段|时间表|步骤|timeline|schedule|key dates|important dates|stages|process",
)
_NAMED = pattern(
    r"^(?:[-•·]\s*)?(?:[\d一二三四五六七八九十]{1,3}\s*[、.．)）]|[（(][\d一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十\d]+"
    r"阶段\s*[:：]?)?\s*(?P<name>[^：:（(，,。；;\d]{2,30}?)\s*(?:[（(](?P<when>[^）)]*)[）)])?\s*[:：](?P<res"
    r"t>.*)$",
)
_STAGE = re.compile(r"^第[一二三四五六七八九十\d]+阶段\s*[:：]\s*(?P<name>.{2,30})$")
_MOST = 12


def propose_stages(sentences: Sequence[Said], year: int) -> list[Noted]:
    """The stages in the guide's order: headings of stages, else lines "name (dates): …" of a section on the course."""
    found, headings = list[Noted](), set[str]()
    for sentence in sentences:
        if (match := _STAGE.match(sentence.section)) and sentence.section not in headings:
            headings.add(sentence.section)
            found.append(_stage(match["name"], sentence, year))
    if not found:
        found = [
            _stage(match["name"], sentence, year)
            for sentence in sentences
            if _HEADED.search(sentence.section) and (match := _NAMED.match(sentence.text)) and days(sentence.text)
        ]
    return found[:_MOST] if len(found) > 1 else []


def _stage(name: str, sentence: Said, year: int) -> Noted:
    """A stage with the first and the last day that its sentence names."""
    named = [day.in_year(year) for day in days(sentence.text)]
    told = [f"{day.year}-{day.month:02}-{day.day:02}" for day in named if day.year]
    value: dict[str, object] = {"name": {"zh": name.strip(), "en": name.strip()}}
    if len(told) > 1:
        value["starts"] = told[0]
    if told:
        value["ends"] = told[-1]
    return proposed({**value, "quote": sentence.text}, "a stage of the course; say its name in English")
