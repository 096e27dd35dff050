"""A draft that is still open when the next edition begins."""

from bot.flows import engine
from bot.services import applications
from bot.services.applications import Draft
from storage.records import Person
from storage.unit_of_work import UnitOfWork
from tests.fixtures.forms import FORM, MOMENT
from tests.fixtures.people import NOW, make_person, make_programme

WRITTEN = {"drafts": {"story": ["一盏"]}, "typed": {"mail": ["lamp@"]}}


def begin(uow: UnitOfWork, person: Person, year: int) -> Draft:
    programme = make_programme(form=FORM, year=year)
    return applications.start_or_resume_application(
        uow=uow, programme=programme, form=FORM, person_id=person.id, now=NOW
    )


def test_what_was_written_and_not_finished_is_kept(uow: UnitOfWork) -> None:
    person = make_person(uow)
    draft = begin(uow, person, 2026)
    uow.applications.update(draft.application.id, NOW, cursor={"at": "field", "field": "story", **WRITTEN})
    later = begin(uow, person, 2027)
    assert (later.renewed, later.application.cursor) == (True, {**WRITTEN, "renewed": True})
    step = engine.begin(FORM, later.answers, later.application.cursor, MOMENT, changed=True)
    assert {name: step.cursor[name] for name in WRITTEN} == WRITTEN


def test_consents_are_asked_anew_until_they_are_given(uow: UnitOfWork) -> None:
    person = make_person(uow)
    number = begin(uow, person, 2026).application.id
    agreed = {"agree": {"agreed_at": NOW.isoformat()}}
    uow.applications.save_answers(number, agreed, NOW)
    assert not begin(uow, person, 2026).renewed
    assert [begin(uow, person, 2027).renewed for _ in range(2)] == [True, True]
    uow.applications.save_answers(number, agreed, NOW)
    assert not begin(uow, person, 2027).renewed
