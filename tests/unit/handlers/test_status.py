from knowledge.programme import Deadline, Route
from storage.records import Application
from storage.unit_of_work import UnitOfWork
from tests.fixtures.boats import BOATS, make_file
from tests.fixtures.chat import Chat
from tests.fixtures.forms import FORM, WHOLE
from tests.fixtures.people import NOW, make_person, make_programme, make_services, make_submission

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
    (draft,) = uow.applications.of_person(chat.person.id)
    assert [(one.value, one.label) for one in chat.state.choices] == [
        (f"/apply lantern #{draft.id}", "继续填写 · 灯笼奖")
    ]


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


def test_status_of_what_was_returned_says_what_to_change_and_until_when(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    found = submitted(uow, chat)
    staff = Chat(chat.services, make_person(uow, role="staff"))
    staff.say(f"/move {found.receipt} 退回 请改\n作品名称：请写全称\n期限：2026-12-05 18:00")
    assert staff.last.splitlines()[1:] == [
        "会再请申报人修改：作品名称。",
        "交回期限：2026年12月5日（周六）18:00（北京时间）。",
    ]
    chat.say("/status")
    assert chat.last.splitlines()[2:] == [
        "状态：已退回，请修改后再提交",
        "请修改：作品名称。",
        "交回期限：2026年12月5日（周六）18:00（北京时间）。",
    ]
    assert chat.labels == ["继续填写 · 灯笼奖"]
    assert "截止：2026年12月5日（周六）18:00（北京时间）。" in "\n".join(chat.say("/apply"))
    chat.say("新的小橘灯", "保存", "/status")
    assert "改好后请再提交。" in chat.last.splitlines()


def test_status_goes_on_with_the_application_that_is_tapped(uow: UnitOfWork) -> None:
    chat = make_chat(uow)
    found = submitted(uow, chat)
    chat.say("/apply", "重新填写", "同意", "灯", "大橘灯", "保存")
    uow.applications.update(found.id, NOW, state="returned")
    draft = uow.applications.of_person(chat.person.id)[-1]
    chat.say("/status")
    assert [(one.value, one.label) for one in chat.state.choices if one.value.startswith("/apply")] == [
        (f"/apply lantern #{found.id}", f"继续填写 · 灯笼奖 · {found.receipt}"),
        (f"/apply lantern #{draft.id}", "继续填写 · 灯笼奖 · 大橘灯"),
    ]
    for label, application in ((f"继续填写 · 灯笼奖 · {found.receipt}", found), ("继续填写 · 灯笼奖 · 大橘灯", draft)):
        chat.say("/status", label)
        assert (chat.state.flow, chat.state.data["application"]) == ("apply", application.id)
        chat.say("保存")


def test_status_after_the_deadline_offers_no_going_on(uow: UnitOfWork) -> None:
    lantern = make_programme(form=FORM)
    chat = Chat(make_services(uow, lantern), make_person(uow))
    chat.say("申报", "同意", "保存")
    assert lantern.deadline.closes_at is not None
    chat.now = lantern.deadline.closes_at
    chat.say("/status")
    assert (chat.last.splitlines()[-1][-4:], chat.labels) == ("，已过。", [])


def test_status_counts_the_papers_that_came_after_the_submission(uow: UnitOfWork) -> None:
    office = make_programme(form=BOATS, deadline=Deadline(None), routes=(Route("email", "boats@example.org"),))
    person = make_person(uow)
    chat = Chat(make_services(uow, office), person)
    found = make_submission(uow, person, answers={"contact": "张三"})
    chat.say("/status")
    assert chat.last.splitlines()[-1] == "提交后的材料：已收 0/1 项。"
    uow.applications.save_answers(found.id, {"stamped": [make_file()]}, NOW)
    chat.say("/status")
    assert chat.last.splitlines()[-1] == "提交后的材料：已收 1/1 项，已齐。"
