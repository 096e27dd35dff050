from knowledge.programme import Deadline, Route
from storage.records import Application
from storage.unit_of_work import UnitOfWork
from tests.fixtures.chat import Chat
from tests.fixtures.forms import FORM, WHOLE
from tests.fixtures.people import make_person, make_programme, make_services

LANTERN = make_programme(form=FORM, deadline=Deadline(None), routes=(Route("portal", "https://lantern.example"),))


def make_chat(uow: UnitOfWork) -> Chat:
    return Chat(make_services(uow, LANTERN), make_person(uow))


def submitted(uow: UnitOfWork, chat: Chat) -> Application:
    chat.say("申报", *WHOLE, "提交")
    return uow.applications.of_person(chat.person.id)[-1]


def test_status_with_nothing_offers_to_begin(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("进度")
    assert (chat.last, chat.labels) == ("您还没有申报。", ["开始申报"])


def test_status_of_a_draft_names_what_is_missing(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    chat.say("申报", "同意", "灯", "小橘灯", "保存", "/status")
    assert chat.last.splitlines() == [
        "灯笼奖 · 小橘灯",
        "状态：草稿",
        "还缺 3 项：创作故事、部件、邮箱。",
        "截止时间尚未公布。",
    ]
    assert [choice.value for choice in chat.state.choices] == ["/apply lantern"]


def test_status_of_a_submission_is_not_yet_official(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    found = submitted(uow, chat)
    chat.say("/status")
    assert chat.last.splitlines() == [
        "灯笼奖 · 小橘灯",
        f"回执号：{found.receipt}",
        "状态：已备妥，尚未正式申报",
        "请到官网提交：https://lantern.example",
    ]
    chat.say("1")
    assert uow.applications.of_person(chat.person.id)[0].official == "done"
    chat.say("/status")
    assert "状态：已提交，等待审核" in chat.last.splitlines()


def test_receipt_asks_for_the_official_route_and_takes_not_yet(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    submitted(uow, chat)
    chat.say("尚未提交")
    assert uow.applications.of_person(chat.person.id)[0].official == "told"
    assert chat.last.splitlines()[1] == "https://lantern.example"


def test_withdraw_is_confirmed_and_told_to_staff(uow: UnitOfWork) -> None:
    make_person(uow, role="staff")
    chat = make_chat(uow)
    found = submitted(uow, chat)
    chat.say("/status", f"撤回 · {found.receipt}")
    assert uow.applications.of_person(chat.person.id)[0].state == "submitted"
    chat.say("确定撤回")
    assert (chat.last, uow.applications.of_person(chat.person.id)[0].state) == (
        f"{found.receipt} 已撤回。",
        "withdrawn",
    )


def test_status_of_somebody_elses_application_does_nothing(uow: UnitOfWork) -> None:
    chat, other = make_chat(uow), make_chat(uow)
    found = submitted(uow, chat)
    for action in ("done", "withdraw", "confirm", "refuse"):
        other.say(f"/status {action} {found.id} yes")
        assert other.last == f"没有找到“{found.id}”。"
    row = uow.applications.get(found.id)
    assert row is not None
    assert (row.state, row.official) == ("submitted", "told")


def test_refused_claim_is_told_to_staff_and_both_stand(uow: UnitOfWork) -> None:
    make_person(uow, role="staff")
    chat, rival = make_chat(uow), make_chat(uow)
    first, second = submitted(uow, chat), submitted(uow, rival)
    chat.say("/status", f"不认可那一份 · {first.receipt}")
    assert chat.last == f"好的，已告诉工作人员。在他们决定之前，您的 {first.receipt} 仍然有效。"
    states = [uow.applications.get(one.id) for one in (first, second)]
    assert [one.state for one in states if one] == ["submitted", "submitted"]
