"""The sentences of our own that stand around a guide's, in both languages. Packs and topics bring all others."""

from collections.abc import Sequence

from knowledge.programme import Contact, Quote
from knowledge.wording import Wording

WHICH = Wording("您问的是哪一个项目？", "Which programme do you mean?")
EMPTY = Wording("请写下您的问题。", "Please write your question.")
WHAT = Wording("关于这个项目，您想了解什么？", "What would you like to know about this programme?")
OFF_TOPIC = Wording(
    "这个问题不在申报指南的范围内，我答不了。关于申报条件、材料、时间和流程，您可以随时问我。",
    "That lies outside the guides, so I cannot answer it. Ask me about eligibility, materials, dates and procedure.",
)
GUIDE_SAYS = Wording("指南里是这样写的：", "The guide says:")
SILENT = Wording("指南没有说明这一点（{label}）。", "The guide does not say this ({label}).")
SILENT_PLAIN = Wording("指南里没有找到这个问题的答案。", "I did not find the answer to this in the guide.")
POLAR = {
    "yes": Wording("是的。指南里是这样写的：", "Yes. The guide says:"),
    "no": Wording("不行。指南里是这样写的：", "No. The guide says:"),
    "depends": Wording("要看情况。指南里是这样写的：", "It depends. The guide says:"),
}
RELATED = Wording("相关的原文只有：", "All it says near this is:")
ASK = Wording("可以咨询：{contact}", "You can ask: {contact}")
NOT_SURE = Wording("您想问的是下面哪一个？", "Which of these do you mean?")


def cited(quote: Quote, locale: str) -> str:
    """A quote with its section, as people read it."""
    text = quote.text
    if text.startswith("|"):  # a row of a Markdown table
        text = " · ".join(cell.strip() for cell in text.strip("|").split("|") if cell.strip())
    if not quote.section:
        return f"「{text}」"
    return f"「{text}」（指南《{quote.section}》）" if locale == "zh" else f"「{text}」 (guide, {quote.section})"


def reached(contacts: Sequence[Contact], locale: str) -> str:
    """The public contacts in one line; empty where there is none."""
    separator = "；" if locale == "zh" else "; "
    colon = "：" if locale == "zh" else ": "
    return separator.join(
        f"{contact.purpose.get(locale)}{colon}{contact.text}" for contact in contacts if contact.public
    )
