"""Files of the form page: taken in, shown to nobody else, taken away."""

import io
from pathlib import Path

import pytest
from aiohttp import FormData
from PIL import Image

from storage.database import Storage
from storage.records import StoredFile
from tests.fixtures.form_house import UPLOAD_BYTES, FormHouse
from tests.integration.web.conftest import Serve
from tests.integration.web.forms import Visit, visit


@pytest.fixture
def house(sqlite_storage: Storage, tmp_path: Path) -> FormHouse:
    return FormHouse(sqlite_storage, tmp_path)


def picture(side: int = 40, kind: str = "PNG") -> bytes:
    """A small picture of noise."""
    made = io.BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(made, kind)
    return made.getvalue()


def names(house: FormHouse, here: Visit) -> list[str]:
    return [one["name"] for one in house.answers(here.holder).get("photos", [])]


def files_of(house: FormHouse, here: Visit) -> list[StoredFile]:
    return house.storage.run_sync(lambda uow: uow.files.of_person(here.holder.person))


async def test_file_is_taken_in_and_shown_among_the_fields_files(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    status, told = await here.upload("photos", "小橘灯.png", picture())
    assert (status, told["problem"], names(house, here)) == (200, "", ["小橘灯.png"])
    assert "小橘灯.png" in told["files"]["photos"]
    (stored,) = house.answers(here.holder)["photos"]
    assert (stored["kind"], stored["width"], stored["height"]) == ("png", 40, 40)


async def test_picture_is_shown_as_one_and_can_do_nothing(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    content = picture()
    await here.upload("photos", "灯.png", content)
    key = house.answers(here.holder)["photos"][0]["key"]
    response = await here.client.get(f"{here.base}/files/{key}")
    assert (response.status, await response.read()) == (200, content)
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"] == "inline; filename*=UTF-8''%E7%81%AF.png"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_file_of_another_kind_is_saved_and_never_shown(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    stored = {"key": "a" * 64, "name": "x.html", "kind": "txt", "size": 5, "pages": None, "width": None, "height": None}
    upload = house.files.open_upload()
    upload.write(b"<b>x</b>")
    stored["key"] = upload.commit().key
    house.answer(here.holder.application, photos=[stored])
    response = await here.client.get(f"{here.base}/files/{stored['key']}")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")


async def test_file_is_nobody_elses(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    await here.upload("photos", "灯.png", picture())
    key = house.answers(here.holder)["photos"][0]["key"]
    there = await Visit(here.client, house, house.begin(house.person("贝拉"))).open()
    assert (await there.client.get(f"{there.base}/files/{key}")).status == 404
    here.client.session.cookie_jar.clear()
    assert (await here.client.get(f"{here.base}/files/{key}")).status == 401


async def test_file_that_does_not_fit_the_field_is_refused_with_the_reason(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    status, told = await here.upload("photos", "灯.gif", picture(kind="GIF"))
    assert (status, names(house, here)) == (422, [])
    assert "JPG、PNG、PDF" in told["problem"]


async def test_file_that_is_not_what_it_says_is_refused_with_the_reason(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    status, told = await here.upload("photos", "灯.png", b"MZ not a picture")
    assert (status, names(house, here)) == (422, [])
    assert "灯.png" in told["problem"]


async def test_file_larger_than_any_is_refused_on_its_way(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    status, _ = await here.upload("photos", "灯.png", b"\x89PNG\r\n\x1a\n" + b"x" * UPLOAD_BYTES)
    assert (status, names(house, here)) == (422, [])


async def test_file_is_judged_by_its_size_before_it_is_sent(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    assert await here.send("/files/photos/check", {"name": "灯.png", "size": 1024 * 1024}) == (200, {})
    status, told = await here.send("/files/photos/check", {"name": "灯.png", "size": 1024 * 1024 + 1})
    assert (status, "灯.png" in told["problem"], "上限是 1M" in told["problem"]) == (422, True, True)


@pytest.mark.parametrize(
    "data", [{}, {"name": "x"}, {"name": "x", "size": "1"}, {"name": "x", "size": -1}, {"name": 1, "size": 1}]
)
async def test_file_that_is_not_described_is_not_judged(
    serve: Serve, house: FormHouse, data: dict[str, object]
) -> None:
    here = await visit(serve, house)
    assert (await here.send("/files/photos/check", data))[0] == 400
    assert (await here.send("/files/name/check", {"name": "x", "size": 1}))[0] == 404


async def test_one_file_too_many_is_refused_and_the_others_stay(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    for number in range(4):
        status, told = await here.upload("photos", f"{number}.png", picture(30 + number))
    assert (status, names(house, here)) == (422, ["0.png", "1.png", "2.png"])
    assert "最多 3 个文件" in told["problem"]


async def test_file_is_taken_away(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    await here.upload("photos", "灯.png", picture())
    key = house.answers(here.holder)["photos"][0]["key"]
    assert (await here.send(f"/files/photos/{key}/delete", {}))[0] == 200
    assert names(house, here) == []
    assert (await here.client.get(f"{here.base}/files/{key}")).status == 404


async def test_files_of_a_posted_page_are_taken_in_with_its_texts(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    posted = await here.post(name="小橘灯", photos=("灯.png", picture()))
    assert (posted.status, names(house, here), house.answers(here.holder)["name"]) == (303, ["灯.png"], "小橘灯")


async def test_posted_page_with_a_bad_file_keeps_its_texts(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    posted = await here.post(name="小橘灯", photos=("灯.png", b"MZ"))
    assert (posted.status, "灯.png" in await posted.text()) == (200, True)
    assert house.answers(here.holder) == {"name": "小橘灯"}


async def test_posted_page_with_a_file_of_a_wrong_kind_says_so(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    posted = await here.post(photos=("灯.gif", picture(kind="GIF")))
    assert (posted.status, "JPG、PNG、PDF。请另存" in await posted.text()) == (200, True)


async def test_upload_that_is_no_file_is_refused(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    path, headers = f"{here.base}/files/photos", {"X-Form-Session": here.token}
    assert (await here.client.post(path, json={}, headers=headers)).status == 415
    form = FormData(default_to_multipart=True)
    form.add_field("file", "text")
    assert (await here.client.post(path, data=form, headers=headers)).status == 400
    cut = {**headers, "Content-Type": "multipart/form-data; boundary=b"}
    assert (await here.client.post(path, data=b"--b\r\n", headers=cut)).status == 400


@pytest.mark.parametrize("field", ["name", "stamped", "nothing"])
async def test_upload_to_what_takes_no_file_is_refused(serve: Serve, house: FormHouse, field: str) -> None:
    here = await visit(serve, house)
    assert (await here.upload(field, "灯.png", picture()))[0] == 404


async def test_nothing_is_received_where_the_field_takes_no_more(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house)
    for number in range(3):
        await here.upload("photos", f"{number}.png", picture(30 + number))
    kept = sorted(house.files.keys())
    status, told = await here.upload("photos", "more.png", picture(50))
    assert (status, "最多 3 个文件" in told["problem"]) == (422, True)
    posted = await here.post(name="小橘灯", photos=("more.png", picture(50)))
    assert (posted.status, "最多 3 个文件" in await posted.text()) == (200, True)
    assert sorted(house.files.keys()) == kept
    assert len(files_of(house, here)) == 3


async def test_nothing_is_received_of_somebody_who_was_forgotten(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"name": "灯"})
    house.storage.run_sync(lambda uow: uow.persons.forget(here.holder.person, house.now))
    assert (await here.upload("photos", "身份证-张三.png", picture()))[0] == 410
    assert (await here.send("/files/photos/check", {"name": "x.png", "size": 1}))[0] == 410
    assert (files_of(house, here), list(house.files.keys())) == ([], [])


async def test_nothing_is_received_where_nothing_can_be_entered(serve: Serve, house: FormHouse) -> None:
    here = await visit(serve, house, {"name": "灯"})
    house.storage.run_sync(lambda uow: uow.applications.update(here.holder.application, house.now, state="withdrawn"))
    assert (await here.upload("photos", "灯.png", picture()))[0] == 410
    assert (files_of(house, here), list(house.files.keys())) == ([], [])


async def test_file_of_a_posted_page_that_is_not_asked_is_told_and_the_texts_stay(
    serve: Serve, house: FormHouse
) -> None:
    here = await visit(serve, house)
    posted = await here.post(name="小橘灯", stamped=("灯.png", picture()))
    assert (posted.status, "这一项现在不用填了" in await posted.text()) == (200, True)
    assert house.answers(here.holder) == {"name": "小橘灯"}
    assert list(house.files.keys()) == []
