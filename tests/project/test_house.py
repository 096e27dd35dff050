"""The rules of the house: what every change keeps, whatever it is about."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from bot.cli import COMMANDS as CLI_COMMANDS
from bot.handlers import COMMANDS, FLOWS
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
SOURCES = ("bot", "knowledge", "storage")
PACKS = ROOT / "knowledge" / "packs"
LONGEST_FILE = 320
LONGEST_FUNCTION = 45
# A mainland mobile number in clear; the packs quote their guides, samples use the obviously invented 13800138000.
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
INVENTED = {"13800138000", "13900139000", "13812345678"}


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


@cache
def blocks(locale: str, name: str) -> set[str]:
    environment = Environment(autoescape=True, loader=FileSystemLoader(ROOT / "bot" / "templates"))
    environment.filters["instant"] = str
    return set(environment.get_template(f"{locale}/{name}").blocks)


def template_names(locale: str) -> set[str]:
    return {path.name for path in (ROOT / "bot" / "templates" / locale).glob("*.j2")}


def test_templates_exist_in_both_languages() -> None:
    assert template_names("zh") == template_names("en")


@pytest.mark.parametrize("name", sorted(template_names("zh")))
def test_template_blocks_exist_in_both_languages(name: str) -> None:
    assert blocks("zh", name) == blocks("en", name)


def used_templates() -> set[str]:
    pattern = re.compile(r'"([a-z_]+\.[a-z_]+)"')
    known = {path.stem for path in (ROOT / "bot" / "templates" / "zh").glob("*.j2")}
    text = "\n".join(path.read_text("utf-8") for path in python_files("bot"))
    return {found for found in pattern.findall(text) if found.split(".")[0] in known}


def test_templates_named_in_code_exist() -> None:
    missing = [
        found
        for found in sorted(used_templates())
        if found.split(".")[1] not in blocks("zh", f"{found.split('.')[0]}.j2")
    ]
    assert missing == []


def test_settings_are_documented() -> None:
    reference = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    missing = [name for name in Settings.model_fields if f"`LAUREL_{name.upper()}`" not in reference]
    assert missing == []


def test_settings_documented_exist() -> None:
    reference = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    known = {f"LAUREL_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"`(LAUREL_[A-Z_]+)`", reference)) - known == set()


def test_chat_commands_are_documented() -> None:
    reference = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    missing = [word for word in COMMANDS if f"`/{word}" not in reference]
    assert missing == []


def test_chat_commands_documented_exist() -> None:
    reference = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    documented = set(re.findall(r"^\| `/([a-z]+)", reference, re.MULTILINE))
    assert documented == set(COMMANDS)


def test_command_line_is_documented() -> None:
    reference = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    missing = [name for name in CLI_COMMANDS if f"`laurel {name}" not in reference]
    assert missing == []


def test_commands_have_one_meaning_each() -> None:
    words = [word for command in COMMANDS.values() for word in (command.word, *command.aliases)]
    assert sorted(words) == sorted(set(words))


def test_flows_are_entered_by_their_names() -> None:
    text = "\n".join(path.read_text("utf-8") for path in python_files("bot/handlers"))
    assert set(re.findall(r'\.enter\(\s*"([a-z]+)"', text)) == set(FLOWS)


def test_code_names_no_programme() -> None:
    names = {folder.name for folder in PACKS.iterdir() if folder.is_dir()} | {
        "聪明公司",
        "创新之光",
        "科创先锋",
        "TR50",
    }
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in python_files(*SOURCES)
        for name in names
        if name.lower() in path.read_text("utf-8").lower()
    ]
    assert found == []


def committed_texts() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".lock", ".db"}:
            yield path


def test_numbers_of_people_stay_in_the_packs() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {number[:3]}…"
        for path in committed_texts()
        if PACKS not in path.parents
        for number in MOBILE.findall(path.read_text("utf-8"))
        if number not in INVENTED
    ]
    assert found == []


def test_lock_names_no_registry() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert re.findall(r"https?://\S+|--index-url|--find-links", text) == []


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (
                f"{path.relative_to(ROOT)}:{node.lineno} {node.name}",
                (node.end_lineno or node.lineno) - node.lineno + 1,
            )


def test_functions_are_short() -> None:
    written = [path for path in python_files(*SOURCES) if "migrations" not in path.parts]
    lengths = [found for path in written for found in functions(path)]
    assert [name for name, length in lengths if length > LONGEST_FUNCTION] == []


def test_files_are_short() -> None:
    # A migration is a record; it is never split.
    lengths = {
        str(path.relative_to(ROOT)): path.read_text("utf-8").count("\n")
        for path in python_files(*SOURCES, "tests")
        if "migrations" not in path.parts
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_work_is_left_for_later() -> None:
    word = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
    found = [
        str(path.relative_to(ROOT)) for path in python_files(*SOURCES, "tests") if word.search(path.read_text("utf-8"))
    ]
    assert found == []
