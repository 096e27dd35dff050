"""The programme.yaml that is proposed for a guide."""

import re
from collections.abc import Sequence

from knowledge.importing import naming
from knowledge.importing.deadline import propose_deadline
from knowledge.importing.facts import propose_facts
from knowledge.importing.places import propose_contacts, propose_routes
from knowledge.importing.proposal import Said, proposed
from knowledge.importing.stages import propose_stages

_HAN = re.compile(r"[\u3400-\u9fff]")
_ZONES = (
    (r"北京时间|beijing time|china standard time", "Asia/Shanghai"),
    (r"香港时间|hong kong time|\bHKT\b", "Asia/Hong_Kong"),
    (r"台北时间|taipei time", "Asia/Taipei"),
    (r"singapore time|\bSGT\b", "Asia/Singapore"),
    (r"japan standard time|\bJST\b|tokyo time", "Asia/Tokyo"),
    (r"\bCES?T\b|brussels time|central european", "Europe/Brussels"),
    (r"\bGMT\b|\bBST\b|london time|uk time", "Europe/London"),
    (r"eastern (?:standard |daylight )?time|\bE[SD]?T\b(?= |\)|\.|,)", "America/New_York"),
    (r"pacific (?:standard |daylight )?time|\bP[SD]T\b", "America/Los_Angeles"),
    (r"\bUTC\b", "UTC"),
)


def propose_programme(key: str, title: str, sentences: Sequence[Said]) -> dict[str, object]:
    """The values of programme.yaml, each proposal marked; what the guide does not say is left out."""
    zh, en, aliases = naming.names(title, sentences)
    year = naming.year_of(title, sentences)
    zone, why = _zone(title, sentences)
    again, sentence = naming.resubmission_of(sentences)
    values: dict[str, object] = {
        "id": key,
        "name": proposed({"zh": zh, "en": en}, "from the title" if zh != en else "from the title; one language only"),
        "aliases": proposed(aliases, "what people may call it"),
        "zone": proposed(zone, why),
        "year": proposed(year, "0: no fixed edition" if not year else "from the title or the dates"),
        "receipt": proposed(naming.receipt_of(key, aliases), "receipts read PREFIX-YEAR-NUMBER-CHECK"),
        "resubmission": proposed(again, f"「{sentence}」" if sentence else "the guide has no rule"),
        "deadline": propose_deadline(sentences, year),
        "routes": propose_routes(sentences),
        "contacts": propose_contacts(sentences),
        "stages": propose_stages(sentences, year),
        "facts": propose_facts(sentences),
    }
    return {name: value for name, value in values.items() if value not in (None, [], {})}


def _zone(title: str, sentences: Sequence[Said]) -> tuple[str, str]:
    """The time zone: the one that the guide names, else that of its language."""
    for words, zone in _ZONES:
        named = re.compile(words, 0 if "\\b" in words else re.IGNORECASE)
        if any(sentence.has(named) for sentence in sentences):
            return zone, "the guide names it"
    chinese = bool(_HAN.search(title))
    return ("Asia/Shanghai" if chinese else "UTC"), "the guide names none"
