"""Texts into the values of simple types: day, e-mail, phone, address of the web. A mistake is a Problem."""

import re
import unicodedata
from datetime import date
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from bot.flows.values import Problem
from knowledge.text import unpiled

HOME_REGION = "CN"  # numbers without a country code are read as of here
_MONTHS = {
    name: i
    for i, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_SEPARATED = re.compile(r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3})[a-z]*\.?,?\s+(\d{4})", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.IGNORECASE)
_YEAR = re.compile(r"(\d{4})\s*年?")
_MONTH = re.compile(r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*月?|[a-z]{3,9}\.?\s+\d{4}", re.IGNORECASE)
_NO_YEAR = re.compile(r"(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*[日号]?")
_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc]")
# Characters, counted before any pattern looks at them: beyond these nothing is what is asked for.
_LONGEST_DATE, _LONGEST_PHONE, _LONGEST_EMAIL, _LONGEST_URL = 60, 80, 320, 2048
_KEPT_FORMAT = {"\u200d"}  # joins emoji


def clean(text: str, *, lines: bool = False) -> str:
    """The text without control and invisible characters, its ends trimmed; line breaks become spaces unless `lines`."""
    text = unicodedata.normalize("NFC", unpiled(text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    kept = (c for c in text if c == "\n" or c in _KEPT_FORMAT or unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    flat = "".join(kept).strip()
    return flat if lines else " ".join(flat.split())


def narrow(text: str) -> str:
    """Full-width letters, digits and dashes as their usual forms."""
    return _DASHES.sub("-", unicodedata.normalize("NFKC", unpiled(text))).strip()


def read_date(text: str) -> str | Problem:
    """A day as ISO text: 2024-10-20, 2024/10/20, 2024.10.20, 2024年10月20日, 20241020, 20 Oct 2024, Oct 20, 2024."""
    if len(text) > _LONGEST_DATE:
        return Problem("date", {"text": text})
    text = narrow(text)
    if _YEAR.fullmatch(text):
        return Problem("date_year_only", {"text": text})
    parts = _date_parts(text)
    if parts is None:
        return _lacking(text)
    try:
        return date(*parts).isoformat()
    except ValueError:
        return Problem("no_such_day", {"text": text})


def _lacking(text: str) -> Problem:
    """What is wrong with what is no whole day."""
    if found := _NO_YEAR.fullmatch(text):
        return Problem("date_no_year", {"text": text, "month": int(found[1]), "day": int(found[2])})
    return Problem("date_no_day" if _MONTH.fullmatch(text) else "date", {"text": text})


def _date_parts(text: str) -> tuple[int, int, int] | None:
    if found := _SEPARATED.fullmatch(text) or _COMPACT.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_FIRST.fullmatch(text):
        day, name, year = found[1], found[2], found[3]
    elif found := _MONTH_FIRST.fullmatch(text):
        name, day, year = found[1], found[2], found[3]
    else:
        return None
    month = _MONTHS.get(name.lower())
    return (int(year), month, int(day)) if month else None


def read_email(text: str) -> str | Problem:
    """An e-mail address, normalised. Whether its domain exists is not asked: that takes the network."""
    if len(text) > _LONGEST_EMAIL:
        return Problem("email", {"text": text})
    try:
        return validate_email(narrow(text), check_deliverability=False).normalized
    except EmailNotValidError:
        return Problem("email", {"text": text})


def read_phone(text: str) -> str | Problem:
    """A phone number as E.164, with " ext. N" where it has an extension."""
    if len(text) > _LONGEST_PHONE:
        return Problem("phone", {"text": text})
    flat = narrow(text).replace("转", " ext. ")
    try:
        number = phonenumbers.parse(flat, HOME_REGION)
    except phonenumbers.NumberParseException:
        return Problem("phone", {"text": text})
    if not phonenumbers.is_valid_number(number):
        bare = re.fullmatch(r"[2-8]\d{6,7}", flat.replace("-", "").replace(" ", ""))
        return Problem("phone_area" if bare else "phone", {"text": text})
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain} ext. {number.extension}" if number.extension else plain


def read_url(text: str) -> str | Problem:
    """An address of the web, with http or https."""
    text = text.strip()
    if len(text) > _LONGEST_URL:
        return Problem("url", {"text": text})
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return Problem("url", {"text": text})
    if parts.scheme.lower() in {"http", "https"} and "." in host.strip(".") and not re.search(r"\s", text):
        return text
    if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(/\S*)?", text):
        return Problem("url_scheme", {"text": text, "right": f"https://{text}"})
    return Problem("url", {"text": text})
