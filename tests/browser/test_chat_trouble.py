"""The chat page when things go wrong: lost connections, refusals, hostile words."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import expect

from bot.messages import Choice, Inbound, Kind
from tests.browser.conftest import Visiting
from tests.integration.web.fakes import Busy

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KEPT = "JSON.stringify({...localStorage, ...sessionStorage})"
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script> & "quotes" &lt;b&gt;'


async def test_words_whose_answers_were_erased_are_forgotten(visit: Visiting) -> None:
    here = await visit()
    await here.say("my phone number")
    await here.say("/forget")
    await here.shows("heard: start", "my phone number", "heard: my phone number", "/forget", "heard: /forget")
    here.turns.sent = [message for message in here.turns.sent if message.id == 3]
    await here.page.reload()
    await here.shows("/forget", "heard: /forget")
    assert "my phone number" not in await here.page.evaluate(KEPT)


async def test_words_are_forgotten_when_nothing_is_left_in_the_mailbox(visit: Visiting) -> None:
    here = await visit()
    await here.say("my phone number")
    await here.shows("heard: start", "my phone number", "heard: my phone number")
    assert "my phone number" in await here.page.evaluate(KEPT)
    here.turns.sent.clear()
    await here.page.reload()
    await here.shows("heard: start")
    assert "my phone number" not in await here.page.evaluate(KEPT)


async def test_message_sent_late_under_a_lower_id_is_shown_once_and_keeps_its_place(visit: Visiting) -> None:
    here = await visit()
    paused = await here.turns.push("nobody yet", "late")
    await here.say("one")
    await here.shows("heard: start", "one", "heard: one")
    here.turns.sent.remove(paused)
    last = here.turns.sent[-1]
    here.turns.sent.append(replace(paused, address=last.address, sequence=last.sequence + 1))
    here.turns.webchat.wake(last.address)
    await here.shows("heard: start", "one", "heard: one", "late")
    await here.say("two")
    conversation = ["heard: start", "one", "heard: one", "late", "two", "heard: two"]
    await here.shows(*conversation)
    await here.page.reload()
    await here.shows(*conversation)
    assert [each.text for each in here.heard()] == ["one", "two"]


async def test_message_sent_offline_is_kept_and_goes_out_once(visit: Visiting) -> None:
    here = await visit()
    await here.page.context.set_offline(True)
    await here.say("one")
    await here.say("two")
    await expect(here.page.locator(".failed")).to_have_count(2)
    await expect(here.page.locator("#notice")).to_have_text("连接断开了，恢复后会自动继续。")
    assert here.heard() == []
    await here.page.context.set_offline(False)
    await here.shows("heard: start", "one", "two", "heard: one", "heard: two")
    await expect(here.page.locator(".failed")).to_have_count(0)
    await expect(here.page.locator("#notice")).to_be_hidden()
    assert [each.text for each in here.heard()] == ["one", "two"]


async def test_answer_lost_on_the_way_is_asked_for_again_with_the_same_id(visit: Visiting) -> None:
    here = await visit()
    lost: list[str] = []

    async def lose_first(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request.post_data)
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await here.page.route("**/chat/messages*", lose_first)
    await here.say("hi")
    await here.shows("heard: start", "hi", "heard: hi")
    await expect(here.page.locator("#working")).to_be_hidden()
    assert [each.text for each in here.heard()] == ["hi"]


async def test_message_that_stays_undelivered_can_be_tried_again(visit: Visiting) -> None:
    here = await visit()
    here.turns.failing = [Busy(), Busy(), Busy()]
    await here.say("hi")
    failed = here.page.locator(".failed .fate")
    await expect(failed).to_contain_text("现在很忙，这条消息还没有处理。请过几秒再试。")
    await here.page.reload()
    await here.shows("heard: start", "hi", "heard: hi")
    here.turns.failing = [Busy(), Busy(), Busy()]
    await here.say("again")
    await here.button("重试").click()
    await here.shows("heard: start", "hi", "heard: hi", "again", "heard: again")
    assert [each.text for each in here.heard()] == ["hi", "again"]


async def test_message_that_is_refused_says_why_and_lets_the_next_through(visit: Visiting) -> None:
    here = await visit()
    await here.page.evaluate(
        "field => { field.value = '字'.repeat(59000); field.dispatchEvent(new Event('input')) }",
        await here.words.element_handle(),
    )
    await here.page.route("**/chat/messages", _refuse_long)
    await here.words.press("Enter")
    await expect(here.page.locator(".refused .fate")).to_have_text("没有送达： too long here")
    await here.say("short")
    await expect(here.bubbles.nth(2)).to_have_text("short")
    await expect(here.bubbles.nth(3)).to_have_text("heard: short")
    assert [each.text for each in here.heard()] == ["short"]


async def _refuse_long(route: Any) -> None:
    if len(route.request.post_data or "") > 50_000:
        body = {"error": {"code": "too_large", "text": "too long here", "reference": "0"}}
        await route.fulfill(status=413, json=body)
    else:
        await route.continue_()


async def test_markup_stays_text_on_both_sides(visit: Visiting) -> None:
    here = await visit()
    await here.say(HOSTILE)
    await here.shows("heard: start", HOSTILE, f"heard: {HOSTILE}")
    await here.page.reload()
    await here.shows("heard: start", HOSTILE, f"heard: {HOSTILE}")
    assert await here.page.title() == "Laurel · 奖项申报助手"
    assert await here.page.locator(".log img, .log script, .log b").count() == 0


async def test_markup_in_a_button_stays_text(visit: Visiting) -> None:
    def script(_inbound: Inbound) -> Sequence[tuple[str, tuple[Choice, ...]]]:
        return [("which?", (Choice("1.0", HOSTILE),))]

    here = await visit(script)
    await expect(here.page.locator(".choices button")).to_have_text(HOSTILE)
    assert await here.page.locator(".log img, .log script").count() == 0


async def test_visitor_whose_cookie_is_gone_is_asked_to_reload(visit: Visiting) -> None:
    here = await visit()
    await here.page.context.clear_cookies()
    await here.say("hi")
    await here.button("刷新页面").click()
    await here.shows("heard: start")
    assert [each.kind for each in here.turns.inbounds] == [Kind.START, Kind.START]
    assert len({each.sender for each in here.turns.inbounds}) == 2
