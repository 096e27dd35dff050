"""Questions that the guide could not answer: passed on to staff, answered by them, told to the asker."""

from dataclasses import dataclass
from datetime import datetime

from bot.messages import Address
from bot.services.recipients import Recipient, find_recipient
from storage import records
from storage.unit_of_work import UnitOfWork

Question = records.Question  # named here for handlers, which know no storage

MOST_OPEN = 5
_ALL = 100_000


@dataclass(frozen=True, slots=True)
class Page:
    """Some open questions, oldest first; how many are open in all, and whether more follow these."""

    questions: tuple[Question, ...]
    total: int
    more: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with what staff now said to it. `addition`: it had an answer before."""

    question: Question
    text: str
    addition: bool
    told: Recipient


def ask_staff(
    *, uow: UnitOfWork, person_id: int, address: Address, programme: str, text: str, now: datetime
) -> int | None:
    """Passes a question on to staff and gives its number; None where the person has `MOST_OPEN` open ones already.

    The same question asked again while it is open keeps its number.
    """
    mine = [question for question in uow.questions.open(limit=_ALL) if question.person_id == person_id]
    same = next((question.id for question in mine if question.text == text and question.programme == programme), None)
    if same is not None:
        return same
    if len(mine) >= MOST_OPEN:
        return None
    return uow.questions.add(person_id, address.channel, address.chat, programme, text, now)


def open_questions(*, uow: UnitOfWork, limit: int, after: int = 0) -> Page:
    """The open questions with numbers above `after`, at most `limit`."""
    waiting = uow.questions.open(limit=_ALL)
    following = [question for question in waiting if question.id > after]
    return Page(tuple(following[:limit]), len(waiting), len(following) > limit)


def get_question(*, uow: UnitOfWork, number: int) -> Question | None:
    """The question of a number, open or answered."""
    return uow.questions.get(number) if 0 < number < 2**31 else None


def answer_question(*, uow: UnitOfWork, number: int, text: str, by: int, now: datetime) -> Answered | None:
    """Notes an answer; one to an answered question is added to the first. None where there is no such question."""
    question = get_question(uow=uow, number=number)
    if question is None:
        return None
    addition = question.state == "answered"
    uow.questions.answer(number, f"{question.answer}\n\n{text}" if addition else text, by, now)
    return Answered(question, text, addition, find_recipient(uow=uow, person_id=question.person_id))
