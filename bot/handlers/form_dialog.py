"""Where a conversation stands in the dialog of a form."""

from bot.context import Turn
from bot.services.applications import Draft
from knowledge.programme import Programme

FLOW = "apply"  # what follows a submission is asked by the same dialog


def enter_dialog(turn: Turn, programme: Programme, draft: Draft, place: str = "") -> None:
    """The next message belongs to this application at its stage, and to what is asked at that place."""
    turn.state.enter("apply", application=draft.application.id, programme=programme.id, stage=str(draft.stage))
    turn.state.expects = place
