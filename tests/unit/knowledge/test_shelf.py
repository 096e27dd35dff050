from pathlib import Path

from knowledge import shelf
from knowledge.loader import kept_topics, load_topics

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


def test_changed_file_is_read_again_and_what_was_kept_of_the_old_one_is_gone(tmp_path: Path) -> None:
    folder, cache = _folder(tmp_path), tmp_path / "cache"
    kept_topics(folder, cache)
    (folder / "money.yaml").write_text(ONE + "  en: any fee\n", "utf-8")
    (topic,) = kept_topics(folder, cache)
    assert topic.lines == ("要钱吗", "any fee")
    assert len(list(cache.glob("topics-*.json"))) == 1


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
    shelf.keep(tmp_path / "file", "key", load_topics(folder))
    assert kept_topics(folder, tmp_path / "file") == load_topics(folder)


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "topics"
    folder.mkdir(exist_ok=True)
    (folder / "money.yaml").write_text(ONE, "utf-8")
    return folder
