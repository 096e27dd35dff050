"""The whole form of a pack that ships, from consent to receipt."""

from knowledge.folders import PACKS
from knowledge.loader import load_pack
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import make_person
from tests.unit.handlers.applying import make_chat, only, receipt_in

TR50 = load_pack(PACKS / "tr50")

STORY_ZH = ("自主研发调度系统。", "已在三个港口使用。", "完成")
TR50_ZH = (
    *("同意", "同意", "中国本土公司", "示例智能科技（北京）有限公司", "跳过", "91350100M000100Y43", "未申请过"),
    *("自主研发调度系统。", "已在三个港口使用。", "完成"),
    *("吞吐提升两成。", "完成", "面向港口。", "完成", "按箱收费。", "完成", "节电三成。", "完成", "跳过"),
    *("某港口", "无人集卡调度。", "完成", "https://www.example.com/case", "完成"),
    *("添加", "一种调度方法", "ZL202610000000.0", "跳过", "2026年3月1日", "完成"),
    *("张三", "市场总监", "zhangsan@example.com", "010－12345678", "同意", "同意"),
)
TR50_EN = (
    *("I agree", "yes", "International company", "skip", "Example Intelligence Ltd.", "skip", "No, never"),
    *("We built a dispatch system.", "done"),
    *("Twenty per cent more throughput.", "done", "Ports.", "done", "A fee a box.", "done", "Less power.", "done"),
    *("skip", "A port", "Driverless trucks.", "done", "skip", "done"),
    *("skip", "Jane Doe", "skip", "jane@example.com", "+44 20 7946 0958", "I agree", "I agree"),
)


def test_tr50_whole_application_in_chinese(uow: UnitOfWork) -> None:
    staff = make_person(uow, role="staff")
    chat = make_chat(uow, TR50)
    chat.say("/apply tr50", *TR50_ZH)
    assert chat.labels[:3] == ["确认提交", "修改", "保存并离开"]
    chat.say("确认提交")
    found = only(uow, chat)
    assert (found.state, found.title, found.official) == ("submitted", "示例智能科技（北京）有限公司", "told")
    assert chat.replies[0].text.splitlines()[1:3] == ["已备妥，尚未正式申报。", f"回执号：{found.receipt}"]
    assert (found.receipt or "").startswith("TR50-2026-000001-")
    assert "https://tr50.mittrchina.com" in chat.last
    assert chat.labels == ["取材料包", "报告递交情况"]
    copies = [reply.text.splitlines()[0] for reply in chat.replies[1:-1]]
    assert copies == ["【须知】", "【公司信息】", "【技术与商业】", "【专利】", "【联系人】", "【承诺与确认】"]
    answers = uow.applications.versions(found.id)[0].answers
    assert answers["tech_past_year"] == "自主研发调度系统。\n已在三个港口使用。"
    assert answers["patents"] == [{"name": "一种调度方法", "patent_no": "ZL202610000000.0", "granted_on": "2026-03-01"}]
    assert answers["contact_phone"] == "+861012345678"
    told = uow.messages.find(f"submitted:{found.receipt}:{staff.id}")
    assert told is not None
    assert told.body["text"].endswith(f"查看：/find {found.receipt}")


def test_tr50_whole_application_in_english(uow: UnitOfWork) -> None:
    chat = make_chat(uow, TR50, locale="en")
    chat.say("/apply tr50", *TR50_EN, "submit")
    found = only(uow, chat)
    assert (found.state, found.title) == ("submitted", "Example Intelligence Ltd.")
    assert receipt_in(chat.replies[0].text) == found.receipt
    assert "Prepared, not yet officially submitted." in chat.replies[0].text.splitlines()
    assert chat.labels == ["get the package", "Report delivery"]


def test_tr50_patent_rule_warns_with_the_sentence_and_goes_on(uow: UnitOfWork) -> None:
    chat = make_chat(uow, TR50)
    start = TR50_ZH.index("添加")
    chat.say("/apply tr50", *TR50_ZH[: start + 4], "2027-01-01")
    assert chat.last.startswith("授权日期在今天之后。")
    chat.say("2024-01-01")
    assert "指南：“请您填写近三年已获授权的专利，该专利不一定是当年申请，但一定是当年获得授权。”" in chat.last
    answers = uow.applications.answers(only(uow, chat).id)
    assert answers["patents"][0]["granted_on"] == "2024-01-01"


def test_tr50_joint_venture_needs_both_names(uow: UnitOfWork) -> None:
    chat = make_chat(uow, TR50)
    chat.say("/apply tr50", "同意", "同意", "中外合资公司", "示例公司", "跳过")
    assert chat.last.startswith("这一项必填，不能跳过。")


def test_prompts_fit_six_lines_of_a_phone(uow: UnitOfWork) -> None:
    chat = make_chat(uow, TR50)
    chat.say("/apply tr50")
    tall = []
    for said in TR50_ZH:
        chat.say(said)
        prompt = chat.last.split("\n\n")[-1]
        lines = sum(-(-sum(1 if ord(c) > 0x2E80 else 0.5 for c in line) // 18) for line in prompt.splitlines())
        if lines > 7 and "【" not in prompt and not prompt.startswith("都已"):
            tall.append(prompt)
    assert tall == []
