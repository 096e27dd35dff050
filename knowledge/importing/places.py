"""Where applications go and whom to ask: addresses of the web, mailboxes, postal addresses, telephones."""

import re
from collections.abc import Iterator, Sequence

from knowledge.importing.proposal import Said, pattern, proposed
from knowledge.writer import Noted

_URL = re.compile(r"(?:https?://|www\.)[^\s，。；、！？（）()【】「」《》“”\"'<>]+", re.IGNORECASE)
_MAIL = re.compile(r"[A-Za-z0-9][\w.+-]*@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PHONE = pattern(
    r"(?<![\d.@])(?:\+\d{1,3}[- ]?)?(?:\(?0\d{2,3}\)?[-－— ]{0,2}\d{7,8}(?:[-转]\d{1,5})?|1[3-9]\d{9}|400[- ]?"
    r"\d{3,4}[- ]?\d{3,4}|\(?\d{2,4}\)?[- ]\d{3,4}[- ]\d{3,4})(?!\d)",
)
_POSTAL = pattern(
    r"(?:地址|寄[往至到]|邮寄|address\s*[:：])[：:为是\s]*(?P<address>[^，。；;：:\n]{0,30}?[市区县省路街道号楼层室]"
    r"[^。；;\n]{0,60})",
    r"(?P<english>\d+\s+[\w .]+(?:Street|Road|Avenue|St\.|Rd\.|Ave\.)[^.;\n]*)",
)
_SENDS = pattern(
    r"发送|发至|发到|提交|报送|投稿|投递|报名|申报|寄|send|submit|submission|apply|e-?mail(?:ed)? (?:to|your)",
    r"entr(?:y|ies)",
)
_POSTS = re.compile(
    r"邮寄|寄送|寄至|寄到|寄往|快递|纸质|送达|\bpost\b|\bmail(?:ed)? to\b|courier|hard cop|printed cop", re.IGNORECASE
)
_APPLIES = re.compile(
    r"申请|申报|报名|提交|登[录陆]|注册|填报|系统|平台|入口|网页|appl|submit|portal|register|online|\bform\b",
    re.IGNORECASE,
)
_ASKS = pattern(
    r"联系|咨询|疑问|问题|电话|热线|客服|微信|传真|座机|contact|questions?|enquir|inquir|phone|\btel\b|help",
    r"queries|assist",
)
_ONLY_ASKS = re.compile(r"咨询|疑问|问题|questions?|enquir|inquir|queries", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"往届|上届|回顾|历届|previous|past winners|last year|mp\.weixin\.qq\.com|privacy", re.IGNORECASE
)
_PURPOSES = (
    (re.compile(r"技术支持|系统|technical", re.IGNORECASE), "技术支持", "technical support"),
    (re.compile(r"媒体|新闻|press|media", re.IGNORECASE), "媒体", "press"),
    (re.compile(r"申报|报名|征集|投稿|submission|appl|entr", re.IGNORECASE), "申报咨询", "applications"),
)
_SHORT = 40
_MOST = 6


def propose_routes(sentences: Sequence[Said]) -> list[Noted]:
    """Where the official application is made: portal, e-mail, post."""
    found = dict[tuple[str, str], Noted]()
    for sentence in sentences:
        for kind, target in _targets(sentence):
            value = {"kind": kind, "target": target, "quote": sentence.text}
            found.setdefault((kind, target.rstrip("/")), proposed(value, "entries go there"))
    return list(found.values())[:_MOST]


def _targets(sentence: Said) -> Iterator[tuple[str, str]]:
    """The routes that a sentence names."""
    if sentence.has(_ELSEWHERE):
        return
    if sentence.has(_APPLIES):
        yield from (("portal", url.rstrip(".,;:")) for url in _URL.findall(sentence.text))
    if sentence.has(_SENDS) and not sentence.has(_ONLY_ASKS):
        yield from (("email", mail.rstrip(".")) for mail in _MAIL.findall(sentence.text))
    if sentence.has(_POSTS) and (match := _POSTAL.search(sentence.text)):
        yield "post", (match["address"] or match["english"]).strip(" ：:，,")


def propose_contacts(sentences: Sequence[Said]) -> list[Noted]:
    """Whom the guide names for questions; where it names nobody, the mailbox that applications go to."""
    asked = [one for one in sentences if _reach(one) and (one.has(_ASKS) or _ASKS.search(one.section))]
    sent = [one for one in sentences if one.has(_MAIL)]
    found = dict[str, Noted]()
    for sentence in asked or sent[:1]:
        text = _contact(sentence)
        zh, en = _purpose(sentence)
        value = {"purpose": {"zh": zh, "en": en}, "text": text, "quote": sentence.text}
        reason = "named for questions" if sentence in asked else "nobody is named: the mailbox for entries"
        found.setdefault(" ".join(_reach(sentence)), proposed(value, reason))
    return list(found.values())[:_MOST]


def _reach(sentence: Said) -> list[str]:
    """The mailboxes and telephones of a sentence."""
    return [*(mail.rstrip(".") for mail in _MAIL.findall(sentence.text)), *_PHONE.findall(_MAIL.sub("", sentence.text))]


def _contact(sentence: Said) -> str:
    """What to show of a contact: the sentence where it is short, else its part with the address, else the address."""
    if len(sentence.text) <= _SHORT:
        return sentence.text.rstrip("。；;.，,")
    reach = _reach(sentence)
    parts = [part.strip() for part in re.split(r"[，。；;,]", sentence.text) if any(one in part for one in reach)]
    if parts and len("，".join(parts)) <= 2 * _SHORT:
        return "，".join(parts)
    return "，".join(reach)


def _purpose(sentence: Said) -> tuple[str, str]:
    """What a contact is for, in both languages."""
    for purpose, zh, en in _PURPOSES:
        if sentence.has(purpose):
            return zh, en
    return "咨询", "questions"
