from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Storage
from storage.records import Mark
from tests.integration.storage.samples import LEASE, NOW, broadcast, change, claim, expire, found, message

LATER = datetime(2999, 1, 1, tzinfo=UTC)


def queue(storage: Storage, *keys: str, chat: str = "anna-chat") -> list[int]:
    return storage.run_sync(lambda uow: uow.messages.add([message(key, chat) for key in keys], NOW))


def queue_broadcast(storage: Storage, key: str, *, state: str = "running", chat: str = "anna-chat") -> int:
    number = storage.run_sync(lambda uow: broadcast(uow, state=state))
    new = message(key, chat, kind="broadcast", broadcast_id=number)
    storage.run_sync(lambda uow: uow.messages.add([new], NOW))
    return number


def mark(storage: Storage, key: str, state: str, *, owner: str = "one", due_at: datetime | None = None) -> None:
    number = found(storage, key).id
    result = Mark(number, state, owner=owner, due_at=due_at)
    storage.run_sync(lambda uow: uow.messages.mark([result], NOW))


def test_claim_gives_one_row_a_chat_in_order(storage: Storage) -> None:
    queue(storage, "a1", "a2")
    queue(storage, "b1", chat="bert-chat")
    assert claim(storage) == ["a1", "b1"]


def test_claim_while_a_row_of_the_chat_is_leased(storage: Storage) -> None:
    queue(storage, "a1", "a2")
    claim(storage)
    assert claim(storage, owner="two") == []


def test_claim_after_the_row_before_was_sent(storage: Storage) -> None:
    queue(storage, "a1", "a2")
    claim(storage)
    mark(storage, "a1", "sent")
    assert claim(storage, owner="two") == ["a2"]


def test_claim_after_a_lease_ran_out(storage: Storage) -> None:
    queue(storage, "a1", "a2")
    claim(storage)
    expire(storage, "a1")
    assert claim(storage, owner="two") == ["a1"]


def test_claim_after_a_passive_answer_did_not_leave(storage: Storage) -> None:
    passive = message("a1", state="sending", lease_until=NOW + timedelta(seconds=20))
    storage.run_sync(lambda uow: uow.messages.add([passive], NOW))
    assert claim(storage) == []
    expire(storage, "a1")
    assert claim(storage) == ["a1"]


def test_claim_of_another_channel(storage: Storage) -> None:
    queue(storage, "a1")
    assert claim(storage, channels=["wechat"]) == []


def test_claim_up_to_the_limit(storage: Storage) -> None:
    for name in ("a", "b", "c"):
        queue(storage, name, chat=name)
    assert claim(storage, limit=2) == ["a", "b"]


def test_claim_takes_replies_before_broadcasts(storage: Storage) -> None:
    queue_broadcast(storage, "all", chat="bert-chat")
    queue(storage, "reply")
    assert claim(storage, limit=1) == ["reply"]


def test_claim_takes_a_reply_before_the_broadcast_of_its_chat(storage: Storage) -> None:
    queue_broadcast(storage, "all")
    queue(storage, "reply")
    assert claim(storage) == ["reply"]
    mark(storage, "reply", "sent")
    assert claim(storage) == ["all"]


def test_claim_while_the_broadcast_of_the_chat_is_leased(storage: Storage) -> None:
    queue_broadcast(storage, "all")
    claim(storage)
    queue(storage, "reply")
    assert claim(storage) == []


@pytest.mark.parametrize("state", ["pending", "queued", "paused", "cancelled"])
def test_claim_passes_over_a_broadcast_that_does_not_run(storage: Storage, state: str) -> None:
    queue_broadcast(storage, "all", state=state)
    queue(storage, "reply")
    assert claim(storage) == ["reply"]
    mark(storage, "reply", "sent")
    assert claim(storage) == []


def test_claim_of_two_broadcasts_gives_one_row_a_chat(storage: Storage) -> None:
    queue_broadcast(storage, "paused", state="paused")
    queue_broadcast(storage, "first")
    queue_broadcast(storage, "second")
    assert claim(storage) == ["first"]
    mark(storage, "first", "sent")
    assert claim(storage) == ["second"]


def test_claim_of_a_completed_broadcast_sends_what_waited(storage: Storage) -> None:
    queue_broadcast(storage, "all", state="completed")
    assert claim(storage) == ["all"]


def test_claim_after_the_lease_of_a_broadcast_ran_out(storage: Storage) -> None:
    queue_broadcast(storage, "all")
    claim(storage)
    expire(storage, "all")
    queue(storage, "reply")
    assert claim(storage) == ["reply"]
    assert storage.run_sync(lambda uow: uow.messages.expired_broadcasts()) == 1
    assert found(storage, "all").state == "unknown"


def test_expired_broadcasts_leaves_replies_and_running_leases(storage: Storage) -> None:
    queue(storage, "reply")
    queue_broadcast(storage, "all", chat="bert-chat")
    claim(storage)
    expire(storage, "reply")
    assert storage.run_sync(lambda uow: uow.messages.expired_broadcasts()) == 0


def test_resume_unknown_sends_again(storage: Storage) -> None:
    number = queue_broadcast(storage, "all")
    change(storage, "all", state="unknown")
    assert storage.run_sync(lambda uow: uow.messages.resume_unknown(number)) == 1
    assert claim(storage) == ["all"]


def test_cancel_leaves_what_was_sent(storage: Storage) -> None:
    number = queue_broadcast(storage, "all")
    rows = [message(f"{state}-row", state, broadcast_id=number, state=state) for state in ("sent", "held", "pending")]
    storage.run_sync(lambda uow: uow.messages.add(rows, NOW))
    assert storage.run_sync(lambda uow: uow.messages.cancel(number)) == 3
    assert [found(storage, f"{state}-row").state for state in ("sent", "held")] == ["sent", "cancelled"]


def test_claim_while_the_platform_put_a_row_off(storage: Storage) -> None:
    queue(storage, "a1", "a2")
    claim(storage)
    mark(storage, "a1", "pending", due_at=LATER)
    assert (found(storage, "a1").attempts, claim(storage)) == (1, [])


def test_claim_past_a_row_planned_for_later(storage: Storage) -> None:
    planned = message("planned", due_at=LATER)
    storage.run_sync(lambda uow: uow.messages.add([planned], NOW))
    queue(storage, "reply")
    assert claim(storage) == ["reply"]


def test_claim_of_a_row_made_under_a_clock_set_ahead(storage: Storage) -> None:
    storage.run_sync(lambda uow: uow.messages.add([message("a1")], LATER))
    assert claim(storage) == ["a1"]


def test_mark_by_a_past_owner_is_ignored(storage: Storage) -> None:
    queue(storage, "a1")
    claim(storage)
    expire(storage, "a1")
    claim(storage, owner="two")
    mark(storage, "a1", "failed", owner="one")
    assert found(storage, "a1").state == "sending"
    mark(storage, "a1", "sent", owner="two")
    assert found(storage, "a1").state == "sent"


def test_mark_writes_how_it_ended(storage: Storage) -> None:
    first, second = queue(storage, "a1", "a2")
    storage.run_sync(lambda uow: uow.messages.claim_ids([first, second], owner="one", lease=LEASE))
    results = [
        Mark(first, "sent", owner="one", external_id="m1", sent_order=7),
        Mark(second, "failed", owner="one", reason="r" * 400),
    ]
    storage.run_sync(lambda uow: uow.messages.mark(results, NOW))
    sent, failed = storage.run_sync(lambda uow: uow.messages.get([first, second]))
    assert (sent.state, sent.sent_order, sent.sent_at) == ("sent", 7, NOW)
    assert (failed.state, failed.reason, failed.sent_at) == ("failed", "r" * 300, None)
    assert [row.sent_order for row in storage.run_sync(lambda uow: uow.messages.get([first]))] == [7]


def claim_ids(storage: Storage, ids: list[int], owner: str = "one") -> list[str]:
    rows = storage.run_sync(lambda uow: uow.messages.claim_ids(ids, owner=owner, lease=LEASE))
    return [row.key for row in rows]


def test_claim_ids_gives_all_of_a_chat_in_order(storage: Storage) -> None:
    first, second = queue(storage, "a1", "a2")
    assert claim_ids(storage, [second, first]) == ["a1", "a2"]
    assert claim_ids(storage, [first, second]) == []


def test_claim_ids_waits_for_an_earlier_row(storage: Storage) -> None:
    queue(storage, "a1")
    ids = queue(storage, "a2")
    assert claim_ids(storage, ids) == []


def test_claim_ids_waits_for_a_row_that_a_worker_took(storage: Storage) -> None:
    ids = queue(storage, "a1", "a2")
    claim(storage, owner="worker")
    assert claim_ids(storage, ids) == []


def test_claim_ids_overtakes_a_broadcast(storage: Storage) -> None:
    queue_broadcast(storage, "all")
    ids = queue(storage, "a1")
    assert claim_ids(storage, ids) == ["a1"]


def test_claim_ids_of_nothing(storage: Storage) -> None:
    assert claim_ids(storage, []) == []


def test_leases_of_a_process_that_is_gone_can_be_ended(storage: Storage) -> None:
    (first,) = queue(storage, "a1")
    storage.run_sync(lambda uow: uow.messages.claim_ids([first], owner="killed", lease=LEASE))
    storage.run_sync(lambda uow: uow.leases.acquire("scheduler", "killed", LEASE))
    storage.run_sync(lambda uow: uow.messages.end_leases(["telegram"]))
    storage.run_sync(lambda uow: uow.leases.end_all())
    assert [
        row.id
        for row in storage.run_sync(
            lambda uow: uow.messages.claim(channels=["telegram"], owner="new", lease=LEASE, limit=9)
        )
    ] == [first]
    assert storage.run_sync(lambda uow: uow.leases.acquire("scheduler", "new", LEASE))
