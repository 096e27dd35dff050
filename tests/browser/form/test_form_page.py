"""What a person sees and does on the form page."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import expect

from tests.browser.form.conftest import DESKTOP, Visiting
from tests.fixtures.form_house import WHOLE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SIZES = pytest.mark.parametrize("viewport", [{"width": 360, "height": 740}, DESKTOP], ids=["phone", "desktop"])


def picture(folder: Path, name: str, side: int = 60) -> str:
    """The path of a small picture of noise."""
    path = folder / name
    Image.effect_noise((side, side), 90).convert("RGB").save(path)
    return str(path)


def bytes_of(path: str) -> list[int]:
    return list(Path(path).read_bytes())


@SIZES
async def test_page_is_as_wide_as_its_window(form_visit: Visiting, viewport: dict[str, int]) -> None:
    here = await form_visit(viewport=viewport)
    await here.button("添加一行").click()
    await expect(here.entry("parts.0.part")).to_be_focused()
    assert await here.page.evaluate("document.documentElement.scrollWidth") == viewport["width"]


async def test_answers_are_saved_as_they_are_typed(form_visit: Visiting) -> None:
    here = await form_visit()
    await here.entry("story").press_sequentially("一盏小灯。")
    await expect(here.under("story")).to_contain_text("5 / 20 字")
    await here.page.get_by_label("灯", exact=True).check()
    await here.page.get_by_label("竹").check()
    await here.page.get_by_label("我已阅读并同意").check()
    await here.saved()
    stored = here.answers
    assert stored.pop("agree")["agreed_at"] == "2026-11-20T12:00:00+08:00"
    assert stored == {"story": "一盏小灯。", "kind": "lamp", "materials": ["bamboo"]}
    await here.page.reload()
    await expect(here.entry("story")).to_have_value("一盏小灯。")
    await expect(here.page.get_by_label("竹")).to_be_checked()


async def test_text_over_its_limit_is_kept_over_a_reload_and_not_stored(form_visit: Visiting) -> None:
    here = await form_visit({"story": "旧"})
    await here.fill("story", "字" * 24)
    await expect(here.under("story")).to_contain_text("24 / 20 字：超出 4 字")
    await expect(here.entry("story")).to_have_attribute("aria-invalid", "true")
    await here.page.reload()
    await expect(here.entry("story")).to_have_value("字" * 24)
    assert here.answers == {"story": "旧"}
    await here.fill("story", "字" * 20)
    await expect(here.entry("story")).not_to_have_attribute("aria-invalid", "true")
    assert here.answers == {"story": "字" * 20}


async def test_discarded_change_gives_back_the_stored_answer(form_visit: Visiting) -> None:
    here = await form_visit({"mail": "a@example.com"})
    await here.fill("mail", "nonsense")
    await here.button("放弃改动").click()
    await expect(here.entry("mail")).to_have_value("a@example.com")
    await expect(here.under("mail").locator(".problem")).to_have_count(0)


async def test_field_appears_and_goes_with_the_answer_it_hangs_on(form_visit: Visiting) -> None:
    here = await form_visit()
    await here.page.get_by_label("风筝").check()
    await expect(here.entry("tail")).to_be_visible()
    await here.fill("tail", "1,200")
    await expect(here.entry("tail")).to_have_value("1200")
    await here.page.get_by_label("灯", exact=True).check()
    await expect(here.entry("tail")).to_have_count(0)
    await here.page.get_by_label("风筝").check()
    await expect(here.entry("tail")).to_have_value("1200")


async def test_computed_value_follows_its_sources(form_visit: Visiting) -> None:
    here = await form_visit({"kind": "kite"})
    await here.fill("name", "纸鸢")
    await expect(here.page.locator("#f-label .value")).to_have_text("风筝·纸鸢")


async def test_group_counts_its_parts_together(form_visit: Visiting) -> None:
    here = await form_visit()
    await here.fill("idea", "字" * 40)
    await expect(here.under("group-about")).to_have_text("这几项合计 40 / 60 字")
    await here.fill("use", "字" * 21)
    await expect(here.under("group-about")).to_have_text("这几项合计 61 / 60 字：超出 1 字")
    await expect(here.under("use")).to_contain_text("21 / 20 字：超出 1 字")
    assert here.answers == {"idea": "字" * 40}


async def test_rows_are_added_filled_and_deleted(form_visit: Visiting) -> None:
    here = await form_visit()
    for number, name in enumerate(("灯罩", "提手")):
        await here.button("添加一行").click()
        await expect(here.entry(f"parts.{number}.part")).to_be_focused()
        await here.page.keyboard.type(name)
    await here.entry("parts.0.made_on").fill("2026-03-01")
    await here.saved()
    assert here.answers == {"parts": [{"part": "灯罩", "made_on": "2026-03-01"}, {"part": "提手"}]}
    await here.button("删除第 1 行").click()
    await expect(here.page.locator(".row")).to_have_count(1)
    await expect(here.entry("parts.0.part")).to_have_value("提手")
    assert here.answers == {"parts": [{"part": "提手"}]}


async def test_table_that_is_full_offers_no_more_rows(form_visit: Visiting) -> None:
    here = await form_visit({"parts": [{"part": "一"}, {"part": "二"}]})
    await here.button("添加一行").click()
    await expect(here.page.locator(".row")).to_have_count(3)
    await expect(here.button("添加一行")).to_have_count(0)


async def test_answer_changed_elsewhere_is_shown_and_the_other_taken(form_visit: Visiting) -> None:
    here = await form_visit({"name": "旧"})
    here.house.answer(here.holder.application, name="聊天里的")
    await here.entry("name").fill("网页上的")
    await expect(here.under("name").locator("blockquote")).to_have_text("聊天里的")
    await here.button("用别处的").click()
    await expect(here.entry("name")).to_have_value("聊天里的")
    assert here.answers == {"name": "聊天里的"}


async def test_answer_changed_elsewhere_is_replaced_knowingly(form_visit: Visiting) -> None:
    here = await form_visit({"name": "旧"})
    here.house.answer(here.holder.application, name="聊天里的")
    await here.entry("name").fill("网页上的")
    await here.button("用我写的").click()
    await here.saved()
    await expect(here.under("name").locator("blockquote")).to_have_count(0)
    assert here.answers == {"name": "网页上的"}


async def test_files_are_uploaded_together_shown_and_deleted(form_visit: Visiting, tmp_path: Path) -> None:
    here = await form_visit()
    await here.entry("photos").set_input_files([picture(tmp_path, "一.png"), picture(tmp_path, "二.png", 61)])
    await expect(here.page.locator("[data-files] li")).to_have_count(2)
    await expect(here.page.locator("[data-sending] li")).to_have_count(0)
    shown = here.page.locator("[data-files] img").first
    assert await shown.evaluate("one => one.decode().then(() => one.naturalWidth)") in {60, 61}
    await here.button("删除 一.png").click()
    await expect(here.page.locator("[data-files] li")).to_have_count(1)
    assert [one["name"] for one in here.answers["photos"]] == ["二.png"]


async def test_file_that_is_refused_says_why(form_visit: Visiting, tmp_path: Path) -> None:
    here = await form_visit()
    text = tmp_path / "灯.png"
    text.write_text("no picture")
    await here.entry("photos").set_input_files([str(text)])
    await expect(here.under("photos").locator(".problem")).to_contain_text("灯.png")
    assert here.answers == {}


async def test_file_is_dropped_onto_its_place(form_visit: Visiting, tmp_path: Path) -> None:
    here = await form_visit(viewport=DESKTOP)
    content = bytes_of(picture(tmp_path, "一.png"))
    await here.page.evaluate(
        """content => {
            const carried = new DataTransfer();
            carried.items.add(new File([new Uint8Array(content)], "一.png"));
            const place = document.querySelector("[data-drop]");
            for (const kind of ["dragover", "drop"])
                place.dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: carried}));
        }""",
        content,
    )
    await expect(here.page.locator("[data-files] li")).to_have_count(1)


async def test_submission_leads_to_what_is_missing_first(form_visit: Visiting) -> None:
    here = await form_visit({"name": "小橘灯"})
    await here.button("提交").click()
    await expect(here.page.locator("#gaps")).to_be_focused()
    await here.page.locator("#missing").get_by_role("link", name="邮箱").click()
    await expect(here.entry("mail")).to_be_focused()
    assert here.house.state(here.holder) == "draft"


async def test_complete_form_is_submitted_and_the_receipt_shown(form_visit: Visiting) -> None:
    here = await form_visit(WHOLE)
    await here.page.get_by_label("我已阅读并同意").check()
    await here.saved()
    await here.button("提交").click()
    await expect(here.page.locator(".message").first).to_contain_text("LAN-2026-")
    assert here.house.state(here.holder) == "submitted"
    await here.page.get_by_role("link", name="回到申报表").click()
    await expect(here.entry("stamped")).to_be_visible()


async def test_way_back_to_the_chat_saves_what_is_being_typed(form_visit: Visiting) -> None:
    here = await form_visit()
    await here.entry("name").fill("小橘灯")
    await here.button("回到聊天").click()
    await expect(here.page.locator(".message").first).to_contain_text("1/11 项")
    assert here.answers == {"name": "小橘灯"}


async def test_language_is_switched_and_nothing_is_lost(form_visit: Visiting) -> None:
    here = await form_visit()
    await here.fill("name", "小橘灯")
    await here.page.get_by_role("link", name="English").click()
    await expect(here.page.get_by_label("Title")).to_have_value("小橘灯")
    await expect(here.page.locator("html")).to_have_attribute("lang", "en")


async def test_desktop_offers_a_code_for_the_phone(form_visit: Visiting) -> None:
    here = await form_visit(viewport=DESKTOP)
    await here.page.get_by_text("用手机继续").click()
    code = here.page.locator(".phone img")
    assert await code.evaluate("one => one.decode().then(() => one.naturalWidth > 0)")


async def test_page_works_without_its_script(form_visit: Visiting, tmp_path: Path) -> None:
    here = await form_visit(java_script_enabled=False)
    await here.entry("name").fill("小橘灯")
    await here.page.get_by_label("风筝").check()
    await here.entry("photos").set_input_files([picture(tmp_path, "一.png")])
    await here.button("保存这一部分").first.click()
    await expect(here.entry("tail")).to_be_visible()
    await here.entry("tail").fill("many")
    await here.button("添加一行").click()
    await expect(here.entry("tail")).to_have_value("many")
    await here.entry("parts.0.part").fill("竹骨")
    await here.button("保存这一部分").nth(1).click()
    await expect(here.page.locator("[data-files] li")).to_have_count(1)
    stored = here.answers
    assert [one["name"] for one in stored.pop("photos")] == ["一.png"]
    assert stored == {"name": "小橘灯", "kind": "kite", "parts": [{"part": "竹骨"}]}


async def test_page_left_open_over_the_turn_of_the_year_asks_consents_anew(form_visit: Visiting) -> None:
    here = await form_visit()
    consent = here.page.get_by_label("我已阅读并同意")
    await consent.check()
    await here.saved()
    assert set(here.answers) == {"agree"}
    await expect(here.page.locator("#renewed")).to_be_hidden()
    number, now = here.holder.application, here.house.now
    here.house.storage.run_sync(lambda uow: uow.applications.update(number, now, year=2025))
    await here.fill("story", "一盏小灯。")
    await expect(here.page.locator("#renewed")).to_have_text("现在是2026年度的申报，各项同意请重新确认。")
    await expect(consent).not_to_be_checked()
    await consent.check()
    await here.saved()
    await expect(here.page.locator("#renewed")).to_be_hidden()
    assert set(here.answers) == {"story", "agree"}
