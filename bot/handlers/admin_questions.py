"""Staff's commands on questions that the guides do not answer: /questions, /reply."""

import re
from functools import partial

from bot.context import Services, Turn
from bot.errors import BotError, NotFound, UsageError
from bot.handlers.arguments import short_words
from bot.handlers.naming import channel_name, programme_name, programme_zone
from bot.handlers.telling import tell
from bot.messages import ONE_PIECE, Choice, Reply
from bot.render import render
from bot.services import questions as service
from bot.services.notices import notify_staff
from bot.services.questions import Question

_FOR_QUOTE = 500  # bytes: the question is quoted above the answer
_PAGE = 6
_LABEL = 24
_QUOTED = 120
_NUMBER = re.compile(r"(?:#|No)? ?第? ?(\d{1,9}) ?号?")
_REPLY = re.compile(r"\s*+[#＃№]?\s*+第?\s*+(\d{1,9})(?:\s*+号)?[\s:：,，、.]++(\S.*)", re.DOTALL)
_AFTER = re.compile(r"(?:after|之后) ?(\d{1,9})", re.IGNORECASE)


class AnswerTooLong(BotError):
    """An answer that would not arrive in one piece everywhere. Values: count, limit, in bytes."""

    template = "admin_questions.too_long"


def questions(turn: Turn, services: Services) -> list[Reply]:
    """Lists the open questions, oldest first; with a number, shows that question and its answer."""
    text = short_words(turn.text)
    if found := _NUMBER.fullmatch(text):
        return [_show(turn, services, _need(services, int(found[1])))]
    after = _AFTER.fullmatch(text)
    if text and after is None:
        raise UsageError(command="questions", usage=turn.say("admin_questions.usage_questions").text)
    page = service.open_questions(uow=services.uow, limit=_PAGE, after=int(after[1]) if after else 0)
    if not page.questions:
        return [turn.say("admin_questions.none", total=page.total)]
    choices = tuple(Choice(f"/questions {found.id}", _label(turn, services, found)) for found in page.questions)
    if page.more:
        choices += (turn.option(f"/questions after {page.questions[-1].id}", "admin_questions.button_next"),)
    about = tuple(found.person_id for found in page.questions)
    return [turn.say("admin_questions.open", total=page.total, choices=choices, about=about)]


def reply(turn: Turn, services: Services) -> list[Reply]:
    """Answers a question; the asker gets their question and the answer. A second answer is told as an addition."""
    found = _REPLY.fullmatch(turn.text)
    if found is None:
        raise UsageError(command="reply", usage=turn.say("admin_questions.usage_reply").text)
    number, text = int(found[1]), found[2].strip()
    if (size := len(text.encode())) > ONE_PIECE - _FOR_QUOTE:
        raise AnswerTooLong(count=size, limit=ONE_PIECE - _FOR_QUOTE)
    answered = service.answer_question(uow=services.uow, number=number, text=text, by=turn.person.id, now=turn.now)
    if answered is None:
        raise NotFound(text=f"#{number}")
    template = "admin_questions.told_addition" if answered.addition else "admin_questions.told_answer"
    text_of = partial(_told, template, question=answered.question, answer=text)
    told = tell(turn, services, answered.told, text_of, key=f"answer:{number}")
    return [turn.say("admin_questions.answered", number=number, addition=answered.addition, told=told)]


def tell_staff_of_question(turn: Turn, services: Services, number: int) -> int:
    """Tells all staff that a question waits for them, once for each question; gives how many were told."""
    question = _need(services, number)

    def text_of(locale: str) -> str:
        name = programme_name(services, question.programme, locale) if question.programme else ""
        text = _shorten(question.text, _QUOTED)
        return render("admin_questions.new", locale, number=number, programme=name, text=text)

    return notify_staff(
        uow=services.uow,
        text_of=text_of,
        key=f"question:{number}",
        now=turn.now,
        about=(question.person_id,),
        but=turn.person.id,
    )


def _told(template: str, locale: str, *, question: Question, answer: str) -> str:
    return render(template, locale, question=_shorten(question.text, _QUOTED), answer=answer)


def _need(services: Services, number: int) -> Question:
    question = service.get_question(uow=services.uow, number=number)
    if question is None:
        raise NotFound(text=f"#{number}")
    return question


def _show(turn: Turn, services: Services, question: Question) -> Reply:
    return turn.say(
        "admin_questions.question",
        number=question.id,
        programme=programme_name(services, question.programme, turn.locale) if question.programme else "",
        person=question.person_id,
        channel=channel_name(question.channel, turn.locale),
        asked=question.asked_at,
        text=question.text,
        answer=question.answer,
        zone=programme_zone(services, question.programme),
        about=(question.person_id,),
    )


def _label(turn: Turn, services: Services, question: Question) -> str:
    name = programme_name(services, question.programme, turn.locale) if question.programme else ""
    text = _shorten(question.text, _LABEL)
    return turn.say("admin_questions.item", number=question.id, programme=name, text=text).text


def _shorten(text: str, limit: int) -> str:
    """A text on one line, cut with an ellipsis where it is longer."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
