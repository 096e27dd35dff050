"""What applicants are told of their applications: one text for each state."""

from collections.abc import Mapping

from bot.context import Services, Turn
from bot.flows.lifecycle import State
from bot.handlers.naming import programme_name, programme_zone
from bot.handlers.returning import labelled
from bot.handlers.telling import tell
from bot.render import render
from bot.services.publication import Published
from bot.services.recipients import Recipient
from bot.services.review import NOTHING_ASKED, Application, Asked, Moved, Settled

# What an applicant reads of each move. A place on the shortlist and a final result have texts of their own, and no
# fallback from one to the other.
_TOLD: Mapping[str, str] = {
    State.SUBMITTED: "admin_review.told_submitted",
    State.IN_REVIEW: "admin_review.told_in_review",
    State.RETURNED: "admin_review.told_returned",
    State.INELIGIBLE: "admin_review.told_ineligible",
    State.WITHDRAWN: "admin_review.told_withdrawn",
    State.SUPERSEDED: "admin_review.told_superseded",
    State.SHORTLISTED: "admin_review.told_shortlisted",
    State.SELECTED: "admin_review.told_selected",
    State.NOT_SELECTED: "admin_review.told_not_selected",
}


def tell_move(turn: Turn, services: Services, moved: Moved) -> bool:
    """Tells an applicant of a move, with its reason. False where no account of theirs is left."""
    return _tell(turn, services, _TOLD[moved.state], moved.application, moved.told, moved.reason, moved.asked)


def tell_decision(turn: Turn, services: Services, published: Published) -> bool:
    """Tells an applicant of a published decision. False where no account of theirs is left."""
    return _tell(turn, services, _TOLD[published.state], published.application, published.told)


def tell_kept(turn: Turn, services: Services, settled: Settled) -> bool:
    """Tells an applicant that theirs is the submission that stands. False where no account of theirs is left."""
    return _tell(turn, services, "admin_review.told_kept", settled.kept, settled.kept_by)


def _tell(
    turn: Turn,
    services: Services,
    template: str,
    application: Application,
    recipient: Recipient,
    reason: str = "",
    asked: Asked = NOTHING_ASKED,
) -> bool:
    def text_of(locale: str) -> str:
        return render(
            template,
            locale,
            programme=programme_name(services, application.programme, locale),
            title=application.title,
            receipt=application.receipt,
            reason=reason,
            comments=labelled(services, application, asked, locale),
            due=asked.due,
            zone=programme_zone(services, application.programme),
        )

    return tell(turn, services, recipient, text_of, key=f"move:{application.id}")
