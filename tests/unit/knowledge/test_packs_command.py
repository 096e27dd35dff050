import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import run

Edit = Callable[[Path, str, str], None]
GUIDE = """海燕奖申报指南

一、费用

参加本奖不收取任何费用，材料一经提交不予退还。

二、时间

申报截止时间为2030年3月15日17:00，逾期不再受理。
"""


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    path = tmp_path / "petrel.txt"
    path.write_text(GUIDE, "utf-8")
    return path


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("once")
    (folder / "petrel.txt").write_text(GUIDE, "utf-8")
    assert run(["packs", "new", str(folder / "petrel.txt"), "--into", str(folder / "packs")]) == 0
    return folder / "packs"


@pytest.fixture
def made(once: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    capsys.readouterr()  # of what was made once
    return shutil.copytree(once, tmp_path / "packs")


def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str, says: str) -> list[str]:
    monkeypatch.setattr("sys.stdin", io.StringIO(says))
    assert run(["packs", "try", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_new_says_what_to_do_next(guide: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    into = tmp_path / "packs"
    assert run(["packs", "new", str(guide), "--id", "sea", "--into", str(into)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{into / 'sea'}: 海燕奖申报指南"
    assert lines[-1] == f"  next: laurel packs check {into}; laurel packs try sea --packs {into}"


def test_new_from_a_file_that_is_no_guide_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.txt"
    path.write_text("", "utf-8")
    assert run(["packs", "new", str(path), "--into", str(tmp_path / "packs")]) == 1
    assert capsys.readouterr().err == f"laurel packs: {path}: is empty\n"
    assert not (tmp_path / "packs").exists()


def test_new_pack_passes_check_with_its_proposals_counted(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["packs", "check", str(made)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"note: {made / 'petrel'}: ")
    assert "proposals wait for a look (programme.yaml 8, topics.yaml" in lines[0]
    assert lines[-1] == f"{made}: no mistake"


def test_marks_are_named_by_file_and_line(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["packs", "check", str(made), "--marks"]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first == (
        f"note: {made / 'petrel' / 'programme.yaml'}:4: proposed: check (from the title; one language only)"
    )


def test_pack_alone_can_be_checked(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["packs", "check", str(made / "petrel")]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"{made / 'petrel'}: no mistake"


def test_check_names_a_deadline_that_the_guide_does_not(
    made: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(made / "petrel" / "programme.yaml", "closes_at: 2030-03-15T17:00", "closes_at: 2030-04-15T17:00")
    assert run(["packs", "check", str(made)]) == 1
    line = next(line for line in capsys.readouterr().out.splitlines() if "deadline.closes_at" in line)
    assert line.endswith("deadline.closes_at: is 2030-04-15T17:00, and its quote names 2030-03-15")


def test_try_explains_an_answer_from_the_pack(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ask(monkeypatch, capsys, "petrel", "--packs", str(made), says="海燕奖要收费吗\n")
    assert lines[0] == "? 海燕奖要收费吗"
    assert lines[3:5] == ["  [answered] topics.yaml has quotes for it", "  programme: petrel by 「海燕奖」"]
    assert lines[5].startswith("  topic: fee; nearest: fee ")
    assert lines[6] == "  quote: 「参加本奖不收取任何费用，材料一经提交不予退还。」 (一、费用)"


def test_try_explains_what_was_reasoned_from_facts(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("petrel", "--packs", str(made), "--now", "2030-03-01T12:00+08:00")
    lines = ask(monkeypatch, capsys, *arguments, says="现在还能报名吗\n")
    assert "  [answered, yes] reasoned from facts and the clock" in lines
    assert "  programme: petrel, the conversation's" in lines
    assert "  fact: deadline.closes_at = 2030-03-15T17:00+08:00" in lines


def test_try_explains_why_nothing_was_answered(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ask(monkeypatch, capsys, "petrel", "--packs", str(made), says="\n评委都是谁\n")
    assert "  [abstained] topics.yaml says that the guide is silent on it" in lines


def test_try_with_an_unknown_id_names_the_known(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["packs", "try", "albatross", "--packs", str(made)]) == 2
    assert "albatross: known are petrel" in " ".join(capsys.readouterr().err.split())
