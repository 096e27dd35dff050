import pytest

from bot.flows.fields import check, read
from bot.flows.scope import Scope
from bot.flows.values import Input, Problem, Reading
from knowledge.form import Condition, FieldType, Form, Option, Rule, Section
from tests.fixtures.boats import BOATS, POSTCODE, SKIPPER
from tests.fixtures.forms import MOMENT, both, make_field

SWITCH = make_field("switch", FieldType.CHOICE, options=(Option("on", both("on")), Option("off", both("off"))))
SHOWN = (Condition("switch", ("on",)),)


def kept(kind: FieldType, rule: Rule, text: str) -> bool:
    found = read(make_field("f", kind, rules=(rule,)), Input(text=text), moment=MOMENT)
    if isinstance(found, Problem):
        assert found.kind == rule.kind
    return isinstance(found, Reading)


@pytest.mark.parametrize(
    ("rule", "day", "holds"),
    [
        (Rule("not_before", "2022-01-01"), "2021-12-31", False),
        (Rule("not_before", "2022-01-01"), "2022-01-01", True),
        (Rule("not_after", "2022-12-20"), "2022-12-20", True),
        (Rule("not_after", "2022-12-20"), "2022-12-21", False),
        (Rule("not_on", "2022-01-01"), "2022-01-01", False),
        (Rule("not_on", "2022-01-01"), "2022-01-02", True),
        (Rule("in_year", "2022"), "2022-06-01", True),
        (Rule("in_year", "2022"), "2023-01-01", False),
    ],
)
def test_day_rules_at_their_limits(rule: Rule, day: str, *, holds: bool) -> None:
    assert kept(FieldType.DATE, rule, day) is holds


@pytest.mark.parametrize(
    ("rule", "number", "holds"),
    [
        (Rule("minimum", "1"), "1", True),
        (Rule("minimum", "1"), "0.99", False),
        (Rule("maximum", "20"), "20", True),
        (Rule("maximum", "20"), "20.01", False),
        (Rule("whole"), "三万", True),
        (Rule("whole"), "12.5", False),
        (Rule("within_years", "3"), "2023", True),
        (Rule("within_years", "3"), "2022", False),
    ],
)
def test_number_rules_at_their_limits(rule: Rule, number: str, *, holds: bool) -> None:
    assert kept(FieldType.NUMBER, rule, number) is holds


@pytest.mark.parametrize(
    ("rule", "text", "holds"),
    [
        (Rule("digits", "6"), "430000", True),
        (Rule("digits", "6"), "４３００００", True),
        (Rule("digits", "6"), "43000", False),
        (Rule("digits", "6"), "43000A", False),
        (Rule("link"), "网盘 https://pan.example.com/s/1 提取码 abcd", True),
        (Rule("link"), "网盘 pan.example.com/s/1", False),
        (Rule("link"), "https://", False),
        (Rule("han"), "Example 公司", True),
        (Rule("han"), "Example Ltd.", False),
    ],
)
def test_text_rules(rule: Rule, text: str, *, holds: bool) -> None:
    assert kept(FieldType.TEXT, rule, text) is holds


def test_rule_with_a_condition_is_for_those_it_names() -> None:
    home, abroad = Scope(BOATS, {"origin": "home"}), Scope(BOATS, {"origin": "abroad"})
    refused = read(POSTCODE, Input(text="SW1A"), moment=MOMENT, scope=home)
    assert isinstance(refused, Problem)
    assert refused.kind == "digits"
    assert read(POSTCODE, Input(text="SW1A"), moment=MOMENT, scope=abroad) == Reading("SW1A")


@pytest.mark.parametrize(
    ("owners", "said", "warned"),
    [
        (["张三"], "张三", False),
        (["李四、张三"], "张三", False),
        (["张三", "李四"], "李四；王五", False),
        (["张 三"], "张三", False),
        (["李四"], "张三", True),
        ([], "张三", False),
    ],
)
def test_among_the_names_of_a_column(owners: list[str], said: str, *, warned: bool) -> None:
    scope = Scope(BOATS, {"owners": [{"owner": name} for name in owners]})
    found = read(SKIPPER, Input(text=said), moment=MOMENT, scope=scope)
    assert isinstance(found, Reading)
    assert [one.kind for one in found.warnings] == (["among"] if warned else [])


def test_among_looks_at_no_hidden_table() -> None:
    shown = make_field("owners", FieldType.TABLE, columns=(make_field("owner"),), when=SHOWN)
    form = Form("v1", (Section("s", both("s"), (SWITCH, shown, SKIPPER)),))
    answers = {"switch": "off", "owners": [{"owner": "李四"}]}
    found = check(SKIPPER, "张三", moment=MOMENT, scope=Scope(form, answers))
    assert found == Reading("张三")


def test_unique_folds_what_is_written_otherwise() -> None:
    column = make_field("c", rules=(Rule("unique"),))
    assert isinstance(read(column, Input(text="ＺＬ 1"), moment=MOMENT, others=["zl 1"]), Problem)
    assert isinstance(read(column, Input(text="ZL 2"), moment=MOMENT, others=["zl 1"]), Reading)
