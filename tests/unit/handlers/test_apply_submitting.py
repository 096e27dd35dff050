"""Submitting: again, late, as a correction, in a name that somebody else has used."""

from dataclasses import replace
from datetime import timedelta

from storage.unit_of_work import UnitOfWork
from tests.fixtures.forms import FORM, WHOLE
from tests.fixtures.people import make_programme
from tests.unit.handlers.applying import LANTERN, make_chat, only


def test_submit_again_is_asked_and_starts_from_the_earlier_answers(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", *WHOLE, "提交", "/apply")
    assert chat.labels == ["从之前的申报开始", "重新填写", "看进度"]
    chat.say("1", "同意")
    assert chat.last.startswith("核对（已填 7/8）")
    chat.say("提交")
    first, second = uow.applications.of_person(chat.person.id)
    assert (first.state, second.state) == ("superseded", "submitted")
    assert f"之前的 {first.receipt} 已被这一份取代。" in chat.replies[0].text.splitlines()


def test_late_submission_is_refused_with_the_time_and_the_draft_kept(uow: UnitOfWork) -> None:
    programme = make_programme(form=FORM)
    chat = make_chat(uow, programme)
    chat.say("申报", *WHOLE)
    chat.now = (programme.deadline.closes_at or chat.now) + timedelta(minutes=1)
    chat.say("提交")
    assert chat.last.startswith(
        "没有提交：申报已于2026年11月30日（周一）24:00（北京时间）截止，现在是2026年12月1日（周二）00:01"
    )
    assert only(uow, chat).state == "draft"


def test_ask_policy_asks_whether_it_corrects(uow: UnitOfWork) -> None:
    chat = make_chat(uow, replace(LANTERN, resubmission="ask"))
    chat.say("申报", *WHOLE, "提交", "/apply", "重新填写", *WHOLE, "提交")
    assert chat.labels == ["更正之前的", "另外一份"]
    chat.say("另外一份")
    assert [one.state for one in uow.applications.of_person(chat.person.id)] == ["submitted", "submitted"]


def test_first_person_is_told_of_another_submission_in_the_same_name(uow: UnitOfWork) -> None:
    chat, rival = make_chat(uow), make_chat(uow)
    chat.say("申报", *WHOLE, "提交")
    rival.say("申报", *WHOLE, "提交")
    first, second = only(uow, chat), only(uow, rival)
    told = uow.messages.find(f"claimed:{first.id}:{second.receipt}")
    assert told is not None
    assert told.person_id == chat.person.id
    chat.say("/status")
    assert f"由那一份取代 · {first.receipt}" in chat.labels
    chat.say(f"由那一份取代 · {first.receipt}")
    assert only(uow, chat).state == "superseded"
