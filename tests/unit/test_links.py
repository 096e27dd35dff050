import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.links import LONGEST, Expired, Invalid, read, sign

SECRET = b"a key of this test"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize("payload", ["", "17:3", "申报书.pdf", "a.b/c?d=e&f"])
def test_link_reads_what_was_signed(payload: str) -> None:
    token = sign(SECRET, "file", payload, LATER)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", token)
    assert read(SECRET, "file", token, NOW) == payload


def test_link_expires_at_its_instant() -> None:
    token = sign(SECRET, "file", "17", LATER)
    assert read(SECRET, "file", token, LATER - timedelta(seconds=1)) == "17"
    assert read(SECRET, "file", token, LATER) == Expired("17")


def test_link_of_another_purpose_is_invalid() -> None:
    token = sign(SECRET, "file", "17", LATER)
    assert read(SECRET, "form", token, NOW) == Invalid()


def test_link_of_another_key_is_invalid() -> None:
    token = sign(b"another key", "file", "17", LATER)
    assert read(SECRET, "file", token, NOW) == Invalid()


def test_link_with_another_payload_is_invalid() -> None:
    _, expires, signature = sign(SECRET, "file", "17", LATER).split(".")
    other = sign(SECRET, "file", "18", LATER).split(".")[0]
    assert read(SECRET, "file", f"{other}.{expires}.{signature}", NOW) == Invalid()


def test_link_with_a_later_expiry_is_invalid() -> None:
    payload, expires, signature = sign(SECRET, "file", "17", LATER).split(".")
    assert read(SECRET, "file", f"{payload}.{int(expires) + 60}.{signature}", NOW) == Invalid()


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "令牌", "é" * 50, "MTc.1." + "A" * 43, "x" * 3000])
def test_link_that_is_none_is_invalid(token: str) -> None:
    assert read(SECRET, "file", token, NOW) == Invalid()


def test_link_reads_only_the_whole_token() -> None:
    token = sign(SECRET, "file", "17", LATER)
    assert [read(SECRET, "file", changed, NOW) for changed in (token + "\n", " " + token, token[:-1])] == [
        Invalid()
    ] * 3


def test_sign_refuses_what_no_link_can_hold() -> None:
    with pytest.raises(ValueError, match="too much"):
        sign(SECRET, "file", "x" * LONGEST, LATER)


def test_sign_refuses_an_instant_without_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        sign(SECRET, "file", "17", LATER.replace(tzinfo=None))
