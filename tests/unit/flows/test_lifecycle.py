import pytest

from bot.flows.lifecycle import DECISIONS, Actor, State, allowed_moves, may_move


def test_draft_is_the_applicants_alone() -> None:
    assert allowed_moves("draft", Actor.STAFF) == ()
    assert allowed_moves("draft", Actor.APPLICANT) == (State.SUBMITTED, State.PURGED)


@pytest.mark.parametrize("decision", sorted(DECISIONS))
def test_decisions_are_made_by_publishing_only(decision: str) -> None:
    reached = [actor for actor in Actor if any(may_move(state, decision, actor) for state in State)]
    assert reached == [Actor.PUBLISH]


def test_returned_is_submitted_again_by_the_applicant() -> None:
    assert (may_move("submitted", "returned", Actor.STAFF), may_move("returned", "submitted", Actor.APPLICANT)) == (
        True,
        True,
    )


def test_purged_is_the_end() -> None:
    assert [allowed_moves("purged", actor) for actor in Actor] == [(), (), ()]


@pytest.mark.parametrize("actor", list(Actor))
def test_nothing_moves_to_itself(actor: Actor) -> None:
    assert [state for state in State if may_move(state, state, actor)] == []
