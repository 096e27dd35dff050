"""Texts: instants as people read them, and what staff may write."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.render import TextMistake, render, render_staff_text, show_instant

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_instant_at_midnight_is_the_day_before() -> None:
    midnight = datetime(2024, 10, 20, 16, tzinfo=UTC)
    assert show_instant(midnight, "zh", SHANGHAI) == "2024年10月20日（周日）24:00（北京时间）"
    assert show_instant(midnight, "en", SHANGHAI) == "Sun 20 October 2024, 24:00 (Beijing time)"


def test_instant_by_day() -> None:
    noon = datetime(2024, 10, 20, 4, tzinfo=UTC)
    assert show_instant(noon, "zh", SHANGHAI) == "2024年10月20日（周日）12:00（北京时间）"


def test_render_unknown_block() -> None:
    with pytest.raises(KeyError):
        render("start.nothing_like_it", "zh")


def test_staff_text_with_known_fields() -> None:
    assert render_staff_text("{{ name }}，请于周五前提交。", {"name": "某某公司"}) == "某某公司，请于周五前提交。"


def test_staff_text_with_unknown_field() -> None:
    with pytest.raises(TextMistake) as caught:
        render_staff_text("{{ salary }} {{ name }} {{ age }}", {"name": "x"})
    assert caught.value.fields == ("age", "salary")


@pytest.mark.parametrize("source", ["{{ name", "{% for %}", "{{ name.__class__.__mro__ }}", "{% include 'x' %}"])
def test_staff_text_broken_or_reaching_out(source: str) -> None:
    with pytest.raises(TextMistake):
        render_staff_text(source, {"name": "x"})
