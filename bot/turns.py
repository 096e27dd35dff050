"""One event, once, in one transaction: recognised, routed, answered, queued, committed; then sent."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from bot import conversations, telemetry
from bot.channels.base import Limits, Rights
from bot.composition import compose
from bot.context import Clock, Library, Services, State, Turn
from bot.errors import BotError, NotStaff, PrivateOnly
from bot.handlers import FLOWS
from bot.language import guess_locale
from bot.messages import Inbound, Kind, Outgoing, Reply
from bot.render import render
from bot.router import Route, choose
from bot.services import people
from bot.services.recipients import DEFAULT_LOCALE
from storage.database import Storage
from storage.errors import AlreadyHandled, StorageError
from storage.records import Event, NewMessage, Person
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

# Who answers in its own response must have done so by then; afterwards the worker takes the message over.
PASSIVE_LEASE = timedelta(seconds=20)
_RANK = {"applicant": 0, "staff": 1, "owner": 2}


@dataclass(frozen=True, slots=True)
class Handled:
    """What came of an event: the messages that answer it, whether it was a repeat, and an error's reference code."""

    messages: tuple[Outgoing, ...] = ()
    repeated: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Turns:
    """Handles events. `after_commit` gets the ids of the messages that are to be sent now."""

    storage: Storage
    library: Library
    clock: Clock
    limits: Mapping[str, Limits]
    rights: Mapping[str, Rights]
    after_commit: Callable[[Sequence[int]], Awaitable[None]]
    public_url: str = ""

    async def handle(self, inbound: Inbound) -> Handled:
        """Handles one event. Raises StorageError where the database refuses; the event may then be sent again."""
        try:
            handled = await self._once(partial(self._handle, inbound=inbound))
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - a poison message must neither loop nor stop the others
            reference = telemetry.new_reference()
            log.error("turn_failed", reference=reference, channel=inbound.channel, event_kind=inbound.kind, error=error)
            handled = await self._once(partial(self._apologise, inbound=inbound, reference=reference))
        if not handled.repeated:
            await self.after_commit([message.id for message in handled.messages])
        return handled

    async def _once(self, work: Callable[[UnitOfWork], Handled]) -> Handled:
        """Runs work that ends with the event's row; where another was faster, again: it then finds that one's."""
        try:
            return await self.storage.run(work)
        except AlreadyHandled:
            return await self.storage.run(work)

    async def delivered(self, ids: Sequence[int]) -> None:
        """Notes that messages were handed over in our own response."""
        await self.storage.run(lambda uow: uow.messages.mark_sent(list(ids), self.clock()))

    async def after(self, channel: str, chat: str, message_id: int) -> list[Outgoing]:
        """What a page shows of its chat after a message."""
        rows = await self.storage.run(lambda uow: uow.messages.after(channel, chat, message_id))
        return [conversations.outgoing(row) for row in rows]

    def _handle(self, uow: UnitOfWork, *, inbound: Inbound) -> Handled:
        now = self.clock()
        if inbound.kind is Kind.LEFT:
            return self._leave(uow, inbound)
        person = people.recognise_person(uow=uow, inbound=inbound, now=now)
        stored = uow.conversations.lock(inbound.channel, inbound.chat, inbound.sender, person.id, now)
        seen = uow.events.find(inbound.channel, inbound.event)
        if seen is not None:
            return self._repeat(uow, seen)
        state = conversations.load(stored.state)
        state.number = stored.id
        turn = Turn(inbound, now, person, state, self._locale(uow, inbound, person, state))
        before = conversations.copy(state)
        replies, interrupted = self._answer(uow, turn)
        conversations.note_prompt(turn.state, replies, interrupted=interrupted)
        messages = self._queue(uow, turn, replies)
        conversations.note_asked(turn.state, before, [message.id for message in messages], now)
        uow.conversations.save(stored.id, conversations.dump(turn.state), now)
        uow.events.add(inbound.channel, inbound.event, now, [message.id for message in messages])
        return Handled(messages)

    def _locale(self, uow: UnitOfWork, inbound: Inbound, person: Person, state: State) -> str:
        """The person's language: chosen, else told by the channel, else shown by words that answer no form."""
        found = person.locale or inbound.locale or (None if state.flow else guess_locale(inbound.text))
        if found is not None and person.locale is None:
            people.choose_language(uow=uow, person_id=person.id, locale=found)
        return found or DEFAULT_LOCALE

    def _answer(self, uow: UnitOfWork, turn: Turn) -> tuple[list[Reply], bool]:
        """The replies, and whether a flow was only interrupted and goes on at the same prompt."""
        services = Services(
            uow=uow,
            library=self.library,
            notices=conversations.notices(uow),
            rights=self.rights,
            public_url=self.public_url,
        )
        route = choose(turn.inbound, turn.state, untimely=conversations.is_untimely(uow, turn.inbound, turn.state))
        turn.text, turn.choice = route.text, route.choice
        before = conversations.copy(turn.state)
        try:
            with uow.savepoint():
                _check_allowed(route, turn)
                replies = route.handler(turn, services)
        except BotError as refusal:
            turn.state = before
            replies = [Reply(render(refusal.template, turn.locale, **refusal.values))]
        if not (route.interrupts and turn.state.flow and turn.state.place == before.place):
            return replies, False
        show = FLOWS[turn.state.flow].show
        return [*replies, *(show(turn, services) if show else [])], True

    def _queue(self, uow: UnitOfWork, turn: Turn, replies: list[Reply]) -> tuple[Outgoing, ...]:
        inbound, limits = turn.inbound, self.limits[turn.inbound.channel]
        pushes = self.rights[inbound.channel].push
        waits = limits.replies is not None and not pushes
        waiting = len(uow.messages.held(inbound.channel, inbound.chat)) if waits else None
        parts = compose(replies, limits, state=turn.state, locale=turn.locale, waiting=waiting)
        new = []
        for number, part in enumerate(parts):
            passive = limits.replies is not None and number < limits.replies
            new.append(
                NewMessage(
                    key=f"reply:{inbound.channel}:{inbound.event}:{number}",
                    channel=inbound.channel,
                    chat=inbound.chat,
                    person_id=turn.person.id,
                    kind="reply",
                    body=part,
                    state="sending" if passive else "held" if waits else "pending",
                    lease_until=turn.now + PASSIVE_LEASE if passive else None,
                )
            )
        ids = uow.messages.add(new, turn.now)
        if pushes and limits.replies is not None:
            uow.messages.release_held(inbound.channel, inbound.chat)
        return tuple(conversations.outgoing(row) for row in uow.messages.get(ids))

    def _repeat(self, uow: UnitOfWork, seen: Event) -> Handled:
        rows = uow.messages.get(list(seen.messages))
        return Handled(tuple(conversations.outgoing(row) for row in rows), repeated=True, reference=seen.reference)

    def _leave(self, uow: UnitOfWork, inbound: Inbound) -> Handled:
        if uow.events.find(inbound.channel, inbound.event) is None:
            people.mark_left(uow=uow, inbound=inbound)
            uow.events.add(inbound.channel, inbound.event, self.clock(), [])
        return Handled()

    def _apologise(self, uow: UnitOfWork, *, inbound: Inbound, reference: str) -> Handled:
        """Stores the event with an apology: whatever broke the turn is not tried again by the platform's repeat."""
        now = self.clock()
        person = people.recognise_person(uow=uow, inbound=inbound, now=now)
        uow.conversations.lock(inbound.channel, inbound.chat, inbound.sender, person.id, now)
        seen = uow.events.find(inbound.channel, inbound.event)
        if seen is not None:
            return self._repeat(uow, seen)
        turn = Turn(inbound, now, person, State(), self._locale(uow, inbound, person, State()))
        text = render("errors.unexpected", turn.locale, reference=reference)
        messages = self._queue(uow, turn, [Reply(text)])
        uow.events.add(inbound.channel, inbound.event, now, [message.id for message in messages], reference)
        return Handled(messages, reference=reference)


def _check_allowed(route: Route, turn: Turn) -> None:
    if route.command is None:
        return
    if _RANK[turn.person.role] < _RANK[route.command.role]:
        raise NotStaff
    if route.command.private and not turn.inbound.private:
        raise PrivateOnly
