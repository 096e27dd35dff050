"""The channel port in memory: keeps what it was given to send and ends each send as it was told to."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable

from bot.channels.base import Limits, NotFetched, Outcome, Rights, Sent
from bot.messages import IncomingFile, Outgoing

LIMITS = Limits(text=4000, measure=len)
Ending = Outcome | Exception


class MemoryChannel:
    """A channel whose sends end as scripted.

    `outcomes` are the ends of sends to a chat, in order; afterwards, and for chats that have none, `otherwise`. An
    exception in a script is raised. `attempted` are all messages given to send, `sent` those that ended as Sent.
    `on_send` is called before each end, with the message.
    """

    def __init__(
        self,
        name: str = "memory",
        rights: Rights | None = None,
        outcomes: dict[str, Iterable[Ending]] | None = None,
        *,
        limits: Limits = LIMITS,
        otherwise: Ending | None = None,
        on_send: Callable[[Outgoing], None] | None = None,
    ) -> None:
        self.name = name
        self.rights = rights or Rights()
        self.limits = limits
        self.attempted: list[Outgoing] = []
        self.sent: list[Outgoing] = []
        self.closed = False
        self.contents: dict[str, bytes | Exception] = {}  # of files that people send, by handle
        self.fetched: list[str] = []
        self._scripts = defaultdict(list, {chat: list(script) for chat, script in (outcomes or {}).items()})
        self.otherwise = otherwise or Sent()
        self._on_send = on_send

    async def send(self, message: Outgoing) -> Outcome:
        """Ends as the script says."""
        self.attempted.append(message)
        if self._on_send is not None:
            self._on_send(message)
        script = self._scripts[message.address.chat]
        ending = script.pop(0) if script else self.otherwise
        if isinstance(ending, Exception):
            raise ending
        if isinstance(ending, Sent):
            self.sent.append(message)
        return ending

    async def fetch(self, file: IncomingFile) -> AsyncIterator[bytes]:
        """The bytes of `contents`, in two chunks, or the exception that stands there."""
        self.fetched.append(file.handle)
        content = self.contents.get(file.handle, NotFetched("gone"))
        if isinstance(content, Exception):
            raise content
        middle = len(content) // 2
        for chunk in (content[:middle], content[middle:]):
            yield chunk

    async def close(self) -> None:
        """Notes that it was closed."""
        self.closed = True

    def texts(self, chat: str | None = None) -> list[str]:
        """The texts that were sent, to a chat or to all, in order."""
        return [message.text for message in self.sent if chat is None or message.address.chat == chat]
