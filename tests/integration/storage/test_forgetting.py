from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.database import Storage
from storage.models import metadata
from storage.records import NewMessage
from storage.unit_of_work import UnitOfWork
from tests.integration.storage.samples import NOW, found, message, person

MARK = "桂冠"  # stands in whatever the person wrote or is called
BODY = {"text": f'{MARK} said "yes"\nto us', "choices": [[MARK, MARK]], "files": [], "prompt": 1}


def write_everywhere(uow: UnitOfWork) -> int:
    """A person who leaves their mark wherever text of theirs can go; their number."""
    staff = person(uow, "staff", role="staff").id
    anna = uow.persons.create(locale="zh", name=MARK, now=NOW).id
    uow.identities.create(anna, "web", f"{MARK}-id", f"{MARK}-chat", NOW)
    talk = uow.conversations.lock("web", f"{MARK}-chat", f"{MARK}-id", anna, NOW)
    uow.conversations.save(talk.id, {"history": [MARK]}, NOW)
    draft = uow.applications.create("prize", 2026, anna, "f", NOW).id
    uow.applications.save_answers(draft, {"name": MARK}, NOW)
    sent = uow.applications.create("prize", 2026, anna, "f", NOW).id
    uow.applications.save_answers(sent, {"name": MARK, "rows": [{"a": MARK}]}, NOW)
    uow.applications.add_version(sent, receipt="P-2026-1", form_version="f", answers={"name": MARK}, now=NOW)
    values = {"title": f"{MARK} Ltd", "entrant": MARK, "cursor": {"typed": MARK}, "state": "submitted"}
    uow.applications.update(sent, NOW, submitted_at=NOW, **values)
    uow.applications.add_move(sent, "in_review", staff, f"{MARK} is complete", NOW)
    question = uow.questions.add(anna, "web", f"{MARK}-chat", "prize", f'{MARK} "asks"?\n', NOW)
    uow.questions.answer(question, f"Dear {MARK}", staff, NOW)
    own = [
        NewMessage(f"{MARK}-{state}", "web", f"{MARK}-chat", anna, "reply", BODY, state)
        for state in ("sent", "pending", "held", "failed")
    ]
    told = [
        NewMessage(f"told-{state}", "telegram", "staff-chat", staff, "notification", BODY, state, about=(anna, staff))
        for state in ("sent", "pending")
    ]
    uow.messages.add([*own, *told, message("other", "staff-chat")], NOW)
    return anna


def texts(storage: Storage) -> list[str]:
    """Every value of every row as text, with where it stands."""
    with storage._engine.begin() as connection:
        return [
            f"{table.name}: {row}" for table in metadata.sorted_tables for row in connection.execute(sa.select(table))
        ]


def test_forgetting_leaves_no_text_anywhere(storage: Storage) -> None:
    anna = storage.run_sync(write_everywhere)
    before = {line.partition(":")[0] for line in texts(storage) if MARK in line}
    written = {"persons", "identities", "conversations", "answers", "versions", "applications", "moves", "questions"}
    assert before == written | {"messages"}
    storage.run_sync(lambda uow: uow.persons.forget(anna, NOW))
    assert [line for line in texts(storage) if MARK in line] == []


def test_forgetting_keeps_what_numbers_need(storage: Storage) -> None:
    anna = storage.run_sync(write_everywhere)
    storage.run_sync(lambda uow: uow.persons.forget(anna, NOW))
    (left,) = storage.run_sync(lambda uow: uow.applications.of_person(anna))
    assert (left.state, left.receipt, left.title, left.entrant, left.cursor) == ("purged", "P-2026-1", "", "", {})
    assert storage.run_sync(lambda uow: uow.identities.of_person(anna)) == []
    assert storage.run_sync(lambda uow: uow.conversations.of_person(anna)) == []
    assert [move.state for move in storage.run_sync(lambda uow: uow.applications.moves(left.id))] == ["in_review"]


def test_forgetting_sends_nothing_more(storage: Storage) -> None:
    anna = storage.run_sync(write_everywhere)
    states = ("sent", "pending", "held", "failed")
    ids = [found(storage, f"{MARK}-{state}").id for state in states]
    storage.run_sync(lambda uow: uow.persons.forget(anna, NOW))
    rows = storage.run_sync(lambda uow: uow.messages.get(ids))
    assert [row.state for row in rows] == ["sent", "cancelled", "cancelled", "failed"]


def test_forgetting_takes_the_text_alone_of_what_others_were_told(storage: Storage) -> None:
    anna = storage.run_sync(write_everywhere)
    storage.run_sync(lambda uow: uow.persons.forget(anna, NOW))
    rows = [found(storage, f"told-{state}") for state in ("sent", "pending")]
    omitted = {"text": "[…]", "choices": [], "files": [], "prompt": 0}
    assert [(row.chat, row.state, row.body) for row in rows] == [
        ("staff-chat", "sent", omitted),
        ("staff-chat", "pending", omitted),
    ]
    staff = rows[0].person_id
    assert storage.run_sync(lambda uow: [uow.messages.about(row.id) for row in rows]) == [(staff,), (staff,)]


@pytest.mark.parametrize("words", ["text", "choices", "message", "其他人的话"])
def test_forgetting_reaches_no_message_by_its_words(storage: Storage, words: str) -> None:
    """A person chooses what they ask and what their application is called: neither picks rows of others."""
    anna = storage.run_sync(lambda uow: person(uow).id)

    def write(uow: UnitOfWork) -> None:
        uow.questions.add(anna, "telegram", "anna-chat", "prize", words, NOW)
        number = uow.applications.create("prize", 2026, anna, "f", NOW).id
        uow.applications.update(number, NOW, title=words)
        bert = person(uow, "bert").id
        body = {"text": "其他人的话", "choices": [], "files": [], "prompt": 0}
        uow.messages.add([NewMessage("bert", "telegram", "bert-chat", bert, "reply", body)], NOW)

    storage.run_sync(write)
    before = found(storage, "bert")
    storage.run_sync(lambda uow: uow.persons.forget(anna, NOW))
    assert found(storage, "bert") == before


def test_forgetting_takes_choices_that_name_the_person(storage: Storage) -> None:
    anna = storage.run_sync(write_everywhere)

    def talk(uow: UnitOfWork, chat: str, prompt: int) -> None:
        staff = uow.persons.staff()[0].id
        held = uow.conversations.lock("telegram", chat, "staff-id", staff, NOW)
        uow.conversations.save(held.id, {"prompt": prompt, "choices": [["/find", MARK, True]], "flow": "x"}, NOW)

    storage.run_sync(lambda uow: talk(uow, "staff-chat", 1))
    storage.run_sync(lambda uow: uow.persons.forget(anna, NOW))
    (staff,) = storage.run_sync(lambda uow: uow.persons.staff())
    (left,) = storage.run_sync(lambda uow: uow.conversations.of_person(staff.id))
    assert left.state == {"prompt": 1, "flow": "x"}


def test_forgetting_leaves_choices_of_a_later_prompt(storage: Storage) -> None:
    anna = storage.run_sync(write_everywhere)
    state = {"prompt": 2, "choices": [["yes", "好", True]]}

    def talk(uow: UnitOfWork) -> None:
        held = uow.conversations.lock("telegram", "staff-chat", "staff-id", uow.persons.staff()[0].id, NOW)
        uow.conversations.save(held.id, state, NOW)

    storage.run_sync(talk)
    storage.run_sync(lambda uow: uow.persons.forget(anna, NOW))
    (staff,) = storage.run_sync(lambda uow: uow.persons.staff())
    (left,) = storage.run_sync(lambda uow: uow.conversations.of_person(staff.id))
    assert left.state == state


def test_sweep_empties_what_was_queued_for_the_forgotten(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> list[int]:
        anna, bert = person(uow, MARK).id, person(uow, "bert").id
        uow.persons.forget(anna, NOW)
        rows = [
            NewMessage(f"{state}-{MARK}", "web", f"{MARK}-chat", owner, "reply", BODY, state)
            for owner in (anna, bert)
            for state in ("sent", "held", "pending")
            if owner == anna or state == "sent"
        ]
        return uow.messages.add([*rows[:3], replace(rows[3], key="bert")], NOW)

    ids = storage.run_sync(work)
    assert storage.run_sync(lambda uow: uow.persons.sweep(NOW)) == 0
    assert storage.run_sync(lambda uow: uow.persons.sweep(NOW + timedelta(hours=1))) == 2
    assert storage.run_sync(lambda uow: uow.persons.sweep(NOW + timedelta(hours=1))) == 0
    rows = storage.run_sync(lambda uow: uow.messages.get(ids))
    left = [(row.state, row.chat, row.key, row.person_id is None, row.body["text"]) for row in rows[:2]]
    assert left == [("sent", "", f"forgotten:{ids[0]}", True, ""), ("cancelled", "", f"forgotten:{ids[1]}", True, "")]
    assert [(row.state, row.chat) for row in rows[2:]] == [("pending", f"{MARK}-chat"), ("sent", f"{MARK}-chat")]


def test_forgetting_leaves_others_alone(storage: Storage) -> None:
    anna = storage.run_sync(write_everywhere)
    bert = storage.run_sync(lambda uow: person(uow, "bert").id)
    storage.run_sync(lambda uow: uow.applications.create("prize", 2026, bert, "f", NOW))
    storage.run_sync(lambda uow: uow.persons.forget(anna, NOW))
    assert found(storage, "other").body["text"] == "other"
    assert [each.state for each in storage.run_sync(lambda uow: uow.applications.of_person(bert))] == ["draft"]
    assert len(storage.run_sync(lambda uow: uow.identities.of_person(bert))) == 1


def test_forgetting_ends_a_role(storage: Storage) -> None:
    owner = storage.run_sync(lambda uow: person(uow, role="owner").id)
    storage.run_sync(lambda uow: uow.persons.forget(owner, NOW))
    assert storage.run_sync(lambda uow: uow.persons.has_owner()) is False
    assert storage.run_sync(lambda uow: uow.persons.staff()) == []
