from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.services import packages
from bot.services.packages import Order, Ordered, find_filing, read_order
from knowledge.form import Condition, FieldType, Form, Option, Section, Stage
from knowledge.programme import Deadline, Programme, Route
from storage.records import Application
from storage.unit_of_work import UnitOfWork
from tests.fixtures.forms import both, make_field
from tests.fixtures.people import NOW, make_person, make_programme, make_submission

CLOSES, STRICT = NOW + timedelta(days=10), NOW + timedelta(days=9)
SENT = make_field(
    "sent",
    FieldType.CHOICE,
    at=Stage.DELIVERY,
    options=(Option("yes", both("yes")), Option("no", both("no"))),
    when=(Condition("name", filled=True),),
)
FORM = Form("f2", (Section("one", both("one"), (make_field("name"), make_field("motto"), SENT)),))


def programme(**changes: Any) -> Programme:
    values = {"form": FORM, "deadline": Deadline(CLOSES, STRICT), "routes": (Route("email", "lantern@example.org"),)}
    return make_programme(**{**values, **changes})


def submitted(uow: UnitOfWork, **values: Any) -> Application:
    return make_submission(uow, make_person(uow), answers={"name": "小橘灯"}, **values)


def order(application: Application, number: int = 1) -> Order:
    return Order(application.id, number, "zh", NOW)


def test_an_order_survives_as_the_key_of_a_file() -> None:
    given = Order(12, 3, "en", datetime(2026, 11, 20, 4, 0, 7, tzinfo=UTC))
    assert read_order(given.key) == given


@pytest.mark.parametrize(
    "key", ["", "a" * 64, "package:1:1:zh", "package:1:1:fr:1", "package:1:-1:zh:1", "package:1:1:zh:1\n", "x:1:1:zh:1"]
)
def test_other_keys_are_no_orders(key: str) -> None:
    assert read_order(key) is None


def test_a_package_is_ordered_of_the_latest_version(uow: UnitOfWork) -> None:
    made = submitted(uow)
    again = uow.applications.add_version(made.id, receipt="LAN-2", form_version="f2", answers={}, now=NOW)
    found = packages.order_package(uow=uow, application_id=made.id, locale="en", now=NOW, person_id=made.person_id)
    assert found == Ordered(Order(made.id, again.number, "en", NOW), "lantern", "LAN-2", official_done=False)


def test_somebody_elses_package_cannot_be_ordered_but_by_staff(uow: UnitOfWork) -> None:
    made, stranger = submitted(uow), make_person(uow)
    assert packages.order_package(uow=uow, application_id=made.id, locale="zh", now=NOW, person_id=stranger.id) is None
    assert packages.order_package(uow=uow, application_id=made.id, locale="zh", now=NOW) is not None
    assert packages.list_submissions(uow=uow, person_id=stranger.id) == []


@pytest.mark.parametrize("state", ["withdrawn", "superseded", "purged", "ineligible"])
def test_what_stands_no_more_has_no_package(uow: UnitOfWork, state: str) -> None:
    made = submitted(uow, state=state)
    own = packages.order_package(uow=uow, application_id=made.id, locale="zh", now=NOW, person_id=made.person_id)
    assert (own, packages.list_submissions(uow=uow, person_id=made.person_id)) == (None, [])


def test_a_draft_has_no_package(uow: UnitOfWork) -> None:
    person = make_person(uow)
    draft = uow.applications.create("lantern", 2026, person.id, "f2", NOW)
    assert packages.order_package(uow=uow, application_id=draft.id, locale="zh", now=NOW) is None


def test_filing_has_the_version_and_what_was_given_after_it(uow: UnitOfWork) -> None:
    made = submitted(uow)
    uow.applications.save_answers(made.id, {"name": "改过的", "motto": "later", "sent": "yes"}, NOW)
    found = find_filing(uow=uow, programmes={"lantern": programme()}, order=order(made))
    assert found is not None
    assert found.answers == {"name": "小橘灯", "sent": "yes"}
    assert (found.receipt, found.number, found.made_at) == (made.receipt, 1, NOW)


def test_filing_of_an_earlier_version_has_its_own_answers_alone(uow: UnitOfWork) -> None:
    made = submitted(uow)
    uow.applications.add_version(made.id, receipt="LAN-2", form_version="f2", answers={"name": "二"}, now=NOW)
    uow.applications.save_answers(made.id, {"name": "二", "sent": "yes"}, NOW)
    found = find_filing(uow=uow, programmes={"lantern": programme()}, order=order(made))
    assert found is not None
    assert (found.answers, found.receipt) == ({"name": "小橘灯"}, make_receipt_of(uow, made))


def make_receipt_of(uow: UnitOfWork, made: Application) -> str:
    return uow.applications.versions(made.id)[0].receipt


def test_filing_tells_both_readings_of_the_guide_but_one_of_a_notice(uow: UnitOfWork) -> None:
    made, staff = submitted(uow), make_person(uow, role="staff")
    guide = find_filing(uow=uow, programmes={"lantern": programme()}, order=order(made))
    assert guide is not None
    assert (guide.closes_at, guide.remind_at) == (CLOSES, STRICT)
    uow.deadlines.add("lantern", None, CLOSES + timedelta(days=3), staff.id, NOW)
    noted = find_filing(uow=uow, programmes={"lantern": programme()}, order=order(made))
    assert noted is not None
    assert (noted.closes_at, noted.remind_at) == (CLOSES + timedelta(days=3), None)


def test_filing_knows_whether_it_is_official(uow: UnitOfWork) -> None:
    made = submitted(uow)
    here = find_filing(uow=uow, programmes={"lantern": programme(routes=(Route("bot"),))}, order=order(made))
    told = find_filing(uow=uow, programmes={"lantern": programme()}, order=order(made))
    uow.applications.update(made.id, NOW, official="done")
    done = find_filing(uow=uow, programmes={"lantern": programme()}, order=order(made))
    assert [one.prepared_only for one in (here, told, done) if one is not None] == [False, True, False]


@pytest.mark.parametrize("number", [0, 2])
def test_an_order_of_what_is_not_there_finds_nothing(uow: UnitOfWork, number: int) -> None:
    made = submitted(uow)
    assert find_filing(uow=uow, programmes={"lantern": programme()}, order=order(made, number)) is None
    assert find_filing(uow=uow, programmes={}, order=order(made)) is None
    assert find_filing(uow=uow, programmes={"lantern": programme()}, order=Order(99, 1, "zh", NOW)) is None


def test_what_was_erased_is_not_made_again(uow: UnitOfWork) -> None:
    made = submitted(uow)
    uow.applications.update(made.id, NOW, state="purged")
    assert find_filing(uow=uow, programmes={"lantern": programme()}, order=order(made)) is None
