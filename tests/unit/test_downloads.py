import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.downloads import LIFETIME, Download, Downloads
from bot.links import Expired, Invalid
from bot.messages import OutgoingFile

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KEY = hashlib.sha256(b"content").hexdigest()
FILE = OutgoingFile(KEY, "申报书.docx")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Desk:
    """Contents with one file, and a clock that tests set."""

    def __init__(self) -> None:
        self.now = NOW
        self.keys = {KEY}

    async def fetch(self, key: str) -> Path:
        if key not in self.keys:
            raise LookupError(key)
        return Path(key[:4])

    def open(self, public_url: str = "") -> Downloads:
        return Downloads(b"a key", self, lambda: self.now, public_url)


def token(address: str) -> str:
    before, _, found = address.rpartition("/")
    assert before in {"/files", "https://laurel.example/files"}
    return found


async def test_link_leads_to_the_file() -> None:
    downloads = Desk().open("https://laurel.example/")
    found = await downloads.open(token(downloads.link(FILE)))
    assert found == Download(Path(KEY[:4]), "申报书.docx", WORD)


async def test_link_without_a_public_address_is_none() -> None:
    assert Desk().open().link(FILE) == ""


async def test_address_leads_its_reader_alone() -> None:
    downloads = Desk().open()
    address = token(downloads.address(FILE, "anna"))
    assert isinstance(await downloads.open(address, "anna"), Download)
    assert [await downloads.open(address, reader) for reader in ("", "bert")] == [Invalid(), Invalid()]
    assert "anna" not in address


async def test_link_expires() -> None:
    desk = Desk()
    downloads = desk.open()
    address = token(downloads.address(FILE))
    desk.now += LIFETIME - timedelta(seconds=1)
    assert isinstance(await downloads.open(address), Download)
    desk.now += timedelta(seconds=1)
    assert isinstance(await downloads.open(address), Expired)


async def test_link_to_a_file_that_is_gone_is_expired() -> None:
    desk = Desk()
    downloads = desk.open()
    address = token(downloads.address(FILE))
    desk.keys.clear()
    assert isinstance(await downloads.open(address), Expired)


@pytest.mark.parametrize("found", ["", "x", "a.1.b"])
async def test_link_that_is_none_is_invalid(found: str) -> None:
    assert await Desk().open().open(found) == Invalid()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("字" * 100 + ".pdf", "字" * 28 + ".pdf"),
        ("a\nb.pdf", "ab.pdf"),
        ("../x.unknown", "x.unknown"),
    ],
)
async def test_name_in_a_link_is_short_and_clean(name: str, shown: str) -> None:
    downloads = Desk().open()
    found = await downloads.open(token(downloads.address(OutgoingFile(KEY, name))))
    assert isinstance(found, Download)
    assert found.name == shown


async def test_link_leaves_room_in_a_message_of_wechat() -> None:
    link = Desk().open("https://laurel.example").link(OutgoingFile(KEY, "字" * 200 + ".docx"))
    assert len(link) < 400
