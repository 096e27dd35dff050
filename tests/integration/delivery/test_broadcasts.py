from datetime import timedelta

from bot.channels.base import Unknown, Unreachable
from bot.services import broadcasts
from bot.services.broadcasts import Line
from storage.database import Storage
from storage.records import Audience
from tests.integration.delivery.campaigns import EVERYONE, WECHAT, begin, make_scheduler, report_of
from tests.integration.delivery.helpers import NOW, expire_leases, make_delivery, person_at, queue
from tests.standins.memory import MemoryChannel


def block(storage: Storage, chat: str) -> None:
    storage.run_sync(lambda uow: uow.identities.mark_unreachable("telegram", chat, "Forbidden"))


def apply(storage: Storage, person_id: int) -> None:
    storage.run_sync(lambda uow: uow.applications.create("lantern", 2026, person_id, "f1", NOW))


def fifty_people(storage: Storage) -> None:
    """20 on Telegram of whom 3 have blocked the bot, 30 on WeChat of whom 10 wrote longer than 48 hours ago."""
    for number in range(20):
        person_at(storage, f"t{number}", channel="telegram")
    for number in range(3):
        block(storage, f"t{number}")
    for number in range(30):
        person_at(storage, f"w{number}", channel="wechat", last=NOW - timedelta(hours=60 if number < 10 else 1))


async def test_report_equals_preview_for_fifty_people(storage: Storage) -> None:
    fifty_people(storage)
    telegram, wechat = MemoryChannel("telegram"), MemoryChannel("wechat", WECHAT)
    number = begin(storage, telegram, wechat)
    scheduler = make_scheduler(storage, telegram, wechat)
    scheduler.tick()
    await make_delivery(storage, telegram, wechat).drain()
    scheduler.tick()
    found = report_of(storage, number)
    assert found.broadcast.state == "completed"
    assert found.broadcast.preview == {
        "telegram": {"reached": 17, "waiting": 0, "blocked": 3},
        "wechat": {"reached": 20, "waiting": 10, "blocked": 0},
    }
    assert found.lines == (
        Line("telegram", sent=17, failed=3, reasons=(("blocked", 3),)),
        Line("wechat", sent=20, held=10, reasons=(("window", 10),)),
    )
    assert (len(telegram.attempted), len(wechat.attempted)) == (17, 20)


async def test_those_who_block_meanwhile_are_in_the_report(storage: Storage) -> None:
    for chat in "abc":
        person_at(storage, chat)
    channel = MemoryChannel(outcomes={"b": [Unreachable("Forbidden")]})
    number = begin(storage, channel)
    make_scheduler(storage, channel).tick()
    await make_delivery(storage, channel).drain()
    assert report_of(storage, number).lines == (Line("memory", sent=2, failed=1, reasons=(("blocked", 1),)),)


async def test_waiting_person_gets_the_broadcast_at_the_next_contact(storage: Storage) -> None:
    person_at(storage, "a", last=NOW - timedelta(hours=60))
    person_at(storage, "b")
    channel = MemoryChannel(rights=WECHAT)
    begin(storage, channel)
    scheduler, delivery = make_scheduler(storage, channel), make_delivery(storage, channel)
    scheduler.tick()
    await delivery.drain()
    scheduler.tick()
    before = channel.texts("a")
    storage.run_sync(lambda uow: uow.messages.release_held("memory", "a"))
    await delivery.drain()
    assert (before, channel.texts("a")) == ([], ["hello"])


async def test_broadcast_of_a_killed_process_is_unknown_and_sent_again_only_on_demand(storage: Storage) -> None:
    person_at(storage, "a")
    person_at(storage, "b")
    channel = MemoryChannel()
    number = begin(storage, channel)
    scheduler, delivery = make_scheduler(storage, channel), make_delivery(storage, channel)
    scheduler.tick()
    lease = timedelta(minutes=1)
    storage.run_sync(lambda uow: uow.messages.claim(channels=["memory"], owner="dead", lease=lease, limit=1))
    expire_leases(storage)
    await delivery.drain()
    scheduler.tick()
    after_crash = report_of(storage, number)
    storage.run_sync(lambda uow: broadcasts.resend_unknown(uow=uow, number=number, now=NOW))
    await delivery.drain()
    scheduler.tick()
    assert after_crash.lines == (Line("memory", sent=1, unknown=1),)
    assert (after_crash.broadcast.state, after_crash.actions) == ("completed", ("resend",))
    assert report_of(storage, number).lines == (Line("memory", sent=2),)


async def test_broadcast_whose_send_timed_out_is_sent_once(storage: Storage) -> None:
    person_at(storage, "a")
    channel = MemoryChannel(otherwise=Unknown("timeout"))
    number = begin(storage, channel)
    make_scheduler(storage, channel).tick()
    await make_delivery(storage, channel).drain()
    assert (len(channel.attempted), report_of(storage, number).lines) == (1, (Line("memory", unknown=1),))


async def test_reply_overtakes_a_broadcast(storage: Storage) -> None:
    person_at(storage, "a")
    channel = MemoryChannel()
    begin(storage, channel)
    make_scheduler(storage, channel).tick()
    queue(storage, ("a", "the answer"))
    await make_delivery(storage, channel).drain()
    assert channel.texts("a") == ["the answer", "hello"]


async def test_paused_broadcast_sends_nothing_until_resumed(storage: Storage) -> None:
    person_at(storage, "a")
    channel = MemoryChannel()
    number = begin(storage, channel)
    make_scheduler(storage, channel).tick()
    delivery = make_delivery(storage, channel)
    paused = storage.run_sync(lambda uow: broadcasts.pause_broadcast(uow=uow, number=number, now=NOW))
    queue(storage, ("a", "not held up"))
    await delivery.drain()
    while_paused = channel.texts()
    storage.run_sync(lambda uow: broadcasts.resume_broadcast(uow=uow, number=number, now=NOW))
    await delivery.drain()
    assert (paused.broadcast.state, paused.actions) == ("paused", ("resume", "cancel"))
    assert (while_paused, channel.texts()) == (["not held up"], ["not held up", "hello"])


async def test_cancelled_broadcast_sends_nothing_more(storage: Storage) -> None:
    person_at(storage, "a")
    person_at(storage, "b", last=NOW - timedelta(hours=60))
    channel = MemoryChannel(rights=WECHAT)
    number = begin(storage, channel)
    make_scheduler(storage, channel).tick()
    cancelled = storage.run_sync(lambda uow: broadcasts.cancel_broadcast(uow=uow, number=number, now=NOW))
    await make_delivery(storage, channel).drain()
    assert (cancelled.broadcast.state, cancelled.lines) == ("cancelled", (Line("memory", cancelled=2),))
    assert channel.attempted == []


async def test_broadcast_paused_before_its_time_is_queued_again(storage: Storage) -> None:
    person_at(storage, "a")
    channel = MemoryChannel()
    number = begin(storage, channel, starts_at=NOW + timedelta(hours=1))
    storage.run_sync(lambda uow: broadcasts.pause_broadcast(uow=uow, number=number, now=NOW))
    resumed = storage.run_sync(lambda uow: broadcasts.resume_broadcast(uow=uow, number=number, now=NOW))
    assert resumed.broadcast.state == "queued"


async def test_broadcast_for_later_starts_at_its_time_and_counts_who_is_there_then(storage: Storage) -> None:
    person_at(storage, "a")
    channel = MemoryChannel()
    begin(storage, channel, starts_at=NOW + timedelta(hours=1))
    now = [NOW]
    scheduler = make_scheduler(storage, channel, clock=lambda: now[0])
    delivery = make_delivery(storage, channel)
    scheduler.tick()
    await delivery.drain()
    before = channel.texts()
    person_at(storage, "b")
    now[0] = NOW + timedelta(hours=1)
    scheduler.tick()
    await delivery.drain()
    assert (before, len(channel.sent)) == ([], 2)


async def test_broadcast_with_fields_is_written_for_each_reader(storage: Storage) -> None:
    first, second = person_at(storage, "a", name="李雷"), person_at(storage, "b")
    storage.run_sync(lambda uow: uow.persons.set_locale(first, "en"))
    apply(storage, first)
    apply(storage, second)
    channel = MemoryChannel()
    text = "{{ name }}: {{ programme }}, {{ deadline }}"
    begin(storage, channel, text=text, audience=Audience(programmes=("lantern",)))
    make_scheduler(storage, channel).tick()
    await make_delivery(storage, channel).drain()
    assert {message.address.chat: message.text for message in channel.sent} == {
        "a": "李雷: Lantern Prize, Mon 30 November 2026, 24:00 (Beijing time)",
        "b": "申报人: 灯笼奖, 2026年11月30日（周一）24:00（北京时间）",
    }


async def test_author_is_told_when_it_is_done_once(storage: Storage) -> None:
    author = person_at(storage, "boss", channel="office")
    person_at(storage, "a")
    office, channel = MemoryChannel("office"), MemoryChannel()
    number = begin(storage, channel)
    storage.run_sync(lambda uow: uow.broadcasts.set_state(number, "cancelled", NOW))
    rights = {"memory": channel.rights}
    storage.run_sync(
        lambda uow: broadcasts.confirm_broadcast(
            uow=uow,
            author_id=author,
            text="hello",
            audience=EVERYONE,
            rights=rights,
            shown=1,
            number=1,
            starts_at=None,
            now=NOW,
        )
    )
    scheduler, delivery = make_scheduler(storage, channel), make_delivery(storage, channel, office)
    for _ in range(3):
        scheduler.tick()
        await delivery.drain()
    assert office.texts() == ["群发 2：已发完\nmemory：已发 1"]


async def test_unwritable_broadcast_is_paused_and_keeps_no_other_waiting(storage: Storage) -> None:
    person_at(storage, "a")
    channel = MemoryChannel()
    broken = begin(storage, channel, text="{{ salary }}")
    begin(storage, channel, text="sound")
    make_scheduler(storage, channel).tick()
    await make_delivery(storage, channel).drain()
    assert (report_of(storage, broken).broadcast.state, channel.texts()) == ("paused", ["sound"])


async def test_missed_tick_starts_a_broadcast_once(storage: Storage) -> None:
    person_at(storage, "a")
    channel = MemoryChannel()
    begin(storage, channel)
    for _ in range(3):
        make_scheduler(storage, channel).tick()
    await make_delivery(storage, channel).drain()
    assert channel.texts() == ["hello"]
