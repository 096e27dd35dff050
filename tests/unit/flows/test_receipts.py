import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flows.receipts import check_receipt, looks_like_receipt, make_receipt, normalise_receipt

RECEIPT = make_receipt("TR50", 2026, 123)


def test_receipt_shows_programme_year_and_number() -> None:
    assert RECEIPT.rsplit("-", 1)[0] == "TR50-2026-000123"


@pytest.mark.parametrize(
    "typed", [RECEIPT, RECEIPT.lower(), f" {RECEIPT} ", RECEIPT.replace("-", "－"), "ＴＲ" + RECEIPT[2:]]
)
def test_receipt_read_tolerantly(typed: str) -> None:
    assert (check_receipt(typed), normalise_receipt(typed)) == (True, RECEIPT)


@settings(deadline=None)
@given(st.integers(0, len(RECEIPT) - 1), st.sampled_from(string.ascii_uppercase + string.digits))
def test_receipt_with_one_wrong_character_is_told(index: int, letter: str) -> None:
    typed = RECEIPT[:index] + letter + RECEIPT[index + 1 :]
    assert check_receipt(typed) is (typed == RECEIPT)


@pytest.mark.parametrize("text", ["", "TR50", "灯笼公司", "TR50-2026-123-X"])
def test_receipt_of_another_shape(text: str) -> None:
    assert (looks_like_receipt(text), check_receipt(text)) == (False, False)


def test_receipt_of_a_large_number() -> None:
    assert check_receipt(make_receipt("A", 2026, 12_345_678))


def test_receipt_with_a_pile_of_accents_is_none() -> None:
    assert not looks_like_receipt("ABC-2026-000123-X" + "\u0301\u0327" * 50_000)
