"""A form as the page shows it."""

from typing import Any

from bot.flows.sheet import Cell, Entry, Sheet, make_sheet
from bot.flows.values import digest
from knowledge.form import Stage
from tests.fixtures.form_house import FORM
from tests.fixtures.forms import MOMENT

NAMED: dict[str, Any] = {"name": "小橘灯"}


def sheet(
    cursor: dict[str, Any] | None = None, stage: Stage = Stage.ENTRY, locale: str = "zh", **answers: Any
) -> Sheet:
    return make_sheet(FORM.at(stage), answers, cursor or {}, MOMENT, locale)


def keys(found: Sheet) -> list[str]:
    return [entry.field.key for entry in found.entries()]


def entry(found: Sheet, key: str) -> Entry:
    return next(one for one in found.entries() if one.field.key == key)


def cell(found: Sheet, key: str) -> Cell:
    return entry(found, key).cell


def kinds(found: Cell) -> tuple[str, list[str]]:
    return found.problem.kind if found.problem else "", [one.kind for one in found.warnings]


def test_sheet_has_the_fields_of_its_stage_that_are_shown() -> None:
    shown = ["agree", "name", "kind", "materials", "story", "idea", "use", "parts", "label", "photos", "mail", "site"]
    assert keys(sheet()) == shown
    assert keys(sheet(stage=Stage.PACKAGING)) == ["stamped"]


def test_sheet_shows_a_field_whose_condition_holds() -> None:
    assert "tail" in keys(sheet(kind="kite"))
    assert "tail" not in keys(sheet(kind="lamp", tail="2"))


def test_sheet_counts_what_is_filled_without_computed_fields() -> None:
    found = sheet(**NAMED)
    assert (found.filled, found.total) == (1, 11)


def test_sheet_names_what_is_missing() -> None:
    gaps = [one.field.key for one in sheet(**NAMED).gaps]
    assert gaps == ["agree", "kind", "story", "parts", "photos", "mail"]


def test_cell_knows_its_value_and_the_digest_of_it() -> None:
    found = cell(sheet(**NAMED), "name")
    assert (found.text, found.value, found.seen, found.typed) == ("小橘灯", "小橘灯", digest("小橘灯"), False)
    assert (found.counted, found.limit) == (3, 10)


def test_cell_of_a_text_that_was_not_taken_shows_it_beside_the_stored_one() -> None:
    found = cell(sheet({"drafts": {"story": ["一" * 15, "二" * 15]}}, story="旧的故事。"), "story")
    assert (found.text, found.value, found.typed) == ("一" * 15 + "\n" + "二" * 15, "旧的故事。", True)
    assert (kinds(found), found.counted) == (("too_long", []), 30)


def test_cell_of_an_unfinished_text_that_fits_has_no_problem_and_is_a_gap() -> None:
    found = sheet({"drafts": {"story": ["短"]}})
    assert (cell(found, "story").typed, cell(found, "story").problem) == (True, None)
    assert "story" in [one.field.key for one in found.gaps]


def test_cell_of_a_stored_answer_that_no_longer_fits_tells_its_problem() -> None:
    assert kinds(cell(sheet(mail="nonsense"), "mail")) == ("email", [])


def test_cell_of_a_part_of_a_group_has_what_the_others_leave() -> None:
    found = sheet(idea="字" * 40)
    assert (cell(found, "use").limit, found.groups) == (20, {"about": 40})


def test_rows_have_a_cell_for_each_column_and_one_digest() -> None:
    rows = [{"part": "灯罩"}, {"part": "灯罩", "made_on": "2026-03-01"}]
    first, second = entry(sheet(parts=rows), "parts").rows
    assert [one.slot for one in second.cells] == ["parts.1.part", "parts.1.made_on", "parts.1.note"]
    assert second.seen == digest(rows[1])
    assert [one.seen for one in second.cells] == [
        second.seen + digest(rows[1].get(key)) for key in ("part", "made_on", "note")
    ]
    assert kinds(first.cells[0]) == ("unique", [])
    assert second.cells[1].text == "2026-03-01"


def test_row_without_a_required_column_is_missing_it() -> None:
    (row,) = entry(sheet(parts=[{}]), "parts").rows
    assert [one.missing for one in row.cells] == [True, False, False]


def test_table_that_is_full_takes_no_more_rows() -> None:
    assert entry(sheet(parts=[{"part": str(n)} for n in range(3)]), "parts").can_add is False
    assert entry(sheet(parts=[{"part": "1"}]), "parts").can_add is True


def test_computed_field_shows_what_it_is_made_of_in_the_readers_language() -> None:
    answers: dict[str, Any] = {"kind": "kite", **NAMED}
    assert entry(sheet(**answers), "label").computed == "风筝·小橘灯"
    assert entry(sheet(locale="en", **answers), "label").computed == "Kite·小橘灯"
    assert entry(sheet(), "label").computed == ""


def test_files_of_a_field_are_told() -> None:
    stored = [{"key": "a" * 64, "name": "灯.jpg", "kind": "jpg", "size": 10}]
    found = sheet(photos=stored)
    assert list(entry(found, "photos").files) == stored
    assert list(entry(found, "name").files) == []
