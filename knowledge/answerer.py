"""Answers as people read them: first the point, then the guide's sentence with its section, then what to do next."""

from collections.abc import Sequence
from dataclasses import replace

from knowledge import phrases
from knowledge.programme import Answer, Citation, Entry, Offer, Programme, Quote, Topic, Verdict
from knowledge.wording import Wording


def answered(
    programme: Programme, topic: str, point: str, quotes: Sequence[Quote], locale: str, verdict: Verdict | None = None
) -> Answer:
    """An answer in the guide's words. Where it hangs on something, the contact follows."""
    parts = [point or phrases.GUIDE_SAYS.get(locale), *(phrases.cited(quote, locale) for quote in quotes)]
    if verdict == "depends" and (contact := phrases.reached(programme.contacts, locale)):
        parts.append(phrases.ASK.get(locale).format(contact=contact))
    citations = tuple(Citation(programme.id, quote.section, quote.text) for quote in quotes)
    return Answer("answered", "\n".join(parts), programme.id, topic, verdict, citations)


def from_entry(programme: Programme, entry: Entry, locale: str, verdict: Verdict | None) -> Answer:
    """The answer of a pack's entry."""
    point = entry.point.get(locale) if entry.point else ""
    return answered(programme, entry.topic, point, entry.quotes, locale, verdict)


def silent(programme: Programme, topic: Topic | None, entry: Entry | None, locale: str) -> Answer:
    """That the guide does not say it, what it says nearby, and whom to ask."""
    if entry and entry.point:
        parts = [entry.point.get(locale)]
    elif topic:
        parts = [phrases.SILENT.get(locale).format(label=topic.label.get(locale))]
    else:
        parts = [phrases.SILENT_PLAIN.get(locale)]
    if entry and entry.quotes:
        parts += [phrases.RELATED.get(locale), *(phrases.cited(quote, locale) for quote in entry.quotes)]
    if contact := phrases.reached(programme.contacts, locale):
        parts.append(phrases.ASK.get(locale).format(contact=contact))
    return Answer("abstained", "\n".join(parts), programme.id, topic.id if topic else None)


def declined(text: Wording, topic: str, locale: str) -> Answer:
    """A short reply to what asks an award nothing."""
    return Answer("abstained", text.get(locale), None, topic)


def which(topic: str | None, locale: str) -> Answer:
    """The question which programme is meant."""
    return Answer("clarify", phrases.WHICH.get(locale), None, topic)


def choices(answers: Sequence[tuple[Topic, Answer]], programme: Programme, locale: str) -> Answer:
    """The two or three topics that a question may mean, each with its answer."""
    offers = tuple(Offer(topic.label.get(locale), answer.text, topic.id, programme.id) for topic, answer in answers)
    return Answer("choices", phrases.NOT_SURE.get(locale), programme.id, offers[0].topic, choices=offers)


def compared(names: Sequence[str], answers: Sequence[Answer]) -> Answer:
    """The answers of several programmes to one question, each under its name; topic and verdict as of `joined`."""
    text = "\n\n".join(f"{name}\n{answer.text}" for name, answer in zip(names, answers, strict=True))
    return replace(joined(answers), status="answered", text=text, programme=None, choices=())


def joined(answers: Sequence[Answer]) -> Answer:
    """Several answers to one message; the topic is the first's, the verdict that of the first that has one."""
    citations = tuple(dict.fromkeys(citation for answer in answers for citation in answer.citations))
    verdict = next((answer.verdict for answer in answers if answer.verdict), None)
    text = "\n\n".join(answer.text for answer in answers)
    return replace(answers[0], text=text, verdict=verdict, citations=citations)
