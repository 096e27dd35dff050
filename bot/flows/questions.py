"""Tells questions and courtesies from answers, by their form alone."""

import re

from knowledge.text import count, fold

SHORT = 60  # 字; what is longer is told, not asked
_SHORT_RAW = 240  # characters: one run of letters counts as one 字, however long
_ENDS = re.compile(r"[?？]\W*$|(?:吗|呢|么|嘛|吧\?)$")
_CHINESE = re.compile(
    r"什么|怎么|怎样|如何|多少|几[个项份次年天点号]|哪|为何|是否|能不能|可不可以|要不要|有没有|是不是|行不行|谁|何时|可以.+吗"
)
_ENGLISH = re.compile(
    r"^(?:what|how|when|where|who|whom|which|why|whose|is|are|am|do|does|did|can|could|may|must|should|will|would|have|has"
    r"|what's|who's|where's)\b.*\b\w+\b",
)
_WISH = re.compile(
    r"(?:(?:请|我|我们|我司|本公司|我们公司|帮我|帮我们|想|想要|要|希望|打算|准备|现在|开始|来)\s*){0,4}"
    r"(?:申报|申请|报名|填报|参评)(?:参加)?(?P<what>.*)"
    r"|i(?:'d| would| want)? (?:like |want )?to apply(?: for)?(?P<for>.*)"
)
_COURTESIES = re.compile(
    r"(?:你|您|你们|大家|早上|上午|下午|晚上)好|在[吗么]|谢谢[您你]?|多谢|感谢|辛苦了|好的?|嗯+|收到|明白了?|知道了|再见|拜拜"
    r"|hi|hello|hey|thanks|thx|thank you|ok|okay|got it|bye|good (?:morning|evening)"
)


def is_short(text: str) -> bool:
    """Whether a text is short enough to be a question."""
    return len(text) <= _SHORT_RAW and count(text) <= SHORT


def looks_like_question(text: str) -> bool:
    """Whether a text asks something: a question mark or particle at its end, or a word that asks."""
    said = fold(text).rstrip("。.!！~ ")
    if not said or not is_short(text):
        return False
    return bool(_ENDS.search(said) or _CHINESE.search(said) or _ENGLISH.match(said))


def wished_for(text: str) -> str | None:
    """What somebody says they want to apply for, "" where they name nothing; None where they say no such thing."""
    found = _WISH.fullmatch(fold(text).strip("。.!！~～ "))
    if found is None or looks_like_question(text):
        return None
    return (found["what"] or found["for"] or "").strip(' “”"「」《》吧了啦的')


def is_courtesy(text: str) -> bool:
    """Whether a text is a greeting, thanks or an acknowledgement and nothing else."""
    return _COURTESIES.fullmatch(fold(text).strip("。.!！~～,， ")) is not None
