"""What a programme is called: its id, its names, its edition."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge.importing.lines import refusal
from knowledge.importing.proposal import Said, pattern

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_DIGEST = re.compile(r"(?=\w*\d)[0-9a-f]{8,}|\d{5,}", re.IGNORECASE)  # what download tools name files by
_HAN = re.compile(r"[\u3400-\u9fff]")
_ABOUT = re.compile(r"^(?:.{0,30}?关于)(?:组织|开展|举办|做好|启动|征集|申报|推荐|评选|发布|遴选)*(?:申报|征集|推荐)?")
_KIND = pattern(
    r"(?:的)?(?:申报|申请|报名|参评|参赛|评选|征集|活动)?(?:工作|事项)?(?:的)?(?:通知|公告|指南|须知|启事|方案"
    r"|简章|细则|办法|说明|手册|通告|报名正在进行|正式启动|火热进行中|开始报名|启动)(?:[（(][^）)]*[）)])?$",
)
_LEADS = re.compile(r"^(?:.{0,12}[-—|丨｜])?(?:申[请报]指南|报名指南|通知|公告)\s*[-—|丨｜:：]\s*")
_ENGLISH_KIND = pattern(
    r"[\s:,–—-]*\b(?:application |submission |applicant'?s? |entry )?(?:guide(?:lines?)?|call for (?:entries"
    r"|applications|nominations|submissions)|information for applicants|rules(?: and regulations)?|handbook"
    r"|notice|brochure)\s*$"
)
_QUOTED = re.compile(r"[“「‘]([^”」’]{2,20})[”」’]")
_BOOK = re.compile(r"《([^》]{2,30})》")
_SHORT_FOR = pattern(
    r"(?:以下)?简称(?:为)?\s*[:：]?\s*[“「]?([A-Za-z0-9][\w .+-]{1,20}|[\u3400-\u9fff]{2,12})[”」）)，,。]",
)
_IN_BRACKETS = re.compile(r"[（(]\s*([A-Z][\w&.'’ -]{2,60}?)\s*[）)，,]")
_EDITION = re.compile(r"^(?:20\d\d\s*年?度?|第[一二三四五六七八九十百\d]+届|20\d\d)\s*")
_SUFFIX = re.compile(r"(?:征集活动|评选活动|征集发布活动|案例征集|活动|征集|评选)$")
_YEAR = re.compile(r"(?<!\d)(20[2-4]\d)(?!\d)")
_LAST = pattern(
    r"以最后一次|最后一次(?:提交|填写)|重复提交.{0,8}为准",
    r"last (?:submission|version|entry)|latest (?:submission|version)",
)
_ALL = pattern(
    r"可(?:以)?(?:提交|申报|报名)多|数量(?:不限|不(?:做|作|受)限)|不限(?:数量|项目数)",
    r"multiple (?:entries|submissions|applications)",
)


def safe_id(given: str, guide: Path, title: str) -> str:
    """The pack's id: the given one, else from the file's name, else from Latin words of the title.

    Raises PackError where the given one is no id.
    """
    if given:
        if not ID.fullmatch(given):
            raise refusal(guide, f"--id {given}: small Latin letters, digits and hyphens, at most 40")
        return given
    for text in (guide.stem, title):
        slug = _slug(" ".join(part for part in re.split(r"[^0-9A-Za-z]+", text) if not _DIGEST.fullmatch(part)))
        if re.search(r"[a-z]{2}", slug):
            return slug
    return f"programme-{_slug(guide.stem)}".rstrip("-")


def _slug(text: str) -> str:
    """The Latin letters and digits of a text, joined by hyphens."""
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", flat).strip("-")[:40].strip("-")


def names(title: str, sentences: Sequence[Said]) -> tuple[str, str, list[str]]:
    """The name in Chinese and in English (the same where the guide has one only), and what else people call it."""
    short = _LEADS.sub("", title.strip())
    short = _KIND.sub("", _ABOUT.sub("", short)).strip(" -—:：|丨的") or title
    short = _ENGLISH_KIND.sub("", short).strip(" -–—:") or title
    english = _english(short, sentences)
    found = [name for name in _aliases(short, english, sentences) if name not in {short, english}]
    return short, english, list(dict.fromkeys(found))[:8]


def _english(name: str, sentences: Sequence[Said]) -> str:
    """The English name: a Latin line near the beginning, or Latin words in brackets; else the name itself."""
    if not _HAN.search(name):
        return name
    for sentence in sentences[:4]:
        if not _HAN.search(sentence.text) and 8 <= len(sentence.text) <= 90 and "http" not in sentence.text:
            return sentence.text.strip(" .")
    return name


def _aliases(name: str, english: str, sentences: Sequence[Said]) -> Iterator[str]:
    """Shorter names: what the name has in quotation marks, without its edition or its kind, and what the guide says."""
    quoted = _QUOTED.findall(name)
    yield from quoted or _BOOK.findall(name)
    for full in (name, english):
        bare = _EDITION.sub("", full).strip()
        yield bare
        shorter = _SUFFIX.sub("", bare).strip()
        if len(shorter) >= 3:
            yield shorter
    for sentence in sentences[:60]:
        near = any(part and part in sentence.text.replace(" ", "") for part in (name.replace(" ", ""), *quoted))
        yield from (match.strip() for match in _SHORT_FOR.findall(sentence.text))
        if near:
            yield from (match.strip() for match in _IN_BRACKETS.findall(sentence.text))


def year_of(title: str, sentences: Sequence[Said]) -> int:
    """The edition's year: the title's, else the one that the guide names most often, else 0."""
    if found := _YEAR.search(title):
        return int(found[1])
    named = [int(year) for sentence in sentences for year in _YEAR.findall(sentence.text)]
    return max(named, key=lambda year: (named.count(year), year)) if named else 0


def receipt_of(key: str, aliases: Sequence[str]) -> str:
    """The prefix of receipts: a short Latin alias, else the letters of the id, at most six."""
    short = next((name for name in aliases if re.fullmatch(r"[A-Z][A-Z0-9]{1,5}", name)), "")
    words = [word for word in key.split("-") if not word.isdigit()]
    initials = "".join(word[0] for word in words) if len(words) > 2 else "".join(words)
    return short or initials.upper()[:6]


def resubmission_of(sentences: Sequence[Said]) -> tuple[str, str]:
    """What a second submission means, and the sentence that says it; "ask" where none does."""
    for value, said in (("last_wins", _LAST), ("all_stand", _ALL)):
        for sentence in sentences:
            if sentence.has(said):
                return value, sentence.text
    return "ask", ""
