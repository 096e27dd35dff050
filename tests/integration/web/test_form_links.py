"""The links of the form page: for one person, for a time, for the first browser that takes them."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestClient
from structlog.testing import capture_logs

from bot.form_desk import LINK_LIFETIME
from bot.web.server import build, start
from storage.database import Storage
from tests.fixtures.form_house import FormHouse
from tests.integration.web.conftest import Client, Serve

Another = Callable[[Client], Client]


@pytest.fixture
def house(sqlite_storage: Storage, tmp_path: Path) -> FormHouse:
    return FormHouse(sqlite_storage, tmp_path)


@pytest.fixture
async def other_browser() -> AsyncIterator[Another]:
    """Opens further browsers at a server."""
    opened: list[Client] = []

    def open_one(client: Client) -> Client:
        opened.append(TestClient(client.server, cookie_jar=CookieJar(unsafe=True)))
        return opened[-1]

    yield open_one
    for client in opened:
        await client.session.close()


async def text_of(client: Client, path: str, status: int) -> str:
    response = await client.get(path)
    assert response.status == status
    return await response.text()


async def test_link_that_is_fetched_is_not_taken(serve: Serve, house: FormHouse, other_browser: Another) -> None:
    client = await serve(house.edge())
    link = house.link(house.begin(house.person()))
    for method in ("HEAD", "GET", "GET"):
        response = await client.request(method, link)
        assert (response.status, response.headers.getall("Set-Cookie", [])) == (200, [])
    taken = await other_browser(client).post(link, allow_redirects=False)
    assert taken.status == 303


async def test_link_that_is_taken_leads_to_an_address_without_it(serve: Serve, house: FormHouse) -> None:
    client = await serve(house.edge())
    holder = house.begin(house.person())
    taken = await client.post(house.link(holder), allow_redirects=False)
    assert taken.headers["Location"] == f"/form/{holder.application}"
    cookie = taken.cookies[f"laurel_form_{holder.application}"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "Lax", "/form", "")
    page = await client.get(taken.headers["Location"])
    assert page.status == 200
    assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == ("same-origin", "no-store")


async def test_cookie_behind_https_is_kept_to_https(serve: Serve, house: FormHouse) -> None:
    house.public_url = "https://laurel.example"
    client = await serve(house.edge())
    holder = house.begin(house.person())
    taken = await client.post(house.link(holder), allow_redirects=False)
    assert taken.cookies[f"laurel_form_{holder.application}"]["secure"] is True


async def test_link_taken_in_one_browser_opens_in_no_other(
    serve: Serve, house: FormHouse, other_browser: Another
) -> None:
    client = await serve(house.edge())
    holder = house.begin(house.person(), name="小橘灯")
    link = house.link(holder)
    await client.post(link)
    other = other_browser(client)
    assert "网页" in await text_of(other, link, 403)
    refused = await other.post(link, allow_redirects=False)
    assert (refused.status, refused.headers.getall("Set-Cookie", [])) == (403, [])
    assert "小橘灯" not in await text_of(other, f"/form/{holder.application}", 401)


async def test_link_opens_again_in_the_browser_that_took_it(serve: Serve, house: FormHouse) -> None:
    client = await serve(house.edge())
    link = house.link(house.begin(house.person()))
    await client.post(link)
    assert (await client.get(link)).status == 200
    assert (await client.post(link, allow_redirects=False)).status == 303


async def test_second_link_opens_in_the_same_browser_and_in_another(
    serve: Serve, house: FormHouse, other_browser: Another
) -> None:
    client = await serve(house.edge())
    holder = house.begin(house.person())
    for browser in (client, client, other_browser(client)):
        assert (await browser.post(house.link(holder), allow_redirects=False)).status == 303


async def test_link_that_has_expired_says_how_to_get_a_new_one(serve: Serve, house: FormHouse) -> None:
    client = await serve(house.edge())
    link = house.link(house.begin(house.person()))
    house.now += LINK_LIFETIME
    assert "过期" in await text_of(client, link, 410)
    assert (await client.post(link, allow_redirects=False)).status == 410


def without_a_letter(link: str) -> str:
    return link[:-1]


def for_another_application(link: str) -> str:
    return re.sub(r"/form/[^.]+", "/form/Mi4xLmFi", link)


@pytest.mark.parametrize("spoil", [without_a_letter, for_another_application, lambda _link: "/form/nonsense"])
async def test_link_that_is_none_of_ours_tells_nothing(
    serve: Serve, house: FormHouse, spoil: Callable[[str], str]
) -> None:
    client = await serve(house.edge())
    link = spoil(house.link(house.begin(house.person(), name="小橘灯")))
    found = await text_of(client, link, 404)
    assert ("小橘灯" in found, "网页" in found) == (False, True)
    assert (await client.post(link, allow_redirects=False)).status == 404


async def test_link_is_not_taken_from_another_site(serve: Serve, house: FormHouse) -> None:
    client = await serve(house.edge())
    link = house.link(house.begin(house.person()))
    response = await client.post(link, headers={"Origin": "https://evil.example"}, allow_redirects=False)
    assert response.status == 403
    assert (await client.post(link, allow_redirects=False)).status == 303


async def test_session_is_of_one_application(serve: Serve, house: FormHouse) -> None:
    client = await serve(house.edge())
    mine, theirs = house.begin(house.person()), house.begin(house.person("贝拉"), name="小橘灯")
    await client.post(house.link(mine))
    assert "小橘灯" not in await text_of(client, f"/form/{theirs.application}", 401)
    stolen = client.session.cookie_jar.filter_cookies(client.make_url("/form"))[f"laurel_form_{mine.application}"].value
    client.session.cookie_jar.update_cookies({f"laurel_form_{theirs.application}": stolen})
    assert "小橘灯" not in await text_of(client, f"/form/{theirs.application}", 401)


async def test_session_ends_a_day_after_its_last_use(serve: Serve, house: FormHouse) -> None:
    client = await serve(house.edge())
    holder = house.begin(house.person())
    await client.post(house.link(holder))
    for hours, status in ((20, 200), (20, 200), (25, 401)):
        house.now += timedelta(hours=hours)
        assert (await client.get(f"/form/{holder.application}")).status == status


async def test_code_of_a_link_is_a_picture_and_takes_nothing(
    serve: Serve, house: FormHouse, other_browser: Another
) -> None:
    client = await serve(house.edge())
    link = house.link(house.begin(house.person()))
    code = await client.get(f"{link}/code.svg")
    assert (code.status, code.content_type) == (200, "image/svg+xml")
    assert (await client.get("/form/x.y/code.svg")).status == 404
    assert (await other_browser(client).post(link, allow_redirects=False)).status == 303


async def test_code_for_the_phone_needs_the_session(serve: Serve, house: FormHouse) -> None:
    client = await serve(house.edge())
    holder = house.begin(house.person())
    assert (await client.get(f"/form/{holder.application}/phone.svg")).status == 401
    await client.post(house.link(holder))
    assert (await client.get(f"/form/{holder.application}/phone.svg")).content_type == "image/svg+xml"


async def test_log_holds_no_link(house: FormHouse) -> None:
    runner, address = await start(build(house.edge()), "127.0.0.1", 0)
    link = house.link(house.begin(house.person()))
    try:
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
            with capture_logs() as logs:
                for method, path in (("GET", link), ("POST", link), ("POST", f"{link}x"), ("GET", f"{link}/code.svg")):
                    async with browser.request(method, address + path, allow_redirects=False):
                        pass
    finally:
        await runner.cleanup()
    paths = [entry["path"] for entry in logs if "path" in entry]
    assert paths == ["/form/{token}", "/form/{token}", "/form/{token}", "/form/{token}/code.svg"]
    assert link.split(".")[-1] not in str(logs)


async def test_person_who_was_forgotten_has_no_page(serve: Serve, house: FormHouse) -> None:
    client = await serve(house.edge())
    holder = house.begin(house.person(), name="小橘灯")
    await client.post(house.link(holder))
    house.storage.run_sync(lambda uow: uow.persons.forget(holder.person, house.now))
    assert "小橘灯" not in await text_of(client, f"/form/{holder.application}", 401)


async def test_page_of_a_link_speaks_the_language_chosen_on_it(serve: Serve, house: FormHouse) -> None:
    client = await serve(house.edge())
    link = house.link(house.begin(house.person()))
    response = await client.get(f"{link}?locale=en")
    assert '<html lang="en"' in await response.text()
    assert str(response.url.path_qs) == link
