"""Every dialogue of tests/conversations through every door it names."""

from typing import Any

import pytest

from tests.e2e.conftest import House, OpenHouse
from tests.e2e.dialogues import Dialogue, Play, load_dialogues

# The terminal is a process of its own for each dialogue, and a kill at every step costs a start: one of each every day.
# A dialogue that wants a server for itself goes through its first door every day, through the others in CI.
_EVERY_DAY = frozenset({"ask", "apply"})
_ALL = tuple(load_dialogues())


def _played(*, alone: bool) -> list[Any]:
    """A parameter for each dialogue and door."""
    found = [(one, door) for one in _ALL if one.alone is alone for door in one.doors]
    return [pytest.param(one, door, id=f"{one.name}-{door}", marks=_marks(one, door)) for one, door in found]


def _marks(dialogue: Dialogue, door: str) -> list[pytest.MarkDecorator]:
    terminal = door == "console" and dialogue.name not in _EVERY_DAY
    again = dialogue.alone and door != dialogue.doors[0]
    return [pytest.mark.slow] if terminal or again else []


@pytest.mark.parametrize(("dialogue", "channel"), _played(alone=False))
def test_dialogue(dialogue: Dialogue, channel: str, house: House) -> None:
    assert Play(house.server, house.door, house.invite).run(dialogue, channel) == len(dialogue.steps) > 0


@pytest.mark.parametrize(("dialogue", "channel"), _played(alone=True))
def test_dialogue_alone(dialogue: Dialogue, channel: str, open_house: OpenHouse) -> None:
    house = open_house()
    assert Play(house.server, house.door, house.invite).run(dialogue, channel) == len(dialogue.steps) > 0
