"""What is still to do by hand, with days, and what to print."""

from bot.documents.filing import Filing, best_by, tasks, templates
from bot.documents.layout import Sheet
from bot.render import render
from knowledge.papers import Task

_DONE, _OPEN = "☑", "☐"


def checklist(filing: Filing, *, missing: list[str], pdf: bool) -> bytes:
    """The checklist as a .docx, in the applicant's language.

    `missing` are the names of attachments whose content is lost; `pdf` says whether PDF files could be made.
    """
    name = filing.programme.name.get(filing.locale)
    sheet = Sheet(_say(filing, "list_title"), f"{name}  {filing.receipt}")
    sheet.line(name, size=12, after=8).alignment = 1
    for line in _say(filing, "list_head", **_dates(filing), missing=missing, pdf=pdf).split("\n"):
        sheet.line(line)
    if rows := [_row(filing, task, done=done) for task, done in tasks(filing)]:
        sheet.heading(_say(filing, "list_tasks"))
        sheet.grid([_say(filing, f"list_{key}") for key in ("done", "what", "by", "source")], rows, [0.7, 4, 1.9, 3.2])
    if forms := templates(filing):
        sheet.heading(_say(filing, "list_print"))
        copies = filing.papers.copies
        body = [
            [
                form.title.get(filing.locale),
                _say(filing, "list_copies", copies=copies),
                _say(filing, "list_marks", marks=[str(mark) for mark in form.marks]),
            ]
            for form in forms
        ]
        sheet.grid([_say(filing, f"list_{key}") for key in ("paper", "how_many", "mark")], body, [4, 1.4, 2.6])
    return sheet.save(filing.submitted_at)


def _dates(filing: Filing) -> dict[str, object]:
    """The deadline as it is told: the stricter reading stands for itself where the two differ."""
    quote = filing.programme.deadline.quote
    own = filing.programme.deadline.closes_at == filing.closes_at
    return {
        "receipt": filing.receipt,
        "closes_at": filing.closes_at,
        "strict": filing.remind_at if filing.remind_at != filing.closes_at else None,
        "zone": filing.programme.zone,
        "quote": quote.text if quote is not None and own else "",
        "prepared": filing.prepared_only,
        "routes": [(route.kind, route.target) for route in filing.programme.routes],
    }


def _row(filing: Filing, task: Task, *, done: bool) -> list[str]:
    day = best_by(filing, task)
    past = day is not None and day < filing.made_at.astimezone(filing.programme.zone).date()
    return [
        _DONE if done else _OPEN,
        task.text.get(filing.locale),
        _say(filing, "list_day", day=day, past=past and not done),
        _say(filing, "list_quote", quote=task.quote.text, section=task.quote.section) if task.quote else "—",
    ]


def _say(filing: Filing, block: str, **values: object) -> str:
    return render(f"documents.{block}", filing.locale, **values)
