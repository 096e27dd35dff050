"""What the tests of broadcasts share."""

from datetime import datetime, timedelta
from typing import Any

from bot.delivery.scheduler import Scheduler
from bot.messages import Rights
from bot.services import broadcasts
from bot.services.broadcasts import Report
from storage.database import Storage
from storage.records import Audience
from tests.fixtures.people import FakeLibrary, make_programme
from tests.integration.delivery.helpers import NOW, clock
from tests.standins.memory import MemoryChannel

EVERYONE = Audience(everyone=True)
WECHAT = Rights(window=timedelta(hours=48), pushes=5, rate=10)


def make_scheduler(storage: Storage, *channels: MemoryChannel, **changes: Any) -> Scheduler:
    programme = make_programme()
    values: dict[str, Any] = {
        "owner": "first",
        "rights": {channel.name: channel.rights for channel in channels},
        "clock": clock,
        **changes,
    }
    return Scheduler(storage, FakeLibrary({programme.id: programme}), values.pop("clock"), **values)


def begin(
    storage: Storage,
    *channels: MemoryChannel,
    text: str = "hello",
    audience: Audience = EVERYONE,
    starts_at: datetime | None = None,
) -> int:
    """A broadcast by a new member of staff without an account, confirmed by the number that its preview shows."""
    rights = {channel.name: channel.rights for channel in channels}

    def confirm(uow: Any) -> int:
        author = uow.persons.create(locale="zh", name="", now=NOW)
        shown = broadcasts.preview_broadcast(uow=uow, audience=audience, rights=rights, now=NOW).reached
        made = broadcasts.confirm_broadcast(
            uow=uow,
            author_id=author.id,
            text=text,
            audience=audience,
            rights=rights,
            shown=shown,
            number=shown,
            starts_at=starts_at,
            now=NOW,
        )
        return made.id

    return storage.run_sync(confirm)


def report_of(storage: Storage, number: int) -> Report:
    return storage.run_sync(lambda uow: broadcasts.report_broadcast(uow=uow, number=number))
