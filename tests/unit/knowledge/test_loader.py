from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.check import check_packs
from knowledge.errors import Mistake, PackError
from knowledge.folders import PACKS
from knowledge.loader import load_pack, load_topics, parse
from knowledge.opening import load_packs

Edit = Callable[[Path, str, str], None]
GUIDE = """# 某某奖申报指南

## 一、费用

本次活动不收取**任何费用**。

## 二、时间

报名截止到 2027 年 3 月 1 日 18 点。
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "some-award"
    folder.mkdir()
    (folder / "guide.md").write_text(GUIDE, "utf-8")
    return folder


def mistakes(pack: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(PackError) as raised:
        load_pack(pack)
    return [(Path(found.file).name, found.line, found.key) for found in raised.value.mistakes]


def test_pack_of_a_guide_alone_is_named_by_its_title(pack: Path) -> None:
    programme = load_pack(pack)
    assert (programme.id, programme.name.zh) == ("some-award", "某某奖申报指南")
    assert [(passage.section, passage.text) for passage in programme.passages] == [
        ("一、费用", "本次活动不收取任何费用。"),
        ("二、时间", "报名截止到 2027 年 3 月 1 日 18 点。"),
    ]


def test_quote_is_given_in_the_guides_own_characters(pack: Path) -> None:
    (pack / "topics.yaml").write_text("topics:\n  fee:\n    quotes: [不收取任何费用。]\n", "utf-8")
    (quote,) = load_pack(pack).entries["fee"].quotes
    assert (quote.section, quote.text) == ("一、费用", "不收取任何费用。")


def test_every_mistake_is_named_with_file_line_and_key(pack: Path) -> None:
    (pack / "programme.yaml").write_text(
        "name: {zh: 某某奖}\nzone: Mars/Olympus\nresubmission: maybe\nyear: soon\ncolour: red\n"
        "routes:\n  - kind: pigeon\ncontacts:\n  - text: x\n",
        "utf-8",
    )
    (pack / "topics.yaml").write_text(
        "topics:\n  fee:\n    zh: 免费\n    en: free\n    quotes: [要交一百元。]\n", "utf-8"
    )
    assert mistakes(pack) == [
        ("programme.yaml", 1, "name.en"),
        ("programme.yaml", 2, "zone"),
        ("programme.yaml", 3, "resubmission"),
        ("programme.yaml", 4, "year"),
        ("programme.yaml", 5, "colour"),
        ("programme.yaml", 7, "routes[0].kind"),
        ("programme.yaml", 9, "contacts[0].purpose"),
        ("topics.yaml", 5, "topics.fee.quotes[0]"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deadline:\n  closes_at: tomorrow\n", ("programme.yaml", 2, "deadline.closes_at")),
        ("deadline:\n  quote: 报名截止到永远\n", ("programme.yaml", 2, "deadline.quote")),
        ("year: 2024\nyear: 2025\n", ("programme.yaml", 2, "year")),
        ("name: [\n", ("programme.yaml", 2, "")),
        ("facts:\n  fee: {value: 0}\n", ("programme.yaml", 2, "facts.fee.quote")),
    ],
)
def test_mistake(pack: Path, text: str, expected: tuple[str, int, str]) -> None:
    (pack / "programme.yaml").write_text("name: x\n" * ("name:" not in text) + text, "utf-8")
    shift = "name:" not in text
    assert mistakes(pack)[0] == (expected[0], expected[1] + shift, expected[2])


def test_folder_without_packs_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="holds no pack"):
        load_packs(tmp_path)


def test_scalars_keep_what_was_written(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: no\nb: 2024-10-20\nc: true\nd: 12\ne: '12'\nf: 1.5\ng:\n", "utf-8")
    values = {key: node.value for key, node in parse(tmp_path / "a.yaml").mapping().items()}
    assert values == {"a": "no", "b": "2024-10-20", "c": True, "d": 12, "e": "12", "f": 1.5, "g": None}


def test_shipped_packs_have_no_mistake() -> None:
    assert check_packs(PACKS) == []


def test_check_names_undecided_and_unknown_topics(packs: Path, edit: Edit) -> None:
    edit(packs / "tr50" / "topics.yaml", "  - travel-cost\n", "  - travel-costs\n")
    found = check_packs(packs)
    assert [(Path(m.file).name, m.key) for m in found] == [
        ("topics.yaml", "travel-cost"),
        ("topics.yaml", "travel-costs"),
    ]


def test_check_names_a_fact_it_cannot_read(packs: Path, edit: Edit) -> None:
    edit(packs / "innovation-light" / "programme.yaml", "value: 150K", "value: small")
    assert [mistake.key for mistake in check_packs(packs)] == ["facts.file_minimum"]


def test_mistake_reads_file_line_key_message() -> None:
    assert str(Mistake("a.yaml", 3, "name.zh", "is missing")) == "a.yaml:3: name.zh: is missing"


def test_every_topic_has_lines_enough_in_both_languages() -> None:
    topics = load_topics()
    han = {topic.id: sum(any("\u3400" <= c <= "\u9fff" for c in line) for line in topic.lines) for topic in topics}
    asked = [topic for topic in topics if topic.kind == "topic"]
    assert [topic.id for topic in asked if han[topic.id] < 25] == []
    assert [topic.id for topic in asked if len(topic.lines) - han[topic.id] < 10] == []
    assert sum(len(topic.lines) for topic in topics if topic.kind != "topic") >= 1000


def test_voice_of_an_unknown_topic_is_named(tmp_path: Path) -> None:
    (tmp_path / "money.yaml").write_text("fee:\n  label: fee\n  zh: 要钱吗\n", "utf-8")
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "clerk.yaml").write_text("fees:\n  zh: 收费吗\n", "utf-8")
    with pytest.raises(PackError) as raised:
        load_topics(tmp_path)
    (mistake,) = raised.value.mistakes
    assert (Path(mistake.file).name, mistake.line, mistake.key) == ("clerk.yaml", 1, "fees")


def test_voice_adds_its_lines_and_keeps_them_apart(tmp_path: Path) -> None:
    (tmp_path / "money.yaml").write_text("fee:\n  label: fee\n  zh: 要钱吗\n", "utf-8")
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "clerk.yaml").write_text("fee:\n  zh: |\n    收费吗\n    要钱吗\n  en: any fee\n", "utf-8")
    (topic,) = load_topics(tmp_path)
    assert (topic.lines, topic.voices) == (("要钱吗", "收费吗", "any fee"), {"clerk": ("收费吗", "any fee")})
