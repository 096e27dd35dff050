"""One event, once, in one transaction."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot import turns
from bot.context import Services, Turn
from bot.errors import PrivateOnly
from bot.messages import Kind, Reply
from bot.router import choose
from bot.turns import Handled
from storage.models import messages
from storage.records import Mark
from storage.unit_of_work import UnitOfWork
from tests.integration.turns.conftest import House

LEASE = timedelta(minutes=1)


def texts(handled: Handled) -> list[str]:
    return [message.text for message in handled.messages]


def show(house: House, message: int, *, order: int) -> None:
    """Lets a message be delivered as the chat's number `order`."""

    def deliver(uow: UnitOfWork) -> None:
        numbers = range(1, message + 1)
        leased = [*numbers, *(row.id for row in uow.messages.claim_ids(numbers, owner="house", lease=LEASE))]
        marks = [Mark(number, "sent", owner="house", sent_order=order - message + number) for number in leased]
        uow.messages.mark(marks, house.now)

    house.storage.run_sync(deliver)


def hold(uow: UnitOfWork, ids: list[int]) -> None:
    """What a crash left of passive replies waits for the person's next contact."""
    uow._connection.execute(sa.update(messages).where(messages.c.id.in_(ids)).values(state="held"))


async def test_turn_queues_its_reply_and_hands_it_over(house: House) -> None:
    handled = await house.say("评委是谁")
    assert texts(handled) == ["指南没有说明。"]
    assert house.dispatch.sent == [[message.id for message in handled.messages]]


async def test_turn_of_a_repeat_gets_the_stored_reply(house: House) -> None:
    event = house.event("评委是谁")
    first = await house.turns.handle(event)
    again = await house.turns.handle(event)
    assert (again.messages, again.repeated) == (first.messages, True)
    assert len(house.dispatch.sent) == 1


async def test_turn_of_three_repeats_at_once_happens_once(house: House) -> None:
    event = house.event("/handover 评委是谁")
    handled = await asyncio.gather(*(house.turns.handle(event) for _ in range(3)))
    assert sorted(found.repeated for found in handled) == [False, True, True]
    assert len({texts(found)[0] for found in handled}) == 1
    questions = house.storage.run_sync(lambda uow: uow.questions.open())
    assert [question.text for question in questions] == ["评委是谁"]


async def test_turn_of_two_first_messages_at_once_makes_one_person(house: House) -> None:
    await asyncio.gather(house.say("一"), house.say("二"))
    people = house.storage.run_sync(lambda uow: uow.figures.all())
    assert people["persons"] == 1


async def test_turn_that_fails_apologises_once_and_keeps_nothing_else(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the applicant wrote 13800138000")

    monkeypatch.setattr(house.library, "ask", fail)
    event = house.event("电话13800138000")
    handled = await house.turns.handle(event)
    again = await house.turns.handle(event)
    assert handled.reference
    assert handled.reference in texts(handled)[0]
    assert (texts(again), again.repeated) == (texts(handled), True)
    out = capsys.readouterr()
    assert handled.reference in out.out + out.err
    assert "13800138000" not in out.out + out.err


async def test_turn_refused_leaves_the_flow_as_it_was(house: House) -> None:
    await house.say("/apply")
    refused = await house.say("/stats")
    assert "工作人员" in texts(refused)[0]
    assert len(refused.messages) == 2  # the refusal, and the form's prompt once more


async def test_turn_in_a_group_refuses_forms(house: House) -> None:
    refused = await house.say("/apply", private=False, chat="group")
    assert "单独对话" in texts(refused)[0]


async def test_old_button_brings_the_present_prompt(house: House) -> None:
    first = await house.say("/apply")
    token = first.messages[-1].choices[0].value
    await house.say("某某公司")
    answered = await house.say(kind=Kind.PRESS, pressed=token)
    assert texts(answered)[0].startswith("这个按钮属于之前的一步")
    assert answered.messages[-1].prompt > first.messages[-1].prompt


async def test_button_works_twice_if_it_is_a_command(house: House) -> None:
    handled = await house.say(kind=Kind.START)
    token = next(choice.value for choice in handled.messages[-1].choices if choice.value == "/help")
    await house.say("评委是谁")
    assert "/apply" in texts(await house.say(kind=Kind.PRESS, pressed=token))[0]


async def test_sticker_in_a_form_brings_the_prompt_back_once(house: House) -> None:
    prompt = texts(await house.say("/apply"))[-1]
    seen = texts(await house.say(kind=Kind.OTHER))
    assert (len(seen), seen[1]) == (2, prompt)


async def test_message_sent_before_the_prompt_was_shown_is_no_answer(house: House) -> None:
    await house.say("/apply", order=10)
    handled = await house.say("某某公司", order=20)
    shown = handled.messages[-1].id
    show(house, shown, order=30)
    early = await house.say("大型", order=21)
    assert texts(early)[0].startswith("“大型”是在看到上面这个问题之前发来的")


async def test_message_sent_while_the_prompt_is_on_its_way_is_no_answer(house: House) -> None:
    await house.say("/apply", order=10)
    await house.say("某某公司", order=20)
    early = await house.say("大型", order=21)
    assert texts(early)[0].startswith("“大型”是在看到")


async def test_message_sent_before_by_the_clock_is_no_answer(house: House) -> None:
    await house.say("/apply")
    house.now += timedelta(minutes=5)
    await house.say("某某公司")
    early = await house.say("大型", sent_at=house.now - timedelta(minutes=1))
    assert texts(early)[0].startswith("“大型”是在看到")


async def test_page_that_shows_an_older_prompt_gives_no_answer(house: House) -> None:
    first = await house.say("/apply")
    await house.say("某某公司", shown=first.messages[-1].prompt)
    early = await house.say("大型", shown=first.messages[-1].prompt)
    assert texts(early)[0].startswith("“大型”是在看到")


async def test_left_person_is_unreachable_until_the_next_message(house: House) -> None:
    await house.say("你好")
    await house.say(kind=Kind.LEFT)
    left = house.storage.run_sync(lambda uow: uow.identities.find("buttons", "anna"))
    await house.say("我回来了")
    back = house.storage.run_sync(lambda uow: uow.identities.find("buttons", "anna"))
    assert left is not None
    assert back is not None
    assert (left.reachable, back.reachable) == (False, True)


async def test_passive_reply_holds_back_what_does_not_fit(house: House) -> None:
    house.library.answer = replace(house.library.answer, text="一" * 300)
    handled = await house.say("评委是谁", channel="passive")
    assert house.states() == ["sending", "held"]
    more = await house.say("更多", channel="passive")
    assert "回复“更多”" in texts(handled)[0]
    assert sum(text.count("一") for text in [texts(handled)[0], texts(more)[0]]) == 300
    assert house.states() == ["sending", "sent", "sending"]


async def test_passive_reply_with_push_sends_the_rest(house: House) -> None:
    house.library.answer = replace(house.library.answer, text="一" * 300)
    handled = await house.say("评委是谁", channel="pushing")
    assert house.states() == ["sending", "pending"]
    assert "更多" not in texts(handled)[0]


async def test_delivered_reply_is_sent(house: House) -> None:
    handled = await house.say("评委是谁", channel="passive")
    await house.turns.delivered([message.id for message in handled.messages])
    assert set(house.states()) == {"sent"}


async def test_mailbox_shows_what_was_sent_after(house: House) -> None:
    handled = await house.say("评委是谁", channel="passive")
    await house.turns.delivered([handled.messages[0].id])
    (seen,) = await house.turns.after("passive", "anna", 0)
    assert replace(seen, sequence=0) == handled.messages[0]
    assert await house.turns.after("passive", "anna", seen.sequence) == []


@pytest.mark.parametrize("text", ["", "   ", "\x00\x1b", "😀" * 3, "字" * 100_000, "/" * 50, "\u202eabc"])
async def test_odd_texts_get_a_reply(lite_house: House, text: str) -> None:
    handled = await lite_house.say(text)
    assert handled.reference == ""
    assert len(handled.messages) == 1


async def test_language_follows_the_first_words(lite_house: House) -> None:
    english = await lite_house.say("What is the fee?", person="ben")
    assert english.messages
    person = lite_house.storage.run_sync(lambda uow: uow.persons.get(1))
    assert person is not None
    assert person.locale == "en"


async def test_start_greets_with_the_programmes(lite_house: House) -> None:
    assert "灯笼奖" in texts(await lite_house.say(kind=Kind.START))[0]


async def test_more_lists_choices_that_count(house: House) -> None:
    house.library.answer = replace(house.library.answer, text="一" * 300)
    await house.say("评委是谁", channel="passive")
    read_on = await house.say("更多", channel="passive")
    assert "1 转给工作人员" in texts(read_on)[0]
    assert "已转给工作人员" in texts(await house.say("1", channel="passive"))[0]


async def test_number_after_two_lists_means_the_last(house: House) -> None:
    await house.say("/apply", channel="numbers")
    await house.say("/lang", channel="numbers")
    taken = await house.say("2", channel="numbers")
    assert "大型" in texts(taken)[-1]  # the next question: "2" is the name that was asked for, as no list counted


async def test_three_copies_of_a_failing_event_get_one_apology(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(house.library, "ask", fail)
    event = house.event("评委是谁")
    handled = await asyncio.gather(*(house.turns.handle(event) for _ in range(3)))
    assert len({texts(found)[0] for found in handled}) == 1
    assert sorted(found.repeated for found in handled) == [False, True, True]


async def test_button_shown_to_somebody_else_in_a_group_means_nothing(house: House) -> None:
    house.library.answer = replace(house.library.answer, status="clarify")
    annas = await house.say("收费吗", chat="group", person="anna", private=False)
    await house.say("收费吗", chat="group", person="ben", private=False)
    token = annas.messages[-1].choices[0].value
    tapped = await house.say(kind=Kind.PRESS, pressed=token, chat="group", person="ben", private=False)
    assert texts(tapped)[0].startswith("这个按钮属于之前的一步")


async def test_refused_turn_keeps_nothing_of_what_its_handler_wrote(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(turn: Turn, services: Services) -> list[Reply]:
        services.uow.persons.set_role(turn.person.id, "owner")
        turn.state.enter("apply")
        raise PrivateOnly

    await house.say("你好")
    with monkeypatch.context() as patch:
        patch.setattr(turns, "choose", lambda *given, **named: replace(choose(*given, **named), handler=refuse))
        event = house.event("评委是谁")
        refused = await house.turns.handle(event)
    again = await house.turns.handle(event)
    person = house.storage.run_sync(lambda uow: uow.persons.get(1))
    assert person is not None
    assert (person.role, again.messages, again.repeated) == ("applicant", refused.messages, True)
    assert "单独对话" in texts(refused)[0]
    assert texts(await house.say("评委是谁")) == ["指南没有说明。"]


async def test_repeat_of_a_refused_turn_gets_the_stored_refusal(house: House) -> None:
    event = house.event("/stats")
    handled = await asyncio.gather(*(house.turns.handle(event) for _ in range(3)))
    assert sorted(found.repeated for found in handled) == [False, True, True]
    assert len({found.messages for found in handled}) == 1


async def test_more_in_a_form_shows_what_waits_and_no_prompt_before_it(house: House) -> None:
    await house.say("/apply", channel="passive")
    house.library.answer = replace(house.library.answer, text="一" * 500)
    await house.say("/ask 评委是谁", channel="passive")
    seen = [texts(await house.say("更多", channel="passive")) for _ in range(4)]
    assert seen[-1] == ["没有更多内容了。"]


async def test_old_prompt_that_is_read_late_in_a_form_changes_no_number(house: House) -> None:
    first = await house.say("/apply", channel="passive")
    await house.say("某某公司", channel="passive")
    ids = [message.id for message in first.messages]
    house.storage.run_sync(lambda uow: hold(uow, ids))
    late = await house.say("更多", channel="passive")
    assert "1/5" in texts(late)[0]
    taken = await house.say("2", channel="passive")
    assert texts(taken)[0].startswith("3/5")  # the second size, as the present prompt lists it
