from datetime import timedelta

import pytest

from storage.database import Storage
from storage.errors import NoSuchRow
from storage.records import Application
from storage.unit_of_work import UnitOfWork
from tests.integration.storage.samples import NOW, person

DAY = timedelta(days=1)


def draft(uow: UnitOfWork, name: str = "anna", programme: str = "prize") -> Application:
    return uow.applications.create(programme, 2026, person(uow, name).id, "form-1", NOW)


def submitted(uow: UnitOfWork, name: str, receipt: str, **values: object) -> Application:
    number = draft(uow, name).id
    uow.applications.add_version(number, receipt=receipt, form_version="form-1", answers={}, now=NOW)
    uow.applications.update(number, NOW, **{"state": "submitted", "submitted_at": NOW, **values})
    return uow.applications.lock(number)


def test_draft_is_created_and_found(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        made = draft(uow)
        assert (made.state, made.decision, made.receipt, made.cursor) == ("draft", "", None, {})
        assert uow.applications.get(made.id) == made
        assert uow.applications.draft_of(made.person_id, "prize") == made
        assert uow.applications.draft_of(made.person_id, "medal") is None
        assert uow.applications.of_person(made.person_id) == [made]
        assert uow.applications.unfinished("prize", 2026) == [made]
        assert uow.applications.unfinished("prize", 2025) == []

    storage.run_sync(work)


def test_draft_is_kept_from_staff(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> list[list[Application]]:
        uow.applications.update(draft(uow).id, NOW, title="Laurel Ltd", entrant="laurel")
        found = [uow.applications.page(), uow.applications.page(state="draft"), uow.applications.search("Laurel")]
        return [*found, uow.applications.same_entrant("prize", 2026, "laurel")]

    assert storage.run_sync(work) == [[], [], [], []]


def test_lock_of_nothing(storage: Storage) -> None:
    with pytest.raises(NoSuchRow):
        storage.run_sync(lambda uow: uow.applications.lock(404))


def test_answers_are_saved_over_each_other(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        number = draft(uow).id
        uow.applications.save_answers(number, {"name": "桂冠", "rows": [{"a": 1}], "agreed": False}, NOW)
        uow.applications.save_answers(number, {"name": "月桂", "rows": None, "never": None}, NOW)
        assert uow.applications.answers(number) == {"name": "月桂", "agreed": False}

    storage.run_sync(work)


def test_versions_are_numbered_and_found_by_every_receipt(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        number = submitted(uow, "anna", "P-1").id
        second = uow.applications.add_version(number, receipt="P-2", form_version="form-2", answers={"a": 1}, now=NOW)
        assert uow.applications.versions(number)[1] == second
        assert [(found.number, found.receipt) for found in uow.applications.versions(number)] == [
            (1, "P-1"),
            (2, "P-2"),
        ]
        latest, older = uow.applications.by_receipt("P-2"), uow.applications.by_receipt("P-1")
        assert latest is not None
        assert (latest, latest.receipt) == (older, "P-2")
        assert uow.applications.by_receipt("P-3") is None

    storage.run_sync(work)


def test_search_by_receipt_or_part_of_the_title(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        anna = submitted(uow, "anna", "P-1", title="Laurel 100% Ltd")
        bert = submitted(uow, "bert", "P-2", title="月桂科技")
        uow.applications.add_version(bert.id, receipt="P-3", form_version="form-1", answers={}, now=NOW)
        found = {
            text: [one.id for one in uow.applications.search(text)] for text in ("p-2", "桂科", "LAUREL", "%", "_", " ")
        }
        assert found == {"p-2": [bert.id], "桂科": [bert.id], "LAUREL": [anna.id], "%": [anna.id], "_": [], " ": []}

    storage.run_sync(work)


def test_page_shows_the_last_submitted_first(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        first = submitted(uow, "anna", "P-1").id
        second = submitted(uow, "bert", "P-2", submitted_at=NOW + DAY).id
        third = submitted(uow, "carl", "P-3", state="in_review").id
        assert [found.id for found in uow.applications.page()] == [second, third, first]
        assert [found.id for found in uow.applications.page(limit=1, offset=1)] == [third]
        assert [found.id for found in uow.applications.page("prize", "in_review")] == [third]
        assert uow.applications.page("medal") == []

    storage.run_sync(work)


def test_same_entrant_counts_only_what_stands(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        states = ("submitted", "returned", "ineligible", "superseded", "withdrawn", "purged")
        for state in states:
            submitted(uow, state, f"P-{state}", state=state, entrant="laurel")
        assert uow.applications.same_entrant("prize", 2026, "") == []
        return [found.state for found in uow.applications.same_entrant("prize", 2026, "laurel")]

    assert storage.run_sync(work) == ["submitted", "returned", "ineligible"]


def test_pending_decisions_are_not_the_published(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        waiting = submitted(uow, "anna", "P-1", decision="selected")
        submitted(uow, "bert", "P-2", state="selected")
        assert uow.applications.pending_decisions("prize") == [waiting]

    storage.run_sync(work)


def test_update_cuts_what_does_not_fit(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        number = draft(uow).id
        uow.applications.update(number, NOW + DAY, title="名" * 400, cursor={"field": "name"})
        found = uow.applications.lock(number)
        assert (found.title, found.cursor, found.updated_at) == ("名" * 300, {"field": "name"}, NOW + DAY)

    storage.run_sync(work)


def test_moves_are_kept_in_order(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, int | None, str]]:
        made = draft(uow)
        uow.applications.add_move(made.id, "submitted", made.person_id, "", NOW)
        uow.applications.add_move(made.id, "in_review", None, "complete", NOW)
        moves = uow.applications.moves(made.id)
        assert [move.actor_id for move in moves] == [made.person_id, None]
        return [(move.state, move.application_id - made.id, move.reason) for move in moves]

    assert storage.run_sync(work) == [("submitted", 0, ""), ("in_review", 0, "complete")]


def test_next_number_has_no_gaps(storage: Storage) -> None:
    def next_number(uow: UnitOfWork) -> int:
        return uow.applications.next_number("prize:2026")

    def fail(uow: UnitOfWork) -> None:
        next_number(uow)
        raise NoSuchRow

    assert storage.run_sync(next_number) == 1
    with pytest.raises(NoSuchRow):
        storage.run_sync(fail)
    assert storage.run_sync(next_number) == 2
    assert storage.run_sync(lambda uow: uow.applications.next_number("medal:2026")) == 1
