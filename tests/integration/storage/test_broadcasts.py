from datetime import timedelta

import pytest

from storage.audiences import Windows
from storage.database import Storage
from storage.errors import NoSuchRow
from storage.records import Audience, Reach
from storage.unit_of_work import UnitOfWork
from tests.integration.storage.samples import EVERYBODY, NOW, broadcast, person

WINDOW = timedelta(hours=48)
WINDOWS: Windows = {"telegram": (None, None, True), "wechat": (WINDOW, 5, True), "web": (None, None, True)}


def people(uow: UnitOfWork) -> None:
    """Three on Telegram of whom one blocked it, four on WeChat of whom two are outside, one forgotten."""
    for name in ("t1", "t2", "t3"):
        person(uow, name)
    uow.identities.mark_unreachable("telegram", "t3-chat", "blocked")
    for name in ("w1", "w2", "w3", "w4"):
        person(uow, name, "wechat")
    for name, heard in (
        ("w1", timedelta(0)),
        ("w2", WINDOW),
        ("w3", WINDOW - timedelta(seconds=1)),
        ("w4", WINDOW / 2),
    ):
        found = uow.identities.find("wechat", f"{name}-id")
        assert found is not None
        uow.identities.touch(found.channel, found.external_id, chat=None, now=NOW - heard)
    for _ in range(5):
        uow.identities.count_push("wechat", "w4-chat")
    uow.persons.forget(person(uow, "gone").id, NOW)


def reach(storage: Storage, audience: Audience, windows: Windows = WINDOWS) -> dict[str, Reach]:
    return storage.run_sync(lambda uow: uow.broadcasts.reach(audience, windows, NOW))


def test_reach_counts_each_channel(storage: Storage) -> None:
    storage.run_sync(people)
    assert reach(storage, EVERYBODY) == {
        "telegram": Reach(reached=2, waiting=0, blocked=1),
        "wechat": Reach(reached=2, waiting=2, blocked=0),
    }


def test_reach_without_the_right_to_push(storage: Storage) -> None:
    storage.run_sync(people)
    assert reach(storage, EVERYBODY, {"wechat": (None, None, False)}) == {"wechat": Reach(waiting=4)}


def test_freeze_queues_what_the_reach_said(storage: Storage) -> None:
    storage.run_sync(people)
    number = storage.run_sync(broadcast)
    counted = reach(storage, EVERYBODY)
    rows = storage.run_sync(lambda uow: uow.broadcasts.freeze(number, EVERYBODY, WINDOWS, NOW))
    assert rows == sum(each.reached + each.waiting + each.blocked for each in counted.values())
    report = storage.run_sync(lambda uow: uow.broadcasts.report(number))
    assert report == {
        "telegram": {"pending": 2, "failed:blocked": 1},
        "wechat": {"pending": 2, "held:window": 2},
    }
    assert {
        channel: Reach(states["pending"], states.get("held:window", 0), states.get("failed:blocked", 0))
        for channel, states in report.items()
    } == counted


def test_freeze_writes_messages_that_can_be_sent(storage: Storage) -> None:
    storage.run_sync(person)
    number = storage.run_sync(lambda uow: broadcast(uow, text="大家好"))
    storage.run_sync(lambda uow: uow.broadcasts.freeze(number, EVERYBODY, WINDOWS, NOW))
    account = storage.run_sync(lambda uow: uow.identities.find("telegram", "anna-id"))
    assert account is not None
    row = storage.run_sync(lambda uow: uow.messages.find(f"broadcast:{number}:{account.id}"))
    assert row is not None
    assert (row.channel, row.chat, row.person_id, row.kind) == ("telegram", "anna-chat", account.person_id, "broadcast")
    assert row.body == {"text": "大家好", "choices": [], "files": [], "prompt": 0}
    assert (row.due_at, row.created_at, row.broadcast_id) == (NOW, NOW, number)


def test_freeze_twice_adds_nobody(storage: Storage) -> None:
    storage.run_sync(people)
    number = storage.run_sync(broadcast)
    freezes = [storage.run_sync(lambda uow: uow.broadcasts.freeze(number, EVERYBODY, WINDOWS, NOW)) for _ in range(2)]
    assert freezes == [7, 0]


def test_freeze_of_nothing(storage: Storage) -> None:
    with pytest.raises(NoSuchRow):
        storage.run_sync(lambda uow: uow.broadcasts.freeze(404, EVERYBODY, WINDOWS, NOW))


@pytest.mark.parametrize("audience", [Audience(), Audience(channels=("telegram",))])
def test_empty_audience_reaches_nobody(storage: Storage, audience: Audience) -> None:
    storage.run_sync(people)
    number = storage.run_sync(broadcast)
    assert reach(storage, audience) == {}
    assert storage.run_sync(lambda uow: uow.broadcasts.freeze(number, audience, WINDOWS, NOW)) == 0
    assert storage.run_sync(lambda uow: uow.broadcasts.report(number)) == {}


def test_conditions_of_an_audience_hold_together(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> list[int]:
        anna, bert = person(uow, "anna").id, person(uow, "bert", role="staff").id
        uow.applications.create("prize", 2026, anna, "f", NOW)
        sent = uow.applications.create("medal", 2026, anna, "f", NOW)
        uow.applications.update(sent.id, NOW, state="submitted")
        audiences = [
            Audience(programmes=("prize",)),
            Audience(programmes=("prize",), states=("draft",)),
            Audience(programmes=("prize",), states=("submitted",)),
            Audience(states=("submitted",)),
            Audience(roles=("staff",)),
            Audience(roles=("staff",), programmes=("prize",)),
            Audience(person_ids=(anna, bert)),
            Audience(person_ids=(anna, bert), channels=("web",)),
            Audience(everyone=True, roles=("staff",)),
        ]
        found = [uow.broadcasts.reach(audience, WINDOWS, NOW) for audience in audiences]
        return [sum(each.reached for each in channels.values()) for channels in found]

    assert storage.run_sync(work) == [1, 1, 0, 1, 1, 0, 2, 0, 1]


def test_broadcast_goes_through_its_states(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        author = person(uow).id
        soon = uow.broadcasts.add(author, "soon", {}, {"web": {"reached": 1}}, "queued", NOW, NOW)
        later = uow.broadcasts.add(author, "later", {}, {}, "queued", NOW + WINDOW, NOW)
        assert [found.id for found in uow.broadcasts.due(NOW)] == [soon]
        uow.broadcasts.set_state(soon, "completed", NOW)
        found = uow.broadcasts.get(soon)
        assert found is not None
        assert (found.state, found.completed_at, found.preview) == ("completed", NOW, {"web": {"reached": 1}})
        assert uow.broadcasts.due(NOW) == []
        assert [found.id for found in uow.broadcasts.recent()] == [later, soon]
        assert [found.id for found in uow.broadcasts.recent(limit=1)] == [later]

    storage.run_sync(work)


def test_broadcast_is_finished_when_nothing_is_on_its_way(storage: Storage) -> None:
    storage.run_sync(people)
    number = storage.run_sync(broadcast)
    storage.run_sync(lambda uow: uow.broadcasts.freeze(number, EVERYBODY, WINDOWS, NOW))
    assert storage.run_sync(lambda uow: uow.broadcasts.finished(number)) is False

    def send_all(uow: UnitOfWork) -> None:
        rows = uow.messages.claim(channels=list(WINDOWS), owner="one", lease=WINDOW, limit=100)
        uow.messages.mark_sent([row.id for row in rows], NOW)

    storage.run_sync(send_all)
    assert storage.run_sync(lambda uow: uow.broadcasts.finished(number)) is True
    assert storage.run_sync(lambda uow: uow.broadcasts.report(number)) == {
        "telegram": {"failed:blocked": 1, "sent": 2},
        "wechat": {"held:window": 2, "sent": 2},
    }
