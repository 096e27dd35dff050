from typing import Any

import pytest

from bot.flows import attachments
from bot.flows.fields import check
from bot.flows.values import Problem, Reading
from tests.fixtures.boats import LICENCE, PICTURES, make_file
from tests.fixtures.forms import MOMENT


@pytest.mark.parametrize(
    ("size", "kind"), [(149_999, "file_small"), (150_000, ""), (3_145_728, ""), (3_145_729, "file_large")]
)
def test_size_of_a_file_at_both_limits(size: int, kind: str) -> None:
    found = attachments.add(LICENCE, [], make_file(size=size))
    assert (found.kind if isinstance(found, Problem) else "") == kind


def test_second_file_where_one_is_asked_says_what_to_do() -> None:
    found = attachments.add(LICENCE, [make_file("a.jpg")], make_file("b.jpg"))
    assert isinstance(found, Problem)
    assert (found.kind, found.values["most"], found.values["instead"]) == (
        "many_files",
        1,
        LICENCE.file and LICENCE.file.too_many,
    )


def test_files_of_another_kind_are_told_by_what_is_inside() -> None:
    found = attachments.add(LICENCE, [], make_file("执照.pdf", kind="docx"))
    assert found == Problem("file_kind", {"name": "执照.pdf", "is": "docx", "kinds": ("pdf", "jpg", "png")})


def test_same_content_twice_is_one_file() -> None:
    first = make_file("a.jpg", key="ff")
    assert attachments.add(PICTURES, [first], make_file("copy.jpg", key="ff")) == Problem(
        "file_twice", {"name": "copy.jpg"}
    )


@pytest.mark.parametrize(("second", "fits"), [(2_000_000, True), (2_000_001, False)])
def test_files_together_have_a_limit(second: int, *, fits: bool) -> None:
    found = attachments.add(PICTURES, [make_file("a.jpg", 2_000_000)], make_file("b.jpg", second))
    assert isinstance(found, list) is fits


def test_replacing_takes_the_place_and_counts_the_old_one_no_more() -> None:
    files = [make_file("a.jpg", 2_000_000), make_file("b.jpg", 2_000_000)]
    found = attachments.replace(PICTURES, files, 1, make_file("c.jpg", 1_000_000))
    assert isinstance(found, list)
    assert [one["name"] for one in found] == ["c.jpg", "b.jpg"]
    assert attachments.replace(PICTURES, files, 1, make_file("b.jpg")) == Problem("file_twice", {"name": "b.jpg"})


def test_stored_files_are_checked_again() -> None:
    assert check(LICENCE, [make_file()], moment=MOMENT) == Reading([make_file()])
    small = check(LICENCE, [make_file(size=1)], moment=MOMENT)
    assert isinstance(small, Problem)
    assert small.kind == "file_small"


@pytest.mark.parametrize("value", ["a.pdf", [], [{"name": "a.pdf"}], [{**make_file(), "size": "1"}], None])
def test_stored_files_of_another_shape_do_not_fit(value: Any) -> None:
    found = check(LICENCE, value, moment=MOMENT)
    assert isinstance(found, Problem)
    assert found.kind == ("few_files" if value == [] else "unfit")
