"""Replies: queued in the state in which they leave, where nothing of their chat is open."""

from storage.database import Storage
from storage.records import Message
from tests.integration.storage.samples import LEASE, NOW, broadcast, claim, expire, found, message


def reply(storage: Storage, *keys: str, state: str = "sending", chat: str = "anna-chat") -> list[Message]:
    new = [message(key, chat, state=state) for key in keys]
    return storage.run_sync(lambda uow: uow.messages.reply(new, NOW, owner="one", lease=LEASE))


def test_reply_of_a_free_chat_is_leased_as_asked(storage: Storage) -> None:
    rows = reply(storage, "a1", "a2")
    assert [row.state for row in rows] == ["sending", "sending"]
    assert rows == storage.run_sync(lambda uow: uow.messages.get([row.id for row in rows]))
    assert claim(storage, owner="two") == []
    expire(storage, "a1")
    assert claim(storage, owner="two") == []  # the other part may be on its way
    expire(storage, "a2")
    assert claim(storage, owner="two") == ["a1"]


def test_reply_of_a_mailbox_has_arrived(storage: Storage) -> None:
    rows = reply(storage, "a1", "a2", state="sent")
    assert [(row.state, row.sent_at) for row in rows] == [("sent", NOW), ("sent", NOW)]
    assert rows == storage.run_sync(lambda uow: uow.messages.after("telegram", "anna-chat", 0))


def test_reply_that_asks_for_nothing_waits(storage: Storage) -> None:
    (row,) = reply(storage, "a1", state="pending")
    assert row == found(storage, "a1")
    assert claim(storage) == ["a1"]


def test_reply_behind_an_open_row_is_pending(storage: Storage) -> None:
    storage.run_sync(lambda uow: uow.messages.add([message("a1")], NOW))
    rows = reply(storage, "a2", "a3") + reply(storage, "a4", state="sent")
    assert [row.state for row in rows] == ["pending"] * 3
    assert rows == storage.run_sync(lambda uow: uow.messages.get([row.id for row in rows]))


def test_reply_behind_one_on_its_way_is_pending(storage: Storage) -> None:
    reply(storage, "a1")
    assert [row.state for row in reply(storage, "a2")] == ["pending"]


def test_reply_behind_what_is_done_or_held_is_not_kept(storage: Storage) -> None:
    done = [message(f"a{number}", state=state) for number, state in enumerate(("sent", "held", "failed", "unknown"))]
    storage.run_sync(lambda uow: uow.messages.add(done, NOW))
    storage.run_sync(lambda uow: uow.messages.add([message("b1", "bert-chat")], NOW))
    assert [row.state for row in reply(storage, "a9")] == ["sending"]


def test_reply_passes_a_broadcast_that_waits_but_not_one_on_its_way(storage: Storage) -> None:
    number = storage.run_sync(broadcast)
    storage.run_sync(lambda uow: uow.messages.add([message("a1", kind="broadcast", broadcast_id=number)], NOW))
    storage.run_sync(
        lambda uow: uow.messages.add([message("b1", "bert-chat", kind="broadcast", broadcast_id=number)], NOW)
    )
    assert [row.state for row in reply(storage, "a2")] == ["sending"]
    assert claim(storage) == ["b1"]
    assert [row.state for row in reply(storage, "b2", chat="bert-chat")] == ["pending"]


def test_reply_of_a_key_that_exists_gives_the_message_it_has(storage: Storage) -> None:
    first = reply(storage, "a1", state="sent")
    assert reply(storage, "a1") == first
