"""From replies to the messages that a channel can carry: numbers for buttons, pieces that fit, a hint at what waits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.channels.base import Limits
from bot.channels.text import clean, split
from bot.context import State
from bot.messages import Choice, OutgoingFile, Reply
from bot.render import render

_TOKEN_BYTES = 64

Body = dict[str, Any]
FileLink = Callable[[OutgoingFile], str]  # an address that leads to the file from outside; "" where there is none


def no_link(_file: OutgoingFile) -> str:
    """For a server that does not know its own address."""
    return ""


@dataclass(frozen=True, slots=True)
class _Page:
    """What the messages of one turn are written for."""

    limits: Limits
    state: State
    locale: str
    link: FileLink

    def hint(self, count: int) -> str:
        """Tells how many messages wait."""
        return "\n" + render("start.more_hint", self.locale, count=count)


def compose(
    replies: list[Reply],
    limits: Limits,
    *,
    state: State,
    locale: str,
    waiting: int | None,
    link: FileLink = no_link,
) -> list[Body]:
    """The bodies of the messages that carry the replies, in order.

    The last choices are those that a number or a button of the prompt means. Where the channel answers with few
    messages the replies are joined. `waiting` messages wait from before, to be read on with "more"; None where what
    does not fit now is sent right after.
    """
    if not replies:
        return []
    page = _Page(limits, state, locale, link)
    last = max((index for index, reply in enumerate(replies) if reply.choices), default=None)
    texts = [_written(reply, page, counts=index == last) for index, reply in enumerate(replies)]
    if limits.replies is not None:
        return _few(texts, page, replies[last].choices if last is not None else (), waiting)
    bodies = []
    for index, (reply, text) in enumerate(zip(replies, texts, strict=True)):
        pieces = split(text, limits.text, limits.measure) or [""]
        bodies += [_body(piece, page) for piece in pieces[:-1]]
        bodies.append(_body(pieces[-1], page, reply, counts=index == last))
        if limits.files == "apart":
            bodies += [{**_body("", page), "files": [[*_file(file), *_instead(file, page)]]} for file in reply.files]
    return bodies


def token(choice: Choice, state: State, index: int) -> str:
    """What a button carries. A command stands for itself: its button works for ever.

    Others name their conversation (in a group, a tap on somebody else's button means nothing) and their prompt.
    """
    if _is_command(choice) and len(choice.value.encode()) <= _TOKEN_BYTES:
        return choice.value
    return f"{state.number}.{state.prompt}.{index}"


def _is_command(choice: Choice) -> bool:
    return choice.value.startswith("/")


def _few(texts: list[str], page: _Page, choices: tuple[Choice, ...], waiting: int | None) -> list[Body]:
    """One text in as many pieces as it takes. The last piece, which lists the choices, also says what they mean."""
    limits = page.limits
    pieces = split("\n\n".join(text for text in texts if text), limits.text, limits.measure)
    if waiting is not None and pieces and len(pieces) + waiting > 1:
        pieces = split("\n\n".join(pieces), limits.text - limits.measure(page.hint(99)), limits.measure)
        pieces[0] += page.hint(len(pieces) - 1 + waiting)
    bodies = [_body(piece, page) for piece in pieces]
    if bodies and choices:
        bodies[-1]["means"] = [[choice.value, choice.label, choice.numbered] for choice in choices]
    return bodies


def _written(reply: Reply, page: _Page, *, counts: bool) -> str:
    """The text of a reply; where there are no buttons the choices are written below it.

    Numbers stand for the choices that count alone; earlier ones are written as the commands that they are.
    """
    text = clean(reply.text)
    if page.limits.files == "link":
        text = "\n".join([text, *(_linked(file, page) for file in reply.files)])
    if page.limits.buttons or reply.written or not reply.choices:
        return text
    if not counts:
        return "\n".join([text, *(f"{one.label}  {one.value}" for one in reply.choices if _is_command(one))])
    numbered = [choice.label for choice in reply.choices if choice.numbered]
    words = [choice.label for choice in reply.choices if not choice.numbered]
    lines = [text, *(f"{number} {label}" for number, label in enumerate(numbered, 1))]
    if numbered:
        lines.append(render("start.reply_number", page.locale))
    if words:
        lines.append(render("start.reply_word", page.locale, words=words))
    return "\n".join(lines)


def _linked(file: OutgoingFile, page: _Page) -> str:
    return render("files.link", page.locale, name=file.name, link=page.link(file))


def _instead(file: OutgoingFile, page: _Page) -> tuple[str, bool]:
    link = page.link(file)
    return render("files.too_heavy", page.locale, name=file.name, link=link), bool(link)


def _file(file: OutgoingFile) -> list[str]:
    return [file.key, file.name, file.media_type]


def _body(text: str, page: _Page, reply: Reply | None = None, *, counts: bool = False) -> Body:
    shown = enumerate(reply.choices) if reply is not None and page.limits.buttons else ()
    return {
        "text": text,
        "choices": [
            [token(choice, page.state, index), choice.label, choice.numbered]
            for index, choice in shown
            if counts or _is_command(choice)
        ],
        "files": [_file(file) for file in reply.files] if reply and page.limits.files == "beside" else [],
        "prompt": page.state.prompt if counts or not page.limits.buttons else 0,
    }
