"""The dialog of a new broadcast: for whom, what text, preview, test to oneself, start by typing the number reached."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from bot import letters
from bot.context import Services, Turn
from bot.errors import BotError, UsageError
from bot.flows.words import read_word
from bot.handlers.arguments import read_state, short_words
from bot.handlers.audiences import STATES, describe, read_audience, unfinished
from bot.handlers.naming import find_programme, programme_zone, state_name
from bot.messages import ONE_PIECE, Choice, Reply
from bot.render import render
from bot.services import broadcasts
from bot.services.addressees import find_addressee
from bot.services.broadcasts import Audience, NobodyReached, Preview, ReachChanged
from bot.services.instants import read_instant
from knowledge.programme import Programme

_ALL = "*"
_BACK = {"programme": "audience", "state": "programme", "text": "audience", "confirm": "text", "when": "confirm"}


class TooLong(BotError):
    """A text that does not arrive in one piece everywhere. Values: length, limit, in bytes of UTF-8."""

    template = "admin_broadcast.too_long"


class NoInstant(BotError):
    """A text that names no instant, or one in the past. Values: text, past."""

    template = "admin_broadcast.no_instant"


def begin(turn: Turn, services: Services) -> list[Reply]:
    """Asks for whom the broadcast is."""
    turn.state.enter("broadcast", step="audience")
    return _ask(turn, services)


def begin_for(turn: Turn, services: Services, text: str) -> list[Reply]:
    """Begins with an audience that was named at once, such as "staff" or "PROGRAMME drafts"."""
    audience = read_audience(turn, services, text)
    if audience is None:
        raise UsageError(command="broadcast", usage=turn.say("admin_broadcast.usage").text)
    turn.state.enter("broadcast", step="audience")
    return _address(turn, services, audience)


def continue_broadcast(turn: Turn, services: Services) -> list[Reply]:
    """Reads the next message of the dialog."""
    if turn.person.role == "applicant":
        turn.state.leave()
        return [turn.say("errors.not_staff")]
    step = turn.state.data.get("step", "audience")
    word = (
        turn.choice if turn.choice in {"cancel", "back"} else read_word(turn.text).word if turn.choice is None else ""
    )
    if word == "cancel":
        turn.state.leave()
        return [turn.say("admin_broadcast.left")]
    if word == "back":
        return _go(turn, services, _BACK.get(step, "audience"))
    return _STEPS[step](turn, services)


def prompt_again(turn: Turn, services: Services) -> list[Reply]:
    """The prompt of the present step, after something else was answered."""
    return _ask(turn, services)


def _on_audience(turn: Turn, services: Services) -> list[Reply]:
    kind = turn.choice
    if kind in {"programme", "unfinished", "state"}:
        return _go(turn, services, "programme", kind=kind)
    audience = read_audience(turn, services, kind or turn.text)
    return _ask(turn, services) if audience is None else _address(turn, services, audience)


def _on_programme(turn: Turn, services: Services) -> list[Reply]:
    kind = turn.state.data["kind"]
    if turn.choice == _ALL and kind == "unfinished":
        return _address(turn, services, unfinished())
    programme = find_programme(services, turn.choice or turn.text, turn.locale).id
    if kind == "state":
        return _go(turn, services, "state", programme=programme)
    audience = unfinished(programme) if kind == "unfinished" else Audience(programmes=(programme,))
    return _address(turn, services, audience)


def _on_state(turn: Turn, services: Services) -> list[Reply]:
    state = turn.choice or read_state(turn.text)[0]
    if state not in set(STATES):
        return _ask(turn, services)
    return _address(turn, services, Audience(programmes=(turn.state.data["programme"],), states=(state,)))


def _on_text(turn: Turn, services: Services) -> list[Reply]:
    text = turn.text.strip()
    if not text:
        return _ask(turn, services)
    if (size := len(_sample(turn, services, text).encode())) > ONE_PIECE:
        raise TooLong(length=size, limit=ONE_PIECE)
    return _go(turn, services, "confirm", text=text)


def _on_confirm(turn: Turn, services: Services) -> list[Reply]:
    if turn.choice == "test":
        sample = Reply(_sample(turn, services, turn.state.data["text"]))
        return [sample, turn.say("admin_broadcast.tested", reached=turn.state.data["shown"], choices=_moves(turn))]
    if turn.choice == "later":
        return _go(turn, services, "when")
    if turn.choice == "edit" or (turn.choice is None and read_word(turn.text).word == "edit"):
        return _go(turn, services, "text")
    typed = short_words(turn.text)
    if not (typed.isdecimal() and typed.isascii()):
        return [turn.say("admin_broadcast.type_number", reached=turn.state.data["shown"], choices=_moves(turn))]
    return _confirm(turn, services, int(typed[:12]))


def _on_when(turn: Turn, services: Services) -> list[Reply]:
    if turn.choice == "now":
        return _go(turn, services, "confirm", starts_at="")
    zone = programme_zone(services, _programme_id(turn))
    reading = read_instant(turn.text, zone=zone, now=turn.now)
    if reading is None or reading.whole_day or reading.instant <= turn.now:
        past = reading is not None and not reading.whole_day
        raise NoInstant(text=turn.text[:40], past=past)
    return _go(turn, services, "confirm", starts_at=reading.instant.isoformat())


_STEPS: dict[str, Callable[[Turn, Services], list[Reply]]] = {
    "audience": _on_audience,
    "programme": _on_programme,
    "state": _on_state,
    "text": _on_text,
    "confirm": _on_confirm,
    "when": _on_when,
}


def _confirm(turn: Turn, services: Services, number: int) -> list[Reply]:
    data = turn.state.data
    starts_at = _starts_at(turn)
    try:
        made = broadcasts.confirm_broadcast(
            uow=services.uow,
            author_id=turn.person.id,
            text=data["text"],
            audience=_audience(turn),
            rights=services.rights,
            shown=data["shown"],
            number=number,
            starts_at=starts_at,
            now=turn.now,
        )
    except ReachChanged as change:
        # No refusal: it would take back the new number, and nobody could ever type the right one.
        told = Reply(render(change.template, turn.locale, **change.values))
        return [told, *_ask(turn, services)]
    zone = programme_zone(services, _programme_id(turn))
    turn.state.leave()
    progress = turn.option(f"/broadcast {made.id}", "admin_broadcast.action", action="report")
    return [turn.say("admin_broadcast.started", number=made.id, starts_at=starts_at, zone=zone, choices=(progress,))]


def _address(turn: Turn, services: Services, audience: Audience) -> list[Reply]:
    """Takes an audience, unless there is nobody in it. Raises NobodyReached."""
    preview = _preview(turn, services, audience)
    if not preview.reached + preview.waiting:
        raise NobodyReached
    chosen = {key: value for key, value in asdict(audience).items() if value}
    return _go(turn, services, "text", audience=chosen)


def _go(turn: Turn, services: Services, step: str, **values: object) -> list[Reply]:
    turn.state.data = {**turn.state.data, **values, "step": step}
    turn.state.expects = step
    return _ask(turn, services)


def _ask(turn: Turn, services: Services) -> list[Reply]:
    """The prompt of the present step."""
    step = turn.state.data["step"]
    turn.state.expects = step
    if step == "confirm":
        return _show_preview(turn, services)
    if step == "text":
        known = letters.known_fields(_programme(turn, services))
        return [turn.say("admin_broadcast.ask_text", known=known, choices=_ways(turn))]
    if step == "when":
        now = turn.option("now", "admin_broadcast.option", name="now")
        return [turn.say("admin_broadcast.ask_when", choices=(now, *_ways(turn)))]
    choices = {"audience": _kinds, "programme": _programmes, "state": _states}[step](turn, services)
    return [turn.say(f"admin_broadcast.ask_{step}", choices=(*choices, *_ways(turn)))]


def _show_preview(turn: Turn, services: Services) -> list[Reply]:
    preview = _preview(turn, services, _audience(turn))
    turn.state.data["shown"] = preview.reached
    numbers = turn.say(
        "admin_broadcast.preview",
        preview=preview,
        audience=describe(turn, services, _audience(turn)),
        starts_at=_starts_at(turn),
        zone=programme_zone(services, _programme_id(turn)),
        choices=_moves(turn),
    )
    return [Reply(_sample(turn, services, turn.state.data["text"])), numbers]


def _kinds(turn: Turn, _services: Services) -> list[Choice]:
    kinds = ("everyone", "programme", "unfinished", "state", "staff")
    recent = Choice("/broadcast list", turn.say("admin_broadcast.option", name="list").text, numbered=False)
    return [*(turn.option(kind, "admin_broadcast.option", name=kind) for kind in kinds), recent]


def _programmes(turn: Turn, services: Services) -> list[Choice]:
    known = [Choice(one.id, one.name.get(turn.locale)) for one in services.library.programmes.values()]
    if turn.state.data["kind"] == "unfinished":
        known.append(turn.option(_ALL, "admin_broadcast.option", name="all_programmes"))
    return known


def _states(turn: Turn, _services: Services) -> list[Choice]:
    return [Choice(str(state), state_name(state, turn.locale)) for state in STATES]


def _moves(turn: Turn) -> tuple[Choice, ...]:
    """What can be done with a preview. Words, not numbers: a number typed here confirms."""
    return tuple(_word(turn, value) for value in ("test", "later", "edit", "cancel"))


def _ways(turn: Turn) -> tuple[Choice, ...]:
    first = turn.state.data["step"] == "audience"
    return tuple(_word(turn, value) for value in (("cancel",) if first else ("back", "cancel")))


def _word(turn: Turn, value: str) -> Choice:
    return Choice(value, turn.say("admin_broadcast.option", name=value).text, numbered=False)


def _audience(turn: Turn) -> Audience:
    return broadcasts.read_audience(turn.state.data["audience"])


def _programme_id(turn: Turn) -> str:
    """The one programme that the audience is of; "" for several or none."""
    programmes = turn.state.data.get("audience", {}).get("programmes", ())
    return str(programmes[0]) if len(programmes) == 1 else ""


def _programme(turn: Turn, services: Services) -> Programme | None:
    return services.library.programmes.get(_programme_id(turn))


def _starts_at(turn: Turn) -> datetime | None:
    stored = turn.state.data.get("starts_at")
    return datetime.fromisoformat(stored) if stored else None


def _preview(turn: Turn, services: Services, audience: Audience) -> Preview:
    return broadcasts.preview_broadcast(uow=services.uow, audience=audience, rights=services.rights, now=turn.now)


def _sample(turn: Turn, services: Services, text: str) -> str:
    """The text as the author would get it. Raises UnknownFields, BrokenText."""
    programme = _programme(turn, services)
    return letters.write(text, find_addressee(uow=services.uow, person_id=turn.person.id, programme=programme))
