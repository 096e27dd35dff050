"""The outbox but for claims, which have a file of their own."""

from storage.database import Storage
from storage.records import Mark
from storage.unit_of_work import UnitOfWork
from tests.integration.storage.samples import NOW, claim, found, message, person


def test_add_gives_ids_in_order(storage: Storage) -> None:
    ids = storage.run_sync(lambda uow: uow.messages.add([message("a1"), message("a2")], NOW))
    assert [row.key for row in storage.run_sync(lambda uow: uow.messages.get(ids))] == ["a1", "a2"]


def test_add_of_a_key_that_exists_gives_its_id(storage: Storage) -> None:
    first = storage.run_sync(lambda uow: uow.messages.add([message("a1")], NOW))
    again = storage.run_sync(lambda uow: uow.messages.add([message("a1", "other"), message("a2")], NOW))
    assert again[0] == first[0]
    assert found(storage, "a1").chat == "anna-chat"
    assert storage.run_sync(lambda uow: uow.messages.open_count()) == 2


def test_message_is_due_at_once_unless_said(storage: Storage) -> None:
    storage.run_sync(lambda uow: uow.messages.add([message("a1")], NOW))
    row = found(storage, "a1")
    assert (row.due_at, row.created_at, row.state, row.attempts, row.sent_at) == (NOW, NOW, "pending", 0, None)


def test_after_is_the_mailbox_of_a_chat(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        rows = [message(key) for key in ("a1", "a2", "a3")]
        ids = uow.messages.add([*rows, message("b1", "bert-chat"), message("c1")], NOW)
        uow.messages.mark_sent(ids[:4], NOW)
        (first,) = uow.messages.after("telegram", "anna-chat", 0, limit=1)
        assert first.key == "a1"
        return [row.key for row in uow.messages.after("telegram", "anna-chat", first.sequence or 0)]

    assert storage.run_sync(work) == ["a2", "a3"]


def test_after_gives_what_was_sent_late_under_a_lower_id(storage: Storage) -> None:
    storage.run_sync(lambda uow: uow.messages.add([message("late"), message("b1", "bert-chat"), message("soon")], NOW))
    late, bert, soon = (found(storage, key).id for key in ("late", "b1", "soon"))
    storage.run_sync(lambda uow: uow.messages.mark_sent([soon], NOW))
    (seen,) = storage.run_sync(lambda uow: uow.messages.after("telegram", "anna-chat", 0))
    storage.run_sync(lambda uow: uow.messages.mark_sent([bert], NOW))
    storage.run_sync(lambda uow: uow.messages.mark_sent([late], NOW))
    rows = storage.run_sync(lambda uow: uow.messages.after("telegram", "anna-chat", seen.sequence or 0))
    assert (seen.key, [row.key for row in rows]) == ("soon", ["late"])


def test_sequence_is_counted_by_marks_that_end_in_sent_alone(storage: Storage) -> None:
    keys = ["a1", "b1", "c1"]
    storage.run_sync(lambda uow: uow.messages.add([message(key, f"{key}-chat") for key in keys], NOW))
    claim(storage)
    ends = zip(keys, ("sent", "failed", "sent"), strict=True)
    marks = [Mark(found(storage, key).id, state, owner="one") for key, state in ends]
    storage.run_sync(lambda uow: uow.messages.mark(marks, NOW))
    first, second, third = (found(storage, key).sequence for key in keys)
    assert second is None
    assert first is not None
    assert third == first + 1


def test_message_tells_whom_it_is_about(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        anna, bert = person(uow).id, person(uow, "bert").id
        first, second = uow.messages.add([message("a1", about=(bert, anna, bert)), message("a2")], NOW)
        uow.messages.add([message("a2", about=(bert,))], NOW)
        assert uow.messages.about(first) == (anna, bert)
        assert uow.messages.about(second) == ()

    storage.run_sync(work)


def test_held_rows_are_released_oldest_first(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        ids = uow.messages.add([message(key, state="held") for key in ("a1", "a2", "a3")], NOW)
        uow.messages.add([message("b1", "bert-chat", state="held")], NOW)
        assert [row.id for row in uow.messages.held("telegram", "anna-chat")] == ids
        assert uow.messages.release_held("telegram", "anna-chat", limit=1) == ids[:1]
        assert uow.messages.release_held("telegram", "anna-chat") == ids[1:]
        assert uow.messages.release_held("telegram", "anna-chat") == []
        assert [row.state for row in uow.messages.get(ids)] == ["pending"] * 3
        assert [row.key for row in uow.messages.held("telegram", "bert-chat")] == ["b1"]

    storage.run_sync(work)


def test_held_rows_are_taken_one_by_one(storage: Storage) -> None:
    def take(uow: UnitOfWork) -> str | None:
        row = uow.messages.take_held("telegram", "anna-chat")
        if row is None:
            return None
        uow.messages.mark_sent([row.id], NOW)
        return row.key

    storage.run_sync(lambda uow: uow.messages.add([message(key, state="held") for key in ("a1", "a2")], NOW))
    assert [storage.run_sync(take) for _ in range(3)] == ["a1", "a2", None]
    assert (found(storage, "a1").state, found(storage, "a1").sent_at) == ("sent", NOW)


def test_find_a_message_that_does_not_exist(storage: Storage) -> None:
    assert storage.run_sync(lambda uow: uow.messages.find("a2")) is None
