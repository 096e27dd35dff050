"""The package of a submission: filled forms, a copy, a checklist and everything attached, as one file."""

from bot.context import Services, Turn
from bot.errors import NotFound, PrivateOnly
from bot.flows.receipts import normalise_receipt
from bot.messages import Choice, OutgoingFile, Reply
from bot.services import packages
from bot.services.submissions import is_official_here
from knowledge.programme import Programme

_LISTED = 8  # the latest submissions
_LABEL = 40  # characters of a button
_ZIP = "application/zip"
PORTAL = "portal"  # the kind of route whose form is filled in by hand


def documents(turn: Turn, services: Services) -> list[Reply]:
    """Gives the package of one's submission; asks which where there are several."""
    if not turn.inbound.private:
        raise PrivateOnly
    found = packages.list_submissions(uow=services.uow, person_id=turn.person.id)
    if wanted := turn.text.strip():
        found = [one for one in found if wanted == str(one.id) or normalise_receipt(wanted) == one.receipt]
        if not found:
            raise NotFound(text=wanted[:_LABEL])
    if not found:
        return [turn.say("documents.nothing")]
    if len(found) == 1:
        return give_package(turn, services, found[0].id)
    choices = [Choice(f"/documents {one.id}", f"{one.receipt} {one.title}".strip()[:_LABEL]) for one in found]
    return [turn.say("documents.which", choices=tuple(choices[-_LISTED:]))]


def offer(turn: Turn, application_id: int) -> Choice:
    """The button that fetches the package of a submission."""
    return turn.option(f"/documents {application_id}", "documents.button_package")


def goes_out_as_papers(programme: Programme) -> bool:
    """Whether a submission is officially handed in as papers, by mail or post, and by no portal."""
    kinds = {route.kind for route in programme.routes}
    return bool(kinds) and PORTAL not in kinds and not is_official_here(programme)


def give_package(turn: Turn, services: Services, application_id: int) -> list[Reply]:
    """A message whose file is made when it is handed over."""
    ordered = packages.order_package(
        uow=services.uow,
        application_id=application_id,
        locale=turn.locale,
        now=turn.now,
        person_id=turn.person.id,
    )
    if ordered is None:
        return [turn.say("documents.nothing")]
    programme = services.library.programmes.get(ordered.programme)
    elsewhere = programme is not None and bool(programme.routes) and not is_official_here(programme)
    file = OutgoingFile(ordered.order.key, f"{ordered.receipt}.zip", _ZIP)
    prepared = elsewhere and not ordered.official_done
    return [turn.say("documents.package", receipt=ordered.receipt, prepared=prepared, files=(file,))]
