"""Every problem of a file is explained, in both languages, with nothing but its own values."""

import ast
from pathlib import Path
from typing import Any

import pytest

from bot.render import render
from bot.uploads.kinds import KINDS

ROOT = Path(__file__).parents[3]
KINDS_SHOWN = tuple(kind.upper() for kind in KINDS)
VALUES: dict[str, dict[str, Any]] = {
    "archive_entries": {"limit": 5000},
    "archive_size": {"limit": "1G"},
    "damaged": {},
    "empty": {},
    "empty_archive": {},
    "encrypted": {},
    "gone": {},
    "macros": {},
    "nested_archive": {"inner": "a.rar"},
    "no_room": {},
    "no_such_file": {},
    "not_open": {},
    "not_here": {},
    "too_complex": {},
    "too_large": {"limit": "20M"},
    "too_large_here": {"limit": "20M"},
    "too_many_pixels": {"limit": 80},
    "too_much": {"files": 200, "limit": "1G"},
    "unknown_type": {"found": "EXE", "kinds": KINDS_SHOWN},
    "unreachable": {},
    "visitors_full": {},
    "wrong_type": {"said": "PDF", "found": "PNG"},
}


def raised() -> set[str]:
    """The kinds that the code names."""
    found = set()
    for path in [*(ROOT / "bot" / "uploads").glob("*.py"), *(ROOT / "bot" / "channels").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
            if named and node.func.id in {"Refusal", "NotFetched"} and isinstance(node.args[0], ast.Constant):  # type: ignore[attr-defined]
                found.add(str(node.args[0].value))  # type: ignore[attr-defined]
    return found


def test_every_problem_is_known_here() -> None:
    assert raised() == set(VALUES)


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("kind", sorted(VALUES))
def test_problem_is_explained_on_few_lines(kind: str, locale: str) -> None:
    text = render(f"files.problem_{kind}", locale, name="营业执照.pdf", **VALUES[kind])
    width = 18 if locale == "zh" else 36
    lines = sum(-(-len(line) // width) for line in text.splitlines())
    assert 0 < lines <= 8
