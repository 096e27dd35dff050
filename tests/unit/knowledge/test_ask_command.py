import json
import subprocess
import sys
from pathlib import Path

LAUREL = [sys.executable, "-m", "bot"]


def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([*LAUREL, *arguments], input=text, capture_output=True, text=True, check=False, timeout=60)


def test_batch_prints_an_object_a_line_and_names_bad_lines(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "a", "q": "TR50收费吗", "programme": None, "expect": "ignored"}),
        "{broken",
        json.dumps({"id": "b"}),
        "",
        json.dumps({"id": "c", "q": "那截止时间呢", "programme": None, "history": ["TR50收费吗"]}),
    ]
    (tmp_path / "q.jsonl").write_text("\n".join(lines), "utf-8")
    done = run("ask", "--batch", str(tmp_path / "q.jsonl"))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(answer["id"], answer["status"], answer["programme"], answer["topic"]) for answer in answers] == [
        ("a", "answered", "tr50", "fee"),
        ("c", "answered", "tr50", "deadline"),
    ]
    assert list(answers[0]) == [
        "id", "status", "programme", "topic", "answer", "verdict", "citations", "choices", "ms",
    ]  # fmt: skip
    assert [note.split(": left out")[0] for note in done.stderr.splitlines()] == [
        f"{tmp_path / 'q.jsonl'}:2",
        f"{tmp_path / 'q.jsonl'}:3",
    ]
    assert done.returncode == 0


def test_batch_reads_standard_input_with_other_packs_and_clock(packs: Path) -> None:
    row = json.dumps({"id": "a", "q": "现在还能报名吗", "programme": "sci-tech-pioneer"})
    done = run("ask", "--batch", "-", "--packs", str(packs), "--now", "2024-10-01T12:00+08:00", text=row)
    assert json.loads(done.stdout)["verdict"] == "yes"


def test_ask_loads_knowledge_alone() -> None:
    code = (
        "import sys; from bot.cli import run; run(['ask', 'TR50收费吗']);"
        "print(sorted({name.split('.')[0] for name in sys.modules}"
        " & {'sqlalchemy', 'aiohttp', 'telegram', 'wechatpy', 'pydantic', 'jinja2', 'storage'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_broken_pack_is_named_and_nothing_starts(packs: Path) -> None:
    path = packs / "tr50" / "programme.yaml"
    told = path.read_text("utf-8")
    line = told[: told.index("resubmission:")].count("\n") + 1
    path.write_text(told.replace("resubmission: last_wins", "resubmission: last"), "utf-8")
    done = run("ask", "TR50收费吗", "--packs", str(packs))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"programme.yaml:{line}: resubmission: must be one of: last_wins, all_stand, ask" in done.stderr


def test_packs_check_names_mistakes_and_fails(packs: Path) -> None:
    assert run("packs", "check", str(packs)).returncode == 0
    guide = packs / "tr50" / "guide.md"
    guide.write_text(guide.read_text("utf-8").replace("申请次数不受限制", "申请次数有限"), "utf-8")
    done = run("packs", "check", str(packs))
    assert done.returncode == 1
    assert "topics.submission-count.quotes[0]: the guide does not say" in done.stdout
