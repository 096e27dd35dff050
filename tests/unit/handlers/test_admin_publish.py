import re

import pytest

from bot.context import Services, State, Turn
from bot.errors import UnknownProgramme
from bot.handlers import admin_review
from bot.messages import Reply
from bot.render import render
from storage.records import Person
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import NOW, make_person, make_services, make_submission, make_turn, texts_to

WINNING = re.compile("获奖|证书|奖杯|恭喜|最终入选|congratul|award|winner|prize|certificate|selected", re.IGNORECASE)


@pytest.fixture
def member(uow: UnitOfWork) -> Person:
    return make_person(uow, role="staff")


@pytest.fixture
def services(uow: UnitOfWork) -> Services:
    return make_services(uow)


def decide(uow: UnitOfWork, number: int, decision: str) -> Person:
    applicant = make_person(uow)
    application = make_submission(uow, applicant, number, state="in_review")
    uow.applications.update(application.id, NOW, decision=decision)
    return applicant


def previewed(member: Person, services: Services) -> tuple[Turn, Reply]:
    turn = make_turn(member, "灯笼奖")
    [reply] = admin_review.publish(turn, services)
    turn.state.prompt += 1  # as the turn's machinery counts what it shows
    return turn, reply


def confirm(member: Person, services: Services, state: State, choice: str | None, text: str = "") -> list[Reply]:
    return admin_review.confirm_publish(make_turn(member, text, choice=choice, state=state), services)


def test_publish_previews_the_numbers_and_tells_nobody(uow: UnitOfWork, member: Person, services: Services) -> None:
    people = [decide(uow, 1, "shortlisted"), decide(uow, 2, "shortlisted"), decide(uow, 3, "not_selected")]
    turn, reply = previewed(member, services)
    assert reply.text == (
        "「灯笼奖」待公布 3 份：\n· 初选入围：2 份\n· 未入选：1 份\n确认后立即逐一通知申报人，不能收回。"
    )
    assert [choice.value for choice in reply.choices] == ["publish", "cancel"]
    assert turn.state.flow == "publish"
    assert [texts_to(uow, person) for person in people] == [[], [], []]


@pytest.mark.parametrize(("choice", "text"), [("publish", ""), (None, "确认"), (None, "YES"), (None, " 确认公布 ")])
def test_confirm_publish_tells_each_their_own_result(
    uow: UnitOfWork, member: Person, services: Services, choice: str | None, text: str
) -> None:
    shortlisted, selected, rejected = (
        decide(uow, number, state) for number, state in enumerate(["shortlisted", "selected", "not_selected"], 1)
    )
    turn, _ = previewed(member, services)
    [reply] = confirm(member, services, turn.state, choice, text)
    assert reply.text == "「灯笼奖」已公布 3 份结果，已通知 3 位申报人。"
    assert turn.state.flow == ""
    told = [texts_to(uow, person) for person in (shortlisted, selected, rejected)]
    assert ["入围名单" in told[0][0], "最终入选" in told[1][0], "未入选" in told[2][0]] == [True, True, True]
    assert [len(texts) for texts in told] == [1, 1, 1]


def test_confirm_publish_after_a_change_shows_the_new_numbers_and_tells_nobody(
    uow: UnitOfWork, member: Person, services: Services
) -> None:
    first = decide(uow, 1, "shortlisted")
    turn, _ = previewed(member, services)
    second = decide(uow, 2, "selected")
    changed, preview = confirm(member, services, turn.state, "publish")
    assert changed.text == "刚才有结果变动，还没有公布。请看最新的数目："
    assert preview.text.splitlines()[0] == "「灯笼奖」待公布 2 份："
    assert texts_to(uow, first) + texts_to(uow, second) == []
    [reply] = confirm(member, services, turn.state, "publish")
    assert reply.text == "「灯笼奖」已公布 2 份结果，已通知 2 位申报人。"


def test_confirm_publish_cancelled_tells_nobody(uow: UnitOfWork, member: Person, services: Services) -> None:
    applicant = decide(uow, 1, "selected")
    turn, _ = previewed(member, services)
    [reply] = confirm(member, services, turn.state, "cancel")
    assert (reply.text, turn.state.flow, texts_to(uow, applicant)) == ("没有公布，结果仍待公布。", "", [])


def test_confirm_publish_by_another_text_asks_again(uow: UnitOfWork, member: Person, services: Services) -> None:
    applicant = decide(uow, 1, "selected")
    turn, first = previewed(member, services)
    assert confirm(member, services, turn.state, None, "几份来着") == [first]
    assert (turn.state.flow, texts_to(uow, applicant)) == ("publish", [])


def test_confirm_publish_by_a_word_after_something_else_was_shown_asks_again(
    uow: UnitOfWork, member: Person, services: Services
) -> None:
    applicant = decide(uow, 1, "selected")
    turn, first = previewed(member, services)
    turn.state.prompt += 1
    assert confirm(member, services, turn.state, None, "好") == [first]
    assert texts_to(uow, applicant) == []


def test_confirm_publish_by_somebody_who_is_no_longer_staff_is_refused(
    uow: UnitOfWork, member: Person, services: Services
) -> None:
    applicant = decide(uow, 1, "selected")
    turn, _ = previewed(member, services)
    uow.persons.set_role(member.id, "applicant")
    former = uow.persons.get(member.id)
    assert former is not None
    [reply] = confirm(former, services, turn.state, "publish")
    assert reply.text == render("errors.not_staff", "zh")
    assert texts_to(uow, applicant) == []


def test_publish_with_nothing_decided_asks_nothing(member: Person, services: Services) -> None:
    turn, reply = previewed(member, services)
    assert (reply.text, reply.choices, turn.state.flow) == ("「灯笼奖」没有待公布的结果。", (), "")


def test_publish_without_a_programme_offers_them(member: Person, services: Services) -> None:
    [reply] = admin_review.publish(make_turn(member), services)
    assert [choice.value for choice in reply.choices] == ["/publish lantern"]


def test_publish_of_an_unknown_programme_is_refused(member: Person, services: Services) -> None:
    with pytest.raises(UnknownProgramme):
        admin_review.publish(make_turn(member, "风筝奖"), services)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_place_on_the_shortlist_is_never_told_as_a_win(locale: str) -> None:
    values = {"programme": "P", "title": "T", "receipt": "R", "reason": ""}
    assert WINNING.findall(render("admin_review.told_shortlisted", locale, **values)) == []
    assert WINNING.findall(render("admin_review.told_selected", locale, **values)) != []
