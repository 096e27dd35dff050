from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.check import check_packs, waiting
from knowledge.errors import PackError
from knowledge.importing.pack import Made, new_pack
from knowledge.library import Library
from knowledge.loader import load_topics
from knowledge.opening import load_packs
from tests.unit.knowledge.importing.conftest import pdf

NOW = datetime(2030, 1, 10, 4, tzinfo=UTC)
LINES = (
    (18, "2030 海燕青年创业计划申报指南"),
    (14, "一、申报条件"),
    (11, "申报人须为 18 至 35 周岁的创业者，企业注册地在青岛市。"),
    (14, "二、申报方式"),
    (11, "申报截止时间为2030年3月15日17:00，请将申报书发送至邮箱 petrel@example.org。"),
    (11, "每个团队限报一个项目。"),
    (14, "三、费用"),
    (11, "参加本计划不收取任何费用。"),
    (14, "四、联系方式"),
    (11, "咨询电话：010-12345678。"),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made")
    guide = folder / "Petrel Plan (2030).pdf"
    guide.write_bytes(pdf([[(size, 800 - 25 * place, text) for place, (size, text) in enumerate(LINES)]]))
    return new_pack(guide, folder / "packs", load_topics(), now=NOW)


@pytest.fixture(scope="module")
def library(made: Made) -> Library:
    return load_packs(made.folder.parent)


def test_id_is_safe_and_the_folder_holds_three_files(made: Made) -> None:
    assert made.folder.name == "petrel-plan-2030"
    assert sorted(path.name for path in made.folder.parent.rglob("*")) == [
        "guide.md",
        "petrel-plan-2030",
        "programme.yaml",
        "topics.yaml",
    ]


def test_pack_has_no_mistake_and_marks_every_proposal(made: Made) -> None:
    assert check_packs(made.folder.parent) == []
    found = waiting(made.folder)
    assert {name: sum(Path(one.file).name == name for one in found) for name in made.marks} == made.marks
    assert found[0].message.startswith("proposed: check (from the title")


def test_pack_holds_what_the_guide_says(library: Library) -> None:
    programme = library.programmes["petrel-plan-2030"]
    assert programme.name.zh == "2030 海燕青年创业计划"
    assert (programme.year, programme.receipt) == (2030, "PETREL")
    assert programme.deadline.closes_at == datetime(2030, 3, 15, 9, tzinfo=UTC)
    assert [(route.kind, route.target) for route in programme.routes] == [("email", "petrel@example.org")]
    assert [contact.text for contact in programme.contacts] == ["咨询电话：010-12345678"]
    assert {key: fact.value for key, fact in programme.facts.items()} == {
        "age_minimum": 18,
        "age_maximum": 35,
        "submissions": 1,
        "fee": 0,
    }


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("要收费吗", "参加本计划不收取任何费用。"),
        ("什么时候截止", "申报截止时间为2030年3月15日17:00，请将申报书发送至邮箱 petrel@example.org。"),
        ("最多可以申报几次", "每个团队限报一个项目。"),
    ],
)
def test_pack_answers(library: Library, question: str, expected: str) -> None:
    answer = library.ask(question, programme="petrel-plan-2030", now=NOW)
    assert (answer.status, [citation.quote for citation in answer.citations][:1]) == ("answered", [expected])


def test_pack_that_exists_is_not_written_over(made: Made, tmp_path: Path) -> None:
    guide = tmp_path / "other.md"
    guide.write_text("# 别的奖\n\n参加别的奖不收取任何费用，材料一经提交不予退还。\n", "utf-8")
    before = (made.folder / "guide.md").read_text("utf-8")
    with pytest.raises(PackError, match="exists already and stays as it is; choose another name with --id"):
        new_pack(guide, made.folder.parent, load_topics(), now=NOW, key="petrel-plan-2030")
    assert (made.folder / "guide.md").read_text("utf-8") == before


@pytest.mark.parametrize("key", ["../x", "Petrel", "海燕", "-x", "a b"])
def test_id_that_is_none_is_refused(tmp_path: Path, key: str) -> None:
    guide = tmp_path / "other.md"
    guide.write_text("# 别的奖\n\n参加别的奖不收取任何费用，材料一经提交不予退还。\n", "utf-8")
    with pytest.raises(PackError, match="small Latin letters, digits and hyphens"):
        new_pack(guide, tmp_path / "packs", (), now=NOW, key=key)
    assert not (tmp_path / "packs").exists()
