"""What a visitor sees and does on the chat page."""

from collections.abc import Sequence

import pytest
from playwright.async_api import expect

from bot.messages import Choice, Inbound, Kind
from tests.browser.conftest import Visiting, two_choices

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_new_visitor_is_greeted_and_gets_answers(visit: Visiting) -> None:
    here = await visit()
    await here.shows("heard: start")
    await here.say("收费吗")
    await here.shows("heard: start", "收费吗", "heard: 收费吗")
    await expect(here.words).to_have_value("")
    assert [(each.text, each.locale) for each in here.heard()] == [("收费吗", "zh")]


async def test_button_sends_the_page_too(visit: Visiting) -> None:
    here = await visit()
    await here.words.fill("hi")
    await here.button("发送").click()
    await here.shows("heard: start", "hi", "heard: hi")
    assert [each.text for each in here.heard()] == ["hi"]


async def test_shift_enter_makes_a_line_and_the_field_grows(visit: Visiting) -> None:
    here = await visit()
    await here.words.fill("one")
    before = await here.words.bounding_box()
    await here.words.press("Shift+Enter")
    await here.words.press_sequentially("two")
    after = await here.words.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > before["height"]
    await here.words.press("Enter")
    await expect(here.bubbles.nth(1)).to_have_text("one two")
    assert here.heard()[0].text == "one\ntwo"


async def test_enter_that_ends_an_input_methods_word_sends_nothing(visit: Visiting) -> None:
    here = await visit()
    await here.words.fill("shou")
    event = "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true})"
    await here.words.evaluate(f"field => field.dispatchEvent({event})")
    await expect(here.words).to_have_value("shou")
    assert here.heard() == []


async def test_blank_text_is_not_sent(visit: Visiting) -> None:
    here = await visit()
    await here.say("   ")
    await here.say("x")
    await here.shows("heard: start", "x", "heard: x")
    assert [each.text for each in here.heard()] == ["x"]


async def test_button_of_a_question_works_once_and_only_below_the_newest(visit: Visiting) -> None:
    here = await visit(two_choices)
    await here.say("a")
    await expect(here.button("Yes")).to_have_count(1)
    await here.say("b")
    await expect(here.button("Yes")).to_have_count(2)
    await expect(here.button("Yes").nth(0)).to_have_attribute("aria-disabled", "true")
    await here.button("Yes").nth(0).dispatch_event("click")
    await here.button("No").nth(1).click()
    await here.shows("welcome", "a", "about a?", "b", "about b?", "No", "chosen q.1")
    await expect(here.button("Yes").nth(1)).to_have_attribute("aria-disabled", "true")
    await here.button("Yes").nth(1).dispatch_event("click")
    await here.say("c")
    await expect(here.bubbles.nth(8)).to_have_text("about c?")
    assert [(each.pressed, each.text, each.shown) for each in here.heard()] == [
        ("", "a", None),
        ("", "b", 1),
        ("q.1", "", 2),
        ("", "c", 2),
    ]


async def test_button_of_a_command_may_be_pressed_again(visit: Visiting) -> None:
    def menu(inbound: Inbound) -> Sequence[tuple[str, tuple[Choice, ...]]]:
        return [("welcome", (Choice("/help", "Help"),))] if inbound.kind is Kind.START else [("done", ())]

    here = await visit(menu)
    await here.button("Help").click()
    await here.shows("welcome", "Help", "done")
    await here.button("Help").click()
    await here.shows("welcome", "Help", "done", "Help", "done")
    assert [each.pressed for each in here.heard()] == ["/help", "/help"]


async def test_reload_keeps_the_conversation_and_its_buttons(visit: Visiting) -> None:
    here = await visit(two_choices)
    await here.say("a")
    await here.button("No").click()
    await here.say("b")
    before = ["welcome", "a", "about a?", "No", "chosen q.1", "b", "about b?"]
    await here.shows(*before)
    await here.page.reload()
    await here.shows(*before)
    await expect(here.button("No").nth(0)).to_have_attribute("aria-disabled", "true")
    await expect(here.button("No").nth(0)).to_have_class("chosen")
    await here.button("Yes").nth(1).click()
    await here.shows(*before, "Yes", "chosen q.0")
    assert len(here.turns.inbounds) == 5


async def test_pushed_message_appears_by_itself(visit: Visiting) -> None:
    here = await visit()
    await here.push("评审结果已公布")
    await here.shows("heard: start", "评审结果已公布")
    await here.push("第二条")
    await here.shows("heard: start", "评审结果已公布", "第二条")
    assert here.heard() == []


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("见 https://example.org/a?b=1。", ["https://example.org/a?b=1"]),
        ("(https://example.org/x).", ["https://example.org/x"]),
        ("写信到 help@example.org，谢谢", ["mailto:help@example.org"]),
        ("javascript:alert(1) data:text/html,x", []),
        ("https://", []),
    ],
)
async def test_addresses_can_be_followed(visit: Visiting, text: str, links: list[str]) -> None:
    here = await visit(lambda _inbound: [(text, ())])
    await here.shows(text)
    found = here.page.locator(".bubble a")
    assert [await each.get_attribute("href") for each in await found.all()] == links


async def test_quote_stands_apart_with_its_source(visit: Visiting) -> None:
    text = "不收费。\n「参选\n不收取任何费用。」（指南《三、评选（流程）》）\n可以咨询：某处"
    here = await visit(lambda _inbound: [(text, ())])
    await expect(here.page.locator("blockquote")).to_have_text("「参选 不收取任何费用。」（指南《三、评选（流程）》）")
    await expect(here.page.locator("cite")).to_have_text("（指南《三、评选（流程）》）")
    assert await here.page.locator(".bubble p").all_text_contents() == ["不收费。", "可以咨询：某处"]


async def test_step_of_a_form_shows_its_place_and_its_question(visit: Visiting) -> None:
    here = await visit(lambda _inbound: [("3/24 · 公司信息\n\n公司类型\n请选一项。", ())])
    await expect(here.page.locator(".step")).to_have_text("3/24 · 公司信息")
    await expect(here.page.locator(".ask")).to_have_text("公司类型")
    assert await here.page.locator(".bubble p").all_text_contents() == ["3/24 · 公司信息", "公司类型", "请选一项。"]


async def test_everything_can_be_done_by_keyboard(visit: Visiting) -> None:
    here = await visit(two_choices, has_touch=False)
    await expect(here.words).to_be_focused()
    await here.page.keyboard.type("a")
    await here.page.keyboard.press("Enter")
    await expect(here.button("Yes")).to_have_count(1)
    await here.page.keyboard.press("Shift+Tab")
    await expect(here.button("添加文件")).to_be_focused()
    await here.page.keyboard.press("Shift+Tab")
    await expect(here.button("No")).to_be_focused()
    await here.page.keyboard.press("Shift+Tab")
    await here.page.keyboard.press("Space")
    await here.shows("welcome", "a", "about a?", "Yes", "chosen q.0")
    await expect(here.words).to_be_focused()
    assert [(each.text, each.pressed) for each in here.heard()] == [("a", ""), ("", "q.0")]


async def test_screen_readers_are_told_what_is_what(visit: Visiting) -> None:
    here = await visit(two_choices)
    await here.say("a")
    log = here.page.get_by_role("log", name="对话")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(log.get_by_role("group", name="选项")).to_have_count(1)
    await expect(here.page.get_by_role("textbox", name="提问，或发送“申报”")).to_have_count(1)
    unnamed = "els => els.filter(e => !(e.getAttribute('aria-label') || e.textContent.trim())).length"
    assert await here.page.locator("button").evaluate_all(unnamed) == 0


async def test_language_can_be_switched_and_stays(visit: Visiting) -> None:
    here = await visit(locale="en-US")
    await expect(here.page.locator("html")).to_have_attribute("lang", "en")
    await here.button("中文").click()
    await here.shows("heard: start", "中文", "heard: /lang zh")
    await expect(here.words).to_have_attribute("placeholder", "提问，或发送“申报”")
    await here.page.reload()
    await expect(here.page.locator("html")).to_have_attribute("lang", "zh-CN")
    await here.say("hi")
    await expect(here.bubbles.nth(4)).to_have_text("heard: hi")
    assert [each.locale for each in here.turns.inbounds] == ["en", "zh", "zh"]


async def test_invitation_in_the_address_is_followed_once(visit: Visiting) -> None:
    here = await visit(path="/?start=join-abc_9")
    await here.shows("heard: start join-abc_9")
    assert here.page.url == f"{here.address}/"
    await here.page.reload()
    await here.shows("heard: start join-abc_9")
    assert [each.payload for each in here.turns.inbounds] == ["join-abc_9"]


@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844), (1280, 800)])
async def test_nothing_is_wider_than_the_screen(visit: Visiting, width: int, height: int) -> None:
    long = "https://example.org/" + "a" * 300

    def script(_inbound: Inbound) -> Sequence[tuple[str, tuple[Choice, ...]]]:
        return [(f"{long}\n{'字' * 400}", (Choice("1.0", "字" * 60), Choice("1.1", "w" * 80)))]

    here = await visit(script, viewport={"width": width, "height": height})
    wide = "() => [document.documentElement, document.getElementById('scroll')].map(e => e.scrollWidth - e.clientWidth)"
    assert await here.page.evaluate(wide) == [0, 0]


async def test_long_answer_shows_its_beginning(visit: Visiting) -> None:
    def script(inbound: Inbound) -> Sequence[tuple[str, tuple[Choice, ...]]]:
        return [("welcome" if inbound.kind is Kind.START else "\n".join(["字" * 18] * 80), ())]

    here = await visit(script)
    await here.say("x")
    await expect(here.bubbles).to_have_count(3)
    answer = await here.bubbles.nth(2).bounding_box()
    area = await here.page.locator("#scroll").bounding_box()
    assert answer is not None
    assert area is not None
    assert area["y"] <= answer["y"] < area["y"] + 100


async def test_two_tabs_show_the_same_conversation(visit: Visiting) -> None:
    here = await visit(two_choices)
    other = await here.page.context.new_page()
    await other.goto(here.address)
    bubbles = other.locator(".bubble")
    await expect(bubbles).to_have_text(["welcome"])
    await here.say("a")
    await expect(bubbles).to_have_text(["welcome", "a", "about a?"])
    await here.button("No").click()
    await expect(bubbles).to_have_text(["welcome", "a", "about a?", "No", "chosen q.1"])
    await expect(other.get_by_role("button", name="No", exact=True)).to_have_attribute("aria-disabled", "true")
    await other.locator("#words").fill("b")
    await other.locator("#words").press("Enter")
    await here.shows("welcome", "a", "about a?", "No", "chosen q.1", "b", "about b?")
    await here.page.reload()
    await here.shows("welcome", "a", "about a?", "No", "chosen q.1", "b", "about b?")
    assert [(each.text, each.pressed) for each in here.heard()] == [("a", ""), ("", "q.1"), ("b", "")]
