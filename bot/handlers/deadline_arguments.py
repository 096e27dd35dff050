"""The arguments of /deadline: a programme, whose deadline, and when."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.context import Services, Turn
from bot.errors import BotError, NotFound, UsageError
from bot.handlers.arguments import fold_words, split_receipt
from bot.handlers.naming import programme_name, unknown_programme
from bot.services import programmes, review
from bot.services.instants import Reading, read_instant
from knowledge.programme import Programme

_NONE = frozenset({"none", "null", "no", "not announced", "tba", "无", "没有", "未公布", "尚未公布", "未定", "待定"})
_LONGEST = 200
_MOST_NAME_WORDS = 12
_PERSON = re.compile(r"[#＃]\s*(\d{1,9})\s+(\S.*)", re.DOTALL)


class OtherProgramme(BotError):
    """A receipt of another programme than the one named. Values: receipt, programme."""

    template = "admin_programme.other_programme"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `given` False: only the programme was named. `person_id`: for this person alone."""

    programme: Programme
    closes_at: datetime | None = None
    person_id: int | None = None
    whole_day: bool = False
    given: bool = True


def read_deadline(turn: Turn, services: Services) -> Wanted:
    """Reads "PROGRAMME", "PROGRAMME INSTANT|none" or "PROGRAMME RECEIPT|#PERSON INSTANT|none".

    A programme's name may have spaces, and a library finds one by a part of what is said: words are added to the name
    only until the rest can be read, and one with a digit, which may be a mistyped receipt, only where it belongs to a
    name. Raises UnknownProgramme, UsageError, NotFound or OtherProgramme.
    """
    words = turn.text[:_LONGEST].split()
    named = False
    for number in range(1, min(len(words), _MOST_NAME_WORDS + 1)):
        name = " ".join(words[:number])
        if named and _has_digit(words[number - 1]) and not _is_name(services, name):
            break
        programme = services.library.find(name)
        if programme is not None:
            named = True
            wanted = _read_rest(turn, services, programme, " ".join(words[number:]))
            if wanted is not None:
                return wanted
    whole = services.library.find(turn.text[:_LONGEST])
    if whole is not None and (not named or _is_name(services, turn.text)):
        return Wanted(whole, given=False)
    if not named:
        raise unknown_programme(services, words[0], turn.locale)
    raise UsageError(command="deadline", usage=turn.say("admin_programme.usage_deadline").text)


def _has_digit(word: str) -> bool:
    return any(character.isdecimal() for character in word)


def _is_name(services: Services, text: str) -> bool:
    """Whether a text is a programme's id, name or alias and nothing else."""
    known = services.library.programmes.values()
    names = [name for found in known for name in (found.id, found.name.zh, found.name.en, *found.aliases)]
    return _close_up(text) in {_close_up(name) for name in names}


def _close_up(text: str) -> str:
    return fold_words(text).replace(" ", "")


def _read_rest(turn: Turn, services: Services, programme: Programme, rest: str) -> Wanted | None:
    """What follows the programme; None where it cannot be read."""
    when = _read_when(turn, programme, rest)
    if when is not None:
        return Wanted(programme, when.instant if isinstance(when, Reading) else None, whole_day=_is_whole_day(when))
    person_id, rest = _read_person(turn, services, programme, rest)
    when = _read_when(turn, programme, rest) if person_id is not None else None
    if when is None:
        return None
    return Wanted(programme, when.instant if isinstance(when, Reading) else None, person_id, _is_whole_day(when))


def _read_when(turn: Turn, programme: Programme, text: str) -> Reading | str | None:
    """An instant, or "none" for not announced; None where it is neither."""
    if fold_words(text) in _NONE:
        return "none"
    return read_instant(text, zone=programme.zone, now=turn.now)


def _is_whole_day(when: Reading | str) -> bool:
    return isinstance(when, Reading) and when.whole_day


def _read_person(turn: Turn, services: Services, programme: Programme, text: str) -> tuple[int | None, str]:
    """The person of a receipt or of "#number", and what follows."""
    if found := _PERSON.fullmatch(text):
        person = programmes.find_person(uow=services.uow, person_id=int(found[1]))
        if person is None:
            raise NotFound(text=f"#{found[1]}")
        return person.id, found[2]
    receipt, rest = split_receipt(text)
    if not receipt:
        return None, text
    applications = review.find_applications(uow=services.uow, text=receipt).applications
    if not applications:
        raise NotFound(text=receipt)
    if applications[0].programme != programme.id:
        other = programme_name(services, applications[0].programme, turn.locale)
        raise OtherProgramme(receipt=receipt, programme=other)
    return applications[0].person_id, rest
