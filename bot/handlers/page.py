"""/page: the link to the form page, and what comes back from there as an event of the person's chat."""

from bot.context import Services, Turn
from bot.errors import NotFound, PrivateOnly, UsageError
from bot.flows import engine, outline
from bot.flows.shown import Step
from bot.handlers import followup, form_link, form_texts, submitting
from bot.handlers.form_dialog import FLOW, enter_dialog
from bot.messages import Choice, Reply
from bot.services import applications, form_page
from bot.services.applications import Draft, moment_of
from bot.services.form_page import Holder
from knowledge.form import Form, Stage
from knowledge.programme import Programme

SUBMIT, BACK = "submit", "back"  # "/page submit 7": what the form page sends
_LONGEST_NUMBER = 9
_NAMED = 4


def page(turn: Turn, services: Services) -> list[Reply]:
    """Offers the link; with "submit" or "back" and a number it is the form page that speaks."""
    if not turn.inbound.private:
        raise PrivateOnly
    word, _, number = turn.text.strip().rpartition(" ")
    if not turn.text.strip():
        return _offer(turn, services)
    if not (number.isdecimal() and number.isascii() and len(number) <= _LONGEST_NUMBER):
        raise UsageError(command="page", usage="/page")
    if not word:
        return _offer_one(turn, services, int(number))
    if word == SUBMIT:
        return _submit(turn, services, int(number))
    if word == BACK:
        return _back(turn, services, int(number))
    raise UsageError(command="page", usage="/page")


def _offer(turn: Turn, services: Services) -> list[Reply]:
    known = services.library.programmes
    found = form_page.find_editable(uow=services.uow, programmes=known, person_id=turn.person.id)
    here = int(turn.state.data.get("application", 0)) if turn.state.flow == FLOW else 0
    if here:
        return _offer_one(turn, services, here)
    if not found:
        return [turn.say("form.no_draft", choices=(turn.option("/apply", "form.button_apply"),))]
    if len(found) == 1:
        return form_link.offer(turn, services, found[0].id)
    choices = tuple(Choice(f"/page {one.id}", _name(turn, known[one.programme], one.title)) for one in found)
    return [turn.say("form.which", choices=choices)]


def _name(turn: Turn, programme: Programme, title: str) -> str:
    return f"{programme.name.get(turn.locale)} {title}".strip()[:40]


def _offer_one(turn: Turn, services: Services, number: int) -> list[Reply]:
    known = services.library.programmes
    opened = form_page.open_page(
        uow=services.uow, programmes=known, holder=Holder(number, turn.person.id), now=turn.now
    )
    if opened is None or opened.sheet is None:
        raise NotFound(text=str(number))
    return form_link.offer(turn, services, number)


def _submit(turn: Turn, services: Services, number: int) -> list[Reply]:
    """Submits as the chat does, and whatever is asked about it is asked in the chat."""
    programme, form, draft = _open(turn, services, number)
    enter_dialog(turn, programme, draft)
    if draft.stage is Stage.ENTRY:
        return submitting.submit(turn, services, programme, form, draft)
    return followup.finish(turn, services, programme, form, draft)


def _back(turn: Turn, services: Services, number: int) -> list[Reply]:
    """Says what is stored, and goes on where the form is still open."""
    programme, form, draft = _open(turn, services, number)
    before = turn.state.place
    moment = moment_of(programme, draft.application, turn.now)
    items = outline.items(form, draft.answers, moment)
    gaps = [one.field.label.get(turn.locale) for one in items if one.problem is not None]
    saved = turn.say(
        "form.saved",
        name=programme.name.get(turn.locale),
        filled=sum(one.value is not None for one in items),
        total=len(items),
        gaps=gaps[:_NAMED],
        more=max(0, len(gaps) - _NAMED),
    )
    step = engine.begin(form, draft.answers, _onward(form, draft), moment)
    applications.save_step(uow=services.uow, form=form, draft=draft, step=step, now=turn.now)
    prompt = _ask(turn, programme, draft, step)
    # At the same prompt the dialog was only interrupted, and the turn shows it again.
    return [saved] if turn.state.place == before else [saved, prompt]


def _onward(form: Form, draft: Draft) -> dict[str, object]:
    """The cursor, past a field that was answered on the page: it is not asked again."""
    cursor = dict(draft.application.cursor)
    field = str(cursor.get("field", ""))
    if cursor.get("at") == "field" and field in draft.answers and form.has(field):
        cursor.pop("at")
    return cursor


def _ask(turn: Turn, programme: Programme, draft: Draft, step: Step) -> Reply:
    turn.state.programme = programme.id
    enter_dialog(turn, programme, draft, step.place)
    return form_texts.show_step(turn, step)


def _open(turn: Turn, services: Services, number: int) -> tuple[Programme, Form, Draft]:
    found = form_page.open_for_entry(
        uow=services.uow,
        programmes=services.library.programmes,
        holder=Holder(number, turn.person.id),
        now=turn.now,
    )
    if found is None:
        raise NotFound(text=str(number))
    return found
