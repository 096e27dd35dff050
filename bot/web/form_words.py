"""The words of the form page, as its templates ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.flows.plain import as_text
from bot.flows.sheet import Cell, Entry
from bot.flows.values import Problem, Value
from bot.handlers.form_saying import explain
from bot.messages import Reply
from bot.render import render, show_instant
from bot.sizes import lower_size, show_size, upper_size
from knowledge.form import Field, FieldType, FileSpec
from knowledge.wording import Wording

# Problems for which the page has words of its own: those of the chat speak of messages and numbers.
_OWN = frozenset({
    "empty", "not_an_option", "no_longer_offered", "consent", "unfit", "url_scheme", "too_long", "too_many_words",
    "too_many_letters", "group_too_long", "many_rows", "few_files", "many_files",
})  # fmt: skip
_NOWHERE = ZoneInfo("UTC")  # for pages without times
_READ = frozenset({FieldType.PHONE, FieldType.EMAIL, FieldType.NUMBER})  # typed in one way, stored in another
_RADIOS = 6  # more options stand in a list


class Words:
    """The page's words in one language, times in the programme's zone."""

    def __init__(self, locale: str, zone: ZoneInfo = _NOWHERE) -> None:
        self.locale = locale
        self.zone = zone

    def say(self, block: str, **values: object) -> str:
        """A block of form.j2."""
        return render(f"form.{block}", self.locale, **values)

    def of(self, wording: Wording | None) -> str:
        """A pack's words; empty where there are none."""
        return wording.get(self.locale) if wording is not None else ""

    def plain(self, field: Field, value: Value) -> str:
        """A stored answer as people read it."""
        return as_text(field, value, self.locale)

    def instant(self, at: datetime) -> str:
        """An instant as people read it."""
        return show_instant(at, self.locale, self.zone)

    def number(self, count: int) -> str:
        """A number with separators."""
        return f"{count:,}"

    def size(self, count: int) -> str:
        """Bytes as people read them."""
        return show_size(count)

    def explain(self, problem: Problem) -> str:
        """What is wrong or doubtful, and what would be right: as the chat says it, but for what only chats are told."""
        if problem.kind not in _OWN or problem.values.get("message") is not None:
            return explain(_Speaker(self.locale), problem)
        values = {key: self.of(one) if isinstance(one, Wording) else one for key, one in problem.values.items()}
        return self.say(f"problem_{problem.kind}", **values)

    def refuse(self, kind: str, values: Mapping[str, Any]) -> str:
        """Why a file was not taken."""
        return render(f"files.problem_{kind}", self.locale, **values)

    def limits(self, spec: FileSpec) -> str:
        """Which files a field takes, in one line."""
        said = [self.say("file_kinds", kinds=[kind.upper() for kind in spec.kinds])] if spec.kinds else []
        if spec.min_bytes:
            said.append(self.say("file_least", size=lower_size(spec.min_bytes)))
        if spec.max_bytes:
            said.append(self.say("file_most", size=upper_size(spec.max_bytes)))
        if spec.max_total:
            said.append(self.say("file_total", size=upper_size(spec.max_total)))
        if spec.most:
            said.append(self.say("file_count", most=spec.most))
        return ("；" if self.locale == "zh" else "; ").join(said)

    def noted(self, cell: Cell) -> str:
        """What is stored, where it is not what stands in the entry; empty where it is."""
        if cell.field.type is FieldType.CONSENT:
            return self.say("agreed", at=self.plain(cell.field, cell.value))
        if cell.field.type not in _READ:
            return ""
        text = self.plain(cell.field, cell.value)
        return self.say("noted", text=text) if text != cell.text else ""

    def counts(self, cell: Cell) -> bool:
        """Whether the limit is told: one of ours for a short text, and the general one, only where it comes near."""
        asked = cell.field
        near = cell.limit is not None and cell.counted * 2 > cell.limit
        own = bool(asked.max_chars or asked.max_words or asked.group)
        return near or (own and (asked.type is FieldType.LONGTEXT or asked.limit_by == "guide"))

    def framed(self, cell: Cell) -> bool:
        """Whether a cell is asked by several controls, which a frame holds together."""
        if cell.field.type is FieldType.CHOICE:
            return len(cell.options) <= _RADIOS
        return cell.field.type in {FieldType.MULTI_CHOICE, FieldType.CONSENT}

    def reason(self, entry: Entry) -> str:
        """Why a field keeps the form from being submitted."""
        if entry.cell.missing:
            return self.say("missing")
        if entry.cell.problem is not None:
            return self.explain(entry.cell.problem)
        row = next((one.number + 1 for one in entry.rows if any(cell.is_gap for cell in one.cells)), None)
        return self.say("typed") if row is None else self.say("missing_row", number=row)


@dataclass
class _Speaker:
    """Puts templates into words as a turn does."""

    locale: str

    def say(self, template: str, **values: Any) -> Reply:
        return Reply(render(template, self.locale, **values))
