from dataclasses import replace

from bot.services import followup
from bot.services.followup import answers_with_later
from knowledge.form import Stage
from knowledge.programme import Programme
from storage.unit_of_work import UnitOfWork
from tests.fixtures.boats import BOATS, make_file
from tests.fixtures.filled import make_desk
from tests.fixtures.people import NOW, make_programme

RACE = make_programme(form=BOATS)
LATER = {"stamped": [make_file("盖章.pdf")], "sent": "yes"}


def test_scans_and_deliveries_of_an_earlier_version_are_asked_for_anew(uow: UnitOfWork) -> None:
    desk = make_desk(uow, RACE, done="好", outlook="好", postcode="430000")
    first = desk.submitted(NOW).application
    uow.applications.save_answers(first.id, LATER, NOW)
    uow.applications.update(first.id, NOW, state="returned", official="done")
    again = desk.submitted(NOW)
    assert (again.application.id, again.application.official, again.version.number) == (first.id, "told", 2)
    assert {*LATER} & {*answers_with_later(uow=uow, form=BOATS, version=again.version)} == set()
    opened = followup.open_followup(
        uow=uow, programme=RACE, form=BOATS, application_id=first.id, person_id=desk.person.id, now=NOW
    )
    assert opened is not None
    assert opened.stage is Stage.PACKAGING


def test_what_follows_belongs_to_the_programme_that_was_applied_for(uow: UnitOfWork) -> None:
    desk = make_desk(uow, RACE, done="好", outlook="好", postcode="430000")
    number = desk.submitted(NOW).application.id

    def opened(programme: Programme) -> bool:
        return (
            followup.open_followup(
                uow=uow, programme=programme, form=BOATS, application_id=number, person_id=desk.person.id, now=NOW
            )
            is not None
        )

    assert (opened(RACE), opened(replace(RACE, id="regatta"))) == (True, False)
