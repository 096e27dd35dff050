import json
from pathlib import Path

import pytest

from bot.channels.base import NotFetched
from bot.channels.console import ConsoleChannel, read, save_copy, show
from bot.messages import Address, IncomingFile, Kind, Outgoing, OutgoingFile

MESSAGE = Outgoing(1, Address("console", "me"), "好", files=(OutgoingFile("a" * 64, "申报书.docx"),))


@pytest.mark.parametrize("line", ["/file {path}", "/file  {path} ", '/file "{path}"', "/file '{path}'"])
def test_line_sends_a_file(tmp_path: Path, line: str) -> None:
    path = tmp_path / "方 案.pdf"
    path.write_bytes(b"12345")
    inbound = read(line.format(path=path), "me")
    assert (inbound.kind, inbound.files) == (Kind.FILE, (IncomingFile(str(path), "方 案.pdf", size=5),))


async def fetched(path: Path) -> bytes:
    return b"".join([chunk async for chunk in ConsoleChannel().fetch(IncomingFile(str(path), path.name))])


async def test_file_is_read_from_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * 600_000)
    assert await fetched(path) == b"x" * 600_000


@pytest.mark.parametrize("name", ["none.pdf", "."])
async def test_place_without_a_file_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFetched) as caught:
        await fetched(tmp_path / name)
    assert caught.value.kind == "no_such_file"


def test_message_shows_where_its_files_are() -> None:
    assert show(MESSAGE, files=(Path("/home/me/申报书.docx"),)) == "好\n/home/me/申报书.docx\n"
    shown = json.loads(show(MESSAGE, as_json=True, files=(Path("/store/aa"),)))
    assert shown == {
        "text": "好",
        "choices": [],
        "files": [{"name": "申报书.docx", "path": "/store/aa"}],
        "kind": "reply",
    }


def test_copy_takes_nobodys_place(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.write_bytes(b"new")
    (tmp_path / "申报书.docx").write_bytes(b"mine")
    copies = [save_copy(content, "申报书.docx", tmp_path) for _ in range(2)]
    assert [copy.name for copy in copies] == ["申报书 (2).docx", "申报书 (3).docx"]
    assert (copies[0].read_bytes(), (tmp_path / "申报书.docx").read_bytes()) == (b"new", b"mine")


def test_copy_stays_in_its_folder(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.write_bytes(b"new")
    folder = tmp_path / "folder"
    folder.mkdir()
    assert save_copy(content, "../../etc/x.txt", folder) == folder / "x.txt"
