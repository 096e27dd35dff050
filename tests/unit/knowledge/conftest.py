"""The shipped packs, read once, and copies of them that a test may change."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.folders import PACKS
from knowledge.library import Library
from knowledge.opening import load_packs


@pytest.fixture(scope="session")
def library() -> Library:
    return load_packs()


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A copy of the shipped packs."""
    folder = tmp_path / "packs"
    shutil.copytree(PACKS, folder)
    return folder


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replaces a text that must stand in a file."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return replace
