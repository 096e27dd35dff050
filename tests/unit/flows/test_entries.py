"""What is entered on the page, and what it changes."""

from typing import Any

import pytest

from bot.flows.entries import AddRow, Attach, Change, DeleteRow, Detach, Drop, Entered, Write, enter
from bot.flows.longtexts import MOST_RAW
from bot.flows.values import digest
from tests.fixtures.form_house import FORM, PHOTO
from tests.fixtures.forms import MOMENT

NOTHING = digest(None)
ROWS = [{"part": "灯罩"}, {"part": "提手"}]


def make(
    change: Change, cursor: dict[str, Any] | None = None, before: dict[str, Any] | None = None, **answers: Any
) -> Entered:
    return enter(FORM, answers, cursor or {}, change, MOMENT, before=before)


def kind(entered: Entered) -> str:
    return entered.problem.kind if entered.problem else ""


def test_text_is_stored_as_it_is_read() -> None:
    entered = make(Write("mail", " Anna@Example.com ", NOTHING))
    assert (entered.changes, entered.problem) == ({"mail": "Anna@example.com"}, None)


def test_text_that_is_too_long_is_kept_and_not_stored() -> None:
    entered = make(Write("story", "字" * 21, digest("旧")), story="旧")
    assert (kind(entered), entered.changes) == ("too_long", {})
    assert entered.kept == {"drafts": {"story": ["字" * 21]}}


def test_other_text_that_is_wrong_is_kept_apart_from_the_dialogs_own() -> None:
    entered = make(Write("mail", "nonsense", NOTHING), {"drafts": {"story": ["半"]}})
    assert entered.kept == {"drafts": {"story": ["半"]}, "typed": {"mail": ["nonsense"]}}


def test_stored_answer_takes_away_what_was_kept_and_its_marks() -> None:
    cursor = {"typed": {"mail": ["nonsense"]}, "skipped": ["mail", "site"], "unfit": ["mail"], "at": "field"}
    entered = make(Write("mail", "a@example.com", NOTHING), cursor)
    assert entered.kept == {"typed": {}, "skipped": ["site"], "unfit": [], "at": "field"}


def test_empty_text_takes_the_answer_away() -> None:
    assert make(Write("name", "  ", digest("灯")), name="灯").changes == {"name": None}


def test_empty_text_where_nothing_was_changes_nothing() -> None:
    assert make(Write("name", "", NOTHING)).changes == {}


def test_same_answer_again_changes_nothing_whatever_was_seen() -> None:
    entered = make(Write("name", "灯", "elsewhere"), name="灯")
    assert (entered.changes, entered.problem) == ({}, None)


def test_answer_that_changed_elsewhere_is_not_written_over() -> None:
    entered = make(Write("name", "我的", digest("旧")), name="别处的")
    assert entered.problem is not None
    assert (kind(entered), entered.problem.values, entered.changes) == ("changed_elsewhere", {"value": "别处的"}, {})
    assert entered.kept == {}


def test_answer_that_was_cleared_elsewhere_is_not_written_over() -> None:
    assert kind(make(Write("name", "我的", digest("旧")))) == "changed_elsewhere"


def test_answer_is_not_taken_away_where_it_changed_elsewhere() -> None:
    assert kind(make(Write("name", "", digest("旧")), name="别处的")) == "changed_elsewhere"


def test_whole_page_leaves_alone_what_nobody_touched() -> None:
    entered = make(Write("name", "旧", digest("旧"), whole=True), name="别处的")
    assert (entered.changes, entered.problem) == ({}, None)


def test_whole_page_keeps_a_text_that_met_a_change_elsewhere() -> None:
    entered = make(Write("name", "我的", digest("旧"), whole=True), name="别处的")
    assert (kind(entered), entered.kept) == ("changed_elsewhere", {"typed": {"name": ["我的"]}})


def test_choice_of_several_is_stored_in_the_forms_order() -> None:
    assert make(Write("materials", ("bamboo", "paper"), NOTHING)).changes == {"materials": ["paper", "bamboo"]}
    assert make(Write("materials", "silk", NOTHING)).changes == {"materials": ["silk"]}


def test_choice_of_several_without_a_tick_takes_the_answer_away() -> None:
    assert make(Write("materials", (), digest(["silk"])), materials=["silk"]).changes == {"materials": None}


def test_choice_that_is_no_option_is_refused_and_nothing_is_kept() -> None:
    entered = make(Write("kind", "boat", NOTHING))
    assert (kind(entered), entered.kept) == ("not_an_option", {})


def test_consent_is_noted_with_its_time_and_wording() -> None:
    stored = make(Write("agree", "agree", NOTHING)).changes["agree"]
    assert stored is not None
    assert stored["agreed_at"] == "2026-11-20T12:00:00+08:00"
    assert make(Write("agree", "agree", "elsewhere"), agree=stored).changes == {}
    assert make(Write("agree", "", digest(stored)), agree=stored).changes == {"agree": None}


def test_number_is_stored_as_a_canonical_decimal() -> None:
    assert make(Write("tail", "12,000", NOTHING), kind="kite").changes == {"tail": "12000"}


NOT_ASKED: list[Change] = [
    Write("tail", "2", NOTHING),
    Write("label", "x", ""),
    Write("parts", "x", NOTHING),
    Write("photos", "x", NOTHING),
    Write("stamped", "x", NOTHING),
    Write("parts", "x", NOTHING, 0, "nothing"),
    Write("nothing", "x", ""),
    Attach("name", PHOTO),
]


@pytest.mark.parametrize("change", NOT_ASKED)
def test_what_the_form_does_not_ask_is_no_entry(change: Change) -> None:
    with pytest.raises(KeyError):
        make(change)


def test_text_of_any_length_is_bounded() -> None:
    entered = make(Write("story", "x" * (MOST_RAW + 1), NOTHING))
    assert (kind(entered), len(entered.kept["drafts"]["story"][0])) == ("too_many_letters", MOST_RAW)


def test_cell_is_stored_in_its_row() -> None:
    entered = make(Write("parts", "2026-03-01", digest(ROWS[1]), 1, "made_on"), parts=ROWS)
    assert entered.changes == {"parts": [ROWS[0], {**ROWS[1], "made_on": "2026-03-01"}]}


def test_cell_that_is_wrong_is_kept_under_its_own_name() -> None:
    entered = make(Write("parts", "灯罩", digest(ROWS[1]), 1, "part"), parts=ROWS)
    assert (kind(entered), entered.kept) == ("unique", {"typed": {"parts.1.part": ["灯罩"]}})


def test_cell_of_a_row_that_changed_elsewhere_is_not_written() -> None:
    entered = make(Write("parts", "2026-03-01", digest(ROWS[1]), 1, "made_on"), parts=[{"part": "新"}, *ROWS])
    assert (kind(entered), entered.changes) == ("changed_elsewhere", {})


def test_cells_of_one_row_posted_together_are_compared_with_what_was_shown() -> None:
    first = make(Write("parts", "灯座", digest(ROWS[0]), 0, "part"), parts=ROWS)
    rows = first.changes["parts"]
    second = make(Write("parts", "厚纸", digest(ROWS[0]), 0, "note"), before={"parts": ROWS}, parts=rows)
    assert second.changes == {"parts": [{"part": "灯座", "note": "厚纸"}, ROWS[1]]}


def test_whole_page_leaves_alone_the_cells_that_nobody_touched() -> None:
    seen = digest(ROWS[0]) + digest("灯罩")
    entered = make(Write("parts", "灯罩", seen, 0, "part", whole=True), parts=[{"part": "别处改的"}, ROWS[1]])
    assert (entered.changes, entered.problem, entered.kept) == ({}, None, {})
    touched = make(Write("parts", "灯座", seen, 0, "part", whole=True), parts=[{"part": "别处改的"}, ROWS[1]])
    assert (kind(touched), touched.kept) == ("changed_elsewhere", {"typed": {"parts.0.part": ["灯座"]}})


def test_row_is_added_empty() -> None:
    assert make(AddRow("parts", 0)).changes == {"parts": [{}]}
    assert make(AddRow("parts", 2), parts=ROWS).changes == {"parts": [*ROWS, {}]}


def test_row_beyond_the_last_or_counted_differently_is_not_added() -> None:
    assert kind(make(AddRow("parts", 3), parts=[*ROWS, {"part": "三"}])) == "many_rows"
    assert kind(make(AddRow("parts", 1), parts=ROWS)) == "changed_elsewhere"


def test_deleted_row_takes_its_unfinished_texts_and_later_ones_move_up() -> None:
    cursor = {
        "drafts": {"parts.0.note": ["零"], "parts.1.note": ["一"], "story": ["半"]},
        "typed": {"parts.1.part": ["x"]},
    }
    entered = make(DeleteRow("parts", 0, digest(ROWS[0])), cursor, parts=ROWS)
    assert entered.changes == {"parts": [ROWS[1]]}
    assert entered.kept == {"drafts": {"parts.0.note": ["一"], "story": ["半"]}, "typed": {"parts.0.part": ["x"]}}


def test_last_row_deleted_leaves_no_answer() -> None:
    assert make(DeleteRow("parts", 0, digest(ROWS[0])), parts=ROWS[:1]).changes == {"parts": None}


def test_row_that_changed_elsewhere_is_not_deleted() -> None:
    assert kind(make(DeleteRow("parts", 0, digest(ROWS[0])), parts=ROWS[1:])) == "changed_elsewhere"
    assert kind(make(DeleteRow("parts", 5, digest({})), parts=ROWS)) == "changed_elsewhere"


def test_dropped_text_leaves_the_stored_answer() -> None:
    entered = make(Drop("story"), {"drafts": {"story": ["半"]}}, story="旧")
    assert (entered.kept, entered.changes) == ({"drafts": {}}, {})


def test_file_is_added_once() -> None:
    assert make(Attach("photos", PHOTO)).changes == {"photos": [PHOTO]}
    assert make(Attach("photos", PHOTO), photos=[PHOTO]).changes == {}


def test_file_of_a_wrong_kind_or_one_too_many_is_not_added() -> None:
    assert kind(make(Attach("photos", {**PHOTO, "kind": "mp3"}))) == "file_kind"
    three = [{**PHOTO, "key": letter * 64} for letter in "bcd"]
    assert kind(make(Attach("photos", PHOTO), photos=three)) == "many_files"


def test_file_is_taken_away_by_its_key() -> None:
    other = {**PHOTO, "key": "b" * 64}
    assert make(Detach("photos", "a" * 64), photos=[PHOTO, other]).changes == {"photos": [other]}
    assert make(Detach("photos", "a" * 64), photos=[PHOTO]).changes == {"photos": None}


@pytest.mark.parametrize(
    "change",
    [
        AddRow("name", 3),
        AddRow("materials", 1),
        AddRow("photos", 1),
        DeleteRow("name", 0, digest("三")),
        DeleteRow("photos", 0, digest(PHOTO)),
        Detach("name", "k"),
        Detach("parts", "k"),
        Attach("parts", PHOTO),
        Write("name", "灯", NOTHING, 0, "part"),
        Write("photos", "灯", NOTHING, 0, "key"),
    ],
)
def test_change_of_rows_or_files_of_a_field_of_another_type_is_none_of_ours(change: Change) -> None:
    with pytest.raises(KeyError):
        make(change, name="三个字", materials=["silk"], photos=[PHOTO], parts=ROWS)


def test_table_that_was_a_text_in_an_earlier_form_begins_anew() -> None:
    assert make(AddRow("parts", 0), parts="灯罩").changes == {"parts": [{}]}
