"""Laurel served as a process, with all doors open towards the platforms' stand-ins."""

import re
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from knowledge.opening import load_packs
from tests.e2e.doors import LATER_SECONDS, ConsoleDoor, Door, TelegramDoor, WebDoor, WeChatDoor
from tests.e2e.server import Server
from tests.standins.telegram import TelegramStandin
from tests.standins.wechat import AES_KEY, APP_ID, SECRET, TOKEN, WeChatStandin

WEBHOOK_SECRET = "a-webhook-secret-of-tests"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class House:
    """A running Laurel and the platforms around it."""

    server: Server
    telegram: TelegramStandin
    wechat: WeChatStandin
    doors: list[Door] = field(default_factory=list)
    _owner: WebDoor | None = None

    def door(self, channel: str, person: str) -> Door:
        """A new person's door at a channel."""
        door = self._door(channel, f"{person}{uuid4().hex[:8]}")
        self.doors.append(door)
        return door

    def web(self) -> WebDoor:
        """A new visitor of the page."""
        door = WebDoor(self.server)
        self.doors.append(door)
        return door

    def staff(self, role: str = "staff") -> WebDoor:
        """A new visitor of the page who joined the staff."""
        door = self.web()
        door.say(f"/join {self.invite(role)}")
        return door

    @property
    def owner(self) -> WebDoor:
        """The owner, who took the invitation that the server printed."""
        if self._owner is None:
            self._owner = self.web()
            assert self.server.invitation
            self._owner.say(f"/join {self.server.invitation}")
        return self._owner

    def invite(self, role: str = "staff") -> str:
        """A token that makes its bearer staff or owner."""
        seen = "\n".join(self.owner.say("/invite owner" if role == "owner" else "/invite"))
        found = re.search(r"/join (\S+)", seen)
        assert found, seen
        return found[1]

    @staticmethod
    def until(condition: Callable[[], object]) -> None:
        """Waits until something holds."""
        until = time.monotonic() + LATER_SECONDS
        while not condition():
            assert time.monotonic() < until, "waited in vain"
            time.sleep(0.02)

    def close(self) -> None:
        """Ends everything."""
        for door in self.doors:
            door.close()
        self.server.kill()
        self.telegram.stop()
        self.wechat.stop()

    def _door(self, channel: str, name: str) -> Door:
        if channel == "console":
            return ConsoleDoor(self.server, name)
        if channel == "webchat":
            return WebDoor(self.server)
        if channel == "telegram":
            return TelegramDoor(self.server, self.telegram, uuid4().int % 10**9 + 1)
        return WeChatDoor(self.wechat, f"o{name}")


def make_house(folder: Path, *, webhook: bool = True, aes: bool = False, push: bool = False, **settings: str) -> House:
    """A Laurel not started yet. `webhook` False: Telegram by polling; `aes`, `push`: WeChat's mode and rights."""
    telegram, wechat = TelegramStandin(), WeChatStandin(aes_key=AES_KEY if aes else "")
    port = free_port()
    given = {
        "LAUREL_TELEGRAM_TOKEN": telegram.token,
        "LAUREL_TELEGRAM_API_BASE": telegram.start(),
        "LAUREL_TELEGRAM_RATE": "1000",
        "LAUREL_WECHAT_APP_ID": APP_ID,
        "LAUREL_WECHAT_TOKEN": TOKEN,
        "LAUREL_WECHAT_APP_SECRET": SECRET,
        "LAUREL_WECHAT_API_BASE": wechat.start(f"http://127.0.0.1:{port}"),
        "LAUREL_WECHAT_AES_KEY": AES_KEY if aes else "",
        "LAUREL_WECHAT_CAPABILITIES": "push" if push else "",
    }
    if webhook:
        given["LAUREL_TELEGRAM_WEBHOOK_SECRET"] = WEBHOOK_SECRET
        given["LAUREL_PUBLIC_URL"] = f"http://127.0.0.1:{port}"
    folder.mkdir(exist_ok=True)
    return House(Server(folder, {**given, **settings}, port=port), telegram, wechat)


OpenHouse = Callable[..., House]


@pytest.fixture(scope="session", autouse=True)
def _learnt() -> None:
    """What is learnt once from the topics is learnt before anybody waits for an answer."""
    load_packs().ask("报名要钱吗", now=datetime.now(UTC))


@pytest.fixture
def open_house(tmp_path: Path) -> Iterator[OpenHouse]:
    """Starts a Laurel, as `make_house` says."""
    opened: list[House] = []

    def start(*, webhook: bool = True, aes: bool = False, push: bool = False, **settings: str) -> House:
        folder = tmp_path / f"laurel{len(opened)}"
        house = make_house(folder, webhook=webhook, aes=aes, push=push, **settings)
        opened.append(house)
        house.server.start()
        return house

    yield start
    for house in opened:
        house.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One Laurel for the dialogues of a module: people are new in each, so they do not meet."""
    made = make_house(tmp_path_factory.mktemp("house"))
    made.server.start()
    yield made
    made.close()
