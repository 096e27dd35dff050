"""Numbers about the installation, never about anybody in particular."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.flows.lifecycle import State
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts: people, in all and by channel; drafts; submissions by programme and state; questions; messages."""

    persons: int
    channels: Mapping[str, int]
    drafts: int
    submissions: Mapping[str, Mapping[str, int]]
    open_questions: int
    answered_questions: int
    messages: Mapping[str, int]


def count_figures(*, uow: UnitOfWork) -> Figures:
    """The present figures. A programme's states come in the order of its life; drafts are not among them."""
    counted = uow.figures.all()
    return Figures(
        persons=counted.get("persons", 0),
        channels=_under("persons", counted),
        drafts=counted.get("drafts", 0),
        submissions=_submissions(counted),
        open_questions=counted.get("questions:open", 0),
        answered_questions=counted.get("questions:answered", 0),
        messages=_under("messages", counted),
    )


def _under(prefix: str, counted: Mapping[str, int]) -> dict[str, int]:
    return {key.removeprefix(f"{prefix}:"): counted[key] for key in sorted(counted) if key.startswith(f"{prefix}:")}


def _submissions(counted: Mapping[str, int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for key, number in _under("applications", counted).items():
        programme, _, state = key.rpartition(":")
        if state != State.DRAFT and number:
            found.setdefault(programme, {})[state] = number
    order = list(State)
    return {
        key: dict(sorted(states.items(), key=lambda item: order.index(State(item[0])))) for key, states in found.items()
    }
