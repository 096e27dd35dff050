"""A whole application with its files, from the first word on the chat page to the courier's number."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from tests.e2e.conftest import House, make_house
from tests.e2e.doors import WebDoor
from tests.e2e.paceless import NOW
from tests.e2e.server import Server
from tests.e2e.test_files import post
from tests.fixtures.uploads import make_docx, make_office, make_pdf, make_picture, make_zip
from tests.unit.documents.word_files import make_word
from tests.unit.handlers.test_paper_forms import ANNEXES

COMPANY, ACHIEVEMENT = "示例新材料（武汉）有限公司", "高韧复合材料"
PATENTS = (
    ("发明专利", "一种高韧材料", "ZL-1", "2022年3月5日", "有效"),
    ("发明专利", "一种制备方法", "ZL-2", "2022.4.1", "有效"),
    ("实用新型专利", "一种模具", "ZL-3", "2020/5/6", "审查中"),
)
EXPERTS = (("王五", "教授", "示例大学", "010-82292083"), ("赵六", "研究员", "示例研究院", "027-87654321"))
CONTACT = """单位名称英文：Example Materials (Wuhan) Co., Ltd.
企业法人（或总经理）：李四
法人（或总经理）联系电话：010－82292083
联系人姓名：张三
联系人职务：研发部经理
手机：027-87654321转801
电子邮箱：anna@example.com
详细通讯地址：武汉市示例路1号
邮编：430000
成果名称：高韧复合材料"""

SCANS = ("专家签字", "附件1盖章", "附件2盖章", "附件3盖章", "法定代表人签字", "附件4盖章")


def padded(pdf: bytes, size: int) -> bytes:
    """The PDF with a comment at its end, so that it has just this many bytes."""
    return pdf + b"%".ljust(size - len(pdf) - 1, b"x") + b"\n"


@dataclass
class Applicant:
    """Somebody at the chat page, and the files that were handed to them."""

    door: WebDoor
    sent: dict[str, bytes] = field(default_factory=dict)

    @property
    def last(self) -> str:
        return self.door.seen[-1]

    def say(self, *texts: str) -> str:
        """Says these texts: all that is seen in answer to the last one."""
        seen: list[str] = []
        for text in texts:
            seen = self.door.say(text)
        return "\n\n".join(seen)

    def send(self, content: bytes, name: str) -> str:
        """Sends a file: what is seen in answer."""
        return "\n\n".join(post(self.door, content, name))

    def hand_in(self, name: str, content: bytes) -> str:
        """Sends a file that is taken, and goes on."""
        seen = self.send(content, name)
        assert f"已收到 {name}（" in seen, seen
        self.sent[name] = content
        return self.say("完成")

    def refuse(self, name: str, content: bytes, why: str) -> None:
        """Sends a file that is not taken; the same prompt is there again."""
        before = self.last.split("\n\n")[-1]
        seen = self.send(content, name)
        assert why in seen.replace("\n", ""), seen
        assert seen.split("\n\n")[-1] == before


@pytest.fixture(scope="module")
def year_2022(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings: dict[str, Any] = {NOW: "2022-12-01T10:00:00+08:00"}
    made = make_house(tmp_path_factory.mktemp("year"), **settings)
    made.server.start()
    yield made
    made.close()


def asked(applicant: Applicant) -> str:
    """The label of what is asked now."""
    return applicant.last.split("\n\n")[-1].splitlines()[1].removesuffix("（选填）")


def fill_in_texts(me: Applicant) -> None:
    """From the first question to the first file."""
    me.say("/apply innovation-light", "同意", CONTACT)
    assert "没有对上的" not in me.last
    assert "读到 10 项" in me.last
    me.say("1")
    assert asked(me) == "是否在亚太或“一带一路”沿线合法注册和生产经营"
    me.say("是", "无", "创新产品", "有", "企业", "自荐", "中国内地", COMPANY)
    assert asked(me) == "产业领域"
    assert "不收取任何费用" in me.say("收费吗？")
    assert asked(me) == "产业领域"
    me.say("新材料")


def qualify(me: Applicant) -> None:
    """The first file, which has bounds on both sides and is one only."""
    assert asked(me) == "资质材料"
    small = padded(make_pdf(2), 149_999)
    me.refuse("小.pdf", small, "只有 149.99K，应在 150K–3M")
    me.refuse("大.pdf", padded(make_pdf(), 3 * 1024 * 1024 + 1), "上限是 3M")
    me.refuse("假.pdf", make_picture(), "其实是 PNG，不是 PDF")
    me.refuse("宏.docx", make_office("docx", macros=True), "含有宏")
    me.refuse("锁.pdf", make_pdf(password="secret"), "设了密码")
    me.refuse("弹.zip", make_zip({"零.txt": bytes(70_000_000)}), "解压后会超过 64M")
    me.refuse("坏.docx", make_office("docx"), "这一项要 PDF、JPG、PNG")
    me.hand_in("资质.pdf", padded(make_pdf(2), 150_000))
    me.say("返回")
    me.refuse("第二.pdf", padded(make_pdf(3), 160_000), "请合并成一个PDF")
    me.say("完成", "我们做复合材料。", "完成", "We make composites.", "完成", "省级专精特新企业", COMPANY)


def recommend(me: Applicant) -> None:
    """The contact's landline is passed over, then two experts."""
    me.say("跳过")
    assert asked(me) == "专家姓名"
    for expert, following in pairwise((*EXPERTS, ())):
        me.say(*expert)
        if following:
            me.say("再加一行")
    assert me.last.endswith("1. 王五\n2. 赵六")
    me.say("完成", "技术领先。", "完成")


def describe(me: Applicant) -> None:
    """Long texts at their limits, in several messages, and pictures."""
    me.say("韧性提高两成。", "完成", "已公开发布")
    assert "早于2022年1月1日" in me.say("2021-12-31")
    me.say("2022-03-01", "简" * 600, "介" * 601)
    assert "超出1字" in me.say("完成")
    me.say("撤回", "介" * 600)
    assert "已存“创新成果简介”，1200字。" in me.say("完成")
    me.say("指标领先。", "完成")
    assert asked(me) == "技术创新配图"
    for name, width in (("图1.jpg", 300), ("图2.png", 310)):
        me.sent[name] = make_picture(name[-3:], (width, 200))
        assert f"已收到 {name}" in me.send(me.sent[name], name)
    me.refuse("图3.jpg", make_picture("jpg", (320, 200)), "最多2个文件")
    me.say("完成", "效" * 700, "完成", "望" * 501)
    assert "其他部分已用700字" in me.say("完成")
    me.say("重写", "望" * 500, "完成", "跳过", "已通过检测。", "完成")


def prove(me: Applicant) -> None:
    """Three patents, the pledge, and the other material."""
    for patent, following in pairwise((*PATENTS, ())):
        kind, name, number, day, state = patent
        me.say(kind, name, number, COMPANY, day, state)
        if following:
            me.say("添加")
    assert me.last.endswith("1. 发明专利 · 一种高韧材料\n2. 发明专利 · 一种制备方法\n3. 实用新型专利 · 一种模具")
    me.say("完成", "同意", "同意", "同意")
    assert "现在是：张三" in me.last
    me.say("保留不变")
    assert "现在是：027-87654321转801" in me.last
    assert "还缺哪一年" in me.say("保留不变", "12月10日")
    me.say("2022-12-10")
    me.hand_in("营业执照.pdf", padded(make_pdf(1), 20_000))
    me.say("跳过", "本年度无需年检。")
    me.hand_in("证书.pdf", padded(make_pdf(3), 30_000))
    me.say("跳过")
    me.hand_in("说明.docx", make_docx("补充说明"))
    me.say("跳过")


def change_the_channel_and_back(me: Applicant) -> None:
    """What a choice hides is kept, and is there again with it."""
    assert "专家推荐" in me.last
    assert "专家推荐" not in me.say("修改 推荐渠道", "其他渠道推荐")
    assert "附件1 专家推荐：2/2" in me.say("跳到 7", "自荐")


def package_of(me: Applicant) -> zipfile.ZipFile:
    """The package of the present submission, as it is downloaded."""
    with me.door._opener.open(f"{me.door.server.url}{me.door.files[-1]['url']}", timeout=60) as response:
        return zipfile.ZipFile(io.BytesIO(response.read()))


def check_package(packed: zipfile.ZipFile, sent: dict[str, bytes]) -> dict[str, bytes]:
    """All parts by the end of their names; what was sent is there as it was, and the lists are right."""
    parts = {name.rpartition("/")[2]: packed.read(name) for name in packed.namelist()}
    manifest: dict[str, Any] = json.loads(parts["manifest.json"])
    listed = {one["name"]: (one["size"], one["sha256"]) for one in manifest["files"]}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()}
    others = {"manifest.json", "SHA256SUMS"}
    assert listed == {name: (len(parts[name]), digests[name]) for name in parts if name not in others}
    sums = dict(line.split("  ")[::-1] for line in parts["SHA256SUMS"].decode().splitlines())
    assert sums == {name: digest for name, digest in digests.items() if name != "SHA256SUMS"}
    assert manifest["missing"] == []
    for name, content in sent.items():
        assert [part for full, part in parts.items() if full.endswith(f"_{name}")] == [content], name
    return parts


def pictures_of(document: bytes) -> list[str]:
    """The pictures that stand in a Word file."""
    with zipfile.ZipFile(io.BytesIO(document)) as parts:
        return [name for name in parts.namelist() if name.startswith("word/media/")]


def text_of(word: bytes) -> str:
    """Whatever stands in a Word file, its tables included."""
    document = Document(io.BytesIO(word))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def part(parts: dict[str, bytes], name: str) -> bytes:
    [found] = [content for full, content in parts.items() if name in full]
    return found


def check_papers(parts: dict[str, bytes]) -> None:
    """What the documents and the mail say."""
    first, second = text_of(part(parts, "附件1_")), text_of(part(parts, "附件2_"))
    assert len(pictures_of(part(parts, "附件2_"))) == 2
    for text in (COMPANY, "010-82292083", "027-87654321转801", "王五", "赵六", "技术领先。"):
        assert text in first, text
    assert [text for text in ("简" * 600, "介" * 600, "效" * 700, "望" * 500) if text not in second] == []
    third, fourth = text_of(part(parts, "附件3_")), text_of(part(parts, "附件4_"))
    assert [name for _, name, *_ in PATENTS if name not in third] == []
    assert "二〇二二年十二月十日" in fourth
    assert ACHIEVEMENT in fourth
    todo = text_of(part(parts, "材料清单.docx"))
    assert "2022年12月12日（周一）" in todo  # to be signed and stamped, a week before the strict reading
    assert "2022年12月14日（周三）" in todo  # to be posted
    mail = part(parts, "邮件标题和正文").decode("utf-8-sig")
    assert "收件人：156330688@qq.com" in mail
    assert f"创新之光申报材料+{COMPANY}+{ACHIEVEMENT}" in mail
    assert "营业执照.pdf" in mail
    printed = [content for name, content in parts.items() if "打印用合订本" in name]
    assert all(len(PdfReader(io.BytesIO(content)).pages) >= 4 for content in printed)


def follow_up(me: Applicant) -> None:
    """The stamped papers come back, then it is told how it was handed in."""
    me.say("后续")
    for number, label in enumerate(
        ("专家签字", "附件1盖章", "附件2盖章", "附件3盖章", "法定代表人签字", "附件4盖章"), 1
    ):
        assert asked(me) == f"{label}扫描件"
        if number == 3:
            assert "随时发送“后续”" in me.say("保存")
            assert "已收 2/6 项" in me.say("进度")
            me.say("后续")
        me.hand_in(f"盖章{number}.pdf", padded(make_pdf(1), 40_000 + number))
    assert asked(me) == "电子版是否已发邮件"


def test_whole_application_with_files(year_2022: House) -> None:
    me = Applicant(year_2022.web())
    for do in (fill_in_texts, qualify, recommend, describe, prove, change_the_channel_and_back):
        do(me)
    seen = me.say("确认提交")
    receipt = re.search(r"CXZG-2022-\d{6}-\w", seen)
    assert receipt, seen
    assert "已备妥，尚未正式申报。" in seen
    assert "下面是您填写的内容" not in seen
    check_papers(check_package(package_of(me), me.sent))
    follow_up(me)
    check_package(package_of(me), me.sent)
    me.say("已发送", "已寄出")
    assert f"{receipt[0]} 的官方递交都已完成" in me.say("SF1234567890")
    assert "您已说明：官方渠道也已提交。" in me.say("进度")
    staff = year_2022.staff()
    answers = "\n".join([*staff.say(f"/find {receipt[0]}"), *staff.say(f"/find {receipt[0]} 答案")])
    assert "官方渠道：申报人已回报完成" in answers
    assert "企业营业执照：营业执照.pdf" in answers


def test_filled_forms_of_another_company_are_read_into_a_new_application(year_2022: House, tmp_path: Path) -> None:
    me = Applicant(year_2022.web())
    written = make_word(tmp_path / "附件.docx", *ANNEXES)
    me.say("/apply innovation-light", "同意")
    seen = me.send(written.read_bytes(), written.name)
    assert "· 单位名称中文：示例光电科技有限公司" in seen
    assert "· 联系人手机：不能保存。" in seen
    me.say("1")
    for label, text in (("联系人手机", "027-87654321"), ("公开发布时间", "2022-12-01")):
        assert asked(me) == label
        me.say(text)
    assert asked(me) == "知识产权证明材料"
    me.say("修改 2")
    while asked(me) != "授权时间":
        me.say("保留不变")
    me.say("2022-06-06", "保留不变", "完成")
    assert asked(me) == "是否在亚太或“一带一路”沿线合法注册和生产经营"


def test_late_try_is_refused_and_the_draft_stays(tmp_path: Path) -> None:
    server = Server(tmp_path, {})
    begun = server.run_lines(["/apply innovation-light", "同意"], "chat", "--now", "2022-12-20T23:59:59+08:00")
    assert "2/47 · 须知与资格" in begun
    late = server.run_lines(["是", "保存", "继续", "进度"], "chat", "--now", "2022-12-21T00:00:00+08:00")
    assert "3/47 · 须知与资格" in late
    assert "的申报已于2022年12月20日（周二）24:00（北京时间）截止。" in late
    assert "状态：草稿" in late
    assert "继续填写" not in late
