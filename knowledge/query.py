"""A message read as one or more questions."""

import re
from dataclasses import dataclass
from functools import cached_property

from knowledge.features import FILLER, content
from knowledge.scripts import simplify
from knowledge.text import fold, is_chinese

_MOST = 800  # characters that are read of a message
_BRIEF, _BRIEF_LATIN = 4, 12  # characters of a keyword
_STRONG = re.compile(r"[?？!！。；;\n]+|\.(?=\s|$)|…+")
_LINKS = re.compile(
    r"(?:[,，、]\s*)?(?:另外|此外|还有(?![几多]|一[天周个点些])|顺便(?:问|说)?(?:一?下)?|以及|再问(?:一?下)?"
    r"|\band also\b|\balso,|\band (?=(?:how|what|when|where|who|is|are|can|do|does)\b))"
)
_WEAK = re.compile(r"[,，、:：]+|\s{1,}(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])\s+")
_PAIR = re.compile(r"^(?P<first>.{2,24}?)(?:和|跟|与|及)(?P<second>.{2,24}?)(?:分别|各|都)(?P<rest>.*)$")
_ASKS = re.compile(
    r"吗|么|嘛|呢|不$|没$|吧$|几|多少|什么|啥|哪|谁|怎|咋|如何|为何|能否|是否|可否|[?？]|(.)不\1|有没有|行不|多久|多长|多大|何时|何地|求"
    r"|(?:^|[,:(]\s*|[\u3400-\u9fff]\s*|\b(?:and|but|so|or|also|then|for|at|in|on|by|to|from|with|until|please|hi|hello|is|are"
    r"|know|tell me|wonder\w*|ask\w*|explain|sure|see|out|understand|clarify|confirm|say|idea) )"
    r"(?:who|whom|what|when|where|which|why|how|whether)\b|^any\b"
    r"|\b(?:what|when|where|who|which|how(?: (?:much|many|long|big|old))?)$"
    r"|(?:^|[,:]\s*|\b(?:and|but|so|or|then|also|please|hi|hello|ok|well|still|possible|[\u3400-\u9fff])\s*)"
    r"(?:is|are|do|does|did|can|could|may|will|would|should|shall|must|am|was|were|has)(?:n't)?\b"
    r"|\b(?:wonder\w*|know|sure|tell me|ask\w*|confirm|check\w*) if\b"
)
_POLAR = re.compile(
    r"吗|(?<![什怎那这要多])么(?=$|[,，。?？!！ ])|(?:[不没冇]|没有|没得)(?=$|[,，。?？!！ 啊呀哦])"
    r"|(?<![什怎么啥])[吧嘛伐啵噶波](?=$|[,，。?？!！ ])"
    r"|有[没冇]有|有冇|(?:听说|据说).*[?？]|能否|是否|可否|会不会|是不是|能不能|可不可以|行不|有没[有得]|要不要|用不用"
    r"|需不需要|算不算|(?P<v>[^\W\d_a-z])[不唔](?P=v)|还是|\beligible\s*\?|系咪|真的?假"
    r"|^(?!.*(?:怎|什么|啥|哪|谁|几|多)).*了[?？]+$"
    r"|(?:^|[,，。!！?？ ])(?!.*(?:怎|什么|啥|哪|谁|几|多))[^,，。!！?？]*(?:可以|行|能|算|够).{0,3}[?？]?$"
    r"|(?:^|[,，。!！ ])(?!.*(?:怎|什么|啥|哪|谁|几|多[少久大长]|何|咋|呢))"
    r"(?=[^?？]*[?？]+$)(?=[^?？]*[\u3400-\u9fff]{3})[^?？]*[要能会收算有是得行需用让给发准也都还就真没零免不][^?？]*[?？]+$"
    r"|\b(?:ok|okay|required|needed|possible|allowed|accepted|fine|mandatory|necessary|right|correct|true|valid|enough|acceptable"
    r"|optional|compulsory|obligatory|excluded|eligible|free|open|included|welcome)"
    r"\s*[?？]+"
    r"|(?:^|[,;:—–]\s*|- )only\b[^?]*\?"
    r"|\bany (?:chance|way)\b|(?:^|[.,!?]\s*)any\b|\btoo (?:many|much|\w+ to \w+(?: \w+)?)\s*[?？]+$|\bwhether\b"
    r"|\b(?:wonder\w*|know|ask\w*|check\w*|confirm|sure|tell me) if\b|\b(?:yes or no|innit)\b"
    r"|\b(?:is|are|do|does|did|can|could|will|would|should|has|have|was|were)(?:n't)? (?:it|we|they|you|there)\s*\?"
    r"|(?:^|[.,:;!?]\s*|\b(?:so|but|and|then|also)\s+)"
    r"(?:is|are|do|does|did|can|could|may|will|would|should|am|must|has|have|was|were)(?:n't)?\b"
    r"|^(?!.*\b(?:what|which|who|whom|where|when|how|why)\b)"
    r"(?=.*\b(?:i|we|you|they|it|is|are|can|may|have|has|there|accepts?|needs?)\b)(?:[^?\s]*\s){3}[^?]*[?？]+$"
)
_ASKING = frozenset("吧嘛")  # fillers that ask for a yes
_MEANS = re.compile(r"意思|指的?是?(?:什么|啥|哪)|怎么理解|\b(?:mean|means|meant|meaning)\b")
_EITHER = re.compile(r"(.)[不没冇唔]\1|(有)没得")
_REST = re.compile(r"(?:那么?|and |what about|how about).{1,12}|.{1,8}呢[?？]?")  # of a question asked before
_HOLLOW = re.compile(
    r"[的呢那个它这吗么啊呀吧嘛哈一下问请想换成是就了有还也 ,，.。?？!！、:：~～\-]+"
    r"|\b(?:and|what|how|about|for|the|one|of|in|then|so)\b"
)


@dataclass(frozen=True)
class Query:
    """A message, folded and simplified, with the names of programmes taken out.

    `named`: there was such a name, so that it is asked of an award whatever its other words.
    """

    text: str
    named: bool = False

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Its sentences and what connectives join; one part where there is one question."""
        pieces = [
            piece.strip()
            for link in _STRONG.split(self.text)
            for piece in _LINKS.split(link)
            if piece and piece.strip()
        ]
        if len(pieces) == 1 and (pair := _PAIR.match(pieces[0])):
            return (pair["first"] + pair["rest"], pair["second"] + pair["rest"])
        return tuple(pieces)

    @cached_property
    def clauses(self) -> tuple[str, ...]:
        """Its parts cut at every comma: what is asked may stand in one of many clauses."""
        return tuple(clause.strip() for part in self.parts for clause in _WEAK.split(part) if len(clause.strip()) > 1)

    @property
    def is_polar(self) -> bool:
        """Whether it asks for a yes or no."""
        return bool(_POLAR.search(FILLER.sub(lambda match: match[0] if match[0] in _ASKING else "", self.text)))

    @property
    def is_about_words(self) -> bool:
        """Whether it asks what a word means."""
        return bool(_MEANS.search(self.text))

    @property
    def is_brief(self) -> bool:
        """Whether it is a keyword or two: too little to tell of whom it is asked, "费用", "那截止呢"."""
        said = _HOLLOW.sub("", self.text)
        return len(said) <= (_BRIEF_LATIN if said.isascii() else _BRIEF)

    @property
    def is_hollow(self) -> bool:
        """Whether nothing is asked beside the name of a programme: "and that other one?"."""
        return not _HOLLOW.sub("", self.text)


def is_rest(part: str) -> bool:
    """Whether a part names only what else the question before is asked of: "那产品类呢"."""
    return bool(_REST.fullmatch(part.strip())) and (part.rstrip("?？ ").endswith("呢") or part[:1].isascii())


def is_whole(part: str) -> bool:
    """Whether a part is a question of its own."""
    return asks(part) and not is_rest(part)


def neutral(text: str) -> str:
    """The text with "is it or is it not" as "is it", so that no "not" is read out of it: 用不用 is 用."""
    return _EITHER.sub(r"\1\2", text)


def asks(part: str) -> bool:
    """Whether a part of a message is a question."""
    return bool(_ASKS.search(part))


def read(message: str) -> str:
    """A message folded and simplified, its overlong middle left out."""
    if len(message) > 4 * _MOST:
        message = message[: 2 * _MOST] + " " + message[-2 * _MOST :]
    flat = simplify(fold(message))
    return flat if len(flat) <= _MOST else f"{flat[: _MOST // 2]} {flat[-_MOST // 2 :]}"


def language(message: str, locale: str | None) -> str:
    """The language to answer in: the message's, else the person's."""
    if any(c.isalpha() for c in message):
        return "zh" if is_chinese(message) or (not message.isascii() and content(message)) else "en"
    return locale or "zh"
