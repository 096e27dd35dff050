import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from knowledge import shelf
from knowledge.folders import PACKS
from knowledge.loader import load_programmes, load_topics
from knowledge.opening import READERS, kept_programmes, kept_topics
from knowledge.programme import Fact, Quote

ONE = """fee:
  label: {zh: 费用, en: fee}
  cues: [免费]
  only: [费]
  stances: {free: [免费]}
  reply: {zh: 好, en: ok}
  zh: 要钱吗
"""


def test_kept_topics_are_those_of_the_files(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    fresh, kept = (kept_topics(_folder(tmp_path), cache) for _ in range(2))
    assert fresh == kept == load_topics(_folder(tmp_path))


def test_changed_file_is_read_again(tmp_path: Path) -> None:
    folder, cache = _folder(tmp_path), tmp_path / "cache"
    kept_topics(folder, cache)
    (folder / "money.yaml").write_text(ONE + "  en: any fee\n", "utf-8")
    (topic,) = kept_topics(folder, cache)
    assert topic.lines == ("要钱吗", "any fee")


def test_only_what_was_used_last_is_kept(tmp_path: Path) -> None:
    folder, cache = _folder(tmp_path), tmp_path / "cache"
    for number in range(6):
        (folder / "money.yaml").write_text(ONE + f"  en: fee {number}\n", "utf-8")
        kept_topics(folder, cache)
    assert len(list(cache.glob("topics-*.json"))) == 4


def test_new_voice_is_noticed(tmp_path: Path) -> None:
    folder, cache = _folder(tmp_path), tmp_path / "cache"
    kept_topics(folder, cache)
    (folder / "voices").mkdir()
    (folder / "voices" / "clerk.yaml").write_text("fee:\n  zh: 收费吗\n", "utf-8")
    (topic,) = kept_topics(folder, cache)
    assert dict(topic.voices) == {"clerk": ("收费吗",)}


def test_broken_file_is_not_used(tmp_path: Path) -> None:
    folder, cache = _folder(tmp_path), tmp_path / "cache"
    kept_topics(folder, cache)
    (path,) = cache.glob("topics-*.json")
    path.write_text('[{"id": "fee"}]', "utf-8")
    assert kept_topics(folder, cache) == load_topics(folder)


def test_cache_that_cannot_be_written_is_not_needed(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (tmp_path / "file").write_text("", "utf-8")
    shelf.keep(tmp_path / "file", "key", load_topics(folder), "topics")
    assert kept_topics(folder, tmp_path / "file") == load_topics(folder)


def test_kept_programmes_are_those_of_the_packs(tmp_path: Path) -> None:
    read = tuple(load_programmes(PACKS, forms=False).values())
    fresh, kept = (kept_programmes(PACKS, tmp_path) for _ in range(2))
    assert fresh == kept == read
    assert [one.deadline.closes_at and one.deadline.closes_at.tzinfo for one in kept] == [
        one.deadline.closes_at and one.deadline.closes_at.tzinfo for one in read
    ]


def test_values_come_back_as_they_were(tmp_path: Path) -> None:
    east = ZoneInfo("Asia/Shanghai")
    values = (
        Fact("a", [1, 2.5, "three", None, True]),
        Fact("b", {"": "empty", "days": [date(2024, 2, 29)]}, Quote("section", "text")),
        Fact("c", datetime(2024, 10, 21, tzinfo=east)),
        Fact("d", datetime(2024, 10, 21, 8, tzinfo=timezone(timedelta(hours=8)))),
        Fact("e", (("nested",), ())),
    )
    shelf.keep(tmp_path, "key", values, "facts")
    assert shelf.take(tmp_path, "key", "facts", Fact) == values


@pytest.mark.parametrize("value", [10**30, float("inf"), {"=": "date", "of": "2024-01-01"}])
def test_value_that_would_come_back_as_another_is_not_kept(tmp_path: Path, value: object) -> None:
    shelf.keep(tmp_path, "key", [Fact("a", value)], "facts")
    assert shelf.take(tmp_path, "key", "facts", Fact) is None


@pytest.mark.parametrize("text", ['[{"=":"datetime","of":[]}]', "[" * 900 + "]" * 900, '[{"=":"sphinx"}]', "[]]"])
def test_damaged_cache_is_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "facts-key.json").write_text(text, "utf-8")
    assert not shelf.take(tmp_path, "key", "facts", Fact)


def test_changed_guide_is_read_again(tmp_path: Path) -> None:
    pack = tmp_path / "packs" / "pine"
    pack.mkdir(parents=True)
    (pack / "guide.md").write_text("# 青松奖\n\n报名不收费。\n", "utf-8")
    kept_programmes(pack.parent, tmp_path / "cache")
    (pack / "guide.md").write_text("# 青松奖\n\n报名费 30 元。\n", "utf-8")
    (programme,) = kept_programmes(pack.parent, tmp_path / "cache")
    assert [passage.text for passage in programme.passages] == ["报名费 30 元。"]


def test_digest_knows_every_module_that_reading_runs_through() -> None:
    code = "import sys, knowledge.loader; print(*(name for name in sys.modules if name.startswith('knowledge.')))"
    imported = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {f"{name.removeprefix('knowledge.')}.py" for name in imported} <= set(READERS)


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "topics"
    folder.mkdir(exist_ok=True)
    (folder / "money.yaml").write_text(ONE, "utf-8")
    return folder
