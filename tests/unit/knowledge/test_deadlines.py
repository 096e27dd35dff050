from datetime import UTC, datetime, timedelta

import pytest

from knowledge.deadlines import days_left, effective, is_open, phase, reminding
from knowledge.library import Library
from knowledge.programme import Notice, Programme

NOTED = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def dated(library: Library) -> Programme:
    return library.programmes["sci-tech-pioneer"]


@pytest.fixture
def undated(library: Library) -> Programme:
    return library.programmes["tr50"]


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2024-10-20T23:59:59.999+08:00", True),
        ("2024-10-21T00:00:00+08:00", False),
        ("2024-10-20T15:59:59+00:00", True),
        ("2024-10-20T16:00:00+00:00", False),
    ],
)
def test_is_open_is_half_open(dated: Programme, instant: str, expected: bool) -> None:
    assert is_open(dated, datetime.fromisoformat(instant)) is expected
    assert phase(dated, datetime.fromisoformat(instant)) == ("open" if expected else "closed")


def test_phase_without_announced_deadline_is_open(undated: Programme) -> None:
    assert phase(undated, NOTED) == "open"
    assert days_left(undated, NOTED) is None


def test_phase_of_bare_guide_is_unknown(undated: Programme) -> None:
    bare = Programme("bare", undated.name, undated.passages)
    assert phase(bare, NOTED) == "unknown"
    assert phase(bare, NOTED, Notice(NOTED, NOTED)) == "closed"


def test_effective_prefers_extension_then_notice_then_guide(dated: Programme) -> None:
    notice, extension = Notice(datetime(2024, 11, 1, tzinfo=UTC), NOTED), datetime(2024, 12, 1, tzinfo=UTC)
    assert effective(dated, notice, extension) == extension
    assert effective(dated, notice) == notice.closes_at
    assert effective(dated) == dated.deadline.closes_at
    assert effective(dated, Notice(None, NOTED)) is None


def test_reminding_takes_the_strict_reading(library: Library) -> None:
    programme = library.programmes["innovation-light"]
    assert reminding(programme) == datetime(2022, 12, 19, 16, tzinfo=UTC)
    assert effective(programme) == datetime(2022, 12, 20, 16, tzinfo=UTC)
    assert reminding(programme, Notice(NOTED, NOTED)) == NOTED


def test_days_left_counts_calendar_days_of_the_zone(dated: Programme) -> None:
    assert days_left(dated, datetime.fromisoformat("2024-10-08T00:00:00+08:00")) == 12
    assert days_left(dated, datetime.fromisoformat("2024-10-20T23:59:00+08:00")) == 0
    assert days_left(dated, datetime.fromisoformat("2024-10-20T23:59:00+08:00") + timedelta(days=1)) == -1
