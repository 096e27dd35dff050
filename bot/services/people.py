"""Who writes: the person behind an account of a channel."""

from datetime import datetime

from bot.messages import Inbound
from storage.unit_of_work import UnitOfWork


def recognise_person(*, uow: UnitOfWork, inbound: Inbound, now: datetime) -> int:
    """The id of the account's person, made at the first contact. Any message makes the account reachable again."""
    if inbound.aside and (found := uow.identities.find(inbound.channel, inbound.sender)) is not None:
        return found.person_id  # they wrote nothing on the platform, which opens no window for it
    chat = inbound.chat if inbound.private else None
    known = uow.identities.touch(inbound.channel, inbound.sender, chat=chat, now=now)
    if known is not None:
        return known
    person = uow.persons.create(locale=None, name=inbound.name, now=now)
    uow.identities.create(person.id, inbound.channel, inbound.sender, chat or inbound.sender, now)
    return person.id


def mark_left(*, uow: UnitOfWork, inbound: Inbound) -> None:
    """Somebody blocked the bot or unfollowed: nothing is sent to them until they write again."""
    uow.identities.mark_unreachable(inbound.channel, inbound.chat, "left")


def choose_language(*, uow: UnitOfWork, person_id: int, locale: str) -> None:
    """Sets the language of all that a person is told from now on."""
    uow.persons.set_locale(person_id, locale)
