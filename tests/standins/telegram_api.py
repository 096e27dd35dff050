"""The methods of the Bot API, as strict as the real one on what Laurel sends, and the failures that tests ask for."""

import asyncio
import itertools
import re
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson
from aiohttp import web

from tests.standins.telegram_updates import ConflictError, Updates

Failure = Literal[
    "drop_before", "drop_after", "silence", "hang", "500", "502_page", "403_page", "200_page", "no_result", "429", "413"
]
Parameters = dict[str, Any]

TEXT_UNITS = 4096
CALLBACK_BYTES = 64
DOWNLOAD_BYTES = 20 * 1024 * 1024
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_SAFE_URL = re.compile(r"https://.+|http://127\.0\.0\.1[:/].*")  # the real one takes https alone
_PAGE = "<html><body>Please log in</body></html>"


class ApiError(Exception):
    """How the Bot API says no."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.parameters = status, parameters


@dataclass
class Chat:
    """A chat that the bot may write to, and the messages that arrived in it."""

    id: int
    kind: str = "private"
    blocked: bool = False
    moved_to: int = 0
    messages: list[Parameters] = field(default_factory=list)
    last: float = float("-inf")


class BotApi:
    """One bot's server. Lives in one event loop. `changed` is called after each change that tests may wait for."""

    def __init__(self, token: str, username: str, changed: Callable[[], None]) -> None:
        self.me = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "Laurel", "username": username}
        self.updates = Updates(changed)
        self.chats: dict[int, Chat] = {}
        self.commands: dict[str, list[tuple[str, str]]] = {}  # by language code, "" for everybody else
        self.calls: list[tuple[str, Parameters]] = []
        self.taps: dict[str, bool] = {}  # callback queries: whether they were answered
        self.failures: dict[str, deque[tuple[Failure, int]]] = defaultdict(deque)
        self.files: dict[str, bytes] = {}  # what people sent, by file_id
        self.cut_downloads = 0  # so many of the next downloads break off half-way
        self.chat_interval = 0.0
        self._token = token
        self._changed = changed
        self._message_ids = itertools.count(1)
        self._methods = {
            "getme": self._get_me,
            "getupdates": self._get_updates,
            "sendmessage": self._send_message,
            "answercallbackquery": self._answer_callback_query,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._get_webhook_info,
            "setmycommands": self._set_my_commands,
            "getfile": self._get_file,
            "senddocument": self._send_document,
        }

    def application(self) -> web.Application:
        """The server."""
        app = web.Application(client_max_size=50 * 1024**2)
        app.router.add_route("*", "/{bot}/{method}", self._serve)
        app.router.add_get("/file/{bot}/{path:.+}", self._download)
        return app

    def next_message_id(self) -> int:
        """Messages of all chats share one numbering, and so do those of both directions."""
        return next(self._message_ids)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        if request.match_info["bot"] != f"bot{self._token}":
            return _refusal(ApiError(401, "Unauthorized"))
        if method not in self._methods:
            return _refusal(ApiError(404, "Not Found"))
        parameters = await _parameters(request)
        self.calls.append((method, parameters))
        self._changed()
        failure, wait = self.failures[method].popleft() if self.failures[method] else (None, 0)
        if failure in {None, "drop_after", "silence", "200_page", "no_result"}:
            response = await self._carry_out(method, parameters)
            return response if failure is None else await _spoil(failure, request)
        return await _fail(failure, wait, request)

    async def _carry_out(self, method: str, parameters: Parameters) -> web.Response:
        try:
            result = await self._methods[method](parameters)
        except ApiError as error:
            return _refusal(error)
        except ConflictError as error:
            return _refusal(ApiError(409, str(error)))
        self._changed()
        return _json({"ok": True, "result": result})

    async def _get_me(self, _: Parameters) -> Any:
        return self.me

    async def _get_updates(self, parameters: Parameters) -> Any:
        self.updates.subscribe(parameters.get("allowed_updates"))
        offset, limit = int(parameters.get("offset") or 0), int(parameters.get("limit") or 100)
        return await self.updates.fetch(offset, limit, int(parameters.get("timeout") or 0))

    async def _send_message(self, parameters: Parameters) -> Any:
        chat = self._chat(parameters.get("chat_id"))
        text = str(parameters.get("text", ""))
        if not text.strip():
            raise ApiError(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > TEXT_UNITS:
            raise ApiError(400, "Bad Request: message is too long")
        markup = parameters.get("reply_markup")
        if markup is not None:
            _check_keyboard(markup)
        self._pace(chat)
        message = {
            "message_id": self.next_message_id(),
            "from": self.me,
            "chat": {"id": chat.id, "type": chat.kind},
            "date": int(time.time()),
            "text": text.strip(),
            **({"reply_markup": markup} if markup is not None else {}),
        }
        chat.messages.append(message)
        return message

    async def _send_document(self, parameters: Parameters) -> Any:
        chat = self._chat(parameters.get("chat_id"))
        document = parameters.get("document")
        if not isinstance(document, web.FileField):
            raise ApiError(400, "Bad Request: there is no document in the request")
        content = document.file.read()
        if not content:
            raise ApiError(400, "Bad Request: file must be non-empty")
        self._pace(chat)
        handle = f"sent-{chat.id}-{len(chat.messages)}"
        described = {"file_name": document.filename, "mime_type": document.content_type, "file_size": len(content)}
        message = {
            "message_id": self.next_message_id(),
            "from": self.me,
            "chat": {"id": chat.id, "type": chat.kind},
            "date": int(time.time()),
            "document": {"file_id": handle, **described},
        }
        self.files[handle] = content
        chat.messages.append(message)
        return message

    async def _get_file(self, parameters: Parameters) -> Any:
        handle = str(parameters.get("file_id"))
        if handle not in self.files:
            raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self.files[handle])
        if size > DOWNLOAD_BYTES:
            raise ApiError(400, "Bad Request: file is too big")
        return {"file_id": handle, "file_unique_id": handle, "file_size": size, "file_path": f"documents/{handle}"}

    async def _download(self, request: web.Request) -> web.StreamResponse:
        handle = request.match_info["path"].removeprefix("documents/")
        if request.match_info["bot"] != f"bot{self._token}" or handle not in self.files:
            return _refusal(ApiError(404, "Not Found"))
        content = self.files[handle]
        response = web.StreamResponse(headers={"Content-Length": str(len(content))})
        await response.prepare(request)
        if self.cut_downloads:
            self.cut_downloads -= 1
            await response.write(content[: len(content) // 2])
            return _drop(request)
        await response.write(content)
        return response

    def _chat(self, chat_id: Any) -> Chat:
        try:
            chat = self.chats[int(chat_id)]
        except (KeyError, TypeError, ValueError):
            raise ApiError(400, "Bad Request: chat not found") from None
        if chat.moved_to:
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise ApiError(400, description, migrate_to_chat_id=chat.moved_to)
        if chat.blocked:
            whom = "blocked by the user" if chat.kind == "private" else f"kicked from the {chat.kind} chat"
            raise ApiError(403, f"Forbidden: bot was {whom}")
        return chat

    def _pace(self, chat: Chat) -> None:
        now = time.monotonic()
        if now < chat.last + self.chat_interval:
            wait = max(1, round(chat.last + self.chat_interval - now))
            raise ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        chat.last = now

    async def _answer_callback_query(self, parameters: Parameters) -> Any:
        query = str(parameters.get("callback_query_id"))
        if self.taps.get(query) is not False:
            raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.taps[query] = True
        return True

    async def _set_webhook(self, parameters: Parameters) -> Any:
        url, secret = str(parameters.get("url", "")), str(parameters.get("secret_token", ""))
        if url and not _SAFE_URL.fullmatch(url):
            raise ApiError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not _SECRET.fullmatch(secret):
            raise ApiError(400, "Bad Request: secret token contains unallowed characters")
        self.updates.subscribe(parameters.get("allowed_updates"))
        await self.updates.set_webhook(url, secret)
        return True

    async def _delete_webhook(self, _: Parameters) -> Any:
        await self.updates.set_webhook("", "")
        return True

    async def _get_webhook_info(self, _: Parameters) -> Any:
        return {"url": self.updates.url, "pending_update_count": self.updates.waiting}

    async def _set_my_commands(self, parameters: Parameters) -> Any:
        entries = [(str(entry["command"]), str(entry["description"])) for entry in parameters["commands"]]
        if len(entries) > 100 or not all(_COMMAND.fullmatch(word) for word, _ in entries):
            raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
        if not all(1 <= len(text) <= 256 for _, text in entries):
            raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[str(parameters.get("language_code", ""))] = entries
        return True


async def _parameters(request: web.Request) -> Parameters:
    """The parameters of JSON, form or query; what is JSON within a form's string is read."""
    if request.content_type == "application/json":
        found: Parameters = orjson.loads(await request.read())
        return found
    values = {**request.query, **(await request.post())}
    return {
        name: value if isinstance(value, web.FileField) else _value(name, str(value)) for name, value in values.items()
    }


def _value(name: str, value: str) -> Any:
    return orjson.loads(value) if name in {"reply_markup", "allowed_updates", "commands"} else value


def _check_keyboard(markup: Any) -> None:
    """Raises for a keyboard that the Bot API refuses."""
    for button in itertools.chain.from_iterable(markup["inline_keyboard"]):
        if not str(button.get("text", "")).strip():
            raise ApiError(400, "Bad Request: text buttons are unallowed in the inline keyboard")
        if not 1 <= len(str(button.get("callback_data", "")).encode()) <= CALLBACK_BYTES:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")


async def _fail(failure: Failure | None, wait: int, request: web.Request) -> web.StreamResponse:
    """Answers without having done anything."""
    if failure == "drop_before":
        return _drop(request)
    if failure == "hang":
        await asyncio.Event().wait()  # cancelled when the other side gives up
    if failure == "429":
        return _refusal(ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait))
    if failure == "413":
        return _refusal(ApiError(413, "Request Entity Too Large"))
    if failure in {"502_page", "403_page"}:
        return web.Response(status=int(str(failure)[:3]), text=_PAGE, content_type="text/html")
    return _refusal(ApiError(500, "Internal Server Error"))


async def _spoil(failure: Failure, request: web.Request) -> web.StreamResponse:
    """Spoils the answer to what was done."""
    if failure == "drop_after":
        return _drop(request)
    if failure == "no_result":
        return _json({"ok": True})
    if failure == "200_page":
        return web.Response(text=_PAGE, content_type="text/html")
    await asyncio.Event().wait()  # cancelled when the other side gives up
    return web.Response()


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _refusal(error: ApiError) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": error.status, "description": str(error)}
    if error.parameters:
        body["parameters"] = error.parameters
    return _json(body, error.status)


def _json(body: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json")
