"""Every dialogue of tests/conversations through every door it names."""

import pytest

from tests.e2e.conftest import House, OpenHouse
from tests.e2e.dialogues import Dialogue, Play, load_dialogues

_ALL = tuple(load_dialogues())
TOGETHER = [pytest.param(one, door, id=f"{one.name}-{door}") for one in _ALL if not one.alone for door in one.doors]
ALONE = [pytest.param(one, door, id=f"{one.name}-{door}") for one in _ALL if one.alone for door in one.doors]


@pytest.mark.parametrize(("dialogue", "channel"), TOGETHER)
def test_dialogue(dialogue: Dialogue, channel: str, house: House) -> None:
    Play(house.server, house.door, house.invite).run(dialogue, channel)


@pytest.mark.parametrize(("dialogue", "channel"), ALONE)
def test_dialogue_alone(dialogue: Dialogue, channel: str, open_house: OpenHouse) -> None:
    house = open_house()
    Play(house.server, house.door, house.invite).run(dialogue, channel)
