"""The form page without its script: the whole page is posted; and what follows a submission."""

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData

from storage.database import Storage
from storage.unit_of_work import UnitOfWork
from tests.fixtures.form_house import WHOLE, FormHouse
from tests.fixtures.people import texts_to
from tests.integration.web.conftest import Serve
from tests.integration.web.forms import Visit, visit


@pytest.fixture
def house(sqlite_storage: Storage, tmp_path: Path) -> FormHouse:
    return FormHouse(sqlite_storage, tmp_path)


def place(response: Any) -> str:
    assert response.status == 303
    return str(response.headers["Location"])


async def whole(serve: Serve, house: FormHouse) -> Visit:
    """Somebody whose form is complete."""
    here = await visit(serve, house, WHOLE)
    await here.answer("agree", "agree")
    return await here.reload()


async def test_posted_page_stores_every_answer(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    posted = await here.post(
        name="小橘灯", kind="lamp", materials=["silk", "paper"], mail="a@example.com", agree="agree"
    )
    assert place(posted) == f"{here.base}?said=saved"
    stored = house.answers(here.holder)
    assert stored.pop("agree")["agreed_at"] == "2026-11-20T12:00:00+08:00"
    assert stored == {"name": "小橘灯", "kind": "lamp", "materials": ["paper", "silk"], "mail": "a@example.com"}


async def test_posted_page_again_changes_nothing(serve: Serve, house: FormHouse) -> None:
    here = await whole(serve, house)
    before = house.answers(here.holder)
    assert place(await here.post()) == f"{here.base}?said=saved"
    assert house.answers(here.holder) == before


async def test_posted_page_keeps_what_is_wrong_and_leads_to_it(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    assert place(await here.post(name="小橘灯", mail="nonsense")) == f"{here.base}?said=problems#f-mail"
    html = (await here.reload("?said=problems")).html
    assert ("nonsense" in html, "文字都留着" in html) == (True, True)
    assert house.answers(here.holder) == {"name": "小橘灯"}


async def test_posted_page_writes_over_nothing_that_changed_elsewhere(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"name": "旧", "mail": "old@example.com"})
    house.answer(here.holder.application, name="聊天里的", mail="new@example.com")
    assert place(await here.post(name="网页上的")) == f"{here.base}?said=conflict#f-name"
    assert house.answers(here.holder) == {"name": "聊天里的", "mail": "new@example.com"}
    html = (await here.reload()).html
    assert ("聊天里的" in html, "网页上的" in html) == (True, True)


async def test_posted_page_may_hide_what_stands_on_it(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"kind": "kite", "tail": "2"})
    assert place(await here.post(kind="lamp", tail="3", name="小橘灯")) == f"{here.base}?said=saved"
    assert house.answers(here.holder) == {"kind": "lamp", "tail": "2", "name": "小橘灯"}


async def test_posted_page_with_what_is_nowhere_on_it_stores_nothing(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    here.html += '<input name="seen:name.0.nothing" value="x">'
    assert place(await here.post(name="小橘灯")) == f"{here.base}?said=gone"
    assert house.answers(here.holder) == {}


async def test_buttons_of_rows_work_together_with_what_was_typed(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"parts": [{"part": "灯罩"}, {"part": "提手"}]})
    await here.post("add:parts:2", **{"parts.0.part": "灯座", "parts.0.note": "厚纸"})
    assert house.answers(here.holder)["parts"] == [{"part": "灯座", "note": "厚纸"}, {"part": "提手"}, {}]
    await here.reload()
    gone = f"delete:parts:1:{here.seen('parts.1.part')}"
    assert place(await here.post(gone, **{"parts.0.note": "薄纸"})) == f"{here.base}?said=saved#f-parts"
    assert house.answers(here.holder)["parts"] == [{"part": "灯座", "note": "薄纸"}, {}]


async def test_button_drops_what_was_typed(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"mail": "a@example.com"})
    await here.post(mail="nonsense")
    await here.reload()
    assert place(await here.post("drop:mail")) == f"{here.base}?said=saved#f-mail"
    assert (house.cursor(here.holder)["typed"], house.answers(here.holder)["mail"]) == ({}, "a@example.com")


async def test_form_that_is_no_page_of_ours_is_refused(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    assert (await here.client.post(here.base, data={"token": here.token})).status == 415
    assert (await here.post("delete:parts")).status == 400
    empty = FormData(default_to_multipart=True)
    empty.add_field("name", "x")
    assert (await here.client.post(here.base, data=empty)).status == 403
    broken = await here.client.post(here.base, data=b"x", headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert broken.status == 400


async def test_page_of_texts_without_end_is_refused(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    form = FormData(default_to_multipart=True)
    form.add_field("token", here.token)
    form.add_field("seen:story", here.seen("story"))
    form.add_field("a:story", io.BytesIO(b"x" * 9 * 1024 * 1024))
    assert (await here.client.post(here.base, data=form, allow_redirects=False)).status == 413
    assert house.answers(here.holder) == {}


async def test_submission_with_gaps_leads_to_them_and_says_nothing_in_the_chat(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"name": "小橘灯"})
    assert place(await here.post("submit")) == f"{here.base}?said=gaps#t-submit"
    person = house.storage.run_sync(lambda uow: uow.persons.get(here.holder.person))
    assert person is not None
    assert (house.state(here.holder), house.storage.run_sync(lambda uow: texts_to(uow, person))) == ("draft", [])


async def test_submission_is_made_in_the_chat_and_shown_on_the_page(serve: Serve, house: FormHouse) -> None:
    here = await whole(serve, house)
    response = await here.post("submit")
    html = await response.text()
    assert (response.status, house.state(here.holder)) == (200, "submitted")
    person = house.storage.run_sync(lambda uow: uow.persons.get(here.holder.person))
    assert person is not None
    texts = house.storage.run_sync(lambda uow: texts_to(uow, person))
    assert "回执号：LAN-2026-" in texts[0]
    assert [text.splitlines()[0] in html for text in texts] == [True] * len(texts)


async def test_submission_posted_twice_is_made_once(serve: Serve, house: FormHouse) -> None:
    here = await whole(serve, house)
    await here.post("submit")
    html = here.html
    await here.reload()
    here.html = html
    await here.post("submit")
    versions = house.storage.run_sync(lambda uow: uow.applications.versions(here.holder.application))
    assert [version.number for version in versions] == [1]


async def test_page_after_a_submission_asks_what_comes_back_stamped(serve: Serve, house: FormHouse) -> None:
    here = await whole(serve, house)
    await here.post("submit")
    html = (await here.reload()).html
    assert ("盖章扫描件" in html, "作品名称" in html) == (True, False)


async def test_submission_after_the_deadline_is_told_and_the_draft_stays(serve: Serve, house: FormHouse) -> None:
    here = await whole(serve, house)
    house.now = house.programme.deadline.closes_at
    await here.open()
    response = await here.post("submit")
    assert (response.status, house.state(here.holder)) == (200, "draft")
    assert "没有提交" in await response.text()


async def test_way_back_says_in_the_chat_what_is_saved_and_goes_on(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"name": "小橘灯", "kind": "lamp"})
    response = await here.post("chat", story="一盏小灯。")
    assert response.status == 200
    person = house.storage.run_sync(lambda uow: uow.persons.get(here.holder.person))
    assert person is not None
    first, prompt = house.storage.run_sync(lambda uow: texts_to(uow, person))
    assert first.splitlines()[0] == "「灯笼奖」网页上填的都已保存：3/11 项。"
    assert "个人信息处理告知" in prompt


async def test_submission_goes_to_the_latest_chat_of_a_channel_that_is_on(serve: Serve, house: FormHouse) -> None:
    here = await whole(serve, house)

    def write_elsewhere(uow: UnitOfWork) -> None:
        uow.identities.create(here.holder.person, "telegram", "anna", "anna", house.now)
        uow.identities.touch("telegram", "anna", chat=None, now=house.now + timedelta(hours=1))

    house.storage.run_sync(write_elsewhere)
    assert "回执" in await (await here.post("submit")).text()
    assert house.state(here.holder) == "submitted"


@pytest.mark.parametrize(
    ("do", "told"),
    [("submit", "但没有提交：没有找到您现在可用的聊天"), ("chat", "填写的内容都已保存，但没有找到您现在可用的聊天")],
)
async def test_person_whose_channel_is_off_is_told_on_the_page(
    serve: Serve, house: FormHouse, do: str, told: str
) -> None:
    here = await whole(serve, house)
    house.desk = replace(house.desk, channels={"telegram"})
    here = await Visit(await serve(house.edge()), house, here.holder).open()
    response = await here.post(do)
    assert (response.status, told in await response.text()) == (200, True)
    assert house.state(here.holder) == "draft"
