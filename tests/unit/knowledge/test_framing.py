"""Which way round a yes/no question is put, whatever it is about."""

import pytest

from knowledge.framing import FRAMES, framing
from knowledge.library import Library
from knowledge.programme import Entry, Topic, Verdict
from knowledge.query import Query, read
from knowledge.verdicts import verdict_of
from knowledge.wording import Wording

TOPIC = Topic("any", Wording("任意", "any"), stances={"part": ("半份", "half")})


def verdict(question: str, before: str = "", **given: Verdict) -> Verdict | None:
    """The verdict of an entry that says this, by frame or stance."""
    entry = Entry("any", verdicts={key.replace("_", " "): one for key, one in given.items()})
    return verdict_of(Query(read(question)), TOPIC, entry, before)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("我们这种能报吗", "yes"),
        ("我们这种报不报得", "yes"),
        ("我们就不让报了是吗", "no"),
        ("再报一次是不是就违反规定了？", "no"),
        ("我们没戏了吧", "no"),
        ("这样报没关系吧", "yes"),
        ("这样报不要紧吧", "yes"),
        ("这样报要紧吗", "no"),
        ("这样会被刷掉吗", "no"),
        ("这样不会被刷掉吧", "yes"),
        ("我们报成不成", "yes"),
        ("用英文得唔得", "yes"),
        ("我们中不中", "yes"),
        ("咱们去报可以伐", "yes"),
        ("不能公开的数据很多，还能报吗", "yes"),
        ("这种能报吗还是就没戏了", "yes"),
        ("Can we enter?", "yes"),
        ("Are we excluded?", "no"),
        ("We would be disqualified, right?", "no"),
        ("Can't we enter?", "no"),
        ("Is it a problem if we enter?", "no"),
        ("Is it OK if we enter?", "yes"),
        ("That won't be a problem, right?", "yes"),
        ("Are they taking us, or has the door shut?", "yes"),
    ],
)
def test_leave_is_asked_either_way(question: str, expected: str) -> None:
    assert verdict(question, leave="yes") == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("要盖章吗", "yes"),
        ("非得盖章吗", "yes"),
        ("不盖章行不行", "no"),
        ("不盖章，行吗", "no"),
        ("不用盖章吧", "no"),
        ("这一行空着没关系吧", "no"),
        ("不盖章会被退回吗", "yes"),
        ("不盖章就不行吗", "yes"),
        ("没盖章要紧吗", "yes"),
        ("盖不盖都行吧", "no"),
        ("只签字不盖章可以吗", "no"),
        ("要不要盖章", "yes"),
        ("也要盖章？", "yes"),
        ("Must we stamp it?", "yes"),
        ("Can we skip the stamp?", "no"),
        ("Is it OK without a stamp?", "no"),
        ("We forgot the stamp. Is that a problem?", "yes"),
        ("We don't need to stamp it, right?", "no"),
        ("Isn't a stamp mandatory?", "yes"),
        ("stamp optional?", "no"),
    ],
)
def test_duty_is_asked_as_such_or_as_what_may_be_skipped(question: str, expected: str) -> None:
    assert verdict(question, duty="yes") == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("有奖杯没有？厂里空了个格子", "yes"),
        ("有冇奖杯", "yes"),
        ("没有奖杯吧", "no"),
        ("是不是没有奖杯", "no"),
        ("不发奖杯对吧", "no"),
        ("没入围的话，有奖杯吗", "yes"),
        ("Is there a trophy?", "yes"),
        ("There is no trophy, right?", "no"),
        ("Isn't there a trophy?", "yes"),
    ],
)
def test_thing_is_asked_for_or_denied(question: str, expected: str) -> None:
    assert verdict(question, thing="yes") == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("只收国内的吗", "no"),
        ("国内的才能报吧", "no"),
        ("不只收国内的吧", "yes"),
        ("那几个领域是写死的吗", "no"),
        ("Is it only for domestic firms?", "no"),
        ("It is not limited to domestic firms, right?", "yes"),
        ("我们只有十个人，能报吗", "yes"),
        ("Our text is only in English, is it OK?", "yes"),
    ],
)
def test_limit_is_no_matter_of_leave(question: str, expected: str) -> None:
    assert verdict(question, only="no", leave="yes") == expected


@pytest.mark.parametrize(
    ("question", "given", "expected"),
    [
        ("什么时候能报", {"leave": "yes"}, None),
        ("要交什么", {"duty": "yes"}, None),
        ("必须盖章吗", {"leave": "yes"}, None),
        ("只收国内的吗", {"leave": "yes"}, None),
        ("交半份行吗", {"part": "no", "leave": "yes"}, "no"),
        ("交半份会作废吗", {"part": "no", "leave": "yes"}, "yes"),
        ("不交半份行吗", {"part_duty": "yes"}, "no"),
        ("能报吗", {"leave": "depends"}, "depends"),
        ("不能报吧", {"leave": "depends"}, "depends"),
        ("看得见吗", {"": "yes"}, "yes"),
    ],
)
def test_what_is_not_said_gives_no_verdict(question: str, given: dict[str, Verdict], expected: str | None) -> None:
    assert verdict(question, **given) == expected


def test_stance_may_stand_in_the_question_before() -> None:
    assert verdict("那这样行吗", before="我们只有半份材料", part="no", leave="yes") == "no"


def test_places_of_bars_are_those_of_the_text() -> None:
    put = framing("我们能不能报，会不会被取消")
    assert [put.text[start:end] for start, end in put.bars] == ["取消"]


def test_packs_give_verdicts_on_stances_and_frames_that_exist(library: Library) -> None:
    stances = {stance for topic in library.topics for stance in topic.stances}
    unknown = {
        (programme.id, entry.topic, key)
        for programme in library.programmes.values()
        for entry in programme.entries.values()
        for key in entry.verdicts
        if key and key not in {*FRAMES, *stances, *(f"{stance} {frame}" for stance in stances for frame in FRAMES)}
    }
    assert unknown == set()


def test_stances_are_those_that_a_pack_gives_a_verdict_on(library: Library) -> None:
    given = {
        (entry.topic, key.partition(" ")[0])
        for programme in library.programmes.values()
        for entry in programme.entries.values()
        for key in entry.verdicts
    }
    named = {(topic.id, stance) for topic in library.topics for stance in topic.stances}
    assert named - given == set()
