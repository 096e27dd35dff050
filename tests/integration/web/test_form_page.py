"""The form page: what is entered one answer at a time, with its script, and what is refused."""

from pathlib import Path
from typing import Any

import pytest

from storage.database import Storage
from tests.fixtures.form_house import FormHouse
from tests.integration.web.conftest import Serve
from tests.integration.web.forms import Visit, visit

STORY = "一盏小灯。"


@pytest.fixture
def house(sqlite_storage: Storage, tmp_path: Path) -> FormHouse:
    return FormHouse(sqlite_storage, tmp_path)


async def test_answer_is_stored_and_told_what_is_counted(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    status, told = await here.answer("story", STORY)
    assert (status, house.answers(here.holder)) == (200, {"story": STORY})
    assert "5 / 20 字" in told["under"]["story"]
    assert "已填 1 / 11 项" in told["progress"]


RENEWED = "现在是2026年度的申报，各项同意请重新确认。"


async def test_page_says_that_consents_are_asked_anew_until_they_are_given(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    await here.answer("agree", "agree")
    assert RENEWED not in (await here.reload()).html
    house.storage.run_sync(lambda uow: uow.applications.update(here.holder.application, house.now, year=2025))
    for _ in range(2):
        assert RENEWED in (await here.reload()).html
    await here.answer("agree", "agree")
    assert RENEWED not in (await here.reload()).html


async def test_page_that_stays_open_over_the_turn_of_the_year_shows_consents_anew(
    serve: Serve, house: FormHouse
) -> None:
    here = await visit(serve, house)
    await here.answer("agree", "agree")
    assert 'value="agree" checked' in (await here.reload()).html
    house.storage.run_sync(lambda uow: uow.applications.update(here.holder.application, house.now, year=2025))
    status, told = await here.answer("story", STORY)
    assert (status, told["renewed"], house.answers(here.holder)) == (200, RENEWED, {"story": STORY})
    assert " checked" not in told["blocks"]["agree"]
    _, told = await here.answer("name", "小橘灯")
    assert told["renewed"] == RENEWED
    await here.reload()
    _, told = await here.answer("agree", "agree")
    assert told["renewed"] == ""


async def test_answer_that_is_too_long_is_kept_as_typed(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"story": STORY})
    status, told = await here.answer("story", "字" * 24)
    assert (status, house.answers(here.holder)) == (200, {"story": STORY})
    assert "24 / 20 字：超出 4 字" in told["under"]["story"]
    assert house.cursor(here.holder)["drafts"] == {"story": ["字" * 24]}
    assert "字" * 24 in (await here.reload()).html


async def test_answer_shows_and_hides_what_hangs_on_it(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    _, told = await here.answer("kind", "kite")
    assert "尾巴长度" in told["blocks"]["tail"]
    assert "tail" in dict(told["order"])["work"]
    await here.reload()
    _, told = await here.answer("kind", "lamp")
    assert "tail" not in dict(told["order"])["work"]


async def test_answer_that_changed_elsewhere_is_refused_and_shows_the_other(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"name": "旧"})
    house.answer(here.holder.application, name="聊天里的")
    status, told = await here.answer("name", "网页上的")
    assert (status, house.answers(here.holder)["name"]) == (409, "聊天里的")
    assert "聊天里的" in told["elsewhere"]
    assert "网页上的" not in str(house.cursor(here.holder))


async def test_answer_replaces_the_other_knowingly(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"name": "旧"})
    house.answer(here.holder.application, name="聊天里的")
    await here.answer("name", "网页上的")
    await here.reload()
    assert (await here.answer("name", "网页上的"))[0] == 200
    assert house.answers(here.holder)["name"] == "网页上的"


async def test_rows_are_added_filled_and_deleted(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    status, told = await here.send("/rows", {"field": "parts", "do": "add", "row": 0})
    assert (status, "第 1 行" in told["blocks"]["parts"]) == (200, True)
    await here.reload()
    await here.answer("parts", "灯罩", row=0, column="part")
    assert house.answers(here.holder)["parts"] == [{"part": "灯罩"}]
    await here.reload()
    seen = here.seen("parts.0.part")
    assert (await here.send("/rows", {"field": "parts", "do": "delete", "row": 0, "seen": seen}))[0] == 200
    assert house.answers(here.holder) == {}


async def test_row_that_changed_elsewhere_is_not_deleted(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"parts": [{"part": "灯罩"}]})
    seen = here.seen("parts.0.part")
    house.answer(here.holder.application, parts=[{"part": "提手"}])
    status, told = await here.send("/rows", {"field": "parts", "do": "delete", "row": 0, "seen": seen})
    assert (status, house.answers(here.holder)["parts"]) == (409, [{"part": "提手"}])
    assert "提手" in told["blocks"]["parts"]


async def test_typed_text_is_dropped_when_asked(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"mail": "a@example.com"})
    await here.answer("mail", "nonsense")
    status, told = await here.send("/answers", {"field": "mail", "drop": True, "value": "", "seen": ""})
    assert (status, told["text"]) == (200, {"mail": "a@example.com"})
    assert house.cursor(here.holder)["typed"] == {}


@pytest.mark.parametrize("token", ["", "x", "é"])
async def test_request_without_the_pages_token_is_refused(serve: Serve, house: FormHouse, token: str) -> None:
    here = await visit(serve, house)
    right, here.token = here.token, token
    assert (await here.answer("name", "灯"))[0] == 403
    assert (await here.send("/rows", {"field": "parts", "do": "add", "row": 0}))[0] == 403
    assert (await here.upload("photos", "x.png", b"x"))[0] == 403
    assert (await here.post("save", name="灯")).status == 403
    assert house.answers(here.holder) == {}
    here.token = right
    assert (await here.answer("name", "灯"))[0] == 200


async def test_request_of_another_site_is_refused(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    headers = {"X-Form-Session": here.token}
    data = {"field": "name", "value": "灯", "seen": here.seen("name")}
    for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert (await here.send("/answers", data, **headers, **foreign))[0] == 403
    assert house.answers(here.holder) == {}


async def test_token_of_another_session_is_refused(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    there = await Visit(here.client, house, house.begin(house.person("贝拉"))).open()
    here.token = there.token
    assert (await here.answer("name", "灯"))[0] == 403


async def test_other_persons_application_is_not_written(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    theirs = house.begin(house.person("贝拉"), name="贝拉的")
    here.base = f"/form/{theirs.application}"
    assert (await here.answer("name", "灯"))[0] == 401
    assert house.answers(theirs) == {"name": "贝拉的"}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"field": "name"},
        {"field": "name", "value": 7, "seen": ""},
        {"field": "name", "value": ["a", 7], "seen": ""},
        {"field": ["name"], "value": "x", "seen": ""},
        {"field": "name", "value": "x", "seen": "", "row": 1},
        {"field": "parts", "value": "x", "seen": "", "row": -1, "column": "part"},
        {"field": "parts", "value": "x", "seen": "", "row": True, "column": "part"},
        {"field": "parts", "value": "x", "seen": "", "row": 10**9, "column": "part"},
    ],
)
async def test_malformed_answer_is_refused(serve: Serve, house: FormHouse, data: dict[str, Any]) -> None:
    here = await visit(serve, house)
    assert (await here.send("/answers", data))[0] == 400


@pytest.mark.parametrize("field", ["tail", "label", "stamped", "nothing", "parts"])
async def test_answer_to_what_is_not_asked_is_refused(serve: Serve, house: FormHouse, field: str) -> None:
    here = await visit(serve, house)
    status, told = await here.send("/answers", {"field": field, "value": "x", "seen": ""})
    assert (status, told["error"]["code"]) == (404, "form_not_asked")


async def test_answer_must_be_json_of_a_bearable_size(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    headers = {"X-Form-Session": here.token}
    plain = await here.client.post(f"{here.base}/answers", data="{}", headers=headers)
    assert plain.status == 415
    assert (await here.answer("story", "x" * 600_000))[0] == 413
    assert house.answers(here.holder) == {}


async def test_page_in_english_names_fields_and_problems_in_english(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"mail": "nonsense", "name": "小橘灯", "kind": "kite"})
    here.client.session.cookie_jar.update_cookies({"laurel_locale": "en"})
    html = (await here.reload()).html
    shown = ('<html lang="en"', "Title", "name@example.com", "Kite·小橘灯", "作品名称")
    assert [text in html for text in shown] == [True, True, True, True, False]


async def test_markup_in_an_answer_stays_text(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"name": "<b>&\"'", "story": "</textarea><script>"})
    html = (await here.reload()).html
    assert ("<b>" in html, "<script>" in html) == (False, False)


async def test_page_after_the_deadline_shows_it_and_offers_no_submission(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"name": "小橘灯"})
    house.now = house.programme.deadline.closes_at
    html = (await here.open()).html
    assert "不能提交" in html
    assert 'data-do="submit" disabled' in html


async def test_application_that_was_withdrawn_is_shown_no_more(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"name": "小橘灯"})
    house.storage.run_sync(lambda uow: uow.applications.update(here.holder.application, house.now, state="withdrawn"))
    status, told = await here.answer("name", "别的")
    assert (status, told["error"]["code"]) == (410, "form_closed")
    assert (await here.client.get(here.base)).status == 401


async def test_comments_of_staff_stand_at_their_fields(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"name": "小橘灯"})
    returned = {"comments": {"name": "请写全称"}, "due": None}
    house.storage.run_sync(
        lambda uow: uow.applications.update(here.holder.application, house.now, state="returned", returned=returned)
    )
    html = (await here.reload()).html
    assert html.index("请写全称") < html.index("作品名称")
