"""A stand-in of Telegram: the Bot API on loopback, and the people who write to the bot.

    standin = TelegramStandin()
    api_base = standin.start()          # for LAUREL_TELEGRAM_API_BASE; the token is standin.token
    anna = standin.user(1001)
    anna.send("什么时候截止")
    reply = anna.wait_for(1)[-1]
    anna.press(reply.buttons[0])

It works in a thread with a loop of its own. The drivers' methods block: in a coroutine, call them by asyncio.to_thread.
"""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.standins.telegram_api import BotApi, Chat, Failure

__all__ = ["Failure", "Group", "Received", "TelegramStandin", "User"]

T = TypeVar("T")
TOKEN = "110201543:an-invented-token-of-tests"
USERNAME = "laurel_test_bot"
SECONDS = 10.0


@dataclass(frozen=True)
class Received:
    """A message of the bot as its reader sees it. `tokens` are what its buttons send back.

    `file` and `content` are the name and the bytes of a document.
    """

    id: int
    text: str
    buttons: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    file: str = ""
    content: bytes = b""


class _Reader:
    """Whoever sees the messages of a chat."""

    def __init__(self, standin: "TelegramStandin", chat: Chat) -> None:
        self.id = chat.id
        self._standin = standin
        self._chat = chat

    @property
    def sent(self) -> list[Received]:
        """The bot's messages that arrived here, in order."""
        return [_received(message, self._standin.api.files) for message in self._chat.messages]

    @property
    def texts(self) -> list[str]:
        """Their texts."""
        return [message.text for message in self.sent]

    def wait_for(self, count: int, timeout: float = SECONDS) -> list[Received]:
        """Waits until so many messages in all have arrived, and returns all."""
        self._standin.wait_until(lambda: len(self._chat.messages) >= count, timeout, lambda: f"saw {self.texts}")
        return self.sent

    def described(self) -> dict[str, Any]:
        """The chat as updates carry it."""
        return {"id": self._chat.id, "type": self._chat.kind}


class Group(_Reader):
    """A group that the bot is in. People write there by `user.send(text, group=…)`."""

    def migrate(self, new_id: int) -> "Group":
        """Makes it a supergroup with another id, which it returns."""
        self._chat.moved_to = new_id
        return self._standin.group(new_id, kind="supergroup")


class User(_Reader):
    """A person in the private chat with the bot. The bot may write to them once they wrote."""

    def __init__(self, standin: "TelegramStandin", chat: Chat, name: str, language: str) -> None:
        super().__init__(standin, chat)
        self._described = {"id": chat.id, "is_bot": False, "first_name": name, "language_code": language}

    def send(self, text: str, *, group: Group | None = None, **fields: Any) -> int:
        """Writes a text, in private or in a group: the update's number. `fields` go into the message beside it."""
        return self.send_content(group=group, text=text, **fields)

    def send_content(self, *, group: Group | None = None, **fields: Any) -> int:
        """Sends a message of any content: sticker={…}, document={…}, photo=[…], caption=…"""
        return self._standin.add("message", self._message(group or self, fields))

    def send_file(self, content: bytes, name: str, *, caption: str = "", album: str = "") -> int:
        """Sends a document: the update's number. Those of one `album` were chosen together."""
        described = {"file_id": self._standin.keep(content), "file_name": name, "file_size": len(content)}
        return self.send_content(document=described, **_around(caption, album))

    def send_photo(self, content: bytes, *, caption: str = "", album: str = "") -> int:
        """Sends a picture, which the platform has made a JPEG in several sizes."""
        handle = self._standin.keep(content)
        sizes = [{"file_id": f"{handle}-small", "width": 90, "height": 90, "file_size": 1000}]
        sizes.append({"file_id": handle, "width": 1280, "height": 960, "file_size": len(content)})
        return self.send_content(photo=sizes, **_around(caption, album))

    def start(self, payload: str = "") -> int:
        """Opens the chat by the start button, or by a deep link."""
        return self.send(f"/start {payload}".strip())

    def edit(self, text: str) -> int:
        """Edits a message."""
        return self._standin.add("edited_message", self._message(self, {"text": text}))

    def press(self, label: str, *, group: Group | None = None) -> str:
        """Taps the latest button of this label: the id of the tap."""
        messages = [message for message in (group or self).sent if label in message.buttons]
        assert messages, f"no button {label} in {[message.buttons for message in (group or self).sent]}"
        return self.press_token(messages[-1].tokens[messages[-1].buttons.index(label)], group=group, on=messages[-1].id)

    def press_token(self, token: str, *, group: Group | None = None, on: int = 0) -> str:
        """Taps a button by what it sends back."""
        message = {"message_id": on, "chat": (group or self).described(), "date": int(time.time())}
        return self._standin.tap({"from": self._described, "message": message, "chat_instance": "1", "data": token})

    def block(self) -> int:
        """Blocks the bot."""
        self._chat.blocked = True
        return self._member("kicked", "member")

    def unblock(self) -> int:
        """Lets the bot in again."""
        self._chat.blocked = False
        return self._member("member", "kicked")

    def _message(self, place: _Reader, fields: dict[str, Any]) -> dict[str, Any]:
        envelope = {"chat": place.described(), "from": self._described, "date": int(time.time())}
        return {"message_id": self._standin.api.next_message_id(), **envelope, **fields}

    def _member(self, status: str, before: str) -> int:
        bot = self._standin.api.me
        change = {
            "old_chat_member": {"user": bot, "status": before},
            "new_chat_member": {"user": bot, "status": status},
        }
        envelope = {"chat": self.described(), "from": self._described, "date": int(time.time())}
        return self._standin.add("my_chat_member", {**envelope, **change})


class TelegramStandin:
    """The platform for one bot. `api` shows what the server knows: calls, commands, taps; read only from tests."""

    def __init__(self, *, token: str = TOKEN, username: str = USERNAME) -> None:
        self.token = token
        self._changed = threading.Condition()
        self.api = BotApi(token, username, self._notify)
        self._taps = itertools.count(1)
        self._handles = itertools.count(1)
        self._users: dict[int, User] = {}
        self._port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram-standin", daemon=True)

    def start(self) -> str:
        """Starts the server: its address."""
        self._thread.start()
        self._run(self._open())
        return f"http://127.0.0.1:{self._port}"

    def stop(self) -> None:
        """Ends the server, its connections and the thread."""
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def waiting(self) -> int:
        """How many updates the bot has not confirmed."""
        return self.api.updates.waiting

    def user(self, user_id: int, *, name: str = "Anna", language: str = "zh-hans", known: bool = False) -> User:
        """A person; the same one for the same id. `known`: they wrote to the bot long ago, so it may write to them."""
        if user_id not in self._users:
            chat = Chat(user_id)
            self._users[user_id] = User(self, chat, name, language)
            if known:
                self.api.chats[user_id] = chat
        return self._users[user_id]

    def group(self, group_id: int, *, kind: str = "supergroup") -> Group:
        """A group with the bot in it."""
        return Group(self, self.api.chats.setdefault(group_id, Chat(group_id, kind)))

    def keep(self, content: bytes) -> str:
        """Keeps what somebody sends: its file_id."""
        handle = f"file-{next(self._handles)}"
        self.api.files[handle] = content
        return handle

    def add(self, kind: str, content: dict[str, Any]) -> int:
        """Something happened; whoever writes can be written to from now on. The update's number."""
        chat = content["chat"]["id"]
        if kind == "message" and chat in self._users:
            self.api.chats[chat] = self._users[chat]._chat
        return self._call(lambda: self.api.updates.add(kind, content))

    def tap(self, query: dict[str, Any]) -> str:
        """A callback query; its id."""
        number = str(next(self._taps))
        self.api.taps[number] = False
        self._call(lambda: self.api.updates.add("callback_query", {"id": number, **query}))
        return number

    def send_raw(self, update: dict[str, Any]) -> int:
        """An update of any content, as it is; its number."""
        return self._call(lambda: self.api.updates.add_raw(update))

    def fail_next(self, method: str, failure: Failure, *, times: int = 1, retry_after: int = 1) -> None:
        """Lets the next calls of a method fail. "drop_before", "hang" and the error statuses do nothing else;
        "drop_after", "silence", "200_page" and "no_result" spoil the answer to a call that is carried out.
        """
        self.api.failures[method.lower()].extend([(failure, retry_after)] * times)

    def limit_chats(self, seconds: float) -> None:
        """From now on answers 429 to a message that comes sooner than this after another in its chat; 0: never."""
        self.api.chat_interval = seconds

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The parameters of all calls of a method."""
        return [parameters for called, parameters in self.api.calls if called == method.lower()]

    def wait_until(
        self, condition: Callable[[], object], timeout: float = SECONDS, state: Callable[[], str] = lambda: ""
    ) -> None:
        """Waits until something holds that calls and updates change."""
        with self._changed:
            held = self._changed.wait_for(condition, timeout)
        assert held, f"waited {timeout} s in vain: {state()}"

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _call(self, work: Callable[[], T]) -> T:
        """Runs a function in the server's thread."""

        async def run() -> T:
            return work()

        return self._run(run())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _open(self) -> None:
        self._runner = web.AppRunner(self.api.application(), shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def _close(self) -> None:
        await self.api.updates.close()
        await self._runner.cleanup()


def _around(caption: str, album: str) -> dict[str, Any]:
    return {name: value for name, value in (("caption", caption), ("media_group_id", album)) if value}


def _received(message: dict[str, Any], files: dict[str, bytes]) -> Received:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = list(itertools.chain.from_iterable(rows))
    labels, tokens = (tuple(button[name] for button in buttons) for name in ("text", "callback_data"))
    document = message.get("document", {})
    file, content = document.get("file_name", ""), files.get(document.get("file_id", ""), b"")
    return Received(message["message_id"], message.get("text", ""), labels, tokens, file, content)
