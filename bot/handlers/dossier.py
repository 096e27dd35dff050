"""What staff are shown of an application: its card, and the answers that were submitted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.context import Services, Turn
from bot.flows.lifecycle import DECISIONS
from bot.flows.plain import as_text
from bot.flows.shapes import is_shaped
from bot.handlers.naming import channel_name, programme_name, programme_zone, state_name
from bot.messages import Choice, Reply
from bot.services.applications import REFUSED
from bot.services.review import NEEDS_REASON, Dossier, Step
from bot.services.submissions import LATE
from knowledge.form import Field, FieldType, Form

_STEPS_SHOWN = 8
_CODED = {LATE: "admin_review.step_late", REFUSED: "admin_review.step_refused"}
# Without a reason and without consequences for others, these are offered as buttons.
_ONE_TAP = frozenset({"in_review", *DECISIONS})


def card(turn: Turn, services: Services, dossier: Dossier) -> Reply:
    """The card of an application, with what can be done next as choices."""
    application = dossier.application
    return turn.say(
        "admin_review.card",
        choices=_actions(turn, dossier),
        about=(application.person_id,),
        receipt=application.receipt or "",
        title=application.title,
        programme=programme_name(services, application.programme, turn.locale),
        state=state_name(application.state, turn.locale),
        decision=state_name(application.decision, turn.locale) if application.decision else "",
        person=application.person_id,
        channels=[channel_name(channel, turn.locale) for channel in dossier.channels],
        versions=dossier.versions,
        submitted=dossier.latest.submitted_at if dossier.latest else None,
        official=application.official,
        rivals=[rival.receipt or "" for rival in dossier.rivals],
        steps=[_step(turn, step) for step in dossier.steps[-_STEPS_SHOWN:]],
        zone=programme_zone(services, application.programme),
    )


def answers(turn: Turn, services: Services, dossier: Dossier) -> list[Reply]:
    """The answers of the latest submitted version, a message a section."""
    if dossier.latest is None:
        return [turn.say("admin_review.no_answers")]
    programme = services.library.programmes.get(dossier.application.programme)
    form = programme.form if programme is not None and programme.form is not None else Form("")
    zone = programme_zone(services, dossier.application.programme)
    given = dossier.latest.answers
    about = (dossier.application.person_id,)
    heading = turn.say("admin_review.answers", receipt=dossier.latest.receipt, number=dossier.latest.number)
    replies = [heading]
    for section in form.sections:
        lines = [_answer(turn, field, given[field.key], zone) for field in section.fields if field.key in given]
        if lines:
            title = section.title.get(turn.locale)
            replies.append(turn.say("admin_review.section", title=title, lines=lines, about=about))
    known = {field.key for field in form.fields()}
    if rest := [f"{key}: {_plain(value)}" for key, value in given.items() if key not in known]:
        replies.append(turn.say("admin_review.section_of_older_form", lines=rest, about=about))
    return replies


def _actions(turn: Turn, dossier: Dossier) -> tuple[Choice, ...]:
    receipt = dossier.application.receipt
    if not receipt:
        return ()
    choices = []
    if dossier.latest is not None and turn.inbound.private:
        choices.append(turn.option(f"/find {receipt} answers", "admin_review.button_answers"))
    if dossier.rivals:
        choices.append(turn.option(f"/move {receipt} confirm", "admin_review.button_confirm"))
    choices += [
        turn.option(f"/move {receipt} {state}", "admin_review.button_move", state=state_name(state, turn.locale))
        for state in dossier.moves
        if state in _ONE_TAP - NEEDS_REASON and state != dossier.application.decision
    ]
    return tuple(choices)


def _step(turn: Turn, step: Step) -> Mapping[str, object]:
    return {
        "state": state_name(step.state, turn.locale),
        "at": step.moved_at,
        "by": step.by,
        "reason": turn.say(_CODED[step.reason]).text if step.reason in _CODED else step.reason,
    }


def _answer(turn: Turn, field: Field, value: Any, zone: ZoneInfo) -> str:
    """A line of a field: its label and what was answered; the rows of a table below it."""
    label = field.label.get(turn.locale)
    if field.type is FieldType.TABLE and isinstance(value, list):
        rows = [_row(turn, field, row, zone) for row in value if isinstance(row, dict)]
        return turn.say("admin_review.table", label=label, rows=rows).text
    return turn.say("admin_review.answer", label=label, value=_value(turn, field, value, zone)).text


def _row(turn: Turn, table: Field, row: Mapping[str, Any], zone: ZoneInfo) -> list[str]:
    return [
        turn.say(
            "admin_review.answer",
            label=column.label.get(turn.locale),
            value=_value(turn, column, row[column.key], zone),
        ).text
        for column in table.columns
        if column.key in row
    ]


def _value(turn: Turn, field: Field, value: Any, zone: ZoneInfo) -> str:
    if field.type is FieldType.CONSENT and isinstance(value, dict):
        at = datetime.fromisoformat(str(value["agreed_at"])) if "agreed_at" in value else None
        return turn.say("admin_review.agreed", at=at, zone=zone).text
    return as_text(field, value, turn.locale) if is_shaped(field.type, value) else _plain(value)


def _plain(value: Any) -> str:
    """An answer whose field the present form no longer has."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_plain(found)}" for key, found in value.items())
    if isinstance(value, list):
        return " / ".join(_plain(found) for found in value)
    return str(value)
