"""Words of a question and those of a guide that mean the same, or nearly."""

import pytest

from knowledge.glossary import ALIKE, NEAR, PART, SAME, keys, terms


def worth(question: str, text: str) -> float:
    """What the best term of a question is worth in a text."""
    held = keys(text)
    return max((worth for term in terms(question) for key, worth in term.keys if key in held), default=0.0)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("发票", "可开具发票", SAME),
        ("发票", "an invoice is sent", ALIKE),
        ("火车票", "差旅费由单位承担", NEAR),
        ("kindergarten", "幼儿园教师", NEAR),
        ("养老机构", "养老服务", PART),
        ("发票", "作品归作者", 0.0),
    ],
)
def test_term_is_worth_what_its_likeness_is(question: str, text: str, expected: float) -> None:
    assert worth(question, text) == expected
