"""A filled Word form that is sent instead of answers: read, shown for a yes, and gone on with."""

from collections.abc import Mapping
from typing import Any

from bot.context import Turn
from bot.flows import engine
from bot.flows.values import Input
from bot.services.applications import Draft, moment_of
from bot.services.paper_forms import read_paper_forms
from knowledge.form import FieldType, Form, Stage
from knowledge.programme import Programme


def paper_for(data: Mapping[str, Any]) -> tuple[str, int] | None:
    """The programme and the application that a filled form would belong to, by a conversation's data; None for none."""
    number = int(data.get("application", 0))
    entry = number and data.get("stage", Stage.ENTRY) == Stage.ENTRY
    return (str(data.get("programme", "")), number) if entry else None


def read_paper(turn: Turn, programme: Programme, form: Form, draft: Draft) -> Input | None:
    """What filled forms among the files of this event say; None where there are none, or a file is asked for."""
    documents = [file.rows for file in turn.inbound.files if file.rows is not None]
    if not documents or draft.stage is not Stage.ENTRY:
        return None
    moment = moment_of(programme, draft.application, turn.now)
    asked = engine.asked_field(form, draft.answers, draft.application.cursor, moment)
    if asked is not None and asked.type is FieldType.FILE:
        return None
    given = read_paper_forms(programme=programme, form=form, documents=documents)
    if given is None:
        return None
    return Input(paper={"texts": {key: list(ways) for key, ways in given.texts.items()}, "rows": dict(given.rows)})
