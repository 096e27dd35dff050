"""From replies to the messages that a channel can carry: numbers for buttons, pieces that fit, a hint at what waits."""

from typing import Any

from bot.channels.base import Limits
from bot.channels.text import clean, split
from bot.messages import Choice, Reply
from bot.render import render

_TOKEN_BYTES = 64


def compose(
    replies: list[Reply], limits: Limits, *, prompt: int, locale: str, waiting: int | None
) -> list[dict[str, Any]]:
    """The bodies of the messages that carry the replies, in order.

    Where the channel answers with few messages the replies are joined. `waiting` messages wait from before, to be read
    on with "more"; None where what does not fit now is sent right after.
    """
    if not replies:
        return []
    texts = [_written(reply, limits, locale) for reply in replies]
    last = max((index for index, reply in enumerate(replies) if reply.choices), default=None)
    if limits.replies is not None:
        return _few(texts, limits, prompt, locale, waiting)
    bodies = []
    for index, (reply, text) in enumerate(zip(replies, texts, strict=True)):
        pieces = split(text, limits.text, limits.measure) or [""]
        bodies += [_body(piece) for piece in pieces[:-1]]
        choices = reply.choices if index == last else ()
        shown = choices if limits.buttons else ()
        bodies.append(_body(pieces[-1], shown, reply, prompt))
    return bodies


def token(choice: Choice, prompt: int, index: int) -> str:
    """What a button carries. A command stands for itself: its button works for ever; others name their prompt."""
    if choice.value.startswith("/") and len(choice.value.encode()) <= _TOKEN_BYTES:
        return choice.value
    return f"{prompt}.{index}"


def _few(texts: list[str], limits: Limits, prompt: int, locale: str, waiting: int | None) -> list[dict[str, Any]]:
    whole = "\n\n".join(text for text in texts if text)
    pieces = split(whole, limits.text, limits.measure)
    if waiting is not None and len(pieces) + waiting > 1:
        pieces = split(whole, limits.text - limits.measure(_hint(99, locale)), limits.measure)
        pieces[0] += _hint(len(pieces) - 1 + waiting, locale)
    return [_body(piece, prompt=prompt) for piece in pieces]


def _hint(count: int, locale: str) -> str:
    return "\n" + render("start.more_hint", locale, count=count)


def _written(reply: Reply, limits: Limits, locale: str) -> str:
    """The text of a reply; where there are no buttons the choices are written below it."""
    text = clean(reply.text)
    if limits.buttons or not reply.choices:
        return text
    numbered = [choice.label for choice in reply.choices if choice.numbered]
    words = [choice.label for choice in reply.choices if not choice.numbered]
    lines = [text, *(f"{number} {label}" for number, label in enumerate(numbered, 1))]
    if numbered:
        lines.append(render("start.reply_number", locale))
    if words:
        lines.append(render("start.reply_word", locale, words=words))
    return "\n".join(lines)


def _body(text: str, choices: tuple[Choice, ...] = (), reply: Reply | None = None, prompt: int = 0) -> dict[str, Any]:
    return {
        "text": text,
        "choices": [
            [token(choice, prompt, index), choice.label, choice.numbered] for index, choice in enumerate(choices)
        ],
        "files": [[file.key, file.name, file.media_type] for file in (reply.files if reply else ())],
        "prompt": prompt,
    }
