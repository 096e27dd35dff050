from datetime import UTC, datetime
from typing import Any

import pytest

from bot.documents.entry import Entry
from bot.services import exports
from bot.services.exports import Allowed, Order, allow_order, list_entries, read_order
from knowledge.form import Condition, Form, Section, Stage
from knowledge.programme import Programme
from storage.unit_of_work import UnitOfWork
from tests.fixtures.forms import both, make_field
from tests.fixtures.people import NOW, make_person, make_programme, make_submission

PARCEL = make_field("parcel", at=Stage.DELIVERY, when=(Condition("name", filled=True),))
FORM = Form("f2", (Section("one", both("one"), (make_field("name"), make_field("motto"), PARCEL)),))
LANTERN = make_programme(form=FORM)


def entries(uow: UnitOfWork, state: str = "", programme: Programme = LANTERN) -> list[Entry]:
    return list_entries(uow, programme=programme, state=state, last_id=0)


@pytest.mark.parametrize("state", ["", "in_review"])
def test_an_order_survives_as_the_key_of_a_file(state: str) -> None:
    given = Order("lantern-2026", state, "en", 12, datetime(2026, 11, 20, 4, 0, 7, tzinfo=UTC))
    assert read_order(given.key) == given


@pytest.mark.parametrize("key", ["", "0" * 64, "package:1:1:zh:1", "export:a:b:zh:1", "export:../x::zh:1:1"])
def test_other_keys_are_no_orders(key: str) -> None:
    assert read_order(key) is None


@pytest.mark.parametrize(("role", "allowed"), [("staff", True), ("owner", True), ("applicant", False)])
def test_only_staff_get_what_was_ordered(uow: UnitOfWork, role: str, allowed: bool) -> None:
    order = Order("lantern", "", "zh", make_person(uow, role=role).id, NOW)
    found = allow_order(uow=uow, programmes={LANTERN.id: LANTERN}, order=order)
    assert found == (Allowed(LANTERN, 0) if allowed else None)


def test_nothing_is_given_of_an_unknown_programme_or_to_nobody(uow: UnitOfWork) -> None:
    member = make_person(uow, role="staff")
    assert allow_order(uow=uow, programmes={}, order=Order("lantern", "", "zh", member.id, NOW)) is None
    known = {LANTERN.id: LANTERN}
    assert allow_order(uow=uow, programmes=known, order=Order("lantern", "", "zh", 404, NOW)) is None


def test_an_entry_tells_what_was_submitted_last_and_what_came_after(uow: UnitOfWork) -> None:
    person = make_person(uow)
    made = make_submission(uow, person, answers={"name": "一", "motto": "旧"})
    uow.applications.add_version(
        made.id, receipt="LAN-2026-000009-A", form_version="f2", answers={"name": "二"}, now=NOW
    )
    uow.applications.update(made.id, NOW, decision="selected", official="told")
    uow.applications.save_answers(made.id, {"name": "改了一半", "motto": "草稿", "parcel": "SF1"}, NOW)
    assert entries(uow) == [
        Entry(
            made.id,
            "LAN-2026-000009-A",
            "submitted",
            entrant="晨光科技有限公司",
            decision="selected",
            submitted_at=NOW,
            number=2,
            official="told",
            person_id=person.id,
            answers={"name": "二", "parcel": "SF1"},
        )
    ]


def test_drafts_and_other_programmes_are_not_listed(uow: UnitOfWork) -> None:
    draft = uow.applications.create("lantern", 2026, make_person(uow).id, "f2", NOW)
    uow.applications.save_answers(draft.id, {"name": "草稿"}, NOW)
    make_submission(uow, make_person(uow), programme="kite", prefix="KITE")
    assert entries(uow) == []


def test_a_state_chooses(uow: UnitOfWork) -> None:
    states = ("submitted", "in_review", "withdrawn")
    made = [make_submission(uow, make_person(uow), number, state=state) for number, state in enumerate(states, 1)]
    assert [entry.id for entry in entries(uow, "in_review")] == [made[1].id]
    assert [entry.id for entry in entries(uow)] == [one.id for one in made]
    assert exports.count_submissions(uow=uow, programme="lantern", state="in_review") == 1
    assert exports.count_submissions(uow=uow, programme="lantern", state="") == 3


def test_both_of_two_in_the_same_name_say_so_until_one_stands_no_more(uow: UnitOfWork) -> None:
    one, two, three = (make_submission(uow, make_person(uow), number) for number in (1, 2, 3))
    uow.applications.update(one.id, NOW, contested_by=two.id)
    assert [entry.contested for entry in entries(uow)] == [(two.receipt,), (one.receipt,), ()]
    uow.applications.update(two.id, NOW, state="withdrawn")
    assert [entry.contested for entry in entries(uow)] == [(), (), ()]
    assert three.contested_by is None


def test_of_somebody_forgotten_receipt_and_state_are_left(uow: UnitOfWork) -> None:
    person, member = make_person(uow), make_person(uow, role="staff")
    made = make_submission(uow, person, answers={"name": "秘密"})
    uow.persons.forget(person.id, NOW)
    assert entries(uow) == [Entry(made.id, str(made.receipt), "purged")]
    order = Order("lantern", "", "zh", member.id, NOW)
    assert allow_order(uow=uow, programmes={LANTERN.id: LANTERN}, order=order) == Allowed(LANTERN, 1)


def test_pages_follow_one_another(uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [make_submission(uow, make_person(uow), number).id for number in range(1, 6)]
    monkeypatch.setattr(exports, "_PAGE", 2)
    pages: list[Any] = []
    last = 0
    while page := list_entries(uow, programme=LANTERN, state="", last_id=last):
        pages.append([entry.id for entry in page])
        last = page[-1].id
    assert pages == [made[:2], made[2:4], made[4:]]
