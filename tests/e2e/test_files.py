"""A file through each door into a form, and what is said where it cannot be taken."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.e2e.conftest import House, make_house
from tests.e2e.doors import LATER_SECONDS, TelegramDoor, WebDoor, WeChatDoor
from tests.e2e.packs import write_packs
from tests.fixtures.uploads import make_pdf, make_picture

PDF = make_pdf(3)
FORM = """sections:
  - key: papers
    title: {zh: 材料, en: Papers}
    fields:
      - key: licence
        type: file
        required: true
        label: {zh: 营业执照, en: Licence}
        file: {kinds: [pdf, jpg, png], most: 3}
      - key: team_name
        type: text
        required: true
        identifies: true
        label: {zh: 团队名称, en: Name of the team}
"""


@pytest.fixture(scope="module", params=["push,media", ""], ids=["media", "replies"])
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A Laurel with a form that begins with a file; WeChat with the right to fetch media, and without."""
    folder = tmp_path_factory.mktemp("archive")
    packs = write_packs(folder / "packs")
    (packs / "pine" / "form.yaml").write_text(FORM, "utf-8")
    settings = {"LAUREL_PACKS_DIR": str(packs), "LAUREL_WECHAT_CAPABILITIES": request.param}
    made = make_house(folder / "laurel", **settings)
    made.server.start()
    yield made
    made.close()


def kept(house: House, key_of: bytes) -> bool:
    """Whether the content is in the store."""
    stored = [path for path in (house.server.folder / "files").glob("??/*") if path.is_file()]
    return any(path.read_bytes() == key_of for path in stored)


def seen(texts: list[str]) -> str:
    return "\n".join(texts)


def test_documents_in_telegram_are_taken_one_after_the_other(archive: House) -> None:
    door = archive.door("telegram", "anna")
    assert isinstance(door, TelegramDoor)
    door.say("/apply pine")
    contents = {f"第{number}页.pdf": make_pdf(number) for number in (1, 2, 3)}

    def send() -> None:
        for name, content in contents.items():
            door.user.send_file(content, name, album="7")

    answered = seen(door._after(send))
    assert [name in answered for name in contents] == [True] * 3
    assert all(kept(archive, content) for content in contents.values())


def test_wrong_type_in_telegram_is_named(archive: House) -> None:
    door = archive.door("telegram", "anna")
    assert isinstance(door, TelegramDoor)
    door.say("/apply pine")
    answered = door._after(lambda: door.user.send_file(make_picture(), "营业执照.pdf"))
    assert "“营业执照.pdf”的内容其实是 PNG，不是 PDF" in seen(answered)


def test_large_file_in_telegram_is_explained(archive: House) -> None:
    door = archive.door("telegram", "anna")
    assert isinstance(door, TelegramDoor)
    door.say("/apply pine")
    answered = door._after(lambda: door.user.send_file(b"x" * (20 * 1024 * 1024 + 1), "录像.pdf"))
    assert "“录像.pdf”超过 20M" in seen(answered)


def test_picture_in_wechat_is_taken_where_the_account_may_fetch_it(archive: House) -> None:
    door = archive.door("wechat", "anna")
    assert isinstance(door, WeChatDoor)
    door.say("/apply pine")
    picture = make_picture("jpg", (400, 300))
    answered = door.user.send_image(picture) or ""
    if "media" in archive.server.environment["LAUREL_WECHAT_CAPABILITIES"]:
        assert "photo.jpg" in answered
        assert kept(archive, picture)
    else:
        assert "这个账号在聊天里收不了文件" in answered


def post(door: WebDoor, content: bytes, name: str) -> list[str]:
    """Sends a file as the page does."""
    told = quote(json.dumps({"id": str(uuid4()), "name": name}))
    headers = {"Content-Type": "application/octet-stream", "X-Laurel-File": told}
    request = urllib.request.Request(f"{door.server.url}/chat/files", data=content, headers=headers)
    with door._opener.open(request, timeout=LATER_SECONDS) as response:
        return door._take(json.load(response))


def test_file_on_the_page_is_taken(archive: House) -> None:
    door = archive.web()
    door.say("你好")
    assert "现在没有哪一步需要文件" in seen(post(door, PDF, "营业执照.pdf"))
    door.say("/apply pine")
    assert "营业执照.pdf" in seen(post(door, PDF, "营业执照.pdf"))
    assert kept(archive, PDF)


def test_file_in_the_terminal_is_taken(archive: House, tmp_path: Path) -> None:
    door = archive.door("console", "anna")
    path = tmp_path / "营业 执照.pdf"
    path.write_bytes(make_pdf(4))
    door.say("/apply pine")
    assert "没有找到文件“none.pdf”" in seen(door.say("/file none.pdf"))
    assert "营业 执照.pdf" in seen(door.say(f"/file {path}"))
    assert kept(archive, make_pdf(4))


def test_files_of_whoever_was_forgotten_have_no_rows_left(archive: House) -> None:
    door = archive.web()
    door.say("/apply pine")
    post(door, make_pdf(5), "营业执照.pdf")
    rows = "SELECT count(*) FROM files WHERE pages = 5"
    assert archive.server.query(rows) == [(1,)]
    door.say("/forget")
    door.press(next(label for label in door.buttons if "删除" in label))
    assert archive.server.query(rows) == [(0,)]
