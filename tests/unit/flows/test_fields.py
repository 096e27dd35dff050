from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flows import fields
from bot.flows.fields import check, read
from bot.flows.rules import CHECKS
from bot.flows.values import Input, Problem, Reading
from knowledge.form import FieldType, Rule, RuleKind
from knowledge.text import count
from knowledge.wording import Wording
from tests.fixtures.forms import CONSENT, KIND, MOMENT, NAME, PARTS, STORY, make_field


def value_of(kind: FieldType, text: str, **values: Any) -> Any:
    found = read(make_field("f", kind, **values), Input(text=text), moment=MOMENT)
    return found.value if isinstance(found, Reading) else found.kind


@pytest.mark.parametrize(
    "text",
    [
        "2024-10-20",
        "2024/10/20",
        "2024.10.20",
        "2024年10月20日",
        "2024 年 10 月 20 号",
        "20241020",
        "20 Oct 2024",
        "20th October 2024",
        "October 20, 2024",
        "２０２４－１０－２０",
    ],
)
def test_read_date_in_many_forms(text: str) -> None:
    assert value_of(FieldType.DATE, text) == "2024-10-20"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2024", "date_year_only"),
        ("2024年", "date_year_only"),
        ("2024年10月", "date_no_day"),
        ("10月20日", "date_no_year"),
        ("10/20", "date_no_year"),
        ("October 2024", "date_no_day"),
        ("2024-02-30", "no_such_day"),
        ("10/20/2024", "date"),
        ("去年", "date"),
        ("20 Foo 2024", "date"),
    ],
)
def test_read_date_refused_with_reason(text: str, kind: str) -> None:
    assert value_of(FieldType.DATE, text) == kind


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("13800138000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("010－12345678", "+861012345678"),
        ("(010) 12345678", "+861012345678"),
        ("010-12345678转801", "+861012345678 ext. 801"),
        ("+44 20 7946 0958", "+442079460958"),
        ("12345678", "phone"),
        ("62345678", "phone_area"),
        ("电话", "phone"),
    ],
)
def test_read_phone_of_home_and_abroad(text: str, stored: str) -> None:
    assert value_of(FieldType.PHONE, text) == stored


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("a.b@example.com", "a.b@example.com"),
        ("ａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "a@example.com"),
        ("a@EXAMPLE.com", "a@example.com"),
        ("a@", "email"),
        ("no mail", "email"),
    ],
)
def test_read_email_normalised(text: str, stored: str) -> None:
    assert value_of(FieldType.EMAIL, text) == stored


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("https://example.com/a?b=1", "https://example.com/a?b=1"),
        ("http://例子.中国/", "http://例子.中国/"),
        ("example.com/a", "url_scheme"),
        ("ftp://example.com", "url"),
        ("https://nohost", "url"),
        ("https://[", "url"),
        ("见附件", "url"),
    ],
)
def test_read_url_needs_http(text: str, stored: str) -> None:
    assert value_of(FieldType.URL, text) == stored


@pytest.mark.parametrize("said", ["lamp", "灯", "Lamp", "LAMP", "1", "１"])
def test_read_choice_by_value_label_and_number(said: str) -> None:
    assert read(KIND, Input(text=said), moment=MOMENT) == Reading("lamp")


@pytest.mark.parametrize("said", ["3", "0", "火箭", "999999999999"])
def test_read_choice_out_of_options(said: str) -> None:
    assert read(KIND, Input(text=said), moment=MOMENT) == Problem("not_an_option", {"text": said})


@pytest.mark.parametrize("said", ["同意", "我同意。", "I agree", "YES", "agree"])
def test_read_consent_given(said: str) -> None:
    found = read(CONSENT, Input(text=said), moment=MOMENT)
    assert found == Reading({"agreed_at": "2026-11-20T12:00:00+08:00", "wording": fields.wording(CONSENT)})


@pytest.mark.parametrize(("said", "kind"), [("不同意", "declined"), ("no", "declined"), ("也许", "consent")])
def test_read_consent_not_given(said: str, kind: str) -> None:
    assert read(CONSENT, Input(text=said), moment=MOMENT) == Problem(kind)


def test_check_consent_to_other_words_no_longer_fits() -> None:
    other = make_field("agree", FieldType.CONSENT, label=Wording("新告知", "New notice"))
    given_before = read(CONSENT, Input(text="同意"), moment=MOMENT)
    assert isinstance(given_before, Reading)
    assert check(other, given_before.value, moment=MOMENT) == Problem("consent_changed")


def test_read_text_over_limit_tells_the_overshoot() -> None:
    found = read(NAME, Input(text="一二三四五六七八九十甲乙"), moment=MOMENT)
    assert found == Problem("too_long", {"over": 2, "limit": 10, "count": 12, "by": "guide"})


def test_read_text_of_endless_letters_is_refused() -> None:
    found = read(NAME, Input(text="a" * 100_000), moment=MOMENT)
    assert found == Problem("too_many_letters", {"limit": 200, "count": 100_000})


def test_read_longtext_within_words_but_over_characters_warns() -> None:
    found = read(STORY, Input(text="alpha beta gamma delta epsilon"), moment=MOMENT)
    assert isinstance(found, Reading)
    assert found.warnings == (Problem("many_characters", {"raw": 26, "limit": 20, "count": 5}),)


@pytest.mark.parametrize("text", ["", "   ", "\x00\x07", "\u200b\n"])
def test_read_text_of_nothing_visible_is_empty(text: str) -> None:
    assert value_of(FieldType.TEXT, text) == "empty"


def test_read_text_drops_control_characters() -> None:
    assert value_of(FieldType.TEXT, "灯\x00\x1b[31m 塔\n二") == "灯[31m 塔 二"


@pytest.mark.parametrize(
    ("code", "stored"),
    [
        ("91350100M000100Y43", "91350100M000100Y43"),
        ("91350100M000100Y44", "uscc"),
        ("91350100I000100Y43", "uscc"),
        ("HRB 12345", "HRB 12345"),
    ],
)
def test_uscc_check_digit(code: str, stored: str) -> None:
    assert value_of(FieldType.TEXT, code, rules=(Rule("uscc"),)) == stored


def test_every_rule_kind_has_a_check() -> None:
    assert set(CHECKS) == set(RuleKind)


@pytest.mark.parametrize(
    ("rule", "day", "kept"),
    [
        (Rule("not_future"), "2026-11-20", True),
        (Rule("not_future"), "2026-11-21", False),
        (Rule("not_past"), "2026-11-20", True),
        (Rule("not_past"), "2026-11-19", False),
        (Rule("within_years", "3"), "2023-01-01", True),
        (Rule("within_years", "3"), "2022-12-31", False),
        (Rule("in_year"), "2026-01-01", True),
        (Rule("in_year"), "2025-12-31", False),
    ],
)
def test_date_rules(rule: Rule, day: str, kept: bool) -> None:
    assert (value_of(FieldType.DATE, day, rules=(rule,)) == day) is kept


def test_soft_rules_of_one_sentence_warn_once() -> None:
    rules = (Rule("within_years", "3", hard=False, quote="近三年"), Rule("in_year", hard=False, quote="近三年"))
    found = read(make_field("f", FieldType.DATE, rules=rules), Input(text="2020-01-01"), moment=MOMENT)
    assert isinstance(found, Reading)
    assert [warning.kind for warning in found.warnings] == ["within_years"]


def test_check_table_names_the_first_gap() -> None:
    rows = [{"part": "a", "made_on": "2026-01-01"}, {"part": "b"}]
    assert check(PARTS, rows, moment=MOMENT) == Problem("row_incomplete", {"row": 2, "column": PARTS.columns[2].label})


def test_check_table_warns_below_the_advised_rows() -> None:
    found = check(PARTS, [{"part": "a", "made_on": "2025-01-01"}], moment=MOMENT)
    assert isinstance(found, Reading)
    assert [warning.kind for warning in found.warnings] == ["in_year", "few_rows"]


@pytest.mark.parametrize("value", ["text", [1], None, {"a": 1}])
def test_check_table_of_another_shape_does_not_fit(value: Any) -> None:
    assert check(PARTS, value, moment=MOMENT) == Problem("unfit")


@settings(deadline=None)
@given(st.text(alphabet="灯a1 ，。\n", max_size=60))
def test_limit_is_exact_for_any_text(text: str) -> None:
    found = read(STORY, Input(text=text), moment=MOMENT)
    counted = count(text.strip())
    if isinstance(found, Problem) and found.kind == "too_long":
        assert found.values["over"] == counted - 20
    elif isinstance(found, Reading):
        assert counted <= 20


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_reads_as_value_or_problem_and_fits_afterwards(text: str) -> None:
    for kind in FieldType:
        if kind in {FieldType.TABLE, FieldType.CHOICE}:
            continue
        field = make_field("f", kind)
        found = read(field, Input(text=text), moment=MOMENT)
        if isinstance(found, Reading):
            assert isinstance(check(field, found.value, moment=MOMENT), Reading)
