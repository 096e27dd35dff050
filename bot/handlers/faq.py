"""Questions: answered from the guides, or honestly not, with the offer to pass them on to staff."""

from bot.context import Services, Turn
from bot.flows.questions import wished_for
from bot.handlers import admin_questions, watch
from bot.messages import Choice, Reply
from bot.services import questions
from knowledge.programme import Answer, Programme

MOST_CHARS = 2000
_ABOUT_DEADLINE = frozenset({"deadline", "deadline-hour", "deadline-announcement", "open-now", "days-left"})
_ANSWERED_BY_COURTESY = frozenset({"smalltalk", "background"})


def ask(turn: Turn, services: Services) -> list[Reply]:
    """Answers a question; in a flow, the flow goes on afterwards."""
    if not turn.text:
        return [turn.say("faq.what")]
    return answer_question(turn, services, turn.text)


def answer_question(turn: Turn, services: Services, question: str) -> list[Reply]:
    """Answers a question from the guides. Inside another flow nothing is offered that would leave it."""
    if len(question) > MOST_CHARS:
        return [turn.say("faq.too_long", limit=MOST_CHARS)]
    answer = services.library.ask(
        question,
        programme=turn.state.programme or None,
        history=turn.state.history,
        now=turn.now,
        notices=services.notices,
    )
    turn.state.remember(question)
    spoken_of = services.library.programmes.get(answer.programme or "") or services.library.find(question)
    if spoken_of is not None:
        turn.state.programme = spoken_of.id
    if turn.state.flow not in {"", "faq"}:
        return [Reply(_whole(answer))]
    turn.state.leave()
    return _offer(turn, services, question, answer)


def follow(turn: Turn, services: Services) -> list[Reply]:
    """Reads what follows a choice of topics or of programmes; anything else is the next question."""
    offers = turn.state.data.get("offers", [])
    question = str(turn.state.data.get("question", ""))
    turn.state.leave()
    if turn.choice is None:
        return ask(turn, services)
    kind, _, value = turn.choice.partition(":")
    if kind == "programme":
        turn.state.programme = value
        return answer_question(turn, services, question)
    index = int(value)
    return [Reply(str(offers[index]))] if index < len(offers) else [turn.say("start.old_button")]


def handover(turn: Turn, services: Services) -> list[Reply]:
    """Passes a question on to staff: the one given, else the last one asked."""
    text = turn.text or (turn.state.history[-1] if turn.state.history else "")
    if not text:
        return [turn.say("faq.handover_what")]
    asked = questions.ask_staff(
        uow=services.uow,
        person_id=turn.person.id,
        address=turn.inbound.address,
        programme=turn.state.programme,
        text=text[:MOST_CHARS],
        now=turn.now,
    )
    if asked is None:
        return [turn.say("faq.handover_enough")]
    admin_questions.tell_staff_of_question(turn, services, asked)
    return [turn.say("faq.handed_over", number=asked, text=text[:60])]


def _offer(turn: Turn, services: Services, question: str, answer: Answer) -> list[Reply]:
    wished = _wished(turn, services, question)
    if wished is not None:
        is_told = answer.status == "answered" and answer.programme == wished.id
        begin = turn.option(f"/apply {wished.id}", "status.button_apply")
        offer = turn.say("faq.wish", name=wished.name.get(turn.locale), choices=(begin,))
        return [Reply(answer.text, (begin,))] if is_told else [offer]
    if answer.status == "clarify":
        turn.state.enter("faq", question=question)
        known = services.library.programmes.values()
        return [
            Reply(answer.text, tuple(Choice(f"programme:{found.id}", found.name.get(turn.locale)) for found in known))
        ]
    if answer.status == "choices":
        turn.state.enter("faq", offers=[offer.answer for offer in answer.choices])
        return [Reply(answer.text, tuple(Choice(f"offer:{i}", offer.label) for i, offer in enumerate(answer.choices)))]
    if answer.status == "abstained" and turn.inbound.private and answer.topic not in _ANSWERED_BY_COURTESY:
        return [Reply(answer.text, (turn.option("/handover", "faq.button_handover"),))]
    spoken_of = services.library.programmes.get(answer.programme or "")
    if spoken_of is not None and answer.topic in _ABOUT_DEADLINE:
        return [Reply(answer.text, watch.offer(turn, services, spoken_of))]
    return [Reply(answer.text)]


def _wished(turn: Turn, services: Services, text: str) -> Programme | None:
    """The programme that somebody says they want to apply for; None where they say no such thing, or in a group."""
    wished = wished_for(text) if turn.inbound.private else None
    if wished is None:
        return None
    return services.library.find(wished) if wished else services.library.programmes.get(turn.state.programme)


def _whole(answer: Answer) -> str:
    """An answer without choices to tap: what was undecided is told in full."""
    if answer.status != "choices":
        return answer.text
    return "\n\n".join(f"{offer.label}\n{offer.answer}" for offer in answer.choices)
