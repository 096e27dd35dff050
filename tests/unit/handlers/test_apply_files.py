"""Files, several answers at once and later stages, as people see them."""

from dataclasses import replace
from typing import Any

import pytest

from bot.messages import IncomingFile
from knowledge.form import FieldType, FileSpec, Form, Section, Stage
from knowledge.wording import Wording
from storage.unit_of_work import UnitOfWork
from tests.fixtures.boats import BEFORE_PAPERS, BOATS, make_file, make_long
from tests.fixtures.chat import Chat
from tests.fixtures.forms import both, make_field
from tests.unit.handlers.applying import LANTERN, make_chat, only

BOAT_RACE = replace(LANTERN, form=BOATS)
IN_ENGLISH = (
    *("I agree", "home", "1 and 2", "12 people", "We won three.", "done", "Ten more.", "done", "skip", "430000"),
    *("Zhang San", "done", "Zhang San"),
)


def incoming(*files: dict[str, Any], recompressed: bool = False) -> tuple[IncomingFile, ...]:
    return tuple(IncomingFile("h", one["name"], attachment=one, recompressed=recompressed) for one in files)


def at_licence(uow: UnitOfWork, locale: str = "zh") -> Chat:
    chat = make_chat(uow, BOAT_RACE, locale=locale)
    chat.say("/apply lantern", *(BEFORE_PAPERS if locale == "zh" else IN_ENGLISH))
    return chat


def at_review(uow: UnitOfWork) -> Chat:
    chat = at_licence(uow)
    chat.send(*incoming(make_file()))
    chat.say("完成", "跳过", "李四", "保留不变")
    return chat


def test_file_prompt_says_what_it_takes(uow: UnitOfWork) -> None:
    chat = at_licence(uow)
    assert chat.last.splitlines() == [
        "12/15 · 材料",
        "资质材料",
        "PDF、JPG、PNG，150K–3M，1 个。",
        "发来后说“完成”，或发“网页”上传。",
    ]
    assert chat.labels == ["返回", "网页", "核对", "保存并离开"]


def test_file_prompt_in_english(uow: UnitOfWork) -> None:
    chat = at_licence(uow, "en")
    assert chat.last.splitlines()[1:3] == [
        "Licence",
        "PDF, JPG, PNG, 150K–3M, one file.",
    ]


def test_file_is_listed_with_what_can_be_done(uow: UnitOfWork) -> None:
    chat = at_licence(uow)
    chat.send(*incoming(make_file(pages=3, size=1_258_292)))
    assert chat.last.splitlines() == [
        "已收到 执照.pdf（1.21M，3 页）。",
        "",
        "12/15 · 材料",
        "资质材料",
        "1. 执照.pdf（1.21M，3 页）",
        "个数已满；要换发“替换 1”，不要发“删除 1”，好了发“完成”。",
    ]
    assert uow.applications.answers(only(uow, chat).id)["licence"][0]["pages"] == 3


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (make_file("a.pdf", 149_999), "“a.pdf”只有 149.99K，应在 150K–3M。请发清晰的原件。"),
        (make_file("a.pdf", 3_145_729), "“a.pdf”有 3.01M，上限是 3M。请压缩后再发。"),
        (make_file("a.docx"), "“a.docx”是 DOCX，这一项要 PDF、JPG、PNG。请另存为其中一种再发。"),
    ],
)
def test_file_that_does_not_fit_says_what_would(uow: UnitOfWork, file: dict[str, Any], said: str) -> None:
    chat = at_licence(uow)
    chat.send(*incoming(file))
    assert chat.last.split("\n\n")[0] == said
    assert "licence" not in uow.applications.answers(only(uow, chat).id)


def test_recompressed_photo_below_the_minimum_is_explained(uow: UnitOfWork) -> None:
    chat = at_licence(uow)
    chat.send(*incoming(make_file("a.jpg", 90_000), recompressed=True))
    assert chat.last.split("\n\n")[0] == (
        "“a.jpg”只有 90K，应在 150K–3M。聊天软件压缩了图片：请“以文件方式发送”原图，或发“网页”上传。"
    )


def test_second_file_says_how_to_make_them_one(uow: UnitOfWork) -> None:
    chat = at_licence(uow)
    chat.send(*incoming(make_file("a.jpg"), make_file("b.jpg")))
    assert chat.last.split("\n\n")[:2] == [
        "已收到 a.jpg（200K）。",
        "最多1个文件，没有收下“b.jpg”。请合并为一个 PDF。",
    ]


def test_file_that_could_not_be_taken_in_is_explained(uow: UnitOfWork) -> None:
    chat = at_licence(uow)
    chat.send(IncomingFile("h", "a.pdf", problem=("encrypted", {"name": "a.pdf"})))
    assert chat.last.split("\n\n")[0] == "“a.pdf”设了密码，打不开。请去掉密码后重新发送。"


def test_file_that_nobody_fetched_is_told(uow: UnitOfWork) -> None:
    chat = at_licence(uow)
    chat.send(IncomingFile("h", "a.pdf"))
    assert chat.last.split("\n\n")[0] == "这个账号在聊天里收不了文件。请改用网页填报上传。"


def test_file_at_another_prompt_names_where_it_belongs(uow: UnitOfWork) -> None:
    chat = make_chat(uow, BOAT_RACE)
    chat.say("/apply lantern")
    chat.send(*incoming(make_file()))
    assert chat.last.split("\n\n")[0] == ("这一步要的不是文件，没有收下。要发文件，请先发“修改 资质材料”，或到配图。")


def test_page_offers_the_link_and_asks_again(uow: UnitOfWork) -> None:
    chat = at_licence(uow)
    chat.say("网页")
    assert (len(chat.replies), chat.last.splitlines()[0]) == (2, "12/15 · 材料")


def test_proposed_value_says_where_it_is_from(uow: UnitOfWork) -> None:
    chat = at_licence(uow)
    chat.send(*incoming(make_file()))
    chat.say("完成", "跳过", "李四")
    assert chat.last.splitlines()[-1] == "现在是：李四（由“联系人”带入）"
    assert "保留不变" in chat.labels


def test_review_numbers_fields_and_shows_what_is_computed(uow: UnitOfWork) -> None:
    chat = at_review(uow)
    lines = chat.last.splitlines()
    assert lines[-6:-2] == ["【联系】", "14. 联系人：李四", "15. 承诺书联系人：李四", "· 邮件标题：国内+李四"]
    assert "12. 资质材料：执照.pdf" in lines


def test_paste_is_shown_for_a_yes_with_old_and_new(uow: UnitOfWork) -> None:
    chat = at_review(uow)
    chat.say("联系人：王五\n（三）邮编: 43\n英文简介：one two\n参赛须知：同意\n备注：无")
    assert chat.last.splitlines() == [
        "读到 2 项，请核对后再保存。",
        "· 英文简介：one two",
        "· 联系人：王五（原为：李四）",
        "· 参赛须知：不能保存。要您看过内容后亲自同意，稍后会问到。",
        "· 邮编：不能保存。应是 6 位数字。",
        "没有对上的：备注：无",
    ]
    assert chat.labels == ["保存这 2 项", "都不存"]
    chat.say("1")
    assert chat.last.startswith("已保存 2 项。")
    answers = uow.applications.answers(only(uow, chat).id)
    assert (answers["contact"], answers["pitch"], answers["postcode"]) == ("王五", "one two", "430000")


def test_paste_with_a_question_in_it_is_no_question(uow: UnitOfWork) -> None:
    chat = make_chat(uow, BOAT_RACE)
    chat.say("/apply lantern", "同意", "联系人：谁是李四\n来自：国内")
    assert chat.last.startswith("读到 2 项")


def test_long_form_is_reviewed_by_section(uow: UnitOfWork) -> None:
    chat = make_chat(uow, replace(LANTERN, form=make_long(60)))
    chat.say("/apply lantern", "核对")
    assert chat.last.splitlines() == [
        "核对（已填 0/60）",
        *(f"· 部分{number}：0/10，缺问题{number * 10 - 5}号、问题{number * 10}号" for number in range(1, 7)),
        "",
        "还缺 12 项。点选一部分，看缺什么。",
    ]
    assert chat.labels[:5] == ["继续填写", "修改", "保存并离开", "部分1（缺2）", "部分2（缺2）"]
    chat.say("部分2（缺2）")
    assert (chat.last.splitlines()[0], chat.labels[:2]) == ("【部分2】", ["问题15号", "问题20号"])
    chat.say("问题15号", "答案")
    assert "· 部分2：1/10，缺问题20号" in chat.last.splitlines()


def test_several_options_are_marked_as_they_are_tapped(uow: UnitOfWork) -> None:
    chat = make_chat(uow, BOAT_RACE)
    chat.say("/apply lantern", "同意", "国内", "2")
    assert chat.labels[:4] == ["主帆", "✓ 前帆", "球帆、大帆", "完成"]
    chat.say("1", "完成")
    assert uow.applications.answers(only(uow, chat).id)["sails"] == ["main", "jib"]


def test_number_is_echoed_as_it_was_understood(uow: UnitOfWork) -> None:
    chat = make_chat(uow, BOAT_RACE)
    chat.say("/apply lantern", "同意", "国内", "1、2", "十二人")
    assert chat.last.splitlines()[0] == "已记下船员人数：12人"


def test_only_option_is_told(uow: UnitOfWork) -> None:
    chat = make_chat(uow, BOAT_RACE)
    chat.say("/apply lantern", "同意", "国内")
    assert chat.last.splitlines()[0] == "填报语言：按前面的回答只有“中文”可选，已替您填上。"


def test_group_limit_names_the_exact_overshoot(uow: UnitOfWork) -> None:
    chat = make_chat(uow, BOAT_RACE)
    chat.say("/apply lantern", *BEFORE_PAPERS[:6], "字" * 16, "完成")
    assert chat.last.splitlines() == [
        "未来展望",
        "共16字，超出1字（“航行情况”合计上限20字，其他部分已用5字）。都已留着；请“撤回”上一条或“重写”，改短后再发。",
    ]


def refused(name: str, kind: str = "too_large", **values: Any) -> IncomingFile:
    return IncomingFile("h", name, problem=(kind, {"name": name, **values}))


LINK = Wording("请把分享链接写到说明里。", "Put a share link into the notes.")
TWENTY = 20 * 1024 * 1024


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (FileSpec(max_total=TWENTY, too_big=LINK), "“大.pdf”超过了 20M。请把分享链接写到说明里。"),
        (FileSpec(max_bytes=3 * 1024 * 1024), "“大.pdf”超过了 3M。请压缩后再发。"),
        (FileSpec(max_total=2 * TWENTY, too_big=LINK), "“大.pdf”超过 20M"),
        (FileSpec(), "“大.pdf”超过 20M"),
    ],
)
@pytest.mark.parametrize("kind", ["too_large", "too_large_here"])
def test_file_too_large_for_the_channel_is_told_what_the_field_wants(
    spec: FileSpec, told: str, kind: str, uow: UnitOfWork
) -> None:
    evidence = make_field("evidence", FieldType.FILE, file=spec, label=Wording("佐证", "Evidence"))
    form = Form("v", (Section("s", both("s"), (evidence,)),))
    chat = make_chat(uow, replace(LANTERN, form=form))
    chat.say("/apply lantern")
    chat.send(refused("大.pdf", kind, limit="20M", most=TWENTY))
    first = chat.last.split("\n\n")[0]
    assert (first[: len(told)], "分享链接" in first) == (told, "分享链接" in told)


def test_answer_changed_on_the_page_is_shown_and_not_written_over(uow: UnitOfWork) -> None:
    chat = at_review(uow)
    chat.say("修改 联系人")
    uow.applications.save_answers(only(uow, chat).id, {"contact": "赵六"}, chat.now)
    chat.say("王五")
    assert chat.last.split("\n\n")[0].startswith("“联系人”刚在别处改过")
    assert chat.last.splitlines()[-1] == "现在是：赵六"
    assert uow.applications.answers(only(uow, chat).id)["contact"] == "赵六"


def test_later_stage_is_asked_by_the_same_dialog(uow: UnitOfWork) -> None:
    chat = at_review(uow)
    chat.say("提交")
    found = only(uow, chat)
    chat.say(f"/followup {found.id}")
    assert chat.state.data["stage"] == Stage.PACKAGING
    chat.send(*incoming(make_file("盖章.pdf")))
    chat.say("取消", "删除草稿")
    assert chat.last.startswith("已提交的申报不会在这里删除。")
    assert uow.applications.answers(found.id)["stamped"][0]["name"] == "盖章.pdf"
