"""What is said in the middle of a form and is no answer to it: a question, a greeting."""

from collections.abc import Callable

from bot.context import Services, Turn
from bot.flows import engine
from bot.flows.questions import is_courtesy, is_short, looks_like_question
from bot.flows.values import Input
from bot.handlers import faq
from bot.messages import Choice, Reply
from bot.services.applications import Draft, moment_of
from knowledge.form import Field, FieldType, Form
from knowledge.programme import Programme
from knowledge.text import count

_FREE_TEXT = frozenset({FieldType.TEXT, FieldType.LONGTEXT})
_COURTESY = "smalltalk"
_LONGEST_COURTESY = 8  # 字

Prompt = Callable[[], Reply]


def reply_aside(
    turn: Turn, services: Services, opened: tuple[Programme, Form, Draft], given: Input, prompt: Prompt
) -> list[Reply] | None:
    """Answers a question or a courtesy, and asks again; None where the message is an answer to the prompt."""
    programme, form, draft = opened
    if given.word or given.choice is not None or not is_short(given.text):
        return None
    if given.files or given.refused or given.paper is not None:
        return None
    moment = moment_of(programme, draft.application, turn.now)
    cursor = draft.application.cursor
    asked = engine.asked_field(form, draft.answers, cursor, moment)
    free = asked is not None and asked.type in _FREE_TEXT
    if engine.gives_several(form, draft.answers, given):
        return None
    if not free and engine.reads_as(form, draft.answers, cursor, given, moment) is None:
        return None
    if not looks_like_question(given.text):
        return _courtesy(turn, services, programme, given.text, prompt)
    if asked is not None and free:
        return _maybe_question(turn, services, programme, asked, given.text, prompt)
    return [*answer_aside(turn, services, programme, given.text), prompt()]


def _maybe_question(
    turn: Turn, services: Services, programme: Programme, asked: Field, text: str, prompt: Prompt
) -> list[Reply]:
    """What looks like a question where any text may be the answer: answered if the guide knows, else asked back."""
    turn.state.data["held"] = text
    answer = services.library.ask(
        text, programme=programme.id, history=turn.state.history, now=turn.now, notices=services.notices
    )
    if answer.status not in {"answered", "choices"}:
        label = asked.label.get(turn.locale)
        choices = (turn.option("held:yes", "apply.button_held_yes"), turn.option("held:no", "apply.button_held_no"))
        return [turn.say("apply.held", text=text, label=label, choices=choices)]
    shown = prompt()
    keep = Choice("held:yes", turn.say("apply.button_held_yes").text, numbered=False)
    return [*answer_aside(turn, services, programme, text), Reply(shown.text, (*shown.choices, keep))]


def answer_aside(turn: Turn, services: Services, programme: Programme, text: str) -> list[Reply]:
    """Answers a question; within a form it is about the form's programme unless it names another."""
    turn.state.programme = programme.id
    replies = faq.answer_question(turn, services, text)
    turn.state.programme = programme.id
    return replies


def _courtesy(turn: Turn, services: Services, programme: Programme, text: str, prompt: Prompt) -> list[Reply] | None:
    """Replies to a greeting or thanks; None where the text is none."""
    if count(text) > _LONGEST_COURTESY:
        return None
    answer = services.library.ask(text, programme=programme.id, now=turn.now, notices=services.notices)
    if answer.topic == _COURTESY:
        return [Reply(answer.text), prompt()]
    return [turn.say("apply.courtesy"), prompt()] if is_courtesy(text) else None
