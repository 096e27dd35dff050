"""The form page on a slow, a broken or no connection, and without a pointer or eyes."""

import asyncio
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Route, expect

from tests.browser.form.conftest import DESKTOP, FormVisit, Visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# Whatever can be filled in or pressed has a name, and whatever names or describes something is there.
_NAMELESS = """() => [...document.querySelectorAll("input:not([type=hidden]), textarea, select, button, a, summary")]
    .filter((one) => one.tabIndex >= 0 && one.checkVisibility())
    .filter((one) => !(one.ariaLabel || one.textContent.trim() || [...(one.labels || [])].length))
    .map((one) => one.outerHTML)"""
_BROKEN = """() => [...document.querySelectorAll("[aria-describedby], [aria-labelledby], [for]")].flatMap((one) =>
    (one.getAttribute("aria-describedby") || one.getAttribute("aria-labelledby") || one.getAttribute("for")).split(" "))
    .filter((id) => !document.getElementById(id))"""
_TWICE = """() => { const all = [...document.querySelectorAll("[id]")].map((one) => one.id);
    return all.filter((id, index) => all.indexOf(id) !== index); }"""
_ROWS = [{"part": "灯罩"}]


async def test_answers_typed_without_a_connection_are_saved_when_it_is_back(form_visit: Visiting) -> None:
    here = await form_visit()
    await here.page.context.set_offline(True)
    await here.entry("name").fill("小橘灯")
    await here.entry("mail").fill("anna@example.com")
    await here.entry("mail").blur()
    await expect(here.page.locator("#banner")).to_have_text("未连接，恢复后自动保存。请不要关闭这一页。")
    assert here.answers == {}
    await here.page.context.set_offline(False)
    await here.saved()
    await expect(here.page.locator("#banner")).to_be_hidden()
    assert here.answers == {"name": "小橘灯", "mail": "anna@example.com"}


async def test_answer_whose_response_is_lost_is_sent_again_and_stored_once(form_visit: Visiting) -> None:
    here = await form_visit()
    lost: list[str] = []

    async def lose(route: Route) -> None:
        if not lost:
            lost.append(route.request.url)
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await here.page.route("**/answers", lose)
    await here.fill("name", "小橘灯")
    assert (len(lost), here.answers) == (1, {"name": "小橘灯"})


async def test_server_that_is_busy_is_asked_again(form_visit: Visiting) -> None:
    here = await form_visit()
    times: list[int] = []

    async def refuse(route: Route) -> None:
        times.append(1)
        await (route.fulfill(status=503, body="{}") if len(times) < 3 else route.continue_())

    await here.page.route("**/answers", refuse)
    await here.fill("name", "小橘灯")
    assert (len(times), here.answers) == (3, {"name": "小橘灯"})


async def test_typing_goes_on_while_a_slow_answer_is_under_way(form_visit: Visiting) -> None:
    here = await form_visit()

    async def delay(route: Route) -> None:
        await asyncio.sleep(0.4)
        await route.continue_()

    await here.page.route("**/answers", delay)
    await here.entry("story").press_sequentially("一盏小灯。它亮着。", delay=130)
    await here.entry("story").blur()
    await here.saved()
    await expect(here.entry("story")).to_have_value("一盏小灯。它亮着。")
    assert here.answers == {"story": "一盏小灯。它亮着。"}


async def test_reload_without_a_connection_loses_nothing_typed(form_visit: Visiting) -> None:
    here = await form_visit()
    await here.page.route("**/answers", lambda route: route.abort())
    await here.entry("story").fill("一盏小灯。")
    await expect(here.page.locator("#banner")).to_be_visible()
    here.page.on("dialog", lambda dialog: dialog.accept())
    await here.page.unroute("**/answers")
    await here.page.reload()
    await here.saved()
    assert here.answers == {"story": "一盏小灯。"}


async def test_page_shows_what_was_answered_in_the_chat_meanwhile(form_visit: Visiting) -> None:
    here = await form_visit({"name": "旧"})
    await here.page.wait_for_selector(".scripted")
    here.house.answer(here.holder.application, name="聊天里的", kind="kite")
    await here.entry("mail").focus()
    await here.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(here.entry("name")).to_have_value("聊天里的")
    await expect(here.entry("tail")).to_be_visible()
    await expect(here.entry("mail")).to_be_focused()
    await here.fill("name", "网页上的")
    assert here.answers == {"name": "网页上的", "kind": "kite"}


async def test_page_whose_session_is_over_says_how_to_go_on(form_visit: Visiting) -> None:
    here = await form_visit()
    await here.page.context.clear_cookies()
    await here.entry("name").fill("小橘灯")
    await expect(here.page.locator("#banner")).to_contain_text("发送“网页”")
    await here.page.goto(here.address + here.house.link(here.holder))
    await here.button("打开申报表").click()
    await here.saved()
    await expect(here.entry("name")).to_have_value("小橘灯")
    assert here.answers == {"name": "小橘灯"}


async def test_page_goes_on_saving_when_a_new_link_was_opened_beside_it(form_visit: Visiting) -> None:
    here = await form_visit()
    await here.page.context.clear_cookies()
    await here.entry("name").fill("小橘灯")
    await expect(here.page.locator("#banner")).to_contain_text("发送“网页”")
    beside = await here.page.context.new_page()
    await beside.goto(here.address + here.house.link(here.holder))
    await beside.get_by_role("button", name="打开申报表").click()
    await beside.wait_for_selector("#sheet")
    await here.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await here.saved()
    assert here.answers == {"name": "小橘灯"}


async def test_upload_that_broke_is_offered_again_and_nothing_else_is_lost(
    form_visit: Visiting, tmp_path: Path
) -> None:
    here = await form_visit()
    Image.effect_noise((60, 60), 90).convert("RGB").save(tmp_path / "一.png")
    await here.page.route("**/files/photos", lambda route: route.abort())
    await here.entry("photos").set_input_files([str(tmp_path / "一.png")])
    await expect(here.page.locator("[data-sending] li")).to_contain_text("没有传完")
    await here.fill("name", "小橘灯")
    await here.page.unroute("**/files/photos")
    await here.button("重新上传").click()
    await expect(here.page.locator("[data-files] li")).to_have_count(1)
    await expect(here.page.locator("[data-sending] li")).to_have_count(0)
    assert sorted(here.answers) == ["name", "photos"]


async def test_upload_is_cancelled(form_visit: Visiting, tmp_path: Path) -> None:
    here = await form_visit()
    Image.effect_noise((60, 60), 90).convert("RGB").save(tmp_path / "一.png")
    reached = asyncio.Event()

    async def hold(route: Route) -> None:
        reached.set()
        await asyncio.sleep(3)
        await route.abort()

    await here.page.route("**/files/photos", hold)
    await here.entry("photos").set_input_files([str(tmp_path / "一.png")])
    await reached.wait()
    await here.button("取消上传 一.png").click()
    await expect(here.page.locator("[data-sending] li")).to_have_count(0)
    assert here.answers == {}


async def test_form_is_filled_in_by_the_keyboard_alone(form_visit: Visiting) -> None:
    here = await form_visit(viewport=DESKTOP)
    keys = here.page.keyboard
    await keys.press("Tab")
    await expect(here.page.locator(".skip")).to_be_focused()
    await keys.press("Enter")
    await tab_to(here, '[id="a-agree"]')
    await keys.press("Space")
    await tab_to(here, '[id="a-name"]')
    await keys.type("小橘灯")
    await keys.press("Enter")
    await tab_to(here, '[name="a:kind"]')
    await keys.press("Space")
    await keys.press("ArrowDown")
    await tab_to(here, '[data-do="add"]')
    await keys.press("Enter")
    await expect(here.entry("parts.0.part")).to_be_focused()
    await keys.type("竹骨")
    await tab_to(here, '[data-do="submit"]')
    await here.saved()
    await keys.press("Enter")
    await expect(here.page.locator("#gaps")).to_be_focused()
    await tab_to(here, "#missing a")
    await keys.press("Enter")
    await expect(here.entry("tail")).to_be_focused()
    stored = here.answers
    assert stored.pop("agree")
    assert stored == {"name": "小橘灯", "kind": "kite", "parts": [{"part": "竹骨"}]}


async def tab_to(here: FormVisit, selector: str) -> None:
    """Presses Tab until the focus, which can be seen all the way, is there."""
    for _ in range(40):
        await here.page.keyboard.press("Tab")
        if await here.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            style = "getComputedStyle(document.activeElement)"
            assert await here.page.evaluate(f"{style}.outlineStyle") != "none"
            return
    raise AssertionError(selector)


@pytest.mark.parametrize("scripted", [True, False])
async def test_everything_has_a_name_and_every_reference_leads_somewhere(form_visit: Visiting, scripted: bool) -> None:
    here = await form_visit({"parts": _ROWS, "kind": "kite", "mail": "nonsense", "story": "字" * 30})
    if scripted:
        await here.entry("name").fill("一二三四五六七八九十十")
        await expect(here.under("name").locator(".problem")).to_be_visible()
    for look in (_NAMELESS, _BROKEN, _TWICE):
        assert await here.page.evaluate(look) == []
    assert await here.page.locator("h1").count() == 1


async def test_what_is_wrong_is_read_out(form_visit: Visiting) -> None:
    here = await form_visit()
    await here.fill("mail", "nonsense")
    await expect(here.page.locator("#heard")).to_have_text("这不像邮箱地址。应如 name@example.com。")
    described = await here.entry("mail").get_attribute("aria-describedby")
    assert described == "h-mail u-mail"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_stand_out_from_their_ground(form_visit: Visiting, scheme: str) -> None:
    here = await form_visit({"parts": _ROWS, "mail": "nonsense"}, color_scheme=scheme)
    assert await here.page.evaluate(_FAINT) == []


# Text with a contrast of less than 4.5 to the nearest ground behind it.
_FAINT = """() => {
    const channels = (text) => text.match(/[\\d.]+/g).map(Number);
    const light = (text) => {
        const [r, g, b] = channels(text).map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (one) => {
        for (; one; one = one.parentElement) {
            const colour = getComputedStyle(one).backgroundColor;
            if (channels(colour)[3] !== 0) return colour;
        }
    };
    return [...document.querySelectorAll("body *")]
        .filter((one) => one.checkVisibility() && !one.closest("[disabled], .hidden, .skip"))
        .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
        .map((one) => {
            const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
            return [one.outerHTML.slice(0, 80), (a + 0.05) / (b + 0.05)];
        })
        .filter(([, contrast]) => contrast < 4.5);
}"""
