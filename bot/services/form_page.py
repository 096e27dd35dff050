"""The form page: what is open to whoever came by a link, and what they enter there."""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.flows import attachments
from bot.flows.entries import Change, Entered, enter
from bot.flows.lifecycle import EDITABLE, STANDING
from bot.flows.sheet import Sheet, make_sheet
from bot.flows.values import Problem
from bot.messages import Address
from bot.services import applications, followup
from bot.services.applications import Draft, moment_of
from bot.services.recipients import find_recipient
from knowledge.form import FieldType, Form, Stage
from knowledge.programme import Programme
from storage.records import Application
from storage.unit_of_work import UnitOfWork

LINK = "form-link"  # under this name a link is noted as opened, once

Programmes = Mapping[str, Programme]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who may work at what: an application and its person."""

    application: int
    person: int


@dataclass(frozen=True, slots=True)
class Page:
    """What the page shows of an application. `sheet` is None where nothing can be entered (any more).

    `locale` is the page's language; `answers` are all that are stored. `closes_at` is the
    due time of what was returned, else the deadline; `late`: it has passed. `renewed` as of a Draft.
    """

    programme: Programme
    application: Application
    locale: str
    closes_at: datetime | None
    sheet: Sheet | None = None
    stage: Stage = Stage.ENTRY
    answers: Mapping[str, Any] | None = None
    late: bool = False
    renewed: bool = False

    @property
    def open(self) -> Sheet:
        """The sheet of a page on which something can be entered."""
        if self.sheet is None:
            raise LookupError("nothing can be entered")
        return self.sheet


@dataclass(frozen=True, slots=True)
class Changed:
    """What entries came to, one by one, and the page before and after them."""

    before: Page
    after: Page
    entered: tuple[Entered, ...]


def take_link(*, uow: UnitOfWork, link: str, browser: str, now: datetime) -> bool:
    """Binds a link to the first browser that takes it. False for every other one.

    Raises AlreadyHandled where another browser was faster: run again, this finds it taken.
    """
    if uow.events.find(LINK, link) is None:
        uow.events.add(LINK, link, now, [], browser)
        return True
    return is_own_link(uow=uow, link=link, browser=browser)


def is_own_link(*, uow: UnitOfWork, link: str, browser: str) -> bool:
    """Whether a link is still free, or was taken by this browser."""
    taken = uow.events.find(LINK, link)
    return taken is None or hmac.compare_digest(taken.reference, browser)


def open_page(
    *, uow: UnitOfWork, programmes: Programmes, holder: Holder, now: datetime, locale: str = ""
) -> Page | None:
    """What the page shows; None where it is not this person's application, or one of which nothing is left.

    `locale` is the language chosen on the page; empty: the one in which the person is told things.
    """
    found = uow.applications.get(holder.application)
    programme = programmes.get(found.programme) if found is not None else None
    if found is None or programme is None or found.person_id != holder.person:
        return None
    draft = _open(uow, programme, holder, now)
    if draft is None and found.state not in STANDING:
        return None
    language = locale or find_recipient(uow=uow, person_id=found.person_id).locale
    return _page(uow, programme, draft, found if draft is None else draft.application, now, language)


def open_for_entry(
    *, uow: UnitOfWork, programmes: Programmes, holder: Holder, now: datetime
) -> tuple[Programme, Form, Draft] | None:
    """The application at the stage at which something can be entered; None where nothing can (any more)."""
    found = uow.applications.get(holder.application)
    programme = programmes.get(found.programme) if found is not None else None
    draft = _open(uow, programme, holder, now) if programme is not None else None
    return (programme, _form(programme, draft.stage), draft) if programme is not None and draft is not None else None


def enter_changes(
    *,
    uow: UnitOfWork,
    programmes: Programmes,
    holder: Holder,
    changes: Sequence[Change],
    now: datetime,
    locale: str = "",
) -> Changed | None:
    """Makes changes one after the other, all in one; None where nothing can be entered (any more).

    Raises KeyError for what the form does not ask.
    """
    found = uow.applications.get(holder.application)
    if found is None or found.person_id != holder.person:
        return None
    uow.applications.lock(holder.application)
    before = open_page(uow=uow, programmes=programmes, holder=holder, now=now, locale=locale)
    if before is None or before.sheet is None or before.answers is None:
        return None
    form = _form(before.programme, before.stage)
    moment = moment_of(before.programme, before.application, now)
    answers, cursor = dict(before.answers), dict(before.application.cursor)
    entered = []
    for change in changes:
        done = enter(form, answers, cursor, change, moment, before=before.answers)
        entered.append(done)
        cursor = dict(done.kept)
        answers = _with(answers, done.changes)
        uow.applications.save_answers(holder.application, done.changes, now)
    named = applications.title_of(form, before.application, answers)
    uow.applications.update(holder.application, now, cursor=cursor, **named)
    after = open_page(uow=uow, programmes=programmes, holder=holder, now=now, locale=locale)
    return Changed(before, after, tuple(entered)) if after is not None else None


def find_chat(*, uow: UnitOfWork, person_id: int, channels: Collection[str]) -> tuple[Address, str] | None:
    """The chat of these channels in which the person wrote last, and their account there; None where there is none."""
    reachable = [
        found for found in uow.identities.of_person(person_id) if found.reachable and found.channel in channels
    ]
    if not reachable:
        return None
    latest = max(reachable, key=lambda one: (one.last_inbound_at is not None, one.last_inbound_at, one.id))
    return Address(latest.channel, latest.chat), latest.external_id


def find_editable(*, uow: UnitOfWork, programmes: Programmes, person_id: int) -> list[Application]:
    """The person's applications that can be filled in on a page, the one they worked at last first."""
    forms = {key for key, one in programmes.items() if one.form is not None}
    own = [one for one in uow.applications.of_person(person_id) if one.state in EDITABLE and one.programme in forms]
    return sorted(own, key=lambda one: (one.updated_at, one.id), reverse=True)


def owns_file(page: Page, key: str) -> Mapping[str, Any] | None:
    """The attachment of this key among the page's answers; None for any other."""
    for value in (page.answers or {}).values():
        for one in value if isinstance(value, list) else ():
            if isinstance(one, dict) and one.get("key") == key and "kind" in one:
                return one
    return None


def judge_file(page: Page, key: str, name: str, size: int | None = None) -> Problem | None:
    """What is wrong with a file of which only the name, and perhaps the size, is known.

    Raises KeyError where no file is asked for.
    """
    entry = next((one for one in page.open.entries() if one.field.key == key), None)
    if entry is None or entry.field.type is not FieldType.FILE:
        raise KeyError(key)
    spec = entry.field.file
    kind = spec.kinds[0] if spec is not None and spec.kinds else ""
    least = spec.min_bytes if spec is not None else 0
    new = {"key": "", "name": name, "kind": kind, "size": least if size is None else size}
    only = spec is not None and spec.most == 1 and len(entry.files) == 1
    found = attachments.add(entry.field, [] if only else entry.files, new)
    return found if isinstance(found, Problem) else None


def problem_of(changed: Changed) -> Problem | None:
    """The first thing that was not taken."""
    return next((done.problem for done in changed.entered if done.problem is not None), None)


def _open(uow: UnitOfWork, programme: Programme, holder: Holder, now: datetime) -> Draft | None:
    form = programme.form
    if form is None:
        return None
    values: dict[str, Any] = {"application_id": holder.application, "person_id": holder.person, "now": now}
    draft = applications.open_draft(uow=uow, programme=programme, form=form, **values)
    return draft or followup.open_followup(uow=uow, programme=programme, form=form, **values)


def _page(
    uow: UnitOfWork, programme: Programme, draft: Draft | None, application: Application, now: datetime, locale: str
) -> Page:
    closes_at = applications.personal_deadline(
        uow=uow, programme=programme, person_id=application.person_id, application=application
    )
    if draft is None:
        return Page(programme, application, locale, closes_at, answers=uow.applications.answers(application.id))
    form = _form(programme, draft.stage)
    moment = moment_of(programme, application, now)
    sheet = make_sheet(form, draft.answers, application.cursor, moment, locale)
    late = draft.stage is Stage.ENTRY and closes_at is not None and now >= closes_at
    return Page(programme, application, locale, closes_at, sheet, draft.stage, draft.answers, late, draft.renewed)


def _form(programme: Programme, stage: Stage) -> Form:
    if programme.form is None:
        raise LookupError("a programme without a form")
    return programme.form.at(stage)


def _with(answers: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    changed = {**answers, **changes}
    return {key: value for key, value in changed.items() if value is not None}
