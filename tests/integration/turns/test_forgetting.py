"""What is left of somebody who was forgotten, after conversations as people have them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.messages import Outgoing
from storage.database import Storage
from storage.models import metadata
from storage.records import Message
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import make_submission
from tests.integration.turns.conftest import House

COMPANY, MAIL, PHONE = "晨光科技有限公司", "secret@example.org", "13800138000"
# Longer than what staff are shown of it, and on lines that a notice joins.
QUESTION = f"第一行\n我的手机号码是{PHONE}，请联系我，" + "很长的问题" * 40


def rows(storage: Storage) -> list[str]:
    """Every row of every table as text, with where it stands."""
    with storage._engine.begin() as connection:
        return [
            f"{table.name}: {row}" for table in metadata.sorted_tables for row in connection.execute(table.select())
        ]


def outbox(house: House, chat: str) -> list[Message]:
    """The messages to a chat, by id."""

    def read(uow: UnitOfWork) -> list[Message]:
        ids = uow._connection.scalars(sa.select(metadata.tables["messages"].c.id)).all()
        return [row for row in uow.messages.get(ids) if row.chat == chat]

    return house.storage.run_sync(read)


async def apply_and_ask(house: House) -> str:
    """Anna has submitted twice and asked; her last receipt."""
    await house.say("/start", person="anna-account")

    def submit(uow: UnitOfWork) -> str:
        identity = uow.identities.find("buttons", "anna-account")
        assert identity is not None
        person = uow.persons.get(identity.person_id)
        assert person is not None
        found = [make_submission(uow, person, number, answers={"name": COMPANY, "email": MAIL}) for number in (1, 2)]
        return str(found[1].receipt)

    receipt = house.storage.run_sync(submit)
    await house.say(f"/handover {QUESTION}", person="anna-account")
    return receipt


async def forget(house: House, person: str) -> None:
    """They ask to be forgotten, the farewell is sent, and an hour passes."""
    await house.say("/forget", person=person)
    handled = await house.say("yes", person=person)
    await house.turns.delivered([message.id for message in handled.messages])
    house.storage.run_sync(lambda uow: uow.persons.sweep(house.now + timedelta(hours=1)))


async def make_staff(house: House, channel: str) -> None:
    await house.say("/start", person="boss", channel=channel)
    found = house.storage.run_sync(lambda uow: uow.identities.find(channel, "boss"))
    assert found is not None
    house.storage.run_sync(lambda uow: uow.persons.set_role(found.person_id, "owner"))


def shown(messages: tuple[Outgoing, ...]) -> str:
    return "\n".join([*(each.text for each in messages), *(one.label for each in messages for one in each.choices)])


@pytest.mark.parametrize("channel", ["buttons", "numbers", "passive"])
async def test_forgetting_reaches_what_staff_were_shown(house: House, channel: str) -> None:
    await make_staff(house, channel)
    receipt = await apply_and_ask(house)
    seen = ""
    commands = ["/list", "9", f"/find {COMPANY}", f"/find {receipt}", f"/find {receipt} answers"]
    for text in [*commands, "/staff", "/questions 1", "更多", "/questions"]:
        seen += shown((await house.say(text, person="boss", channel=channel)).messages)
    assert [secret in seen for secret in (COMPANY, MAIL, PHONE)] == [True] * 3
    await forget(house, "anna-account")
    secrets = (COMPANY, MAIL, PHONE, "第一行", "anna-account")
    assert [row for row in rows(house.storage) if any(secret in row for secret in secrets)] == []


async def test_forgetting_reaches_nobody_elses_messages(house: House) -> None:
    await house.say("评委是谁", person="bert")
    before = outbox(house, "bert")
    await house.say("/handover text", person="anna")
    await forget(house, "anna")
    assert outbox(house, "bert") == before
    assert [row.state for row in before] == ["sending"]


async def test_forgetting_of_staff_takes_their_name_from_the_list(house: House) -> None:
    await make_staff(house, "buttons")
    await house.say("/start", person="carl", name="卡尔")
    carl = house.storage.run_sync(lambda uow: uow.identities.find("buttons", "carl"))
    assert carl is not None
    house.storage.run_sync(lambda uow: uow.persons.set_role(carl.person_id, "staff"))
    assert "卡尔" in shown((await house.say("/staff", person="boss")).messages)
    await forget(house, "carl")
    assert [row for row in rows(house.storage) if "卡尔" in row or "carl" in row] == []


async def test_whoever_writes_after_being_forgotten_is_somebody_new(house: House) -> None:
    await house.say("/start", person="anna")
    await forget(house, "anna")
    handled = await house.say("你好", person="anna")
    assert len(handled.messages) == 1
    found = house.storage.run_sync(lambda uow: uow.identities.find("buttons", "anna"))
    assert found is not None
    assert found.person_id == 2
