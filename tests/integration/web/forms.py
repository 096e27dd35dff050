"""A form page and a browser without a browser: opens links, knows the page's token, sends what its script sends."""

import io
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientResponse, FormData

from bot.services.form_page import Holder
from tests.fixtures.form_house import FormHouse
from tests.integration.web.conftest import Client, Serve


class Visit:
    """Somebody at the form page."""

    def __init__(self, client: Client, house: FormHouse, holder: Holder) -> None:
        self.client, self.house, self.holder = client, house, holder
        self.base = f"/form/{holder.application}"
        self.token = ""
        self.html = ""

    async def open(self) -> "Visit":
        """Takes a new link and opens the page."""
        taken = await self.client.post(self.house.link(self.holder), allow_redirects=False)
        assert taken.status == 303
        return await self.reload()

    async def reload(self, query: str = "") -> "Visit":
        """Opens the page once more."""
        response = await self.client.get(self.base + query, headers={"Accept": "text/html"})
        self.html = await response.text()
        assert response.status == 200, self.html
        found = re.search(r'data-token="([^"]+)"', self.html)
        self.token = found[1] if found else ""
        return self

    def seen(self, slot: str) -> str:
        """The digest of what the page shows of a slot."""
        found = re.search(rf'name="seen:{re.escape(slot)}" value="(\w+)"', self.html)
        assert found is not None, slot
        return found[1]

    async def send(self, path: str, data: object, **headers: str) -> tuple[int, Any]:
        """Sends JSON as the script does."""
        token = {"X-Form-Session": self.token} if self.token else {}
        response = await self.client.post(self.base + path, json=data, headers={**token, **headers})
        return response.status, await response.json()

    async def answer(self, field: str, value: object, **more: Any) -> tuple[int, Any]:
        """Sends an answer to what the page shows."""
        slot = f"{field}.{more['row']}.{more['column']}" if "row" in more else field
        return await self.send("/answers", {"field": field, "value": value, "seen": self.seen(slot), **more})

    async def post(self, do: str = "save", *, token: str | None = None, **given: Any) -> ClientResponse:
        """Posts the whole page as a browser without the script does: all its entries, some of them filled in anew."""
        form = FormData(quote_fields=False, default_to_multipart=True)
        form.add_field("token", self.token if token is None else token)
        for slot in re.findall(r'name="seen:([^"]+)"', self.html):
            form.add_field(f"seen:{slot}", self.seen(slot))
            for value in _values(given.pop(slot, self._shown(slot))):
                form.add_field(f"a:{slot}", value)
        for key, (name, content) in given.items():
            form.add_field(f"file:{key}", io.BytesIO(content), filename=name)
        form.add_field("event", "0" * 32)
        form.add_field("do", do)
        return await self.client.post(self.base, data=form, allow_redirects=False)

    async def upload(self, field: str, name: str, content: bytes) -> tuple[int, Any]:
        """Uploads a file as the script does."""
        form = FormData(quote_fields=False)
        form.add_field("file", io.BytesIO(content), filename=name)
        path = f"{self.base}/files/{field}"
        response = await self.client.post(path, data=form, headers={"X-Form-Session": self.token})
        return response.status, await response.json()

    def _shown(self, slot: str) -> object:
        """What stands in an entry of the page."""
        name = re.escape(f"a:{slot}")
        if found := re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n?([^<]*)</textarea>', self.html):
            return found[1]
        checked = re.findall(rf'name="{name}" value="([^"]*)" checked', self.html)
        if checked or re.search(rf'type="(?:radio|checkbox)"[^>]*name="{name}"', self.html):
            return checked
        found = re.search(rf'name="{name}" value="([^"]*)"', self.html)
        return found[1] if found else []


def _values(given: object) -> list[str]:
    return [str(one) for one in given] if isinstance(given, (list, tuple)) else [str(given)]


async def visit(serve: Serve, house: FormHouse, answers: Mapping[str, Any] | None = None) -> Visit:
    """A new person at their new application."""
    holder = house.begin(house.person(), **(answers or {}))
    return await Visit(await serve(house.edge()), house, holder).open()
