"""The page in a real Chromium, against a server of fakes on loopback."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

from bot.messages import Choice, Inbound, Kind
from bot.web.server import build, start
from tests.integration.web.fakes import FakeTurns, Script, make_edge

CHROMIUM = Path("/usr/bin/chromium")
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Where Chromium is. Where there is none the tests skip, but never in CI."""
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{CHROMIUM} is missing: CI must have a browser")
        pytest.skip(f"{CHROMIUM} is missing: install the package chromium to try the page in it")
    return CHROMIUM


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    """A running Chromium."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield running
        await running.close()


@dataclass
class Visit:
    """A page, the turns behind it and its address."""

    page: Page
    turns: FakeTurns
    address: str
    problems: list[str]

    @property
    def words(self) -> Locator:
        """The line to write on."""
        return self.page.locator("#words")

    @property
    def bubbles(self) -> Locator:
        """Every bubble, Laurel's and the visitor's, in order."""
        return self.page.locator(".bubble")

    def button(self, label: str) -> Locator:
        """The buttons with a label."""
        return self.page.get_by_role("button", name=label, exact=True)

    async def say(self, text: str) -> None:
        """Types a text and sends it."""
        await self.words.fill(text)
        await self.words.press("Enter")

    async def shows(self, *texts: str) -> None:
        """Waits until the conversation is exactly this."""
        await expect(self.bubbles).to_have_text(list(texts))

    def heard(self) -> list[Inbound]:
        """What reached the turns after the greeting."""
        return self.turns.inbounds[1:]

    async def push(self, text: str) -> None:
        """A notification from the other side."""
        await self.turns.push(self.turns.inbounds[0].chat, text)


Visiting = Callable[..., Awaitable[Visit]]


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser) -> AsyncIterator[Visiting]:
    """Opens the page of a new visitor, whose answers a script gives. Fails on any error of the page's own."""
    contexts: list[BrowserContext] = []
    runners: list[Any] = []
    visits: list[Visit] = []

    async def open_page(script: Script | None = None, *, path: str = "/", **options: Any) -> Visit:
        edge = make_edge(**({"script": script} if script else {}))
        runner, address = await start(build(edge), "127.0.0.1", 0)
        runners.append(runner)
        settings = {"locale": "zh-CN", "viewport": PHONE, "has_touch": True, **options}
        context = await browser.new_context(**settings)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = await context.new_page()
        assert isinstance(edge.turns, FakeTurns)
        found = Visit(page, edge.turns, address, [])
        page.on("pageerror", lambda error: found.problems.append(str(error)))
        page.on("console", lambda line: found.problems.append(line.text) if "Content Security" in line.text else None)
        visits.append(found)
        await page.goto(address + path)
        await expect(page.locator(".laurel")).not_to_have_count(0)
        return found

    yield open_page
    for context in contexts:
        await context.close()
    for runner in runners:
        await runner.cleanup()
    assert [found.problems for found in visits] == [[]] * len(visits)


def two_choices(inbound: Inbound) -> Sequence[tuple[str, tuple[Choice, ...]]]:
    """A greeting, then a question with two answers for every text, and none after a press."""
    if inbound.kind is Kind.START:
        return [("welcome", ())]
    if inbound.kind is Kind.PRESS:
        return [(f"chosen {inbound.pressed}", ())]
    return [(f"about {inbound.text}?", (Choice("q.0", "Yes"), Choice("q.1", "No")))]
