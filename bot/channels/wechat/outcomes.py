"""What the platform's error codes mean for a message: one of the outcomes of the port."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.channels.base import Later, Misconfigured, Outcome, Refused, Sent, Unreachable, WindowClosed

TOKEN_REJECTED = frozenset({40001, 40014, 42001})
_DAILY_QUOTA = 45009
_ZONE = ZoneInfo("Asia/Shanghai")  # the platform's day, at whose end it counts anew
_LATER = {-1: Later(5, "channel"), 45011: Later(60, "channel"), 43108: Later(2, "chat")}
_WINDOW_CLOSED = {
    45015: "48 hours have passed, or the person does not follow",
    45047: "the pushes of this window are used up",
    43101: "the person has not agreed",
}
_UNREACHABLE = {
    43004: "does not follow",
    43019: "has blocked the account",
    48002: "has refused messages",
    40003: "no such openid",
}
_MISCONFIGURED = {
    40001: "the access token is not taken; is the secret used elsewhere?",
    40014: "the access token is not taken",
    42001: "the access token has expired again at once",
    40013: "the app id is wrong",
    40125: "the app secret is wrong",
    40164: "the server's address is not on the account's IP whitelist",
    48001: "the account has no right to this interface",
    48004: "the interface is blocked for the account",
    50002: "the account is frozen or limited",
    45028: "the account has no quota for this",
}


def outcome_of(errcode: int, now: datetime) -> Outcome:
    """The outcome of a call that was answered with this code. Reasons hold the code and nothing of the message."""
    if errcode == 0:
        return Sent()
    if errcode == _DAILY_QUOTA:
        return Later(_to_midnight(now), "channel", f"{errcode}: the day's quota is used up")
    if known := _LATER.get(errcode):
        return Later(known.seconds, known.scope, str(errcode))
    for kind, reasons in ((WindowClosed, _WINDOW_CLOSED), (Unreachable, _UNREACHABLE), (Misconfigured, _MISCONFIGURED)):
        if errcode in reasons:
            return kind(f"{errcode}: {reasons[errcode]}")
    return Refused(str(errcode))


def token_outcome_of(errcode: int, now: datetime) -> Later | Misconfigured:
    """The outcome of a refused fetch of the access token: never a message's fault, and no message is lost by it."""
    outcome = outcome_of(errcode, now)
    if isinstance(outcome, Later):
        return Later(outcome.seconds, "channel", f"access token: {outcome.reason}")
    if isinstance(outcome, Misconfigured):
        return outcome
    return Misconfigured(f"access token: {errcode}")


def _to_midnight(now: datetime) -> float:
    local = now.astimezone(_ZONE)
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - local).total_seconds()
