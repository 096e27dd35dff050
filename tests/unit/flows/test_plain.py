from typing import Any

import pytest

from bot.flows.plain import as_text
from bot.flows.values import digest
from knowledge.form import Field, FieldType
from knowledge.wording import Wording
from tests.fixtures.boats import LICENCE, ORIGIN, OWNERS, SAILS, SUBJECT, make_file
from tests.fixtures.forms import CONSENT, PARTS, make_field

MONEY = make_field("money", FieldType.NUMBER, unit=Wording("万元", "million yuan"))
YEAR = make_field("year", FieldType.NUMBER)
PHONE = make_field("phone", FieldType.PHONE)


@pytest.mark.parametrize(
    ("field", "value", "zh", "en"),
    [
        (YEAR, None, "", ""),
        (YEAR, "2015", "2015", "2015"),
        (YEAR, "1234567.5", "1,234,567.5", "1,234,567.5"),
        (MONEY, "12.5", "12.5万元", "12.5 million yuan"),
        (ORIGIN, "home", "国内", "Home"),
        (ORIGIN, "gone", "gone", "gone"),
        (SAILS, ["main", "jib"], "主帆、前帆", "Mainsail, Jib"),
        (CONSENT, {"agreed_at": "2026-11-20T12:00:00+08:00", "wording": "x"}, "2026-11-20 12:00", "2026-11-20 12:00"),
        (LICENCE, [make_file("a.pdf"), make_file("b.pdf")], "a.pdf、b.pdf", "a.pdf, b.pdf"),
        (
            OWNERS,
            [{"owner": "张三"}, {"owner": "李四"}],
            "1. 船东：张三\n2. 船东：李四",
            "1. Owner: 张三\n2. Owner: 李四",
        ),
        (
            PARTS,
            [{"part": "a", "made_on": "2026-03-01"}],
            "1. part：a\n   made_on：2026-03-01",
            "1. part (en): a\n   made_on (en): 2026-03-01",
        ),
        (PHONE, "+861012345678", "010-12345678", "+86 10 1234 5678"),
        (PHONE, "+8613800138000", "13800138000", "+86 138 0013 8000"),
        (PHONE, "+862787654321 ext. 801", "027-87654321转801", "+86 27 8765 4321 ext. 801"),
        (PHONE, "+60312345678", "+60 3-1234 5678", "+60 3-1234 5678"),
        (PHONE, "unknown", "unknown", "unknown"),
        (SUBJECT, Wording("国内+张三", "Home+张三"), "国内+张三", "Home+张三"),
        (SUBJECT, "国内+张三", "国内+张三", "国内+张三"),
    ],
)
def test_answer_as_people_read_it(field: Field, value: Any, zh: str, en: str) -> None:
    assert (as_text(field, value, "zh"), as_text(field, value, "en")) == (zh, en)


def test_digest_tells_values_apart_and_no_order_of_keys() -> None:
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1})
    digests = {digest(value) for value in (None, "", [], "1", 1, ["1"], [["1"]], {"a": None})}
    assert len(digests) == 8
    assert all(len(found) == 12 for found in digests)
