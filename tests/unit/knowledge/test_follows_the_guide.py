"""Answers come from the guide, not from memory: change the pack, and they change."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from knowledge.errors import PackError
from knowledge.opening import load_packs
from knowledge.programme import Answer, Notice

Edit = Callable[[Path, str, str], None]
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 10, 1, 12, tzinfo=SHANGHAI)
FEE_TR50 = "“50 家聪明公司”无需任何费用，免费申请。"
FEE_LIGHT = "活动不收取任何费用。"
FEES = {"fee", "refund", "invoice"}


def ask(packs: Path, question: str, programme: str, now: datetime = NOW) -> Answer:
    return load_packs(packs).ask(question, programme=programme, now=now)


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def drop_entries(path: Path, topics: set[str]) -> None:
    """Takes entries out of a topics.yaml: each from its key to the next of the same depth."""
    text = path.read_text("utf-8")
    for topic in topics:
        text, times = re.subn(rf"^  {topic}:\n(?:    .*\n)+", "", text, flags=re.MULTILINE)
        assert times == 1
    path.write_text(text, "utf-8")


def test_swapped_fee_sentences_swap_the_answers(packs: Path) -> None:
    swapped = {FEE_TR50: FEE_LIGHT, FEE_LIGHT: FEE_TR50}
    for programme in ("tr50", "innovation-light"):
        for path in (packs / programme).glob("*.*"):
            text = path.read_text("utf-8")
            path.write_text(re.sub("|".join(map(re.escape, swapped)), lambda m: swapped[m[0]], text), "utf-8")
    assert quotes(ask(packs, "参评收费吗", "tr50")) == [FEE_LIGHT]
    assert quotes(ask(packs, "参评收费吗", "innovation-light")) == [FEE_TR50]


def test_deleted_sentence_keeps_the_pack_from_loading(packs: Path, edit: Edit) -> None:
    edit(packs / "tr50" / "guide.md", FEE_TR50, "")
    with pytest.raises(PackError) as raised:
        load_packs(packs)
    assert {mistake.key.split(".")[1] for mistake in raised.value.mistakes} == FEES | {"fee"}


def test_deleted_sentence_and_quotes_abstain(packs: Path, edit: Edit) -> None:
    edit(packs / "tr50" / "guide.md", FEE_TR50, "")
    edit(packs / "tr50" / "programme.yaml", f"  fee:\n    value: 0\n    quote: {FEE_TR50}\n", "")
    drop_entries(packs / "tr50" / "topics.yaml", FEES)
    answer = ask(packs, "参评收费吗", "tr50")
    assert (answer.status, answer.citations) == ("abstained", ())


def test_moved_deadline_moves_the_verdict(packs: Path, edit: Edit) -> None:
    folder, question = packs / "sci-tech-pioneer", "10月22号发邮件还来得及吗"
    assert ask(packs, question, "sci-tech-pioneer").verdict == "no"
    for path in (folder / "guide.md", folder / "programme.yaml", folder / "topics.yaml"):
        edit(path, "10 月 20 日（周日）", "10 月 25 日（周五）")
    edit(folder / "programme.yaml", "closes_at: 2024-10-21T00:00", "closes_at: 2024-10-26T00:00")
    answer = ask(packs, question, "sci-tech-pioneer")
    assert (answer.verdict, "10 月 25 日" in answer.text) == ("yes", True)


def test_moved_release_date_moves_the_verdict(packs: Path, edit: Edit) -> None:
    folder, question = packs / "innovation-light", "2020年6月发布的产品可以申报吗"
    assert ask(packs, question, "innovation-light").verdict == "no"
    for path in (folder / "guide.md", folder / "programme.yaml", folder / "topics.yaml", folder / "form.yaml"):
        edit(path, "2022年1月1日后", "2019年1月1日后")
    edit(folder / "programme.yaml", "value: 2022-01-01", "value: 2019-01-01")
    assert ask(packs, question, "innovation-light").verdict == "yes"


def test_moved_size_moves_the_verdict(packs: Path, edit: Edit) -> None:
    folder, question = packs / "innovation-light", "扫描件4M可以吗"
    assert ask(packs, question, "innovation-light").verdict == "no"
    for path in (folder / "guide.md", folder / "programme.yaml", folder / "topics.yaml", folder / "form.yaml"):
        edit(path, "150K-3M", "150K-5M")
    edit(folder / "programme.yaml", "file_maximum:\n    value: 3M", "file_maximum:\n    value: 5M")
    assert ask(packs, question, "innovation-light").verdict == "yes"


def test_renamed_programme_changes_nothing_else(packs: Path) -> None:
    before = ask(packs, "参评收费吗", "tr50")
    (packs / "tr50").rename(packs / "smart-fifty")
    path = packs / "smart-fifty" / "programme.yaml"
    path.write_text(path.read_text("utf-8").replace("id: tr50", "id: smart-fifty"), "utf-8")
    after = ask(packs, "参评收费吗", "smart-fifty")
    assert (after.text, quotes(after), after.programme) == (before.text, quotes(before), "smart-fifty")


def test_deadline_that_staff_moved_is_told_as_their_notice(packs: Path) -> None:
    notices = {"tr50": Notice(datetime(2026, 12, 20, 16, tzinfo=UTC), datetime(2026, 11, 2, 4, tzinfo=UTC))}
    answer = load_packs(packs).ask("报名到几号结束", programme="tr50", now=NOW, notices=notices)
    assert answer.text.startswith(
        "主办方11月2日通知：截止时间为2026年12月20日（星期日）24:00（北京时间）。指南原文：\n「关于截止日期"
    )


@pytest.mark.parametrize(
    ("now", "verdict"),
    [("2024-10-20T23:59:59+08:00", "yes"), ("2024-10-21T00:00:00+08:00", "no")],
)
def test_open_or_closed_is_computed_from_the_clock(packs: Path, now: str, verdict: str) -> None:
    answer = ask(packs, "现在还可以报名吗", "sci-tech-pioneer", datetime.fromisoformat(now))
    assert answer.verdict == verdict


def test_moved_word_limit_moves_the_verdict(packs: Path, edit: Edit) -> None:
    folder, question = packs / "innovation-light", "创新成果简介写1300字行吗"
    assert ask(packs, question, "innovation-light").verdict == "no"
    for path in (folder / "guide.md", folder / "topics.yaml", folder / "form.yaml"):
        edit(path, "不超1200字", "不超1400字")
    edit(
        folder / "programme.yaml",
        "limit_summary:\n    value: 1200\n    quote: 可从业务特点、创新方式/模式/路径等方面进行阐述，不超1200字",
        "limit_summary:\n    value: 1400\n    quote: 可从业务特点、创新方式/模式/路径等方面进行阐述，不超1400字",
    )
    assert ask(packs, question, "innovation-light").verdict == "yes"


@pytest.mark.parametrize(
    ("question", "programme", "verdict", "start"),
    [
        ("单位简介写了150个字可以吗", "innovation-light", "no", "不行，超过了上限：不能超过100字。"),
        ("单位简介写80字可以吗", "innovation-light", "yes", "可以：不超过100字。"),
        ("纸质材料寄3份行吗", "innovation-light", "no", "不对，要4份。"),
        ("2015年授权的专利能填吗", "tr50", "no", "不可以，2015年授权的太早：要近3年内授权的。"),
        ("附件有15兆可以直接发吗", "sci-tech-pioneer", "yes", "可以直接作为附件：没有超过20M。"),
    ],
)
def test_numbers_are_weighed_against_the_facts(
    packs: Path, question: str, programme: str, verdict: str, start: str
) -> None:
    answer = ask(packs, question, programme)
    assert (answer.verdict, answer.text.split("\n")[0]) == (verdict, start)
