"""The sending of one message through its channel: holds, pace, cutting to size, time-out, decision."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog

from bot.channels.base import Channel, Outcome, Sent, Unknown
from bot.channels.text import clean, split
from bot.conversations import outgoing
from bot.delivery.pacing import Pacing, Sleep
from bot.delivery.policy import WINDOW, Decision, decide
from bot.messages import Outgoing
from storage.records import Message

log = structlog.get_logger()

SEND_SECONDS = 20.0
# A channel that takes nothing is asked again with one message after so long: some settings are mended elsewhere.
STOPPED_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Settled:
    """A message and what was decided on it."""

    message: Message
    decision: Decision


class Sender:
    """Sends through one channel. `stopped` is why the channel takes nothing, empty while it does."""

    def __init__(
        self,
        channel: Channel,
        *,
        monotonic: Callable[[], float],
        sleep: Sleep,
        on_misconfigured: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self.name = channel.name
        self.rights = channel.rights
        self.stopped = ""
        self.pacing = Pacing(channel.rights, monotonic, sleep)
        self._channel = channel
        self._monotonic = monotonic
        self._on_misconfigured = on_misconfigured

    async def settle(self, message: Message, until: float) -> Settled:
        """Sends a message that is leased `until` this instant of `monotonic`; past it nothing is sent."""
        return Settled(message, await self._decide(message, until))

    async def _decide(self, message: Message, until: float) -> Decision:
        if not (self.rights.push or self.rights.mailbox):
            return Decision("held", WINDOW)
        if not self.pacing.held(message.chat) and not await self.pacing.turn(
            message.chat, broadcast=message.kind == "broadcast", until=until
        ):
            return Decision("pending", message.reason)
        if (pause := self.pacing.held(message.chat)) or self._monotonic() >= until:
            # Due at once while the channel is stopped: a new start with mended settings is not to wait for the hold.
            return Decision("pending", message.reason, pause=0.0 if self.stopped else pause)
        decision = decide(await self._send(outgoing(message)), message, attempts=message.attempts)
        await self._obey(message.chat, decision)
        return decision

    async def _send(self, message: Outgoing) -> Outcome:
        """Sends the pieces of a message. After a piece that was not sent none follows."""
        limits = self._channel.limits
        pieces = split(clean(message.text), limits.text, limits.measure)
        for piece in pieces[:-1]:
            outcome = await self._send_piece(replace(message, text=piece, choices=(), files=(), prompt=0))
            if not isinstance(outcome, Sent):
                return outcome
        return await self._send_piece(replace(message, text=pieces[-1]))

    async def _send_piece(self, message: Outgoing) -> Outcome:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await self._channel.send(message)
        except TimeoutError:
            return Unknown("timeout")
        except Exception as error:  # noqa: BLE001 - a mistake in one adapter must not stop the others' messages
            log.error("send_failed", channel=self.name, message=message.id, error=error)
            return Unknown(type(error).__name__)

    async def _obey(self, chat: str, decision: Decision) -> None:
        if decision.stopped:
            self.pacing.hold(STOPPED_SECONDS)
            if not self.stopped:
                self.stopped = decision.stopped
                log.error("channel_stopped", channel=self.name, reason=decision.stopped)
                await self._on_misconfigured(self.name, decision.stopped)
        elif decision.pause:
            self.pacing.hold(decision.pause, None if decision.scope == "channel" else chat)
        elif decision.state == "sent" and self.stopped:
            self.stopped = ""
            await self._on_misconfigured(self.name, "")
