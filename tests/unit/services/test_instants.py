from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.services.instants import Reading, read_instant

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-12-31 24:00", datetime(2026, 12, 31, 16, 0, tzinfo=UTC)),
        ("2026-12-31 18:30", datetime(2026, 12, 31, 10, 30, tzinfo=UTC)),
        ("2026-12-31T18:30", datetime(2026, 12, 31, 10, 30, tzinfo=UTC)),
        ("2026-12-31 18:30:00", datetime(2026, 12, 31, 10, 30, tzinfo=UTC)),
        ("2026/12/31 18:30", datetime(2026, 12, 31, 10, 30, tzinfo=UTC)),
        ("2026.12.31 9:05", datetime(2026, 12, 31, 1, 5, tzinfo=UTC)),
        ("2026年12月31日24点", datetime(2026, 12, 31, 16, 0, tzinfo=UTC)),
        ("2026年12月31日 18点30分", datetime(2026, 12, 31, 10, 30, tzinfo=UTC)),
        ("2026年12月31号18时", datetime(2026, 12, 31, 10, 0, tzinfo=UTC)),
        ("２０２６－１２－３１　１８：００", datetime(2026, 12, 31, 10, 0, tzinfo=UTC)),
        ("12-31 18:00", datetime(2026, 12, 31, 10, 0, tzinfo=UTC)),
        ("1月5日18点", datetime(2027, 1, 5, 10, 0, tzinfo=UTC)),
        ("2-29 12:00", datetime(2028, 2, 29, 4, 0, tzinfo=UTC)),
        ("2026-12-31T18:00:00+01:00", datetime(2026, 12, 31, 17, 0, tzinfo=UTC)),
        ("2026-12-31T18:00:00Z", datetime(2026, 12, 31, 18, 0, tzinfo=UTC)),
        ("2025-01-01 00:00", datetime(2024, 12, 31, 16, 0, tzinfo=UTC)),
    ],
)
def test_instant_written_as_staff_write_it_is_read(text: str, instant: datetime) -> None:
    assert read_instant(text, zone=SHANGHAI, now=NOW) == Reading(instant)


@pytest.mark.parametrize("text", ["2026-12-31", "2026年12月31日", "12月31日", "12-31"])
def test_date_alone_means_the_end_of_that_day(text: str) -> None:
    assert read_instant(text, zone=SHANGHAI, now=NOW) == Reading(
        datetime(2026, 12, 31, 16, 0, tzinfo=UTC), whole_day=True
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-13-01",
        "2026-02-30",
        "2026-12-31 25:00",
        "2026-12-31 24:01",
        "2026-12-31 18",
        "9999-12-31",
        "2",
        "31",
        "2026-12-31" + " " * 100 + "18:00",
        "1" + "\u0301\u0327" * 50_000,
    ],
)
def test_text_that_names_no_instant_is_none(text: str) -> None:
    assert read_instant(text, zone=SHANGHAI, now=NOW) is None
