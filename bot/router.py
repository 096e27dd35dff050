"""Which handler an inbound event belongs to. Pure: knows neither the database nor the time."""

import unicodedata
from dataclasses import dataclass

from bot.context import State
from bot.handlers import ALIASES, COMMANDS, FLOWS, Command, Handler, faq, files, start
from bot.messages import Choice, Inbound, Kind
from knowledge.text import unpiled

_BEGINNING = 4  # characters of a label that will do for all of it, outside a form
_SLASHES = ("/", "／")
# Words that belong to whatever flow is under way, with a slash or without.
FLOW_WORDS = frozenset({"back", "skip", "done", "save", "review", "progress", "edit", "cancel", "submit"})
_FLOW_WORDS_ZH = frozenset(
    {"返回", "上一步", "跳过", "完成", "保存", "保存并离开", "核对", "检查", "修改", "取消", "提交"}
)


@dataclass(frozen=True, slots=True)
class Route:
    """The handler to call, what it is to read, and the command it was called by (None: a flow or a question)."""

    handler: Handler
    text: str = ""
    choice: str | None = None
    command: Command | None = None

    @property
    def interrupts(self) -> bool:
        """Whether a flow that is under way goes on after this, at the same prompt."""
        return all(self.handler is not flow.answer for flow in FLOWS.values())

    @property
    def shows_prompt(self) -> bool:
        """Whether that prompt is shown again. Whoever reads on is shown what waits, and nothing before it."""
        return self.interrupts and self.handler is not start.more


def choose(inbound: Inbound, state: State, *, untimely: bool = False) -> Route:
    """The route of an event. `untimely`: it was sent before the person saw what the flow now asks."""
    if inbound.kind is Kind.START:
        return Route(start.start, inbound.payload)
    if inbound.kind is Kind.PRESS:
        return _pressed(inbound.pressed, state)
    if inbound.kind is Kind.FILE:
        return _sent(inbound, state)
    if inbound.kind is Kind.OTHER:
        return Route(start.unreadable)
    text = inbound.text.strip()
    if not text:
        return Route(start.empty)
    route = _command(text, state)
    if route is not None:
        return route
    if state.flow and untimely:
        return Route(start.untimely, text)
    return _typed(text, state)


def fold(text: str) -> str:
    """A text as words are compared: full-width as half-width, lower case, no white space at the ends."""
    return unicodedata.normalize("NFKC", unpiled(text)).strip().casefold()


def _sent(inbound: Inbound, state: State) -> Route:
    """The route of a file: the flow that takes it, with what was written below it."""
    flow = FLOWS.get(state.flow)
    if flow is None or not flow.takes_files or not inbound.private:
        return Route(files.unexpected)
    return Route(flow.answer, inbound.text.strip())


def _pressed(token: str, state: State) -> Route:
    if token.startswith(_SLASHES):
        return _command(token, state) or Route(start.old_button)
    known = (choice for index, choice in enumerate(state.choices) if token == f"{state.number}.{state.prompt}.{index}")
    chosen = next(known, None)
    return _chosen(chosen, state) if chosen is not None else Route(start.old_button)


def _command(text: str, state: State) -> Route | None:
    """The route of "/word rest", or of a bare command word outside a flow; None for anything else."""
    slashed = text.startswith(_SLASHES)
    word, rest = _split(text.lstrip("/／"))
    if slashed and state.flow and word in FLOW_WORDS | _FLOW_WORDS_ZH:
        return Route(FLOWS[state.flow].answer, text.lstrip("/／").strip())
    name = ALIASES.get(word)
    # Reading on is possible everywhere; any other bare word may be an answer to what a flow asks.
    if not slashed and (rest or (state.flow and name != "more")):
        return None
    if name is not None:
        return Route(COMMANDS[name].handler, rest.strip(), command=COMMANDS[name])
    if word in FLOW_WORDS | _FLOW_WORDS_ZH and not state.flow and not rest:
        return Route(start.nothing_under_way, text)
    return Route(start.unknown_command, text) if slashed else None


def _split(text: str) -> tuple[str, str]:
    """The first word, folded, and the rest: white space of any kind, full-width too, ends a word."""
    parts = text.split(maxsplit=1)
    return (fold(parts[0]) if parts else "", parts[1] if len(parts) > 1 else "")


def _typed(text: str, state: State) -> Route:
    chosen = choice_of(text, state.choices)
    if chosen is not None:
        return _chosen(chosen, state)
    if state.flow:
        return Route(FLOWS[state.flow].answer, text)
    if state.choices and fold(text).isdecimal():
        return Route(start.out_of_range, text)
    begun = [
        choice for choice in state.choices if len(text) >= _BEGINNING and fold(choice.label).startswith(fold(text))
    ]
    if len(begun) == 1:
        return _chosen(begun[0], state)
    return Route(faq.ask, text)


def _chosen(choice: Choice, state: State) -> Route:
    if choice.value.startswith("/"):
        return _command(choice.value, state) or Route(start.old_button)
    if state.flow:
        return Route(FLOWS[state.flow].answer, choice=choice.value)
    return Route(start.old_button)


def choice_of(text: str, choices: tuple[Choice, ...]) -> Choice | None:
    """The choice that a typed number ("2", "２") or label means, None where it means none."""
    folded = fold(text)
    numbered = [choice for choice in choices if choice.numbered]
    if folded.isdecimal() and len(folded) <= 3 and 1 <= int(folded) <= len(numbered):
        return numbered[int(folded) - 1]
    return next((choice for choice in choices if fold(choice.label) == folded), None)
