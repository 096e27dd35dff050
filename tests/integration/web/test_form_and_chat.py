"""The form page and the chat hold one application."""

from itertools import count
from pathlib import Path

import pytest

from bot.services.form_page import Holder
from storage.database import Storage
from storage.records import Person
from tests.fixtures.form_house import FormHouse
from tests.integration.web.conftest import Serve
from tests.integration.web.forms import Visit


class Both:
    """A person in the chat, and at the page of what they began there."""

    def __init__(self, house: FormHouse, person: Person) -> None:
        self.house, self.person, self.events = house, person, count(1)

    async def say(self, *texts: str) -> list[str]:
        """Says these in the chat; gives the last answer."""
        answers: list[str] = []
        for text in texts:
            answers = await self.house.say(self.person, text, f"event-{next(self.events)}")
        return answers

    async def page(self, serve: Serve) -> Visit:
        """Opens the page by the link that the chat gives."""
        link = next(line for line in (await self.say("网页"))[0].splitlines() if "/form/" in line)
        client = await serve(self.house.edge())
        taken = await client.post(link.removeprefix("http://here.example"), allow_redirects=False)
        application = int(taken.headers["Location"].rpartition("/")[2])
        return await Visit(client, self.house, Holder(application, self.person.id)).reload()


@pytest.fixture
def both(sqlite_storage: Storage, tmp_path: Path) -> Both:
    house = FormHouse(sqlite_storage, tmp_path)
    return Both(house, house.person())


async def test_page_shows_what_was_answered_in_the_chat(serve: Serve, both: Both) -> None:
    await both.say("/apply lantern", "同意", "小橘灯")
    here = await both.page(serve)
    assert 'value="小橘灯"' in here.html
    assert "已于 2026-11-20 12:00 同意" in here.html


async def test_chat_goes_on_after_what_was_answered_on_the_page(serve: Serve, both: Both) -> None:
    await both.say("/apply lantern", "同意")
    here = await both.page(serve)
    await here.answer("name", "小橘灯")
    await here.answer("kind", "lamp")
    response = await here.post("chat")
    assert "所用材料" in await response.text()
    await both.say("纸、竹")
    assert both.house.answers(here.holder)["materials"] == ["paper", "bamboo"]


async def test_answer_in_the_chat_does_not_replace_one_given_on_the_page_meanwhile(serve: Serve, both: Both) -> None:
    await both.say("/apply lantern", "同意")
    here = await both.page(serve)
    await here.answer("name", "网页上的")
    replies = await both.say("聊天里的")
    assert both.house.answers(here.holder)["name"] == "网页上的"
    assert "网页上的" in "".join(replies)
    await both.say("聊天里的")
    assert both.house.answers(here.holder)["name"] == "聊天里的"


async def test_answer_on_the_page_does_not_replace_one_given_in_the_chat_meanwhile(serve: Serve, both: Both) -> None:
    await both.say("/apply lantern", "同意")
    here = await both.page(serve)
    await both.say("聊天里的")
    status, told = await here.answer("name", "网页上的")
    assert (status, "聊天里的" in told["elsewhere"]) == (409, True)
    assert both.house.answers(here.holder)["name"] == "聊天里的"


async def test_text_begun_in_the_chat_is_finished_on_the_page(serve: Serve, both: Both) -> None:
    await both.say("/apply lantern", "同意", "小橘灯", "灯", "跳过", "一盏小灯。")
    here = await both.page(serve)
    assert ("一盏小灯。" in here.html, "这段文字还没有存为答案" in here.html) == (True, True)
    await here.answer("story", "一盏小灯。它亮着。")
    assert both.house.answers(here.holder)["story"] == "一盏小灯。它亮着。"
    assert "story" not in both.house.cursor(here.holder).get("drafts", {})


async def test_text_too_long_on_the_page_is_shortened_in_the_chat(serve: Serve, both: Both) -> None:
    await both.say("/apply lantern", "同意", "小橘灯", "灯", "跳过")
    here = await both.page(serve)
    await here.answer("story", "字" * 24)
    assert "超出4字" in "".join(await both.say("进度", "修改 创作故事"))
    await both.say("清空", "一盏小灯。", "完成")
    assert both.house.answers(here.holder)["story"] == "一盏小灯。"


async def test_what_the_page_could_not_take_outlives_steps_in_the_chat(serve: Serve, both: Both) -> None:
    await both.say("/apply lantern", "同意")
    here = await both.page(serve)
    await here.answer("mail", "nonsense")
    await both.say("小橘灯", "灯")
    assert "nonsense" in (await here.reload()).html
