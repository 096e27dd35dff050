"""What is said of a file that nobody asked for."""

from bot.context import Services, Turn
from bot.messages import Reply


def unexpected(turn: Turn, _services: Services) -> list[Reply]:
    """Says when a file can be taken. It was not fetched, and nothing of it is kept."""
    return [turn.say("files.unexpected", under_way=bool(turn.state.flow), private=turn.inbound.private)]
