"""What follows from the way a send ended. Pure: decides on plain values and does nothing."""

from dataclasses import dataclass
from typing import Literal

from bot.channels.base import Later, Misconfigured, Outcome, Refused, Sent, Unknown, Unreachable, WindowClosed
from storage.records import Message

# 1, 2, 4, … seconds up to half an hour, 60 times: somewhat more than a day, which platforms' outages do not last.
LONGEST_PAUSE = 1800.0
MAX_ATTEMPTS = 60
# A send of unknown fate is tried once more, after what its time-out may have been the sign of has had time to pass.
SECOND_TRY = 5.0

BLOCKED = "blocked"
WINDOW = "window"
UNKNOWN = "unknown"
POSSIBLY_TWICE = "possibly twice"
CHANNEL_STOPPED = "channel stopped"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a message, and what else follows.

    `pause` is in seconds and holds the chat, or with `scope` "channel" the whole channel; the message is due after it.
    `moved_to` is the chat's new id. `unreachable` is why nobody can be reached there until they write again; `stopped`
    why the channel takes nothing until staff mend its settings.
    """

    state: Literal["sent", "pending", "held", "failed", "unknown"]
    reason: str = ""
    pause: float = 0.0
    scope: Literal["chat", "channel"] = "chat"
    moved_to: str = ""
    unreachable: str = ""
    stopped: str = ""
    order: int | None = None
    external_id: str = ""


def decide(outcome: Outcome, message: Message, *, attempts: int) -> Decision:
    """The decision on a message whose send ended so. `attempts` counts the sends before this one."""
    match outcome:
        case Sent():
            twice = POSSIBLY_TWICE if message.reason.startswith(UNKNOWN) else ""
            return Decision("sent", twice, order=outcome.order, external_id=outcome.external_id)
        case Later():
            return _later(outcome, attempts)
        case WindowClosed():
            return Decision("held", WINDOW)
        case Unreachable():
            return Decision("failed", BLOCKED, unreachable=outcome.reason or BLOCKED)
        case Refused():
            return Decision("failed", _because("refused", outcome.reason))
        case Misconfigured():
            return Decision("pending", CHANNEL_STOPPED, scope="channel", stopped=outcome.reason or "unexplained")
        case Unknown():
            return _unknown(outcome, message)


def backoff(attempts: int) -> float:
    """Seconds to wait after so many failed sends."""
    return float(min(2 ** min(attempts, 30), LONGEST_PAUSE))


def _later(outcome: Later, attempts: int) -> Decision:
    if attempts + 1 >= MAX_ATTEMPTS:
        return Decision("failed", _because("gave up", outcome.reason))
    if outcome.moved_to:
        return Decision("pending", "moved", moved_to=outcome.moved_to)
    # The platform's word is the least; a fixed one, given for hours of an outage, must not use up the attempts.
    pause = max(outcome.seconds, backoff(attempts) if attempts or outcome.seconds <= 0 else 0.0)
    return Decision("pending", _because("later", outcome.reason), pause=pause, scope=outcome.scope)


def _unknown(outcome: Unknown, message: Message) -> Decision:
    """Broadcasts go out at most once; anything else at least once, a second time and no third."""
    if message.kind == "broadcast" or message.reason.startswith(UNKNOWN):
        return Decision("unknown", _because(UNKNOWN, outcome.reason))
    return Decision("pending", _because(UNKNOWN, outcome.reason), pause=SECOND_TRY)


def _because(word: str, reason: str) -> str:
    return f"{word}: {reason}" if reason else word
