"""A Bot API on loopback that does as little as possible: hands out updates by long polling and counts what is sent."""

import asyncio
import threading
import time
from typing import Any

import orjson
from aiohttp import web

_BATCH = 100


class BotApi:
    """Serves updates to whichever bot asks. `feed` gives it work and returns the seconds until all was answered."""

    def __init__(self) -> None:
        self.url = ""
        self._updates: list[dict[str, Any]] = []
        self._offset = 1
        self._awaited = 0
        self._answered: set[int] = set()
        self._done = threading.Event()
        self._finished = 0.0
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()

    def feed(self, texts: list[str], *, first_chat: int, seconds: float = 300.0) -> float:
        """One update a text, each from a chat of its own: the seconds until every chat had an answer."""
        self._done.clear()
        self._answered.clear()
        self._awaited = len(texts)
        chats = range(first_chat, first_chat + len(texts))
        fresh = [self._update(chat, text) for chat, text in zip(chats, texts, strict=True)]
        began = time.perf_counter()
        self._loop.call_soon_threadsafe(self._updates.extend, fresh)
        if not self._done.wait(seconds):
            raise TimeoutError(f"{len(self._answered)} of {len(texts)} answered in {seconds} s")
        return self._finished - began

    def _update(self, chat: int, text: str) -> dict[str, Any]:
        self._offset += 1
        person = {"id": chat, "is_bot": False, "first_name": "B", "language_code": "zh-hans"}
        message = {
            "message_id": self._offset,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "B"},
            "from": person,
            "text": text,
        }
        return {"update_id": self._offset, "message": message}

    async def _open(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        parameters = await _parameters(request)
        if method == "getupdates":
            return _ok(await self._get_updates(int(parameters.get("offset") or 0)))
        if method == "sendmessage":
            return _ok(self._sent(int(parameters["chat_id"]), str(parameters["text"])))
        if method == "getme":
            return _ok({"id": 1, "is_bot": True, "first_name": "bench", "username": "bench_bot"})
        return _ok(True)

    async def _get_updates(self, offset: int) -> list[dict[str, Any]]:
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        for _ in range(50):
            if self._updates:
                break
            await asyncio.sleep(0.01)
        return self._updates[:_BATCH]

    def _sent(self, chat: int, text: str) -> dict[str, Any]:
        self._offset += 1
        self._answered.add(chat)
        if self._awaited and len(self._answered) >= self._awaited:
            self._finished = time.perf_counter()
            self._done.set()
        return {
            "message_id": self._offset,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "B"},
            "text": text,
        }


async def _parameters(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        found: dict[str, Any] = orjson.loads(await request.read())
        return found
    return dict(await request.post())


def _ok(result: object) -> web.Response:
    return web.Response(body=orjson.dumps({"ok": True, "result": result}), content_type="application/json")
