"""The form page's HTML: the whole page, and the pieces of it that a change has made anew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web

from bot.flows.sheet import Entry, Part, Sheet
from bot.render import render
from bot.services.form_page import Page
from bot.web.form_sessions import Session
from bot.web.form_words import Words
from bot.web.pages import Pages
from knowledge.form import Field, FieldType, Group, Section

# Other than the chat page, this one posts a form: to itself alone.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_FIELDS = "form_fields.html"
_SCRIPT_TEXTS = (
    "all_saved", "saving", "unsaved", "offline", "broken", "over", "file_cancel", "file_cancel_named", "file_again",
    "file_sending", "file_broken", "file_busy",
)  # fmt: skip
_ENDINGS = {"jpg": ".jpg,.jpeg", "jpeg": ".jpg,.jpeg"}
Pieces = dict[str, Any]


@dataclass(frozen=True, slots=True)
class At:
    """What all pieces of one page share: its address and token, staff's comments, the 字 in each group."""

    base: str
    token: str
    comments: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, int] = field(default_factory=dict)

    def accept(self, asked: Field) -> str:
        """What a file dialog is to offer; empty: anything."""
        kinds = asked.file.kinds if asked.file else ()
        return ",".join(_ENDINGS.get(kind, f".{kind}") for kind in kinds)


@dataclass(frozen=True, slots=True)
class Block:
    """What is replaced as one: a field, or the fields of a group that stand together."""

    key: str
    group: Group | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Blocks:
    """A section as blocks."""

    section: Section
    blocks: tuple[Block, ...]


def blocks_of(part: Part) -> Blocks:
    """A section with its fields put together by group."""
    found: list[Block] = []
    for entry in part.entries:
        group = entry.field.group
        if group is not None and found and found[-1].group == group:
            found[-1] = replace(found[-1], entries=(*found[-1].entries, entry))
        else:
            found.append(Block(f"group-{group.key}" if group else entry.field.key, group, (entry,)))
    return Blocks(part.section, tuple(found))


class FormView:
    """Renders the page of an application."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._macros = pages.macros(_FIELDS)

    def page(self, session: Session, page: Page, *, event: str, said: str, hours: int) -> web.Response:
        """The whole page. `said` tells what came of the last post, empty without one."""
        ui, at = Words(page.locale, page.programme.zone), self._at(session, page)
        sheet = page.open
        deadline = ui.say("closes", at=page.closes_at, zone=ui.zone) if page.closes_at else ui.say("closes_open")
        return self.lone(
            "form_sheet.html",
            ui,
            at=at,
            switch=switch_address(session, page.locale),
            event=event,
            title=page.programme.name.get(page.locale),
            deadline=deadline,
            closed=ui.say("closed", at=page.closes_at, zone=ui.zone) if page.late else "",
            returned=self._returned(ui, page),
            renewed=_renewed(ui, page),
            said=said,
            sheet=sheet,
            parts=[blocks_of(part) for part in sheet.parts],
            stage=str(page.stage),
            hours=hours,
            texts={name: ui.say(name, name="{name}") for name in _SCRIPT_TEXTS},
        )

    def lone(self, template: str, ui: Words, *, status: int = 200, **values: object) -> web.Response:
        """A page of the form's kind, which may post to itself and tells nobody else its address."""
        response = self._pages.page(template, locale=ui.locale, status=status, ui=ui, **values)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    def changes(self, session: Session, before: Page, after: Page, *, edited: str = "") -> Pieces:
        """What is different after a change, as HTML by place, for the page's script.

        `order` are the sections with their blocks; `parts` and `blocks` those made anew, but the block of the `edited`
        field; `under` what stands below each entry; `seen` and `text` the digests and the texts of the edited field's.
        """
        ui = Words(after.locale, after.programme.zone)
        old, new = self._pieces(ui, session, before), self._pieces(ui, session, after)
        own = next((key for key, block in new.blocks.items() if edited in {one.field.key for one in block.entries}), "")
        known, told = set(old.parts), _told(after.open, edited)
        # In a new year consents are cleared by whatever comes first, and the browser may still show them as given.
        cleared = {key for key, block in new.blocks.items() if after.renewed and _is_consent(block)}
        made_anew = {key for key, html in new.html.items() if html != old.html.get(key)} | cleared
        return {
            "order": [[key, keys] for key, keys in new.parts.items()],
            "parts": {key: new.part(key) for key in new.parts if key not in known},
            "blocks": {key: html for key, html in new.html.items() if key in made_anew and key != own},
            "under": {
                slot: html for slot, html in new.under.items() if html != old.under.get(slot) or slot in told["seen"]
            },
            "progress": str(self._macros.progress(ui, after.open)),
            "missing": str(self._macros.gaps(ui, after.open)),
            "renewed": _renewed(ui, after),
            **told,
        }

    def block(self, session: Session, page: Page, key: str) -> str:
        """The block that a field stands in."""
        ui, at = Words(page.locale, page.programme.zone), self._at(session, page)
        for block in _all_blocks(page.open):
            if key in {one.field.key for one in block.entries}:
                return str(self._macros.block(ui, block, at))
        return ""

    def files(self, session: Session, page: Page, key: str) -> str:
        """The files of a field, and what is said of them."""
        ui, at = Words(page.locale, page.programme.zone), self._at(session, page)
        return next((str(self._macros.files(ui, one, at)) for one in page.open.entries() if one.field.key == key), "")

    def elsewhere(self, page: Page, slot: str) -> str:
        """What has changed elsewhere, and the choice between it and what was written here."""
        ui = Words(page.locale, page.programme.zone)
        cells = (cell for entry in page.open.entries() for cell in entry.cells())
        return next((str(self._macros.elsewhere(ui, cell)) for cell in cells if cell.slot == slot), "")

    def _at(self, session: Session, page: Page) -> At:
        comments = page.application.returned.get("comments", {}) if page.application.state == "returned" else {}
        groups = page.open.groups
        return At(f"/form/{session.holder.application}", session.token, comments, groups)

    def _returned(self, ui: Words, page: Page) -> str:
        if page.application.state != "returned":
            return ""
        due = page.application.returned.get("due")
        return ui.say("returned_due", at=page.closes_at, zone=ui.zone) if due else ui.say("returned")

    def _pieces(self, ui: Words, session: Session, page: Page) -> "_Pieces":
        at, macros = self._at(session, page), self._macros
        parts = [blocks_of(part) for part in page.open.parts]
        blocks = {block.key: block for part in parts for block in part.blocks}
        under = {
            cell.slot: str(macros.under(ui, cell))
            for entry in page.open.entries()
            if entry.computed is None
            for cell in entry.cells()
        }
        under |= {key: str(macros.total(ui, block, at)) for key, block in blocks.items() if block.group is not None}
        return _Pieces(
            parts={part.section.key: [block.key for block in part.blocks] for part in parts},
            blocks=blocks,
            html={key: str(macros.block(ui, block, at)) for key, block in blocks.items()},
            under=under,
            part=lambda key: next(str(macros.part(ui, part, at)) for part in parts if part.section.key == key),
        )


@dataclass(frozen=True)
class _Pieces:
    """A page in pieces: sections with the keys of their blocks, blocks and their HTML, what stands below entries."""

    parts: dict[str, list[str]]
    blocks: dict[str, Block]
    html: dict[str, str]
    under: dict[str, str]
    part: Any


def switch_address(session: Session, locale: str) -> str:
    """The page in the other language."""
    return f"/form/{session.holder.application}?locale={'en' if locale == 'zh' else 'zh'}"


def _all_blocks(sheet: Sheet) -> Iterator[Block]:
    for part in sheet.parts:
        yield from blocks_of(part).blocks


def _told(sheet: Sheet, edited: str) -> Pieces:
    """The digests and texts of a field's entries, by slot."""
    cells: Sequence[Any] = [cell for one in sheet.entries() if one.field.key == edited for cell in one.cells()]
    return {"seen": {cell.slot: cell.seen for cell in cells}, "text": {cell.slot: cell.text for cell in cells}}


def _renewed(ui: Words, page: Page) -> str:
    """That consents are asked anew, in the chat's words; empty where none is."""
    return render("apply.renewed", ui.locale, year=page.application.year) if page.renewed else ""


def _is_consent(block: Block) -> bool:
    return any(one.field.type is FieldType.CONSENT for one in block.entries)
