"""What follows a submission: papers that come back, and how it was handed in."""

from dataclasses import replace

from knowledge.programme import Deadline, Route
from storage.unit_of_work import UnitOfWork
from tests.fixtures.boats import BEFORE_PAPERS, BOATS, make_file
from tests.fixtures.chat import Chat
from tests.fixtures.people import make_programme
from tests.unit.handlers.applying import make_chat, only, receipt_in
from tests.unit.handlers.test_apply_files import incoming

BY_MAIL = (Route("email", "boats@example.org"),)
OFFICE = make_programme(form=BOATS, deadline=Deadline(None), routes=BY_MAIL)


def submitted(uow: UnitOfWork, *routes: Route) -> Chat:
    """A chat in which the race was just applied for."""
    chat = make_chat(uow, replace(OFFICE, routes=routes or BY_MAIL))
    chat.say("/apply lantern", *BEFORE_PAPERS)
    chat.send(*incoming(make_file()))
    chat.say("完成", "跳过", "李四", "保留不变", "提交")
    return chat


def test_what_goes_out_as_papers_is_no_copy_in_the_chat(uow: UnitOfWork) -> None:
    first, package, *_ = submitted(uow).replies
    assert "下面是您填写的内容" not in first.text
    assert [file.name for file in package.files] == [f"{receipt_in(first.text)}.zip"]


def test_what_goes_into_a_portal_is_copied_from_the_chat(uow: UnitOfWork) -> None:
    first, copy, *_ = submitted(uow, Route("portal", "https://boats.example.org")).replies
    assert (first.text.splitlines()[-1], copy.text.splitlines()[0]) == ("下面是您填写的内容。", "【须知】")


def test_leaving_says_how_to_come_back(uow: UnitOfWork) -> None:
    chat = submitted(uow)
    chat.say("后续", "保存")
    assert (chat.last, chat.state.flow) == ("已保存。随时发送“后续”，从这里接着填。", "")
    chat.say("后续")
    assert chat.last.splitlines()[1] == "盖章扫描件"


def test_last_paper_ends_the_stage_and_brings_the_set_with_it(uow: UnitOfWork) -> None:
    chat = submitted(uow)
    chat.say("后续")
    chat.send(*incoming(make_file("盖章.pdf")))
    chat.say("完成")
    first, package, begin, prompt = chat.replies
    receipt = only(uow, chat).receipt
    assert first.text == f"{receipt} 提交后的材料已收齐。"
    assert [file.name for file in package.files] == [f"{receipt}.zip"]
    assert begin.text.startswith(f"{receipt} 的递交情况：")
    assert prompt.text.splitlines()[1] == "是否寄出"


def test_paper_of_a_portals_form_brings_no_set(uow: UnitOfWork) -> None:
    chat = submitted(uow, Route("portal", "https://boats.example.org"))
    chat.say("后续")
    chat.send(*incoming(make_file("盖章.pdf")))
    chat.say("完成")
    assert [reply.files for reply in chat.replies] == [(), (), ()]
