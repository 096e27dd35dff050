from datetime import UTC, datetime

import pytest

from bot.channels.base import Later, Misconfigured, Refused, Sent, Unreachable, WindowClosed
from bot.channels.wechat.outcomes import outcome_of, token_outcome_of

NOW = datetime(2024, 9, 1, 4, 0, tzinfo=UTC)  # noon in Shanghai


def test_zero_is_sent() -> None:
    assert outcome_of(0, NOW) == Sent()


@pytest.mark.parametrize(
    ("errcode", "outcome"),
    [
        (-1, Later(5, "channel", "-1")),
        (45011, Later(60, "channel", "45011")),
        (43108, Later(2, "chat", "43108")),
        (45009, Later(12 * 3600, "channel", "45009: the day's quota is used up")),
    ],
)
def test_passing_refusals_are_later(errcode: int, outcome: Later) -> None:
    assert outcome_of(errcode, NOW) == outcome


@pytest.mark.parametrize("errcode", [45015, 45047, 43101])
def test_closed_window(errcode: int) -> None:
    assert isinstance(outcome_of(errcode, NOW), WindowClosed)


@pytest.mark.parametrize("errcode", [43004, 43019, 48002, 40003])
def test_unreachable(errcode: int) -> None:
    assert isinstance(outcome_of(errcode, NOW), Unreachable)


@pytest.mark.parametrize("errcode", [40001, 40014, 42001, 40013, 40125, 40164, 48001, 48004, 50002, 45028])
def test_misconfigured(errcode: int) -> None:
    assert isinstance(outcome_of(errcode, NOW), Misconfigured)
    assert isinstance(token_outcome_of(errcode, NOW), Misconfigured)


@pytest.mark.parametrize("errcode", [40037, 47003, 45002, 40007, 40249, 99999])
def test_other_codes_refuse_the_message(errcode: int) -> None:
    assert outcome_of(errcode, NOW) == Refused(str(errcode))


def test_refused_token_is_no_fault_of_the_message() -> None:
    assert token_outcome_of(99999, NOW) == Misconfigured("access token: 99999")
    assert token_outcome_of(-1, NOW) == Later(5, "channel", "access token: -1")
    assert token_outcome_of(43108, NOW) == Later(2, "channel", "access token: 43108")
