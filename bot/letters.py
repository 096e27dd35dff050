"""Texts to many people, written for each of them: what staff wrote with its fields filled in, and reminders."""

from bot.errors import BotError
from bot.render import TextMistake, render, render_staff_text, show_instant
from bot.services.addressees import Addressee
from bot.services.broadcasts import Report
from bot.services.reminders import Unfinished
from knowledge.programme import Programme

_MARKS = ("{{", "{%", "{#")
_NAMED = 5  # missing fields that a reminder names; a phone's screen holds no more
# What an expression of staff's can raise beside the template's own errors: 1/0, "a" + 1, "" | first | first.
_MISTAKES = (TextMistake, ArithmeticError, TypeError, ValueError, LookupError, AttributeError)


class UnknownFields(BotError):
    """A text with fields that cannot be filled in. Values: fields, known."""

    template = "admin_broadcast.unknown_fields"


class BrokenText(BotError):
    """A text whose marks of fields are not closed or not understood. Values: known."""

    template = "admin_broadcast.broken_text"


def known_fields(programme: Programme | None) -> tuple[str, ...]:
    """The fields that can be filled in for every reader; some only where all of them are of one programme."""
    return ("name",) if programme is None else ("name", "programme", "deadline")


def has_fields(text: str) -> bool:
    """Whether readers get texts of their own."""
    return any(mark in text for mark in _MARKS)


def write(text: str, addressee: Addressee) -> str:
    """Staff's text for one reader. Raises UnknownFields, BrokenText."""
    if not has_fields(text):
        return text
    values = _values(addressee)
    try:
        return render_staff_text(text, values).strip()
    except _MISTAKES as mistake:
        if isinstance(mistake, TextMistake) and mistake.fields:
            raise UnknownFields(fields=mistake.fields, known=tuple(values)) from mistake
        raise BrokenText(known=tuple(values)) from mistake


def remind(unfinished: Unfinished) -> str:
    """The reminder that one person reads, in their language."""
    addressee, missing = unfinished.addressee, unfinished.missing
    programme = addressee.programme
    if programme is None:
        raise ValueError("a reminder is of a programme")
    return render(
        "reminders.due_elsewhere" if unfinished.receipt else "reminders.due",
        addressee.locale,
        receipt=unfinished.receipt,
        programme=programme.name.get(addressee.locale),
        programme_id=programme.id,
        closes_at=addressee.deadline,
        zone=programme.zone,
        missing=[field.label.get(addressee.locale) for field in missing[:_NAMED]],
        more=max(0, len(missing) - _NAMED),
    )


def report(found: Report, locale: str) -> str:
    """What staff read of a broadcast's progress."""
    return render("admin_broadcast.report", locale, broadcast=found.broadcast, lines=found.lines, total=found.total)


def _values(addressee: Addressee) -> dict[str, str]:
    locale, programme = addressee.locale, addressee.programme
    values = {"name": addressee.name.strip() or render("admin_broadcast.nameless", locale)}
    if programme is not None:
        values["programme"] = programme.name.get(locale)
        deadline = addressee.deadline
        unannounced = render("admin_broadcast.not_announced", locale)
        values["deadline"] = show_instant(deadline, locale, programme.zone) if deadline else unannounced
    return values
