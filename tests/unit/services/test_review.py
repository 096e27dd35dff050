import pytest

from bot.flows.lifecycle import State
from bot.flows.receipts import make_receipt
from bot.services import review
from bot.services.review import Decided, Moved, MoveRefused, Settled
from storage.records import Application
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import NOW, make_person, make_submission


def reread(uow: UnitOfWork, application: Application) -> Application:
    return uow.applications.lock(application.id)


def move(uow: UnitOfWork, application: Application, wanted: str, reason: str = "") -> Moved | Decided | MoveRefused:
    member = make_person(uow, role="staff")
    return review.move_application(
        uow=uow, application_id=application.id, wanted=wanted, reason=reason, actor_id=member.id, now=NOW
    )


@pytest.mark.parametrize("dash", ["-", " - ", "－", "–"])
def test_find_applications_by_receipt_however_it_is_typed(uow: UnitOfWork, dash: str) -> None:
    application = make_submission(uow, make_person(uow), 123)
    typed = f"　{(application.receipt or '').lower().replace('-', dash)} "
    assert review.find_applications(uow=uow, text=typed).applications == (application,)


def test_find_applications_by_the_receipt_of_an_earlier_version(uow: UnitOfWork) -> None:
    application = make_submission(uow, make_person(uow), 1)
    receipt = make_receipt("LAN", 2026, 2)
    uow.applications.add_version(application.id, receipt=receipt, form_version="f1", answers={}, now=NOW)
    assert application.receipt is not None
    found = review.find_applications(uow=uow, text=application.receipt)
    assert [(one.id, one.receipt) for one in found.applications] == [(application.id, receipt)]


def test_find_applications_by_mistyped_receipt_says_so(uow: UnitOfWork) -> None:
    application = make_submission(uow, make_person(uow), 123)
    assert application.receipt is not None
    wrong = application.receipt.replace("123", "132")
    assert review.find_applications(uow=uow, text=wrong) == review.Found(mistyped=True)


def test_find_applications_by_a_part_of_the_company(uow: UnitOfWork) -> None:
    application = make_submission(uow, make_person(uow), 1, title="晨光科技有限公司")
    make_submission(uow, make_person(uow), 2, title="远山集团")
    assert review.find_applications(uow=uow, text=" 晨光 ").applications == (application,)


def test_find_and_list_never_give_out_drafts(uow: UnitOfWork) -> None:
    draft = uow.applications.create("lantern", 2026, make_person(uow).id, "f1", NOW)
    uow.applications.update(draft.id, NOW, title="晨光科技有限公司")
    assert review.find_applications(uow=uow, text="晨光").applications == ()
    assert review.list_applications(uow=uow, programme=None, state=None, page=1).applications == ()
    assert review.list_applications(uow=uow, programme=None, state="draft", page=1).applications == ()


def test_list_applications_pages(uow: UnitOfWork) -> None:
    person = make_person(uow)
    for number in range(1, review.PAGE + 2):
        make_submission(uow, person, number)
    first = review.list_applications(uow=uow, programme="lantern", state="submitted", page=1)
    second = review.list_applications(uow=uow, programme="lantern", state="submitted", page=2)
    assert (len(first.applications), first.more) == (review.PAGE, True)
    assert (len(second.applications), second.more) == (1, False)
    assert len({found.id for found in (*first.applications, *second.applications)}) == review.PAGE + 1


def test_list_applications_of_a_state_leaves_the_others_out(uow: UnitOfWork) -> None:
    make_submission(uow, make_person(uow), 1)
    inside = make_submission(uow, make_person(uow), 2, state="in_review")
    listed = review.list_applications(uow=uow, programme=None, state="in_review", page=1)
    assert listed.applications == (inside,)


def test_show_application_gives_what_was_submitted_not_what_is_being_changed(uow: UnitOfWork) -> None:
    application = make_submission(uow, make_person(uow), 1, state="returned", answers={"name": "已提交的名称"})
    uow.applications.save_answers(application.id, {"name": "正在修改的名称"}, NOW)
    dossier = review.show_application(uow=uow, application=application)
    assert dossier.latest is not None
    assert dossier.latest.answers == {"name": "已提交的名称"}
    assert (dossier.versions, dossier.channels) == (1, ("telegram",))


def test_move_application_changes_the_state_and_notes_who_did_it(uow: UnitOfWork) -> None:
    application = make_submission(uow, make_person(uow, locale="en"), 1)
    result = move(uow, application, "in_review")
    assert isinstance(result, Moved)
    assert (result.told.person_id, result.told.locale) == (application.person_id, "en")
    assert reread(uow, application).state == "in_review"
    last = uow.applications.moves(application.id)[-1]
    assert (last.state, last.actor_id is not None) == ("in_review", True)


@pytest.mark.parametrize("wanted", ["shortlisted", "selected", "not_selected"])
def test_move_application_to_a_decision_stays_pending(uow: UnitOfWork, wanted: str) -> None:
    application = make_submission(uow, make_person(uow), 1, state="in_review")
    moves = uow.applications.moves(application.id)
    assert isinstance(move(uow, application, wanted), Decided)
    now = reread(uow, application)
    assert (now.state, now.decision) == ("in_review", wanted)
    assert uow.applications.moves(application.id) == moves


def test_move_application_back_takes_a_pending_decision_back(uow: UnitOfWork) -> None:
    application = make_submission(uow, make_person(uow), 1, state="in_review")
    move(uow, application, "selected")
    result = move(uow, application, "in_review")
    assert isinstance(result, Decided)
    assert (result.decision, reread(uow, application).decision) == ("", "")


def test_move_application_elsewhere_drops_a_pending_decision(uow: UnitOfWork) -> None:
    application = make_submission(uow, make_person(uow), 1, state="in_review")
    move(uow, application, "selected")
    move(uow, application, "ineligible", "逾期成立")
    now = reread(uow, application)
    assert (now.state, now.decision) == ("ineligible", "")


@pytest.mark.parametrize("wanted", ["returned", "ineligible"])
def test_move_application_without_its_reason_is_refused(uow: UnitOfWork, wanted: str) -> None:
    application = make_submission(uow, make_person(uow), 1)
    assert move(uow, application, wanted) == MoveRefused("needs_reason", wanted)
    assert reread(uow, application) == application
    assert isinstance(move(uow, application, wanted, "缺少盖章页"), Moved)
    assert uow.applications.moves(application.id)[-1].reason == "缺少盖章页"


def test_move_application_to_a_decision_with_words_of_its_own_is_refused(uow: UnitOfWork) -> None:
    application = make_submission(uow, make_person(uow), 1, state="in_review")
    assert move(uow, application, "shortlisted", "恭喜获奖") == MoveRefused("takes_no_reason", "shortlisted")
    assert reread(uow, application).decision == ""


@pytest.mark.parametrize(
    ("state", "wanted"), [("selected", "in_review"), ("superseded", "selected"), ("submitted", "draft")]
)
def test_move_application_that_is_not_allowed_says_what_is(uow: UnitOfWork, state: str, wanted: str) -> None:
    application = make_submission(uow, make_person(uow), 1, state=state)
    refused = move(uow, application, wanted)
    assert refused == MoveRefused("not_allowed", state, review.open_moves(application))
    assert reread(uow, application) == application


def test_move_application_to_its_own_state_is_refused(uow: UnitOfWork) -> None:
    application = make_submission(uow, make_person(uow), 1)
    assert move(uow, application, "submitted") == MoveRefused("same", "submitted", review.open_moves(application))


def contested(uow: UnitOfWork) -> tuple[Application, Application]:
    """Two people's submissions in one name; the second contests the first."""
    first, second = make_submission(uow, make_person(uow), 1), make_submission(uow, make_person(uow), 2)
    uow.applications.update(first.id, NOW, contested_by=second.id)
    return reread(uow, first), reread(uow, second)


@pytest.mark.parametrize("kept", [0, 1])
def test_confirm_contested_keeps_one_and_supersedes_the_other(uow: UnitOfWork, kept: int) -> None:
    both = contested(uow)
    member = make_person(uow, role="staff")
    settled = review.confirm_contested(uow=uow, application_id=both[kept].id, actor_id=member.id, now=NOW)
    assert isinstance(settled, Settled)
    assert [moved.application.id for moved in settled.superseded] == [both[1 - kept].id]
    assert [reread(uow, found).state for found in (both[kept], both[1 - kept])] == ["submitted", "superseded"]
    assert [reread(uow, found).contested_by for found in both] == [None, None]
    assert review.show_application(uow=uow, application=reread(uow, both[kept])).rivals == ()


def test_confirm_contested_by_three_people_keeps_one_alone(uow: UnitOfWork) -> None:
    first, second = contested(uow)
    third = make_submission(uow, make_person(uow), 3)
    uow.applications.update(second.id, NOW, contested_by=third.id)
    member = make_person(uow, role="staff")
    settled = review.confirm_contested(uow=uow, application_id=first.id, actor_id=member.id, now=NOW)
    assert isinstance(settled, Settled)
    assert [moved.application.id for moved in settled.superseded] == [second.id, third.id]


def test_confirm_contested_of_an_uncontested_one_is_refused(uow: UnitOfWork) -> None:
    application = make_submission(uow, make_person(uow), 1)
    other = make_submission(uow, make_person(uow), 2)
    refused = review.confirm_contested(uow=uow, application_id=application.id, actor_id=application.person_id, now=NOW)
    assert refused == MoveRefused("not_contested", "submitted")
    assert reread(uow, other).state == "submitted"


def test_confirm_contested_where_the_other_is_already_decided_is_refused(uow: UnitOfWork) -> None:
    first, second = contested(uow)
    uow.applications.update(first.id, NOW, state="selected")
    refused = review.confirm_contested(uow=uow, application_id=second.id, actor_id=second.person_id, now=NOW)
    assert isinstance(refused, MoveRefused)
    assert (refused.why, refused.state, reread(uow, first).state) == ("not_allowed", "selected", "selected")


def test_withdrawing_a_rival_ends_the_contest(uow: UnitOfWork) -> None:
    first, second = contested(uow)
    assert isinstance(move(uow, second, State.WITHDRAWN), Moved)
    assert reread(uow, first).contested_by is None
