"""A filled Word form in the guide's own layout, sent instead of answers."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.documents.grid import read_grid
from bot.handlers.paper_forms import paper_for
from bot.messages import IncomingFile
from bot.services.paper_forms import wants_paper_form
from knowledge.folders import PACKS
from knowledge.loader import load_pack
from knowledge.programme import Programme
from storage.unit_of_work import UnitOfWork
from tests.fixtures.chat import Chat
from tests.fixtures.people import NOW
from tests.unit.documents.word_files import Block, make_word
from tests.unit.handlers.applying import make_chat, only

PACK = load_pack(PACKS / "innovation-light")
IN_TIME = NOW.replace(year=2022, month=12, day=1)
HELP = (
    "结合创新应用场景对带来的经济价值、社会效益、产业链优化等多维角度进行分析。"
    "已取得的成效和未来展望需分别说明。（不超过1200字）"
)
ANNEXES: tuple[Block, ...] = (
    "附件1",
    "申报企业基本信息",
    [
        ["单位性质", "企业", "推荐渠道", "自荐"],
        ["单位名称中文", "示例光电科技有限公司", "单位名称英文", "Example Photonics Co., Ltd."],
        ["企业法人（或总经理）", "张三", "联系电话", "010-82292000"],
        ["国家（地区）", "中国大陆"],
        ["产业领域", "1、高端装备制造 2、绿色环保节能 3、新材料√ 4、新一代信息技术"],
        ["资质材料", "请提交资质材料扫描件"],
        ["单位简介", "我们做光电子器件。\nWe make photonic devices.\n中英文，不超过100字"],
        ["是否是专精特新企业", "2、省级专精特新企业"],
        ["联系人姓名", "李四", "职务", "经理"],
        ["座机", "", "手机", "not a number"],
        ["电子邮箱", "li@example.com"],
        ["姓名", "职称", "单位", "联系电话"],
        ["王五", "教授", "某大学", "027-87654321"],
        ["", "", "", ""],
        ["推荐理由和专家签字", "技术领先。"],
    ],
    "附件2",
    "申报成果信息",
    [
        ["成果名称", "微型激光器"],
        ["成果首发性", "已公开发布，2021年12月31日"],
        ["创新成果简介"],
        ["成果简介第一段。\n第二段。"],
        ["成果应用情况"],
        [f"{HELP}\n已取得的成效\n卖了一千台。\n未来展望：\n再卖一万台。"],
    ],
    "附件3",
    [
        ["序号", "类别", "名称", "证书编号", "发明人或权利人", "授权时间", "有效状态"],
        ["1", "发明专利", "激光器", "ZL1", "示例光电科技有限公司", "2022年5月6日", "有效"],
        ["2", "实用新型专利", "夹具", "ZL2", "示例光电科技有限公司", "2022-13-06", "有效"],
        ["", "", "", "", "", "", ""],
    ],
)


def begin(uow: UnitOfWork) -> Chat:
    chat = make_chat(uow, PACK)
    chat.now = IN_TIME
    chat.say("/apply innovation-light")
    return chat


def paper(folder: Path, *blocks: Block) -> IncomingFile:
    path = make_word(folder / "annexes.docx", *blocks)
    taken: dict[str, Any] = {"key": "0" * 64, "name": path.name, "kind": "docx", "size": path.stat().st_size}
    return IncomingFile("handle", path.name, attachment=taken, rows=read_grid(path))


def test_a_filled_form_is_shown_then_stored_and_gone_on_with(uow: UnitOfWork, tmp_path: Path) -> None:
    chat = begin(uow)
    chat.send(paper(tmp_path, *ANNEXES))
    unread = [line for line in chat.last.splitlines() if "不能保存" in line]
    assert [line.split("：")[0] for line in unread] == ["· 联系人手机", "· 公开发布时间"]
    partly = next(
        line for line in chat.last.splitlines() if line.startswith("· 知识产权证明材料：其余保存，这里要补。")
    )
    assert partly.endswith("第2行“授权时间”：没有2022-13-06这一天，请核对月和日。")
    assert uow.applications.answers(only(uow, chat).id) == {}
    chat.say("1")
    answers = uow.applications.answers(only(uow, chat).id)
    assert (answers["org_name_zh"], answers["channel"], answers["industry"], answers["srdi_level"]) == (
        "示例光电科技有限公司",
        "self",
        "materials",
        "provincial",
    )
    assert (answers["ach_summary"], answers["ach_app_outlook"]) == ("成果简介第一段。\n第二段。", "再卖一万台。")
    assert [row["name"] for row in answers["experts"]] == ["王五"]
    assert [sorted(row) for row in answers["ip_table"]] == [
        ["category", "cert_no", "granted_on", "inventor_or_owner", "name", "status"],
        ["category", "cert_no", "inventor_or_owner", "name", "status"],
    ]
    assert "联系人手机" in chat.last


def test_a_filled_form_that_is_declined_changes_nothing(uow: UnitOfWork, tmp_path: Path) -> None:
    chat = begin(uow)
    chat.send(paper(tmp_path, *ANNEXES))
    chat.say("都不存")
    assert uow.applications.answers(only(uow, chat).id) == {}


def test_an_answer_given_before_is_shown_beside_the_new_one(uow: UnitOfWork, tmp_path: Path) -> None:
    chat = begin(uow)
    chat.say("修改 成果名称", "大型激光器")
    chat.send(paper(tmp_path, *ANNEXES))
    assert "· 成果名称：微型激光器（原为：大型激光器）" in chat.last.splitlines()


def test_somebody_elses_word_file_is_no_form(uow: UnitOfWork, tmp_path: Path) -> None:
    chat = begin(uow)
    chat.send(paper(tmp_path, "入职登记表", [["姓名", "王五"], ["部门", "研发"]]))
    assert "读到" not in chat.whole
    assert uow.applications.answers(only(uow, chat).id) == {}


def wants(uow: UnitOfWork, chat: Chat, programme: Programme = PACK) -> bool:
    return wants_paper_form(uow=uow, programme=programme, application_id=only(uow, chat).id, now=IN_TIME)


def test_word_file_is_read_only_where_it_may_be_a_form(uow: UnitOfWork) -> None:
    chat = begin(uow)
    before = wants(uow, chat)
    chat.say("跳到 资质材料")
    at_a_file = wants(uow, chat)
    chat.say("跳到 成果名称")
    assert (before, at_a_file, wants(uow, chat)) == (True, False, True)
    assert wants(uow, chat, replace(PACK, papers=None)) is False
    uow.applications.update(only(uow, chat).id, IN_TIME, state="submitted")
    assert wants(uow, chat) is False


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"programme": "p", "application": 3}, ("p", 3)),
        ({"programme": "p", "application": 3, "stage": "entry"}, ("p", 3)),
        ({"programme": "p", "application": 3, "stage": "delivery"}, None),
        ({}, None),
    ],
)
def test_form_belongs_to_the_application_being_filled_in(data: dict[str, Any], place: tuple[str, int] | None) -> None:
    assert paper_for(data) == place


def test_form_that_says_too_much_is_told_so(uow: UnitOfWork, tmp_path: Path) -> None:
    chat = begin(uow)
    [first, title, basics, *rest] = ANNEXES
    assert not isinstance(basics, str)
    long = [["单位简介", "长" * 70_000] if row[0] == "单位简介" else list(row) for row in basics]
    chat.send(paper(tmp_path, first, title, long, *rest))
    assert "超过 60000，没有读入" in chat.whole
    assert (only(uow, chat).cursor.get("paper"), uow.applications.answers(only(uow, chat).id)) == (None, {})
