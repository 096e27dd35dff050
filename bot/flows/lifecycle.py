"""The states of an application and who may move it from one to the next."""

from enum import StrEnum


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    SHORTLISTED = "shortlisted"
    SELECTED = "selected"
    NOT_SELECTED = "not_selected"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    INELIGIBLE = "ineligible"
    PURGED = "purged"


class Actor(StrEnum):
    """Who moves: the applicant, staff by hand, or the publishing of all decisions together."""

    APPLICANT = "applicant"
    STAFF = "staff"
    PUBLISH = "publish"


EDITABLE = frozenset({State.DRAFT, State.RETURNED})  # the applicant may answer and submit
STANDING = frozenset({State.SUBMITTED, State.IN_REVIEW, State.SHORTLISTED, State.SELECTED, State.NOT_SELECTED})
DECISIONS = frozenset({State.SHORTLISTED, State.SELECTED, State.NOT_SELECTED})  # pending until published

_S = State
_MOVES: dict[Actor, dict[State, frozenset[State]]] = {
    Actor.APPLICANT: {
        _S.DRAFT: frozenset({_S.SUBMITTED, _S.PURGED}),
        _S.SUBMITTED: frozenset({_S.WITHDRAWN, _S.SUPERSEDED, _S.PURGED}),
        _S.IN_REVIEW: frozenset({_S.WITHDRAWN, _S.SUPERSEDED, _S.PURGED}),
        _S.SHORTLISTED: frozenset({_S.WITHDRAWN, _S.PURGED}),
        _S.RETURNED: frozenset({_S.SUBMITTED, _S.WITHDRAWN, _S.PURGED}),
        _S.SELECTED: frozenset({_S.PURGED}),
        _S.NOT_SELECTED: frozenset({_S.PURGED}),
        _S.WITHDRAWN: frozenset({_S.PURGED}),
        _S.SUPERSEDED: frozenset({_S.PURGED}),
        _S.INELIGIBLE: frozenset({_S.PURGED}),
    },
    Actor.STAFF: {
        _S.SUBMITTED: frozenset({_S.IN_REVIEW, _S.RETURNED, _S.INELIGIBLE, _S.SUPERSEDED, _S.WITHDRAWN}),
        _S.IN_REVIEW: frozenset({_S.SUBMITTED, _S.RETURNED, _S.INELIGIBLE, _S.SUPERSEDED, _S.WITHDRAWN}),
        _S.SHORTLISTED: frozenset({_S.IN_REVIEW, _S.INELIGIBLE, _S.WITHDRAWN}),
        _S.RETURNED: frozenset({_S.IN_REVIEW, _S.INELIGIBLE}),
        _S.INELIGIBLE: frozenset({_S.IN_REVIEW}),
        _S.SUPERSEDED: frozenset({_S.SUBMITTED}),
        _S.WITHDRAWN: frozenset({_S.SUBMITTED}),
    },
    Actor.PUBLISH: {
        _S.SUBMITTED: DECISIONS,
        _S.IN_REVIEW: DECISIONS,
        _S.SHORTLISTED: frozenset({_S.SELECTED, _S.NOT_SELECTED}),
    },
}


def allowed_moves(state: str, actor: Actor) -> tuple[State, ...]:
    """The states that this actor may move an application to, in the order of the states."""
    allowed = _MOVES[actor].get(State(state), frozenset())
    return tuple(found for found in State if found in allowed)


def may_move(state: str, wanted: str, actor: Actor) -> bool:
    """Whether this actor may make this move."""
    return wanted in allowed_moves(state, actor)
