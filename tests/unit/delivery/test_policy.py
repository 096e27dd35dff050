from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.base import Later, Misconfigured, Outcome, Refused, Sent, Unknown, Unreachable, WindowClosed
from bot.delivery.policy import LONGEST_PAUSE, MAX_ATTEMPTS, Decision, backoff, decide
from storage.records import Message

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def message(**changes: Any) -> Message:
    values: dict[str, Any] = {
        "id": 1,
        "key": "k",
        "channel": "memory",
        "chat": "c",
        "person_id": None,
        "kind": "reply",
        "body": {},
        "state": "sending",
        "due_at": NOW,
        "attempts": 0,
        "reason": "",
        "sent_order": None,
        "broadcast_id": None,
        "created_at": NOW,
        "sent_at": None,
    }
    return Message(**{**values, **changes})


@pytest.mark.parametrize(
    ("outcome", "decision"),
    [
        (Sent(7, "x7"), Decision("sent", order=7, external_id="x7")),
        (Later(5, reason="busy"), Decision("pending", "later: busy", pause=5)),
        (Later(60, scope="channel"), Decision("pending", "later", pause=60, scope="channel")),
        (Later(0), Decision("pending", "later", pause=1)),
        (Later(0, moved_to="-100"), Decision("pending", "moved", moved_to="-100")),
        (WindowClosed("45015"), Decision("held", "window")),
        (Unreachable("Forbidden"), Decision("failed", "blocked", unreachable="Forbidden")),
        (Unreachable(), Decision("failed", "blocked", unreachable="blocked")),
        (Refused("too long"), Decision("failed", "refused: too long")),
        (Misconfigured("401"), Decision("pending", "channel stopped", scope="channel", stopped="401")),
        (Unknown("timeout"), Decision("pending", "unknown: timeout", pause=5)),
    ],
)
def test_each_outcome_of_a_reply_has_its_decision(outcome: Outcome, decision: Decision) -> None:
    assert decide(outcome, message(), attempts=0) == decision


def test_unknown_broadcast_is_not_sent_again() -> None:
    found = decide(Unknown("timeout"), message(kind="broadcast"), attempts=0)
    assert found == Decision("unknown", "unknown: timeout")


@pytest.mark.parametrize("kind", ["reply", "notification", "reminder"])
def test_unknown_message_is_sent_a_second_time_and_no_third(kind: str) -> None:
    first = decide(Unknown("timeout"), message(kind=kind), attempts=3)
    second = decide(Unknown("timeout"), message(kind=kind, reason=first.reason), attempts=4)
    assert (first.state, second.state) == ("pending", "unknown")


def test_message_sent_after_an_unknown_try_is_recorded_as_possibly_twice() -> None:
    assert decide(Sent(), message(reason="unknown: timeout"), attempts=1) == Decision("sent", "possibly twice")


def test_pause_grows_where_the_platform_names_none() -> None:
    pauses = [decide(Later(0), message(), attempts=attempts).pause for attempts in (0, 1, 2, 3, 20)]
    assert pauses == [1, 2, 4, 8, LONGEST_PAUSE]


def test_pause_grows_beyond_a_fixed_one_so_that_an_outage_does_not_use_up_the_attempts() -> None:
    pauses = [decide(Later(5), message(), attempts=attempts).pause for attempts in (0, 1, 2, 3, 4)]
    assert pauses == [5, 5, 5, 8, 16]


def test_pause_of_the_platform_is_kept_when_longer() -> None:
    assert decide(Later(7200), message(), attempts=9).pause == 7200


def test_attempts_last_longer_than_a_day() -> None:
    assert sum(backoff(attempts) for attempts in range(MAX_ATTEMPTS)) > 24 * 3600


def test_last_attempt_fails_with_the_reason() -> None:
    found = decide(Later(5, reason="busy"), message(), attempts=MAX_ATTEMPTS - 1)
    assert found == Decision("failed", "gave up: busy")
