from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.flows import engine
from bot.flows.shown import Step
from bot.services import applications, programmes, submissions
from bot.services.applications import Draft
from bot.services.submissions import Incomplete, Late, Submission, Submitted, Undecided
from knowledge.programme import Deadline, Programme, Route
from storage.records import Application, Person
from storage.unit_of_work import UnitOfWork
from tests.fixtures.forms import FORM, MOMENT, WHOLE, Dialog
from tests.fixtures.people import NOW, make_person, make_programme

LANTERN = make_programme(form=FORM)
CLOSES = LANTERN.deadline.closes_at or NOW


def begin(uow: UnitOfWork, person: Person, programme: Programme = LANTERN, now: datetime = NOW) -> Draft:
    return applications.start_or_resume_application(
        uow=uow, programme=programme, form=FORM, person_id=person.id, now=now
    )


def fill(uow: UnitOfWork, draft: Draft, *texts: str, **answers: Any) -> None:
    dialog = Dialog()
    dialog.say(*texts)
    changes = {**dialog.answers, **answers}
    step = Step(dialog.cursor, dialog.step.show, changes)
    applications.save_step(uow=uow, form=FORM, draft=draft, step=step, now=NOW)


def submit(
    uow: UnitOfWork,
    person: Person,
    programme: Programme = LANTERN,
    *,
    now: datetime = NOW,
    corrects: bool | None = None,
    **answers: Any,
) -> Submission | None:
    draft = begin(uow, person, programme, now)
    fill(uow, draft, *WHOLE, **answers)
    return submissions.submit_application(
        uow=uow,
        programme=programme,
        form=FORM,
        application_id=draft.application.id,
        person_id=person.id,
        now=now,
        corrects=corrects,
    )


def submitted(found: Submission | None) -> Submitted:
    assert isinstance(found, Submitted)
    return found


def stored(uow: UnitOfWork, application: Application) -> Application:
    found = uow.applications.get(application.id)
    assert found is not None
    return found


def test_start_then_resume_is_one_draft(uow: UnitOfWork) -> None:
    person = make_person(uow)
    first = begin(uow, person)
    fill(uow, first, "同意", "灯", "小橘灯")
    again = begin(uow, person)
    assert (first.new, again.new, again.application.id) == (True, False, first.application.id)
    assert (again.answers["name"], again.application.title, again.application.cursor["field"]) == (
        "小橘灯",
        "小橘灯",
        "story",
    )


def test_draft_of_somebody_else_is_not_opened(uow: UnitOfWork) -> None:
    draft, other = begin(uow, make_person(uow)), make_person(uow)
    opened = applications.open_draft(
        uow=uow, programme=LANTERN, form=FORM, application_id=draft.application.id, person_id=other.id, now=NOW
    )
    assert opened is None


def test_draft_of_last_year_moves_and_asks_consents_anew(uow: UnitOfWork) -> None:
    person = make_person(uow)
    fill(uow, begin(uow, person), *WHOLE)
    later = begin(uow, person, make_programme(form=FORM, year=2027))
    assert (later.renewed, later.application.year, "agree" in later.answers, later.answers["name"]) == (
        True,
        2027,
        False,
        "小橘灯",
    )


def test_year_is_the_calendars_where_the_programme_has_none() -> None:
    turn_of_year = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert programmes.edition_year(make_programme(year=0), turn_of_year) == 2027
    assert programmes.edition_year(make_programme(year=2026), turn_of_year) == 2026


def test_submit_writes_version_receipt_and_state(uow: UnitOfWork) -> None:
    found = submitted(submit(uow, make_person(uow)))
    assert found.version.receipt.startswith("LAN-2026-000001-")
    row = stored(uow, found.application)
    assert (row.state, row.receipt, row.title, row.entrant, row.submitted_at) == (
        "submitted",
        found.version.receipt,
        "小橘灯",
        "小橘灯",
        NOW,
    )
    assert found.version.answers["mail"] == "lamp@example.com"


def test_submit_leaves_hidden_answers_out_of_the_version(uow: UnitOfWork) -> None:
    found = submitted(submit(uow, make_person(uow), tail="三米"))
    assert "tail" not in found.version.answers
    assert uow.applications.answers(found.application.id)["tail"] == "三米"


def test_submit_incomplete_names_the_gaps_and_takes_no_number(uow: UnitOfWork) -> None:
    person = make_person(uow)
    found = submit(uow, person, mail=None)
    assert isinstance(found, Incomplete)
    assert [gap.field.key for gap in found.gaps] == ["mail"]
    assert uow.applications.next_number("lantern:2026") == 1


@pytest.mark.parametrize(("before", "kind"), [(timedelta(microseconds=1), Submitted), (timedelta(0), Late)])
def test_submit_deadline_is_half_open(uow: UnitOfWork, before: timedelta, kind: type) -> None:
    assert isinstance(submit(uow, make_person(uow), now=CLOSES - before), kind)


def test_submit_late_keeps_the_draft_and_records_the_try(uow: UnitOfWork) -> None:
    person = make_person(uow)
    assert submit(uow, person, now=CLOSES) == Late(CLOSES)
    (row,) = uow.applications.of_person(person.id)
    assert (row.state, row.receipt) == ("draft", None)
    assert [(move.state, move.reason) for move in uow.applications.moves(row.id)] == [("draft", "late")]
    assert uow.applications.answers(row.id)["name"] == "小橘灯"


def test_submit_deadline_of_staff_stands_before_the_guide_and_an_extension_before_both(uow: UnitOfWork) -> None:
    staff, person, favoured = make_person(uow, role="staff"), make_person(uow), make_person(uow)
    uow.deadlines.add("lantern", None, NOW - timedelta(days=1), staff.id, NOW)
    uow.deadlines.add("lantern", favoured.id, NOW + timedelta(days=1), staff.id, NOW)
    assert isinstance(submit(uow, person), Late)
    assert isinstance(submit(uow, favoured), Submitted)


def test_submit_without_announced_deadline_is_on_time(uow: UnitOfWork) -> None:
    open_end = make_programme(form=FORM, deadline=Deadline(None))
    assert isinstance(submit(uow, make_person(uow), open_end, now=NOW + timedelta(days=30)), Submitted)


def test_submit_again_supersedes_ones_own_at_once(uow: UnitOfWork) -> None:
    person = make_person(uow)
    first = submitted(submit(uow, person))
    second = submitted(submit(uow, person))
    assert [one.id for one in second.superseded] == [first.application.id]
    assert (stored(uow, first.application).state, stored(uow, second.application).state) == ("superseded", "submitted")
    assert len(uow.applications.versions(first.application.id)) == 1


def test_submit_again_starts_from_earlier_answers_without_consents(uow: UnitOfWork) -> None:
    person = make_person(uow)
    first = submitted(submit(uow, person))
    earlier = applications.find_earlier(uow=uow, programme=LANTERN, person_id=person.id)
    draft = applications.start_or_resume_application(
        uow=uow, programme=LANTERN, form=FORM, person_id=person.id, now=NOW, earlier=earlier
    )
    assert (draft.from_receipt, draft.answers["name"], "agree" in draft.answers) == (
        first.version.receipt,
        "小橘灯",
        False,
    )
    step = engine.begin(FORM, draft.answers, draft.application.cursor, MOMENT)
    assert step.cursor["field"] == "agree"


def test_submit_again_afresh_starts_from_nothing(uow: UnitOfWork) -> None:
    person = make_person(uow)
    submitted(submit(uow, person))
    draft = begin(uow, person)
    assert (draft.from_receipt, draft.answers, draft.new) == ("", {}, True)


def test_earlier_application_of_another_programme_or_person_is_none(uow: UnitOfWork) -> None:
    person = make_person(uow)
    submitted(submit(uow, person))
    elsewhere = make_programme(id="kite", form=FORM)
    other = make_person(uow)
    assert applications.find_earlier(uow=uow, programme=elsewhere, person_id=person.id) is None
    assert applications.find_earlier(uow=uow, programme=LANTERN, person_id=other.id) is None


def test_unfinished_draft_supersedes_nothing(uow: UnitOfWork) -> None:
    person = make_person(uow)
    first = submitted(submit(uow, person))
    begin(uow, person)
    assert stored(uow, first.application).state == "submitted"


def test_other_persons_submission_in_the_same_name_is_contested(uow: UnitOfWork) -> None:
    first = submitted(submit(uow, make_person(uow), name="小橘 灯"))
    second = submitted(submit(uow, make_person(uow), name="小橘灯"))
    assert [one.id for one in second.contested] == [first.application.id]
    row = stored(uow, first.application)
    assert (row.state, row.contested_by) == ("submitted", second.application.id)


@pytest.mark.parametrize(("confirmed", "state"), [(True, "superseded"), (False, "submitted")])
def test_first_person_settles_the_claim(uow: UnitOfWork, confirmed: bool, state: str) -> None:
    owner = make_person(uow)
    first = submitted(submit(uow, owner))
    submit(uow, make_person(uow))
    settled = applications.settle_claim(
        uow=uow, application_id=first.application.id, person_id=owner.id, confirmed=confirmed, now=NOW
    )
    assert settled is not None
    assert stored(uow, first.application).state == state
    standing = applications.list_standing(uow=uow, person_id=owner.id, programmes={}, now=NOW)
    assert [one.contested for one in standing] == [False]


def test_claim_is_settled_by_nobody_else(uow: UnitOfWork) -> None:
    first, rival = submitted(submit(uow, make_person(uow))), make_person(uow)
    submit(uow, rival)
    settled = applications.settle_claim(
        uow=uow, application_id=first.application.id, person_id=rival.id, confirmed=True, now=NOW
    )
    assert (settled, stored(uow, first.application).state) == (None, "submitted")


def test_all_stand_keeps_every_submission(uow: UnitOfWork) -> None:
    programme, person = make_programme(form=FORM, resubmission="all_stand"), make_person(uow)
    first, second = submitted(submit(uow, person, programme)), submitted(submit(uow, person, programme))
    assert (second.superseded, second.contested, stored(uow, first.application).state) == ((), (), "submitted")


@pytest.mark.parametrize(("corrects", "state"), [(True, "superseded"), (False, "submitted")])
def test_ask_lets_the_applicant_say_what_it_is(uow: UnitOfWork, corrects: bool, state: str) -> None:
    programme, person = make_programme(form=FORM, resubmission="ask"), make_person(uow)
    first = submitted(submit(uow, person, programme))
    undecided = submit(uow, person, programme)
    assert isinstance(undecided, Undecided)
    assert undecided.earlier.id == first.application.id
    submitted(submit(uow, person, programme, corrects=corrects))
    assert stored(uow, first.application).state == state


def test_returned_application_is_submitted_as_its_next_version(uow: UnitOfWork) -> None:
    person = make_person(uow)
    first = submitted(submit(uow, person))
    uow.applications.update(first.application.id, NOW, state="returned")
    second = submitted(submit(uow, person))
    assert (second.application.id, second.version.number) == (first.application.id, 2)
    assert [version.number for version in uow.applications.versions(first.application.id)] == [1, 2]


def test_withdraw_ends_it_and_the_claims_it_made(uow: UnitOfWork) -> None:
    first, rival = submitted(submit(uow, make_person(uow))), make_person(uow)
    second = submitted(submit(uow, rival))
    applications.withdraw_application(uow=uow, application_id=second.application.id, person_id=rival.id, now=NOW)
    assert stored(uow, second.application).state == "withdrawn"
    assert stored(uow, first.application).contested_by is None


def test_withdraw_by_somebody_else_or_of_a_draft_is_refused(uow: UnitOfWork) -> None:
    person = make_person(uow)
    first = submitted(submit(uow, person))
    draft = begin(uow, person).application
    for number, who in ((first.application.id, make_person(uow)), (draft.id, person)):
        found = applications.withdraw_application(uow=uow, application_id=number, person_id=who.id, now=NOW)
        assert found is None


def test_official_route_is_told_then_done(uow: UnitOfWork) -> None:
    person = make_person(uow)
    first = submitted(submit(uow, person))
    assert stored(uow, first.application).official == "told"
    applications.tell_official_done(
        uow=uow, application_id=first.application.id, person_id=person.id, done=True, now=NOW
    )
    assert stored(uow, first.application).official == "done"


def test_submitting_here_is_official_where_the_pack_says_so(uow: UnitOfWork) -> None:
    here = make_programme(form=FORM, routes=(Route("bot"),))
    assert stored(uow, submitted(submit(uow, make_person(uow), here)).application).official == ""


def test_discard_deletes_the_answers(uow: UnitOfWork) -> None:
    person = make_person(uow)
    draft = begin(uow, person)
    fill(uow, draft, *WHOLE)
    number = draft.application.id
    assert applications.discard_draft(uow=uow, application_id=number, person_id=person.id, now=NOW) is True
    row = stored(uow, draft.application)
    assert (row.state, row.title, uow.applications.answers(number)) == ("purged", "", {})
    assert begin(uow, person).new is True


def test_receipts_number_each_programme_and_year_alone(uow: UnitOfWork) -> None:
    other = make_programme(id="kite", receipt="KITE", form=FORM)
    numbers = [
        submitted(submit(uow, make_person(uow), programme, name=name)).version.receipt.split("-")[2]
        for programme, name in ((LANTERN, "a"), (LANTERN, "b"), (other, "c"))
    ]
    assert numbers == ["000001", "000002", "000001"]
