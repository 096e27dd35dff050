"""Who writes: the person behind an account of a channel."""

from datetime import datetime

from bot.messages import Inbound
from storage.records import Identity, Person
from storage.unit_of_work import UnitOfWork


def recognise_person(*, uow: UnitOfWork, inbound: Inbound, now: datetime) -> Person:
    """The person of an account, made at the first contact. Any message makes the account reachable again."""
    chat = inbound.chat if inbound.private else None
    identity = uow.identities.find(inbound.channel, inbound.sender)
    if identity is None:
        person = uow.persons.create(locale=None, name=inbound.name, now=now)
        identity = uow.identities.create(person.id, inbound.channel, inbound.sender, chat or inbound.sender, now)
    uow.identities.touch(identity.id, chat=chat, now=now)
    return _person(uow, identity)


def mark_left(*, uow: UnitOfWork, inbound: Inbound) -> None:
    """Somebody blocked the bot or unfollowed: nothing is sent to them until they write again."""
    uow.identities.mark_unreachable(inbound.channel, inbound.chat, "left")


def choose_language(*, uow: UnitOfWork, person_id: int, locale: str) -> None:
    """Sets the language of all that a person is told from now on."""
    uow.persons.set_locale(person_id, locale)


def _person(uow: UnitOfWork, identity: Identity) -> Person:
    person = uow.persons.get(identity.person_id)
    if person is None:
        raise LookupError(identity.person_id)
    return person
