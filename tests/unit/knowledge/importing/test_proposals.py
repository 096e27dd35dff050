from collections.abc import Mapping

import pytest

from knowledge.importing.deadline import propose_deadline
from knowledge.importing.facts import propose_facts
from knowledge.importing.naming import names, receipt_of, resubmission_of, year_of
from knowledge.importing.places import propose_contacts, propose_routes
from knowledge.importing.stages import propose_stages
from knowledge.writer import Noted
from tests.unit.knowledge.importing.conftest import sentences


def value(noted: Noted | None) -> Mapping[str, object]:
    assert noted is not None
    assert isinstance(noted.value, Mapping)
    return noted.value


def facts(text: str) -> dict[str, object]:
    return {key: value(noted)["value"] for key, noted in propose_facts(sentences(text)).items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "## 时间\n\n申报截止时间为2030年3月1日18点。\n\n结果公布时间为2030年5月1日。",
            {"closes_at": "2030-03-01T18:00", "quote": "申报截止时间为2030年3月1日18点。"},
        ),
        (
            "请于12月20日前提交申报材料。",
            {"closes_at": "2030-12-21T00:00", "remind_at": "2030-12-20T00:00", "quote": "请于12月20日前提交申报材料。"},
        ),
        ("截止日期将另行通知。", {"closes_at": None, "quote": "截止日期将另行通知。"}),
        (
            "Applications are accepted on a rolling basis.",
            {"closes_at": None, "quote": "Applications are accepted on a rolling basis."},
        ),
        (
            "Applications must be submitted by 15 March 2031.",
            {"closes_at": "2031-03-16T00:00", "quote": "Applications must be submitted by 15 March 2031."},
        ),
    ],
)
def test_deadline(text: str, expected: dict[str, object]) -> None:
    assert value(propose_deadline(sentences(text), 2030)) == expected


@pytest.mark.parametrize(
    "text", ["颁奖典礼于2030年5月1日举行。", "申报成果应为2030年1月1日后发布的产品。", "本奖始于早年。"]
)
def test_other_dates_are_no_deadline(text: str) -> None:
    assert propose_deadline(sentences(text), 2030) is None


def test_mark_names_the_other_days() -> None:
    text = "报名截止时间为2030年3月1日。\n\n材料提交截止时间为2030年4月1日24点。"
    noted = propose_deadline(sentences(text), 2030)
    assert noted is not None
    assert noted.note == (
        "proposed: check (score 6, no hour named: to the end of the day; also named: 2030-04-02T00:00)"
    )


ROUTES = """请登录 https://apply.example.org/petrel 填写申请表。

往届名单：https://example.org/past

电子版发送至邮箱 petrel@example.org，纸质版寄送至组委会，地址：海城市海滨路1号海洋大厦5层。

如有疑问，请联系技术支持：help@example.org，010-12345678。
"""


def test_routes() -> None:
    assert [(value(one)["kind"], value(one)["target"]) for one in propose_routes(sentences(ROUTES))] == [
        ("portal", "https://apply.example.org/petrel"),
        ("email", "petrel@example.org"),
        ("post", "海城市海滨路1号海洋大厦5层"),
    ]


def test_contacts() -> None:
    assert [(value(one)["purpose"], value(one)["text"]) for one in propose_contacts(sentences(ROUTES))] == [
        (
            {"zh": "技术支持", "en": "technical support"},
            "请联系技术支持：help@example.org，010-12345678",
        )
    ]


def test_mailbox_for_entries_is_the_contact_where_nobody_is_named() -> None:
    (noted,) = propose_contacts(sentences("电子版发送至 petrel@example.org。"))
    assert noted.note == "proposed: check (nobody is named: the mailbox for entries)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("活动不收取任何费用。", {"fee": 0}),
        ("参加本计划无需缴纳费用。", {"fee": 0}),
        ("报名费为每项300元。", {"fee": "300元"}),
        ("There is no entry fee.", {"fee": 0}),
        ("An application fee of EUR 50 is due.", {"fee": "EUR 50"}),
        ("主办方有权免费使用参与项目所涉资料。", {}),
        ("提交纸质材料一式三份。", {"paper_copies": 3}),
        ("并将4份纸质材料寄送到组委会。", {"paper_copies": 4}),
        ("扫描件大小在150K-3M之间。", {"file_minimum": "150K", "file_maximum": "3M"}),
        ("每个文件不超过20MB。", {"file_maximum": "20M"}),
        ("可附2张图片，每张图片不超过3M。", {"picture_maximum": "3M"}),
        ("如附件大于 20M，请附链接。", {"attachment_maximum": "20M"}),
        ("单位简介\n\n中英文，不超过100字。", {"limit_profile": 100}),
        ("项目摘要500字以内，技术说明不超过1500字。", {"limit_summary": 500, "limit_technology": 1500}),
        ("An abstract of no more than 300 words.", {"limit_summary": 300}),
        ("每个团队限报一个项目。", {"submissions": 1}),
        ("申请次数不受限制。", {"submissions": "unlimited"}),
        ("申报人须为 18 至 35 周岁。", {"age_minimum": 18, "age_maximum": 35}),
        ("申报人不超过40周岁。", {"age_maximum": 40}),
        ("成果应为2030年1月1日后发布上市的产品。", {"released_after": "2030-01-01"}),
    ],
)
def test_facts(text: str, expected: dict[str, object]) -> None:
    assert facts(text) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (
            "关于征集第二届“海燕”中小企业技术成果的通知",
            ("第二届“海燕”中小企业技术成果", ["海燕", "“海燕”中小企业技术成果"]),
        ),
        ("2030 海燕案例征集", ("2030 海燕案例征集", ["海燕案例征集"])),
        ("某某网-申请指南丨“海燕50家”报名正在进行", ("“海燕50家”", ["海燕50家"])),
        ("Petrel Prize 2030 – Guidelines", ("Petrel Prize 2030", [])),
    ],
)
def test_names_from_the_title(title: str, expected: tuple[str, list[str]]) -> None:
    name, _, aliases = names(title, [])
    assert (name, aliases) == expected


def test_english_name_and_short_name_from_the_text() -> None:
    text = "Petrel Prize for Young Founders\n\n“海燕奖”（以下简称“本奖”，Petrel）面向青年。"
    assert names("海燕奖申报指南", sentences(text))[1] == "Petrel Prize for Young Founders"


def test_edition_receipt_and_resubmission() -> None:
    text = sentences("2030年启动，2030年评选。\n\n每年可以多次填写，以最后一次提交为准。")
    assert (year_of("海燕奖", text), year_of("2031 海燕奖", text), year_of("海燕奖", [])) == (2030, 2031, 0)
    assert (receipt_of("young-sea-prize", []), receipt_of("petrel", []), receipt_of("x-1", ["HY50"])) == (
        "YSP",
        "PETREL",
        "HY50",
    )
    assert resubmission_of(text) == ("last_wins", "每年可以多次填写，以最后一次提交为准。")


def test_stages() -> None:
    text = "## 流程\n\n1、申报（2030年9月1日-10月20日）：开放申报；\n\n2、评审（2030年10月21日-10月25日）：专家评审。"
    assert [value(one)["name"] for one in propose_stages(sentences(text), 2030)] == [
        {"zh": "申报", "en": "申报"},
        {"zh": "评审", "en": "评审"},
    ]
    assert [(value(one)["starts"], value(one)["ends"]) for one in propose_stages(sentences(text), 2030)] == [
        ("2030-09-01", "2030-10-20"),
        ("2030-10-21", "2030-10-25"),
    ]
