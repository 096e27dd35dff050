"""What the three programmes that ship must do, each by its own guide: deadlines, second submissions, results."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.handlers import verdicts
from bot.services import applications, publication, review
from bot.services.submissions import Late, Submitted, Undecided
from knowledge.opening import load_packs
from knowledge.programme import Programme
from storage.database import Storage
from storage.records import Application
from storage.unit_of_work import UnitOfWork
from tests.fixtures.filled import LIGHT, OPEN, PIONEER, TR50, make_desk
from tests.fixtures.people import make_person, make_services, make_turn, texts_to


@pytest.fixture
def uow(sqlite_storage: Storage) -> Iterator[UnitOfWork]:
    """One transaction on a new SQLite database."""
    with sqlite_storage._engine.begin() as connection:
        yield UnitOfWork(connection)


def states(uow: UnitOfWork, *found: Application) -> list[str]:
    return [uow.applications.lock(one.id).state for one in found]


# 1 and 2: the deadline is half-open, and nothing is lost behind it


@pytest.mark.parametrize(
    ("programme", "instant", "kind"),
    [
        (PIONEER, "2024-10-20T23:59:59.999+08:00", Submitted),
        (PIONEER, "2024-10-21T00:00:00+08:00", Late),
        (PIONEER, "2024-10-20T15:59:59+00:00", Submitted),
        (PIONEER, "2024-10-20T16:00:00+00:00", Late),
        (LIGHT, "2022-12-20T23:59:59+08:00", Submitted),  # 「12月20日前」 is read generously
        (LIGHT, "2022-12-21T00:00:00+08:00", Late),
    ],
)
def test_deadline_is_half_open(uow: UnitOfWork, programme: Programme, instant: str, kind: type) -> None:
    applicant = make_desk(uow, programme, pledge_date="2022-12-20")
    assert isinstance(applicant.submit(datetime.fromisoformat(instant)), kind)


def test_application_begun_before_the_deadline_and_confirmed_after_it_is_late_and_kept(uow: UnitOfWork) -> None:
    anna = make_desk(uow, PIONEER)
    closes_at = datetime.fromisoformat("2024-10-21T00:00:00+08:00")
    draft = anna.begin(closes_at - timedelta(minutes=2))
    given = uow.applications.answers(draft.application.id)
    assert anna.submit(closes_at + timedelta(minutes=1)) == Late(closes_at)
    (row,) = uow.applications.of_person(anna.person.id)
    assert (row.state, row.receipt, uow.applications.answers(row.id)) == ("draft", None, given)
    assert [(move.state, move.reason) for move in uow.applications.moves(row.id)] == [("draft", "late")]
    staff = make_person(uow, role="staff")
    uow.deadlines.add(PIONEER.id, anna.person.id, closes_at + timedelta(days=1), staff.id, closes_at)
    assert isinstance(anna.submit(closes_at + timedelta(minutes=2)), Submitted)


# 3: no deadline is announced


def test_unannounced_deadline_is_said_so_and_no_date_is_named() -> None:
    answer = load_packs().ask("截止到几号", programme="tr50", now=OPEN[TR50.id])
    assert [part for part in ("尚未", "前一个月", "DeepTech 深科技") if part not in answer.text] == []
    assert re.findall(r"\d+\s*月|\d{4}\s*年|\d+\s*[日号]", answer.text) == []


# 4: what a second submission means


def test_tr50_last_submission_of_the_year_counts(uow: UnitOfWork) -> None:
    anna = make_desk(uow, TR50)
    first, second = anna.submitted(), anna.submitted(OPEN[TR50.id] + timedelta(days=1))
    assert ([found.id for found in second.superseded], second.contested) == ([first.application.id], ())
    assert states(uow, first.application, second.application) == ["superseded", "submitted"]


@pytest.mark.parametrize(("confirmed", "expected"), [(True, "superseded"), (False, "submitted")])
def test_tr50_submission_by_another_account_is_contested(uow: UnitOfWork, confirmed: bool, expected: str) -> None:
    anna, other = make_desk(uow, TR50), make_desk(uow, TR50)
    first, second = anna.submitted(), other.submitted()
    assert (second.superseded, [found.id for found in second.contested]) == ((), [first.application.id])
    assert states(uow, first.application, second.application) == ["submitted", "submitted"]
    settled = applications.settle_claim(
        uow=uow,
        application_id=first.application.id,
        person_id=anna.person.id,
        confirmed=confirmed,
        now=OPEN[TR50.id],
    )
    assert settled is not None
    assert states(uow, first.application, second.application) == [expected, "submitted"]


def test_pioneer_entries_all_stand(uow: UnitOfWork) -> None:
    anna = make_desk(uow, PIONEER, entrant_name="示例科技有限公司")
    first, second = anna.submitted(), anna.submitted()
    assert (second.superseded, second.contested) == ((), ())
    assert states(uow, first.application, second.application) == ["submitted", "submitted"]
    assert [found.version.receipt[:16] for found in (first, second)] == ["KCXF-2024-000001", "KCXF-2024-000002"]


@pytest.mark.parametrize(("corrects", "expected"), [(True, "superseded"), (False, "submitted")])
def test_light_asks_whether_it_corrects_or_adds(uow: UnitOfWork, corrects: bool, expected: str) -> None:
    anna = make_desk(uow, LIGHT)
    first = anna.submitted()
    asked = anna.submit()
    assert isinstance(asked, Undecided)
    assert asked.earlier.id == first.application.id
    second = anna.submitted(corrects=corrects)
    assert states(uow, first.application, second.application) == [expected, "submitted"]


# 12: a place on the shortlist is no win


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize(("decision", "won"), [("shortlisted", False), ("not_selected", False), ("selected", True)])
def test_pioneer_shortlist_is_never_told_as_a_win(uow: UnitOfWork, decision: str, won: bool, locale: str) -> None:
    person, staff = make_person(uow, locale=locale), make_person(uow, role="staff")
    made = make_desk(uow, PIONEER, person, entrant_name="示例科技有限公司").submitted().application
    now = OPEN[PIONEER.id]
    review.move_application(uow=uow, application_id=made.id, wanted=decision, reason="", actor_id=staff.id, now=now)
    digest = publication.preview_decisions(uow=uow, programme=PIONEER.id).digest
    (told,) = (
        publication.publish_decisions(uow=uow, programme=PIONEER.id, digest=digest, actor_id=staff.id, now=now) or ()
    )
    assert verdicts.tell_decision(make_turn(staff, now=now), make_services(uow, PIONEER), told)
    (text,) = texts_to(uow, person)
    plain = text.replace(PIONEER.name.get(locale), "")
    assert (re.search("最终入选|恭喜|was selected|Congratulations", plain) is not None) is won
    assert re.findall("获奖|证书|奖杯|certificate|trophy|award|prize|won|winner", plain, re.IGNORECASE) == []
