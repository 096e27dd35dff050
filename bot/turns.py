"""One event, once, in one transaction: recognised, routed, answered, queued, committed; then sent."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from bot import conversations, telemetry
from bot.channels.base import Interrupted, Limits, Rights
from bot.composition import Body, FileLink, compose, no_link
from bot.context import Clock, Library, Links, Services, State, Turn
from bot.errors import BotError, NotStaff, PrivateOnly
from bot.handlers import FLOWS
from bot.language import guess_locale
from bot.messages import Address, Inbound, Kind, Outgoing, Reply
from bot.reception import Reception
from bot.render import render
from bot.router import Route, choose
from bot.services import people
from bot.services.recipients import DEFAULT_LOCALE
from bot.uploads.intake import note_file
from storage.database import Storage
from storage.errors import AlreadyHandled, StorageError
from storage.records import Message, NewMessage, Opening, Person
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

# Who answers in its own response must have done so by then; afterwards the worker takes the message over.
PASSIVE_LEASE = timedelta(seconds=20)
_RANK = {"applicant": 0, "staff": 1, "owner": 2}


class Dispatch(Protocol):
    """Sends replies from the process that committed them.

    It sends to `channels`; what it is to send at once is leased by `owner` for `lease` in the turn's transaction.
    """

    owner: str
    lease: timedelta
    channels: Collection[str]

    async def prepare(self, address: Address) -> float:
        """Called before each turn of a chat. Gives the instant from which the turn's leases count."""

    async def send_now(self, rows: Sequence[Message], since: float) -> None:
        """Called after the commit with what is to be sent now and the instant that `prepare` gave."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What came of an event: the messages that answer it, whether it was a repeat, and an error's reference code."""

    messages: tuple[Outgoing, ...] = ()
    repeated: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class _Done:
    """A turn that was committed, and which of its messages are to be sent now."""

    handled: Handled
    rows: Sequence[Message] = ()


@dataclass(frozen=True, slots=True)
class Turns:
    """Handles events, and gives to `dispatch` what is to be sent.

    Without a `reception` no file is fetched. `file_link` makes links to files, for channels that cannot carry them.
    """

    storage: Storage
    library: Library
    clock: Clock
    limits: Mapping[str, Limits]
    rights: Mapping[str, Rights]
    dispatch: Dispatch
    links: Links | None = None
    reception: Reception | None = None
    file_link: FileLink = no_link

    async def handle(self, inbound: Inbound) -> Handled:
        """Handles one event. Raises StorageError where the database refuses; the event may then be sent again.

        Raises Interrupted where its sender broke off in the middle of a file; nothing of the event is kept.
        """
        try:
            if self.reception is not None:
                inbound = await self.reception.take_in(inbound)
            since = await self.dispatch.prepare(inbound.address)
            done = await self._turn(inbound)
        except (StorageError, Interrupted):
            raise
        except Exception as error:  # noqa: BLE001 - a poison message must neither loop nor stop the others
            reference = telemetry.new_reference()
            log.error("turn_failed", reference=reference, channel=inbound.channel, event_kind=inbound.kind, error=error)
            since = await self.dispatch.prepare(inbound.address)
            done = await self._once(partial(self._apologise, inbound=inbound, reference=reference))
        if done.rows:
            await self.dispatch.send_now(done.rows, since)
        return done.handled

    async def _turn(self, inbound: Inbound) -> _Done:
        """A turn. One that is refused is undone and run again with a savepoint: most are not, and go without."""
        work = partial(self._handle, inbound=inbound)
        try:
            return await self._once(work)
        except BotError:
            return await self._once(partial(work, careful=True))

    async def _once(self, work: Callable[[UnitOfWork], _Done]) -> _Done:
        """Runs work that ends with the event's row; where another was faster, again: it then finds that one's."""
        try:
            return await self.storage.run(work)
        except AlreadyHandled:
            return await self.storage.run(work)

    async def delivered(self, ids: Sequence[int]) -> None:
        """Notes that messages were handed over in our own response."""
        await self.storage.run(lambda uow: uow.messages.mark_sent(list(ids), self.clock()))

    async def after(self, channel: str, chat: str, sequence: int) -> list[Outgoing]:
        """What a page shows of its chat after a message, in the order of sending."""
        rows = await self.storage.run(lambda uow: uow.messages.after(channel, chat, sequence))
        return [conversations.outgoing(row) for row in rows]

    def _handle(self, uow: UnitOfWork, *, inbound: Inbound, careful: bool = False) -> _Done:
        if inbound.kind is Kind.LEFT:
            return self._leave(uow, inbound)
        now = self.clock()
        opening = self._open(uow, inbound, now)
        if opening.handled:
            return self._repeat(uow, inbound)
        state = conversations.load(opening.conversation.state)
        state.number = opening.conversation.id
        turn = Turn(inbound, now, opening.person, state, self._locale(uow, inbound, opening.person, state))
        for file in inbound.files:
            if file.attachment is not None:
                note_file(uow, turn.person.id, file.attachment, now)
        place = state.place
        replies, interrupted = self._answer(uow, turn, careful=careful)
        conversations.note_prompt(turn.state, replies, interrupted=interrupted)
        rows = self._queue(uow, turn, replies)
        conversations.note_asked(turn.state, place, [row.id for row in rows], now)
        uow.conversations.save(opening.conversation.id, conversations.dump(turn.state), now)
        return self._close(uow, turn, rows)

    def _open(self, uow: UnitOfWork, inbound: Inbound, now: datetime) -> Opening:
        person_id = people.recognise_person(uow=uow, inbound=inbound, now=now)
        return uow.conversations.open(inbound.channel, inbound.chat, inbound.sender, person_id, inbound.event, now)

    def _close(self, uow: UnitOfWork, turn: Turn, rows: Sequence[Message], reference: str = "") -> _Done:
        """Notes the event as handled by these messages. Those that our own response carries are not to be sent."""
        inbound = turn.inbound
        uow.events.add(inbound.channel, inbound.event, turn.now, [row.id for row in rows], reference)
        carried = 0 if inbound.aside else self.limits[inbound.channel].replies or 0
        now = [row for row in rows[carried:] if row.state != "held"]
        return _Done(Handled(tuple(map(conversations.outgoing, rows)), reference=reference), now)

    def _locale(self, uow: UnitOfWork, inbound: Inbound, person: Person, state: State) -> str:
        """The person's language: chosen, else told by the channel, else shown by words that answer no form."""
        found = person.locale or inbound.locale or (None if state.flow else guess_locale(inbound.text))
        if found is not None and person.locale is None:
            people.choose_language(uow=uow, person_id=person.id, locale=found)
        return found or DEFAULT_LOCALE

    def _answer(self, uow: UnitOfWork, turn: Turn, *, careful: bool) -> tuple[list[Reply], bool]:
        """The replies, and whether a flow was only interrupted and goes on at the same prompt."""
        services = Services(
            uow=uow,
            library=self.library,
            notices=conversations.Notices(uow),
            rights=self.rights,
            links=self.links,
        )
        route = choose(turn.inbound, turn.state, untimely=conversations.is_untimely(uow, turn.inbound, turn.state))
        turn.text, turn.choice = route.text, route.choice
        place = turn.state.place
        before = conversations.copy(turn.state) if careful else turn.state
        try:
            with uow.savepoint() if careful else nullcontext():
                _check_allowed(route, turn)
                replies = route.handler(turn, services)
        except BotError as refusal:
            if not careful:
                raise
            turn.state = before
            replies = [Reply(render(refusal.template, turn.locale, **refusal.values))]
        if not (route.interrupts and turn.state.flow and turn.state.place == place):
            return replies, False
        show = FLOWS[turn.state.flow].show if route.shows_prompt else None
        return [*replies, *(show(turn, services) if show else [])], True

    def _queue(self, uow: UnitOfWork, turn: Turn, replies: list[Reply]) -> list[Message]:
        """Queues the messages that carry the replies: those for now first, each in the state in which it leaves."""
        address, limits = turn.inbound.address, self.limits[turn.inbound.channel]
        about = tuple(person for reply in replies for person in reply.about)
        write = partial(compose, replies, limits, state=turn.state, locale=turn.locale, link=self.file_link)
        if limits.replies is None:
            state = self._leaving_state(address.channel)
            new = [_message(turn, number, body, state, about) for number, body in enumerate(write(waiting=None))]
            return uow.messages.reply(new, turn.now, owner=self.dispatch.owner, lease=self.dispatch.lease)
        pushes = self.rights[address.channel].push
        bodies = write(waiting=None if pushes else len(uow.messages.held(address.channel, address.chat)))
        later = "pending" if pushes else "held"
        new = [_message(turn, number, body, later, about) for number, body in enumerate(bodies)]
        until = turn.now + PASSIVE_LEASE
        carried = 0 if turn.inbound.aside else limits.replies
        new[:carried] = [replace(one, state="sending", lease_until=until) for one in new[:carried]]
        ids = uow.messages.add(new, turn.now)
        if pushes:
            uow.messages.release_held(address.channel, address.chat)
        return uow.messages.get(ids)

    def _leaving_state(self, channel: str) -> str:
        """How a reply leaves: in a mailbox it has arrived, and what this process sends is leased from the start."""
        if self.rights[channel].mailbox:
            return "sent"
        return "sending" if channel in self.dispatch.channels else "pending"

    def _repeat(self, uow: UnitOfWork, inbound: Inbound) -> _Done:
        seen = uow.events.find(inbound.channel, inbound.event)
        rows = uow.messages.get(list(seen.messages)) if seen else []
        reference = seen.reference if seen else ""
        return _Done(Handled(tuple(map(conversations.outgoing, rows)), repeated=True, reference=reference))

    def _leave(self, uow: UnitOfWork, inbound: Inbound) -> _Done:
        if uow.events.find(inbound.channel, inbound.event) is None:
            people.mark_left(uow=uow, inbound=inbound)
            uow.events.add(inbound.channel, inbound.event, self.clock(), [])
        return _Done(Handled())

    def _apologise(self, uow: UnitOfWork, *, inbound: Inbound, reference: str) -> _Done:
        """Stores the event with an apology: whatever broke the turn is not tried again by the platform's repeat."""
        now = self.clock()
        opening = self._open(uow, inbound, now)
        if opening.handled:
            return self._repeat(uow, inbound)
        turn = Turn(inbound, now, opening.person, State(), self._locale(uow, inbound, opening.person, State()))
        text = render("errors.unexpected", turn.locale, reference=reference)
        return self._close(uow, turn, self._queue(uow, turn, [Reply(text)]), reference)


def _message(turn: Turn, number: int, body: Body, state: str, about: tuple[int, ...]) -> NewMessage:
    inbound = turn.inbound
    key = f"reply:{inbound.channel}:{inbound.event}:{number}"
    return NewMessage(key, inbound.channel, inbound.chat, turn.person.id, "reply", body, state, about=about)


def _check_allowed(route: Route, turn: Turn) -> None:
    if route.command is None:
        return
    if _RANK[turn.person.role] < _RANK[route.command.role]:
        raise NotStaff
    if route.command.private and not turn.inbound.private:
        raise PrivateOnly
