"""Events that the form page sends to its person's chat: no platform's response carries an answer to them."""

from datetime import timedelta

from bot.messages import Kind
from storage.records import Identity
from tests.integration.turns.conftest import House


def account(house: House, channel: str) -> Identity:
    found = house.storage.run_sync(lambda uow: uow.identities.find(channel, "anna"))
    assert found is not None
    return found


async def test_answer_to_an_event_of_the_page_waits_where_nothing_can_be_pushed(house: House) -> None:
    await house.say("/help", channel="passive")
    before = len(house.states())
    await house.say(kind=Kind.PRESS, pressed="/page", channel="passive", aside=True)
    assert set(house.states()[before:]) == {"held"}


async def test_answer_to_an_event_of_the_page_is_pushed_where_that_may_be(house: House) -> None:
    await house.say("/help", channel="pushing")
    before = len(house.states())
    await house.say(kind=Kind.PRESS, pressed="/page", channel="pushing", aside=True)
    assert set(house.states()[before:]) == {"pending"}
    assert house.dispatch.sent[-1] == list(range(before + 1, len(house.states()) + 1))


async def test_event_of_the_page_opens_no_window_of_the_platform(house: House) -> None:
    await house.say("/help", channel="pushing")
    before = account(house, "pushing").last_inbound_at
    house.now += timedelta(hours=50)
    await house.say(kind=Kind.PRESS, pressed="/page", channel="pushing", aside=True)
    assert account(house, "pushing").last_inbound_at == before
    await house.say("/help", channel="pushing")
    assert account(house, "pushing").last_inbound_at == house.now
