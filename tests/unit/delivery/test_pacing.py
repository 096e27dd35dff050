import asyncio

from bot.delivery.pacing import Bucket, Pacing
from bot.messages import Rights
from tests.standins.timeline import Timeline


def make_pacing(timeline: Timeline, **rights: float) -> Pacing:
    values = {"rate": 1000.0, "chat_interval": 0.0, **rights}
    found = Rights(rate=values["rate"], chat_interval=values["chat_interval"])
    return Pacing(found, timeline.monotonic, timeline.sleep)


async def instants(pacing: Pacing, timeline: Timeline, turns: list[tuple[str, bool]]) -> list[float]:
    """When each of these turns, asked for at once, is given."""

    async def ask(chat: str, broadcast: bool) -> float:
        await pacing.turn(chat, broadcast=broadcast)
        return round(timeline.now, 3)

    return await asyncio.gather(*(ask(chat, broadcast) for chat, broadcast in turns))


def test_bucket_spaces_turns_evenly() -> None:
    bucket = Bucket(rate=4)
    assert [bucket.take(0) for _ in range(4)] == [0, 0.25, 0.5, 0.75]


def test_bucket_lets_a_burst_through_and_then_keeps_the_rate() -> None:
    bucket = Bucket(rate=1, burst=3)
    assert [bucket.take(0) for _ in range(6)] == [0, 0, 0, 1, 2, 3]


def test_bucket_fills_again_while_nothing_is_taken() -> None:
    bucket = Bucket(rate=1, burst=2)
    assert [bucket.take(0), bucket.take(0), bucket.take(10), bucket.take(10), bucket.take(10)] == [0, 0, 10, 10, 11]


async def test_channel_keeps_its_rate() -> None:
    timeline = Timeline()
    turns = [(f"c{number}", False) for number in range(4)]
    assert await instants(make_pacing(timeline, rate=2), timeline, turns) == [0, 0.5, 1, 1.5]


async def test_broadcasts_keep_to_their_part_of_the_rate() -> None:
    timeline = Timeline()
    turns = [(f"c{number}", True) for number in range(4)]
    assert await instants(make_pacing(timeline, rate=10), timeline, turns) == [0, 0.125, 0.25, 0.375]


async def test_reply_waits_for_no_broadcast_that_is_queued_before_it() -> None:
    timeline = Timeline()
    turns = [*((f"c{number}", True) for number in range(50)), ("asker", False)]
    assert (await instants(make_pacing(timeline, rate=10), timeline, turns))[-1] == 0.1


async def test_chat_takes_the_messages_of_a_turn_at_once_and_then_one_an_interval() -> None:
    timeline = Timeline()
    turns = [("c", False)] * 5
    assert await instants(make_pacing(timeline, chat_interval=1), timeline, turns) == [0, 0, 0, 1, 2]


async def test_other_chat_does_not_wait_for_a_busy_one() -> None:
    timeline = Timeline()
    turns = [*[("c", False)] * 5, ("d", False)]
    assert (await instants(make_pacing(timeline, chat_interval=1), timeline, turns))[-1] == 0


def test_hold_of_a_chat_holds_that_chat_alone() -> None:
    timeline = Timeline()
    pacing = make_pacing(timeline)
    pacing.hold(30, "c")
    assert (pacing.held("c"), pacing.held("d"), pacing.held()) == (30, 0, 0)


def test_hold_of_the_channel_holds_every_chat() -> None:
    timeline = Timeline()
    pacing = make_pacing(timeline)
    pacing.hold(30)
    assert (pacing.held("c"), pacing.held()) == (30, 30)


def test_hold_ends_and_a_shorter_one_does_not_shorten_it() -> None:
    timeline = Timeline()
    pacing = make_pacing(timeline)
    pacing.hold(30, "c")
    pacing.hold(5, "c")
    timeline.now = 20
    before = pacing.held("c")
    timeline.now = 30
    assert (before, pacing.held("c")) == (10, 0)


async def test_turn_that_would_come_too_late_is_not_taken() -> None:
    timeline = Timeline()
    pacing = make_pacing(timeline, rate=1.0)
    given = await asyncio.gather(*(pacing.turn(f"c{n}", broadcast=False, until=3.0) for n in range(10)))
    assert given == [True] * 3 + [False] * 7
    assert await pacing.turn("c11", broadcast=False, until=4.0)
    assert timeline.now == 3.0
