from typing import Any

import pytest

from bot.messages import Rights
from bot.services import broadcasts
from bot.services.broadcasts import NobodyReached, NotNow, ReachChanged, WrongNumber
from storage.database import Storage
from storage.records import Audience
from tests.integration.delivery.campaigns import EVERYONE, begin
from tests.integration.delivery.helpers import NOW, person_at
from tests.standins.memory import MemoryChannel


@pytest.mark.parametrize(
    ("shown", "number", "refusal"),
    [(1, 2, WrongNumber), (2, 2, ReachChanged), (1, 0, WrongNumber)],
)
def test_broadcast_is_refused_unless_the_number_is_right(
    sqlite_storage: Storage, shown: int, number: int, refusal: type[Exception]
) -> None:
    author = person_at(sqlite_storage, "a")

    def confirm(uow: Any) -> None:
        broadcasts.confirm_broadcast(
            uow=uow,
            author_id=author,
            text="hello",
            audience=EVERYONE,
            rights={"memory": Rights()},
            shown=shown,
            number=number,
            starts_at=None,
            now=NOW,
        )

    with pytest.raises(refusal):
        sqlite_storage.run_sync(confirm)
    assert sqlite_storage.run_sync(lambda uow: uow.broadcasts.recent()) == []


def test_empty_audience_reaches_nobody(sqlite_storage: Storage) -> None:
    person_at(sqlite_storage, "a")
    with pytest.raises(NobodyReached):
        begin(sqlite_storage, MemoryChannel(), audience=Audience())


def test_time_is_that_of_the_slowest_channel(sqlite_storage: Storage) -> None:
    for number in range(8):
        person_at(sqlite_storage, f"a{number}", channel="slow")
    person_at(sqlite_storage, "b", channel="fast")
    rights = {"slow": Rights(rate=1), "fast": Rights(rate=1000)}
    preview = sqlite_storage.run_sync(
        lambda uow: broadcasts.preview_broadcast(uow=uow, audience=EVERYONE, rights=rights, now=NOW)
    )
    assert (preview.reached, preview.seconds) == (9, 10.0)


def test_what_a_state_does_not_allow_is_refused(sqlite_storage: Storage) -> None:
    person_at(sqlite_storage, "a")
    number = begin(sqlite_storage, MemoryChannel())
    with pytest.raises(NotNow):
        sqlite_storage.run_sync(lambda uow: broadcasts.resume_broadcast(uow=uow, number=number, now=NOW))
