"""What a failed call to the Bot API means for the message."""

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    TelegramError,
)

from bot.channels.base import Later, Misconfigured, Outcome, Refused, Unknown, Unreachable
from bot.channels.telegram.request import Flooded, NotSent, ServerTrouble, TooLarge

RETRY_AFTER = 5.0
_LONGEST_REASON = 200
_NO_SUCH_CHAT = ("chat not found", "user not found", "peer_id_invalid")


def outcome_of(error: Exception) -> Outcome:
    """The outcome of a send that ended in this error. Order matters: most of PTB's errors are NetworkErrors too."""
    match error:
        case Flooded():
            return Later(error.seconds, "chat", "flood")
        case NotSent():
            return Later(RETRY_AFTER, "channel", _reason(error))
        case ServerTrouble():
            return Later(RETRY_AFTER, "chat", _reason(error))
        case ChatMigrated():
            return Later(0, "chat", "chat migrated", moved_to=str(error.new_chat_id))
        case Forbidden():
            return Unreachable(_reason(error))
        case BadRequest() if error.message.casefold().startswith(_NO_SUCH_CHAT):
            return Unreachable(_reason(error))
        case BadRequest() | TooLarge():
            return Refused(_reason(error))
        case InvalidToken() | Conflict():
            return Misconfigured(_reason(error))
        case TelegramError():  # TimedOut, a connection that broke after sending, an answer that cannot be read
            return Unknown(_reason(error))
        case _:
            return Unknown(type(error).__name__)


def _reason(error: TelegramError) -> str:
    return error.message[:_LONGEST_REASON]
