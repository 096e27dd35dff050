"""A person at the form page in a real Chromium, on a real database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from bot.services.form_page import Holder
from bot.web.server import build, start
from storage.database import Storage
from tests.browser.conftest import PHONE
from tests.fixtures.form_house import FormHouse

DESKTOP = {"width": 1280, "height": 900}


@dataclass
class FormVisit:
    """The page, what stands behind it, and its address."""

    page: Page
    house: FormHouse
    holder: Holder
    address: str
    problems: list[str] = field(default_factory=list)

    @property
    def state(self) -> Locator:
        """Whether all is saved."""
        return self.page.locator("#state")

    @property
    def answers(self) -> dict[str, Any]:
        """What is stored."""
        return self.house.answers(self.holder)

    def entry(self, slot: str) -> Locator:
        """What one types in."""
        return self.page.locator(f'[id="a-{slot}"]')

    def under(self, slot: str) -> Locator:
        """What stands below an entry."""
        return self.page.locator(f'[id="u-{slot}"]')

    def button(self, name: str) -> Locator:
        """The buttons of a name."""
        return self.page.get_by_role("button", name=name, exact=True)

    async def saved(self) -> None:
        """Waits until all is saved."""
        await expect(self.state).to_have_text("已全部保存")

    async def fill(self, slot: str, text: str) -> None:
        """Types a text, leaves the entry, and waits until it is saved."""
        await self.entry(slot).fill(text)
        await self.entry(slot).blur()
        await self.saved()


Visiting = Callable[..., Awaitable[FormVisit]]


@pytest_asyncio.fixture(loop_scope="session")
async def form_visit(browser: Browser, sqlite_storage: Storage, tmp_path: Path) -> AsyncIterator[Visiting]:
    """Opens the page of a new application by its link. Fails on any error of the page's own."""
    house = FormHouse(sqlite_storage, tmp_path)
    runner, address = await start(build(house.edge()), "127.0.0.1", 0)
    contexts: list[BrowserContext] = []
    visits: list[FormVisit] = []

    async def open_page(answers: dict[str, Any] | None = None, **options: Any) -> FormVisit:
        settings = {"locale": "zh-CN", "viewport": PHONE, **options}
        context = await browser.new_context(**settings)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = await context.new_page()
        found = FormVisit(page, house, house.begin(house.person(), **(answers or {})), address)
        page.on("pageerror", lambda error: found.problems.append(str(error)))
        page.on("console", lambda line: found.problems.append(line.text) if "Content Security" in line.text else None)
        visits.append(found)
        await page.goto(address + house.link(found.holder))
        await page.get_by_role("button", name="打开申报表").click()
        await page.wait_for_url(f"{address}/form/{found.holder.application}")
        return found

    yield open_page
    for context in contexts:
        await context.close()
    await runner.cleanup()
    assert [found.problems for found in visits] == [[]] * len(visits)
