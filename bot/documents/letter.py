"""The mail that the applicant sends: subject and text as the programme wants them, to be copied."""

import re

from bot.documents.filing import Filing, text_of
from bot.documents.safe import clean
from bot.render import render
from knowledge.papers import Mail

_BRACE = re.compile(r"\{([A-Za-z0-9_]+)\}")


def mail_subject(filing: Filing, mail: Mail) -> str:
    """The subject, on one line."""
    return " ".join(_filled(filing, mail.subject, {}).split())


def mail_text(filing: Filing, mail: Mail, files: list[str]) -> str:
    """Address, deadline, subject and body as one text. `files` are the names of what goes with the mail."""
    listed = "\n".join(f"{number}. {name}" for number, name in enumerate(files, 1))
    quote = mail.quote
    return render(
        "documents.mail",
        filing.locale,
        to=mail.to,
        subject=mail_subject(filing, mail),
        body=_filled(filing, mail.body, {"files": listed}),
        note=mail.note.get(filing.locale) if mail.note else "",
        quote=quote.text if quote else "",
        section=quote.section if quote else "",
        closes_at=filing.closes_at,
        strict=filing.remind_at if filing.remind_at != filing.closes_at else None,
        zone=filing.programme.zone,
        posts=[route.target for route in filing.programme.routes if route.kind == "post"],
    )


def _filled(filing: Filing, text: str, also: dict[str, str]) -> str:
    """The text with its braces filled, once: what an applicant typed is not read for braces again."""

    def value(found: re.Match[str]) -> str:
        key = found[1]
        return also[key] if key in also else clean(text_of(filing, filing.form.field(key), filing.papers.language))

    return _BRACE.sub(value, text).strip()
