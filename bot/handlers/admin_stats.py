"""Staff's command /stats: numbers, and nobody's data."""

from bot.context import Services, Turn
from bot.handlers.naming import channel_name, programme_name, state_name
from bot.messages import Reply
from bot.services import figures


def stats(turn: Turn, services: Services) -> list[Reply]:
    """Shows how many people, drafts, submissions, questions and messages there are."""
    counted = figures.count_figures(uow=services.uow)
    submissions = [
        {
            "programme": programme_name(services, programme, turn.locale),
            "total": sum(states.values()),
            "states": [(state_name(state, turn.locale), number) for state, number in states.items()],
        }
        for programme, states in counted.submissions.items()
    ]
    reply = turn.say(
        "admin_stats.stats",
        persons=counted.persons,
        channels=[(channel_name(key, turn.locale), number) for key, number in counted.channels.items()],
        drafts=counted.drafts,
        submissions=submissions,
        open=counted.open_questions,
        answered=counted.answered_questions,
        waiting=counted.messages.get("pending", 0) + counted.messages.get("sending", 0),
        held=counted.messages.get("held", 0),
        failed=counted.messages.get("failed", 0),
        unknown=counted.messages.get("unknown", 0),
    )
    return [reply]
