"""Files on the chat page: chosen, dropped, refused, lost, given out."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from bot.channels.base import Interrupted
from bot.channels.webchat import WebChatChannel
from bot.downloads import Downloads
from bot.messages import Address, Choice, Inbound, Kind, Outgoing, OutgoingFile
from bot.sizes import show_size
from bot.web.server import build, start
from tests.browser.conftest import PHONE
from tests.integration.web.fakes import FakeTurns, Handled, make_edge
from tests.integration.web.test_chat_files import Clock, Shelf

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KEY = hashlib.sha256(b"content").hexdigest()


def script(inbound: Inbound) -> Sequence[tuple[str, tuple[Choice, ...]]]:
    """Answers a file with its name."""
    if inbound.kind is Kind.FILE:
        return [(f"received {inbound.files[0].name}", ())]
    return [("welcome", ())]


class FileTurns(FakeTurns):
    """Turns that read what is sent."""

    taken: list[int]

    async def handle(self, inbound: Inbound) -> Handled:
        """Reads the files of a new event."""
        if (inbound.channel, inbound.event) not in self.events:
            for file in inbound.files:
                self.taken.append(sum([len(chunk) async for chunk in self.webchat.fetch(file)]))
        return await super().handle(inbound)


@pytest_asyncio.fixture(loop_scope="session")
async def room(browser: Browser, tmp_path: Path) -> AsyncIterator[tuple[Page, FileTurns]]:
    """The page of a visitor who was greeted, and the turns behind it."""
    webchat = WebChatChannel()
    turns = FileTurns(webchat, script)
    turns.taken = []
    downloads = Downloads(b"a key", Shelf(tmp_path), Clock())
    edge = make_edge(turns=turns, webchat=webchat, downloads=downloads, chat_upload_bytes=1024**2)
    runner, address = await start(build(edge), "127.0.0.1", 0)
    options: dict[str, Any] = {"locale": "zh-CN", "viewport": PHONE, "has_touch": True, "accept_downloads": True}
    context = await browser.new_context(**options)
    context.set_default_timeout(10_000)
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.goto(address)
    await expect(page.locator(".laurel")).to_have_count(1)
    yield page, turns
    await context.close()
    await runner.cleanup()
    assert problems == []


def make(tmp_path: Path, name: str, size: int) -> str:
    path = tmp_path / name
    path.write_bytes(b"x" * size)
    return str(path)


async def test_chosen_files_are_sent_in_order(room: tuple[Page, FileTurns], tmp_path: Path) -> None:
    page, turns = room
    paths = [make(tmp_path, "营业执照.pdf", 300_000), make(tmp_path, "照片.jpg", 2_000)]
    await page.locator("#files").set_input_files(paths)
    replies = page.locator(".laurel .bubble")
    await expect(replies).to_have_text(["welcome", "received 营业执照.pdf", "received 照片.jpg"])
    assert turns.taken == [300_000, 2_000]
    await expect(page.locator(".own .file")).to_have_text(["营业执照.pdf", "照片.jpg"])
    await expect(page.locator(".own .size")).to_have_text(["300K", "2K"])
    await expect(page.locator(".own .bar:visible")).to_have_count(0)


async def test_file_over_the_limit_is_refused_before_it_is_sent(room: tuple[Page, FileTurns], tmp_path: Path) -> None:
    page, turns = room
    await page.locator("#files").set_input_files(make(tmp_path, "录像.mp4", 1024**2 + 1))
    await expect(page.locator(".own .fate")).to_have_text(
        "没有送达： 这个文件超过 1M，没有上传。请压缩后再发，或改用网页填报上传。"
    )
    assert turns.taken == []


async def test_dropped_file_is_sent(room: tuple[Page, FileTurns]) -> None:
    page, turns = room
    transfer = await page.evaluate_handle(
        "() => { const t = new DataTransfer(); t.items.add(new File(['12345'], '方案.pdf')); return t; }"
    )
    await page.dispatch_event("main", "dragenter", {"dataTransfer": transfer})
    await expect(page.locator("#drop")).to_be_visible()
    await page.dispatch_event("main", "drop", {"dataTransfer": transfer})
    await expect(page.locator("#drop")).to_be_hidden()
    await expect(page.locator(".laurel .bubble").last).to_have_text("received 方案.pdf")
    assert turns.taken == [5]


async def test_upload_that_breaks_off_goes_on_by_itself(room: tuple[Page, FileTurns], tmp_path: Path) -> None:
    page, turns = room
    calls = 0

    async def cut_once(route: Route) -> None:
        nonlocal calls
        calls += 1
        await (route.abort("connectionreset") if calls == 1 else route.continue_())

    await page.route("**/chat/files", cut_once)
    await page.locator("#files").set_input_files(make(tmp_path, "方案.pdf", 5))
    await expect(page.locator(".laurel .bubble").last).to_have_text("received 方案.pdf")
    assert (calls, turns.taken) == (2, [5])


async def test_upload_that_keeps_breaking_off_waits_for_a_tap(
    room: tuple[Page, FileTurns], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, turns = room
    plain = turns.handle

    async def interrupted(_inbound: Inbound) -> Any:
        raise Interrupted("cut")

    monkeypatch.setattr(turns, "handle", interrupted)
    await page.locator("#files").set_input_files(make(tmp_path, "方案.pdf", 5))
    await expect(page.locator(".own .fate")).to_contain_text("内容没有传完整，请再发一次。")
    monkeypatch.setattr(turns, "handle", plain)
    await page.get_by_role("button", name="重试").click()
    await expect(page.locator(".laurel .bubble").last).to_have_text("received 方案.pdf")


async def test_file_that_a_reload_has_lost_is_to_be_chosen_again(room: tuple[Page, FileTurns], tmp_path: Path) -> None:
    page, turns = room
    held = asyncio.Event()

    async def hold(route: Route) -> None:
        await held.wait()
        await route.abort()

    await page.route("**/chat/files", hold)
    await page.locator("#files").set_input_files(make(tmp_path, "方案.pdf", 5))
    await expect(page.locator(".own .bar")).to_be_visible()
    await page.reload()
    await expect(page.locator(".own .fate")).to_have_text("没有送达： 页面刷新过，请重新选择这个文件。")
    held.set()
    assert turns.taken == []


async def test_file_of_laurels_is_saved_under_its_name(room: tuple[Page, FileTurns]) -> None:
    page, turns = room
    chat = turns.inbounds[0].chat
    files = (OutgoingFile(KEY, "申报书.docx"),)
    turns.sent.append(Outgoing(99, Address("webchat", chat), "好", files=files, sequence=99))
    turns.webchat.wake(Address("webchat", chat))
    link = page.get_by_role("link", name="申报书.docx")
    async with page.expect_download() as waiting:
        await link.click()
    download = await waiting.value
    assert download.suggested_filename == "申报书.docx"
    saved = Path(await download.path())
    assert await asyncio.to_thread(saved.read_bytes) == b"content"


async def test_page_shows_sizes_as_the_server_does(room: tuple[Page, FileTurns]) -> None:
    page, _ = room
    sizes = [0, 999, 1024, 150_000, 1024**2 - 1, 1024**2, 1_200_000, 3 * 1024**2 + 1, 1024**3, 5 * 10**9]
    script = await page.locator("script[src]").get_attribute("src")
    assert script is not None
    shown = await page.evaluate(
        "async ([module, sizes]) => sizes.map((await import(module)).showSize)",
        [script.replace("chat.js", "files.js"), sizes],
    )
    assert shown == [show_size(size) for size in sizes]
