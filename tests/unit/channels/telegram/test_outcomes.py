import pytest
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TimedOut

from bot.channels.base import Later, Misconfigured, Outcome, Refused, Unknown, Unreachable
from bot.channels.telegram.outcomes import outcome_of
from bot.channels.telegram.request import Flooded, MalformedReply, NotSent, ServerTrouble, TooLarge


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Flooded(37), Later(37, "chat", "flood")),
        (NotSent("ClientConnectorError"), Later(5.0, "channel", "ClientConnectorError")),
        (ServerTrouble("HTTP 502"), Later(5.0, "chat", "HTTP 502")),
        (ChatMigrated(-1002), Later(0, "chat", "chat migrated", moved_to="-1002")),
        (Forbidden("Forbidden: bot was blocked by the user"), Unreachable("Forbidden: bot was blocked by the user")),
        (BadRequest("Bad Request: chat not found"), Unreachable("Chat not found")),
        (BadRequest("Bad Request: message text is empty"), Refused("Message text is empty")),
        (TooLarge("Request Entity Too Large"), Refused("Request Entity Too Large")),
        (InvalidToken(), Misconfigured("Invalid token")),
        (Conflict("Conflict: another"), Misconfigured("Conflict: another")),
        (TimedOut(), Unknown("Timed out")),
        (NetworkError("ServerDisconnectedError"), Unknown("ServerDisconnectedError")),
        (MalformedReply("no result"), Unknown("no result")),
        (ValueError("https://api.telegram.org/bot110201543:secret"), Unknown("ValueError")),
    ],
)
def test_outcome_of_each_error(error: Exception, outcome: Outcome) -> None:
    assert outcome_of(error) == outcome
