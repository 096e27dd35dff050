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
    about = [f"New: {MARK} Ltd", f"P-2026-1 ({MARK})", f'Asked: {MARK} "asks"?\n']
    told = [
        NewMessage(f"told-{number}", "telegram", "staff-chat", staff, "notification", {"text": text}, "sent")
        for number, text in enumerate(about)
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
