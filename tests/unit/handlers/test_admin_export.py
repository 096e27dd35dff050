import pytest

from bot.errors import PrivateOnly, UnknownProgramme
from bot.handlers import COMMANDS
from bot.handlers.admin_export import export
from bot.messages import Choice, OutgoingFile
from bot.services.exports import Order
from storage.records import Person
from storage.unit_of_work import UnitOfWork
from tests.fixtures.chat import Chat
from tests.fixtures.people import NOW, make_person, make_programme, make_services, make_submission, make_turn, wording

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LANTERN = make_programme()
KITE = make_programme(id="kite", name=wording("风筝奖", "Kite Prize"), aliases=("风筝",), receipt="KITE")


@pytest.fixture
def member(uow: UnitOfWork) -> Person:
    return make_person(uow, "李", role="staff")


def test_it_is_for_staff_in_private_chats() -> None:
    command = COMMANDS["export"]
    assert (command.role, command.private, command.aliases) == ("staff", True, ("导出",))


def test_in_a_group_nothing_is_given(uow: UnitOfWork, member: Person) -> None:
    make_submission(uow, make_person(uow))
    with pytest.raises(PrivateOnly):
        export(make_turn(member, private=False), make_services(uow))


def test_the_only_programme_is_given_at_once(uow: UnitOfWork, member: Person) -> None:
    for number in (1, 2):
        make_submission(uow, make_person(uow), number)
    uow.applications.create("lantern", 2026, make_person(uow).id, "f1", NOW)
    chat = Chat(make_services(uow), member)
    chat.say("导出")
    [reply] = chat.replies
    key = Order("lantern", "", "zh", member.id, NOW).key
    assert reply.files == (OutgoingFile(key, "lantern-2026-11-20.xlsx", XLSX),)
    assert reply.text.splitlines()[0] == "「灯笼奖」申报汇总表在这里，共 2 份。"
    assert "晨光" not in reply.text


def test_of_several_programmes_one_is_asked_for_and_the_state_kept(uow: UnitOfWork, member: Person) -> None:
    make_submission(uow, make_person(uow), programme="kite", prefix="KITE", state="in_review")
    chat = Chat(make_services(uow, LANTERN, KITE), member)
    chat.say("/export 评审中")
    assert (chat.last, chat.labels) == ("导出哪个项目的申报？", ["灯笼奖", "风筝奖"])
    assert chat.choice("风筝奖").value == "/export kite in_review"
    chat.say("/export kite in_review")
    assert [file.name for file in chat.replies[-1].files] == ["kite-in_review-2026-11-20.xlsx"]


@pytest.mark.parametrize("text", ["风筝 评审中", "in review 风筝奖", "kite in_review", "评审中 Kite Prize"])
def test_programme_and_state_come_in_any_order(uow: UnitOfWork, member: Person, text: str) -> None:
    make_submission(uow, make_person(uow), programme="kite", prefix="KITE", state="in_review")
    make_submission(uow, make_person(uow), programme="kite", prefix="KITE", number=2)
    [reply] = export(make_turn(member, text), make_services(uow, LANTERN, KITE))
    assert reply.text.splitlines()[0] == "「风筝奖」“评审中”的申报汇总表在这里，共 1 份。"
    assert reply.files[0].key == Order("kite", "in_review", "zh", member.id, NOW).key


def test_where_nothing_is_submitted_it_says_so(uow: UnitOfWork, member: Person) -> None:
    uow.applications.create("lantern", 2026, make_person(uow).id, "f1", NOW)
    services = make_services(uow)
    [zh] = export(make_turn(member), services)
    [en] = export(make_turn(member, "selected", locale="en"), services)
    assert (zh.text, zh.files) == ("「灯笼奖」没有已提交的申报，没有可导出的内容。", ())
    assert en.text == "“Lantern Prize” has no applications in state “selected”; there is nothing to export."


def test_drafts_are_never_given(uow: UnitOfWork, member: Person) -> None:
    [reply] = export(make_turn(member, "灯笼 草稿"), make_services(uow))
    assert (reply.text, reply.files) == ("草稿只有申报人自己能看。草稿的数量见 /stats。", ())


def test_the_word_of_two_meanings_is_asked_about(uow: UnitOfWork, member: Person) -> None:
    [reply] = export(make_turn(member, "灯笼 入围"), make_services(uow, LANTERN, KITE))
    assert reply.choices == (
        Choice("/export lantern shortlisted", "初选入围"),
        Choice("/export lantern selected", "最终入选"),
    )


def test_an_unknown_programme_is_named_with_those_that_are_known(uow: UnitOfWork, member: Person) -> None:
    with pytest.raises(UnknownProgramme) as refused:
        export(make_turn(member, "月亮奖 评审中"), make_services(uow, LANTERN, KITE))
    assert refused.value.values == {"text": "月亮奖", "known": ["灯笼奖", "风筝奖"]}
