import asyncio

from bot.channels.telegram.lanes import Lanes


async def test_lane_keeps_its_order_beside_others() -> None:
    done: list[str] = []

    async def work(item: str) -> None:
        await asyncio.sleep(0)
        done.append(item)

    lanes = Lanes(work, hands=4)
    for number in range(5):
        lanes.put("a", f"a{number}")
        lanes.put("b", f"b{number}")
    await lanes.settle(5)
    assert [item for item in done if item < "b"] == ["a0", "a1", "a2", "a3", "a4"]
    assert [item for item in done if item >= "b"] == ["b0", "b1", "b2", "b3", "b4"]


async def test_long_lane_leaves_the_only_hand_to_others_after_each_item() -> None:
    done: list[str] = []

    async def work(item: str) -> None:
        await asyncio.sleep(0)
        done.append(item)

    lanes = Lanes(work, hands=1)
    for number in range(50):
        lanes.put("flood", f"flood{number}")
    lanes.put("anna", "anna")
    await lanes.settle(5)
    assert done.index("anna") <= 1


async def test_one_lane_takes_one_hand() -> None:
    gate, running = asyncio.Event(), 0

    async def work(item: str) -> None:
        nonlocal running
        running += 1
        await gate.wait()
        running -= 1

    lanes = Lanes(work, hands=3)
    for lane in ("a", "a", "a", "b"):
        lanes.put(lane, lane)
    await lanes.settle(0)
    for _ in range(5):
        await asyncio.sleep(0)
    assert running == 2
    gate.set()
    await lanes.settle(5)


async def test_close_finishes_what_is_under_way_and_drops_the_rest() -> None:
    gate, done = asyncio.Event(), []

    async def work(item: int) -> None:
        await gate.wait()
        done.append(item)

    lanes = Lanes(work, hands=2)
    for number in range(3):
        lanes.put("a", number)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    closing = asyncio.create_task(lanes.close())
    await asyncio.sleep(0)
    gate.set()
    await closing
    assert done == [0]
