"""The four doors as a person uses them: `say` and `press` return what they then see; `seen` is all of it."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any, Protocol

from tests.e2e.server import Server
from tests.standins.telegram import TelegramStandin
from tests.standins.wechat import WeChatStandin

LATER_SECONDS = 30.0
_MORE = "回复“更多”"
_UNSENT = "SELECT count(*) FROM messages WHERE channel = 'telegram' AND chat = ? AND state IN ('pending', 'sending')"
_MOST_PIECES = 20
_MORE_EN = "reply “more”"


class Door(Protocol):
    """One person at one channel."""

    @property
    def seen(self) -> list[str]:
        """Everything seen so far."""

    def say(self, text: str) -> list[str]:
        """Sends a text: what is seen in answer."""

    def press(self, label: str) -> list[str]:
        """Taps a button, or types its label where there is none."""

    def offers(self, label: str) -> bool:
        """Whether the last answer offers this: as a button, or in writing where there are none."""

    def listen(self) -> list[str]:
        """Everything seen so far, with what came unasked."""

    def kill(self) -> None:
        """The server was killed: whatever of it runs for this door is killed too."""

    def close(self) -> None:
        """Lets go."""


class ConsoleDoor:
    """`laurel chat` by a pipe. It is started when it is needed, and anew after a kill."""

    def __init__(self, server: Server, name: str) -> None:
        self._server = server
        self._name = name
        self._process: subprocess.Popen[str] | None = None
        self._last: list[str] = []
        self.seen: list[str] = []

    def say(self, text: str) -> list[str]:
        process = self._started()
        assert process.stdin is not None
        process.stdin.write(text.replace("\n", "\\n") + "\n")
        process.stdin.flush()
        self._last = self._read(process)
        return self._last

    def press(self, label: str) -> list[str]:
        return self.say(label)

    def offers(self, label: str) -> bool:
        return any(label in text for text in self._last)

    def listen(self) -> list[str]:
        self.close()
        done = self._run("")
        self.seen += [json.loads(line)["text"] for line in done.splitlines()]
        return self.seen

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
        self.close()

    def close(self) -> None:
        if self._process is None:
            return
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(LATER_SECONDS)
        self._process = None

    def _arguments(self) -> list[str]:
        return [sys.executable, "-m", "bot", "chat", "--as", self._name, "--json", "--ends"]

    def _run(self, text: str) -> str:
        arguments = self._arguments()[:-1]
        environment = self._server.environment
        return subprocess.run(
            arguments, input=text, env=environment, capture_output=True, text=True, check=True, timeout=LATER_SECONDS
        ).stdout

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                self._arguments(),
                env=self._server.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self._process

    def _read(self, process: subprocess.Popen[str]) -> list[str]:
        texts: list[str] = []
        assert process.stdout is not None
        for line in process.stdout:
            data = json.loads(line)
            if "end" in data:
                self.seen += texts
                return texts
            texts.append(data["text"])
        raise AssertionError(f"laurel chat ended; it had said {texts}")


@dataclass
class WebDoor:
    """The chat page's addresses, with a cookie and the number of the last prompt, as the page keeps them."""

    server: Server
    seen: list[str] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    sequence: int = 0
    prompt: int = 0
    buttons: dict[str, str] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._opened = False

    def say(self, text: str) -> list[str]:
        return self._post(text=text)

    def press(self, label: str) -> list[str]:
        assert label in self.buttons, f"no button {label} in {list(self.buttons)}"
        return self._post(pressed=self.buttons[label])

    def offers(self, label: str) -> bool:
        return any(label in button for button in self.buttons)

    def try_say(self, text: str) -> tuple[int, str]:
        """Sends a text that may be refused: status and body of the answer."""
        try:
            return 200, "\n".join(self.say(text))
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)["error"]["text"]

    def start(self, payload: str) -> list[str]:
        """Opens the page by a link with `?start=`."""
        return self._post(start=payload)

    def listen(self) -> list[str]:
        data = self._get(f"/chat/messages?after={self.sequence}&wait=0")
        self.sequence = max([self.sequence, *(message["sequence"] for message in data["messages"])])
        self._take(data)
        return self.seen

    def kill(self) -> None:
        """The page holds nothing that a kill of the server could hurt."""

    def close(self) -> None:
        self._opener.close()

    def _post(self, **said: Any) -> list[str]:
        if not self._opened:
            with self._opener.open(f"{self.server.url}/", timeout=LATER_SECONDS):
                self._opened = True
        body = {"id": str(uuid.uuid4()), "shown": self.prompt, **said}
        request = urllib.request.Request(
            f"{self.server.url}/chat/messages",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with self._opener.open(request, timeout=LATER_SECONDS) as response:
            return self._take(json.load(response))

    def _get(self, path: str) -> Any:
        with self._opener.open(f"{self.server.url}{path}", timeout=LATER_SECONDS) as response:
            return json.load(response)

    def _take(self, data: Any) -> list[str]:
        fresh = [message for message in data["messages"] if message["id"] not in self.known]
        for message in fresh:
            self.known.add(message["id"])
            self.prompt = message["prompt"] or self.prompt
            self.files += message["files"]
            if message["choices"]:
                self.buttons = {choice["label"]: choice["token"] for choice in message["choices"]}
        texts = [message["text"] for message in fresh]
        self.seen += texts
        return texts


class TelegramDoor:
    """A person in Telegram, by webhook or by polling.

    A turn is over when the bot has confirmed its update, and nothing of the chat waits to be sent.
    """

    def __init__(self, server: Server, standin: TelegramStandin, number: int) -> None:
        self.server = server
        self.standin = standin
        self.user = standin.user(number)

    @property
    def seen(self) -> list[str]:
        return self.user.texts

    def say(self, text: str) -> list[str]:
        return self._after(lambda: self.user.send(text))

    def press(self, label: str) -> list[str]:
        return self._after(lambda: self.user.press(label))

    def offers(self, label: str) -> bool:
        return any(label in button for message in self.user.sent[-1:] for button in message.buttons)

    def listen(self) -> list[str]:
        return self.user.texts

    def kill(self) -> None:
        """The platform keeps what is not confirmed."""

    def close(self) -> None:
        """The stand-in is the fixture's."""

    def _after(self, act: Any) -> list[str]:
        before = len(self.user.texts)
        act()
        self.standin.wait_until(lambda: self.standin.waiting == 0, LATER_SECONDS, lambda: f"saw {self.user.texts[-3:]}")
        until = time.monotonic() + LATER_SECONDS
        while self.server.query(_UNSENT, str(self.user.id)) != [(0,)]:
            assert time.monotonic() < until, f"something stays unsent; saw {self.user.texts[-3:]}"
            time.sleep(0.01)
        return self.user.texts[before:]


class WeChatDoor:
    """A follower in WeChat, who reads on with 更多 as long as there is more."""

    def __init__(self, standin: WeChatStandin, openid: str) -> None:
        self.user = standin.user(openid)
        self._last: list[str] = []
        self.seen: list[str] = []

    def say(self, text: str) -> list[str]:
        texts = [self.user.send(text) or ""]
        while _MORE in texts[-1] or _MORE_EN in texts[-1]:
            assert len(texts) < _MOST_PIECES, f"more and more: {texts[-2:]}"
            texts.append(self.user.send("更多") or "")
        self._last = texts
        self.seen += texts
        return texts

    def press(self, label: str) -> list[str]:
        return self.say(label)

    def offers(self, label: str) -> bool:
        return any(label in text for text in self._last)

    def listen(self) -> list[str]:
        self.say("更多")
        return self.seen + self.user.pushed

    def kill(self) -> None:
        """The platform repeats what was not answered."""

    def close(self) -> None:
        """The stand-in is the fixture's."""


def wait_for(door: Door, text: str, seconds: float = LATER_SECONDS) -> None:
    """Waits until a door has shown a text, now or earlier."""
    until = time.monotonic() + seconds
    while not any(text in seen for seen in door.listen()):
        assert time.monotonic() < until, f"waited {seconds} s for {text!r}; saw {door.seen[-3:]}"
        time.sleep(0.1)
