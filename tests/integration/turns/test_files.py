"""Files before and within a turn: fetched once, where a flow wants them, and noted with the event."""

import asyncio
import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from bot import handlers, reception
from bot.channels.base import Interrupted
from bot.context import Services, Turn
from bot.delivery.worker import Delivery
from bot.handlers import Flow
from bot.messages import Inbound, IncomingFile, Kind, OutgoingFile, Reply
from bot.reception import Reception
from bot.turns import Turns
from bot.uploads.intake import Intake
from storage.errors import StoreFull
from storage.files import LocalFiles
from storage.records import StoredFile
from tests.fixtures.uploads import make_docx, make_pdf, make_picture
from tests.integration.turns.conftest import LIMITS, RIGHTS, House
from tests.standins.memory import MemoryChannel

PDF = make_pdf(2)
KEY = hashlib.sha256(PDF).hexdigest()
TAKEN = {"key": KEY, "name": "方案.pdf", "kind": "pdf", "size": len(PDF), "pages": 2, "width": None, "height": None}


@dataclass
class Hall:
    """A house whose form takes files and keeps what it saw."""

    house: House
    channel: MemoryChannel
    store: LocalFiles
    seen: list[tuple[IncomingFile, ...]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    given: tuple[OutgoingFile, ...] = ()

    async def send(self, *handles: str, event: Inbound | None = None, **values: Any) -> list[str]:
        """Sends files, or an event again: the texts that answer."""
        files = tuple(IncomingFile(handle, "方案.pdf") for handle in handles)
        sent = event or self.house.event(kind=Kind.FILE, files=files, **values)
        return [message.text for message in (await self.house.turns.handle(sent)).messages]

    def event(self, *handles: str, **values: Any) -> Inbound:
        """An event with files."""
        files = tuple(IncomingFile(handle, "方案.pdf") for handle in handles)
        return self.house.event(kind=Kind.FILE, files=files, **values)

    def noted(self) -> list[StoredFile]:
        """The files that are noted as the first person's."""
        return self.house.storage.run_sync(lambda uow: uow.files.of_person(1))

    def answer(self, turn: Turn, _services: Services) -> list[Reply]:
        """The form's answer to a file."""
        self.seen.append(turn.inbound.files)
        self.texts.append(turn.text)
        return [Reply("received", files=self.given), Reply("next")] if self.given else [Reply("received")]


@pytest.fixture
async def hall(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hall:
    channel = MemoryChannel("buttons")
    channel.contents["pdf"] = PDF
    store = LocalFiles(tmp_path / "files")
    found = Hall(house, channel, store)
    intake = Intake(store, house.storage, lambda: house.now, limit=1024**2)
    rooms = Reception(house.storage, house.library, lambda: house.now, {"buttons": channel}, intake)
    house.turns = Turns(
        house.storage, house.library, lambda: house.now, LIMITS, RIGHTS, house.dispatch, reception=rooms
    )
    await house.say("/apply")
    monkeypatch.setitem(handlers.FLOWS, "apply", Flow(found.answer, takes_files=True))
    return found


async def test_file_reaches_the_flow_taken_in(hall: Hall) -> None:
    assert await hall.send("pdf", text="营业执照") == ["received"]
    [[file]] = hall.seen
    assert (file.attachment, file.problem, hall.texts) == (TAKEN, None, ["营业执照"])
    assert hall.store.path(KEY).read_bytes() == PDF
    assert hall.noted() == [StoredFile(1, KEY, 1, None, "方案.pdf", "pdf", len(PDF), 2, None, None, hall.house.now)]


async def test_repeat_downloads_nothing_and_notes_nothing(hall: Hall) -> None:
    event = hall.event("pdf")
    assert [await hall.send(event=event) for _ in range(2)] == [["received"], ["received"]]
    assert (hall.channel.fetched, len(hall.seen), len(hall.noted())) == (["pdf"], 1, 1)


async def test_repeats_at_once_share_a_download(hall: Hall) -> None:
    event = hall.event("pdf")
    found = await asyncio.gather(*(hall.send(event=event) for _ in range(3)))
    assert found == [["received"]] * 3
    assert (hall.channel.fetched, len(hall.seen), len(hall.noted())) == (["pdf"], 1, 1)


async def test_whoever_gives_up_waiting_does_not_end_the_download(hall: Hall) -> None:
    event = hall.event("pdf")
    impatient = asyncio.create_task(hall.send(event=event))
    patient = asyncio.create_task(hall.send(event=event))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == ["received"]
    assert hall.channel.fetched == ["pdf"]


async def test_album_is_taken_in_one_after_the_other(hall: Hall) -> None:
    hall.channel.contents["png"] = make_picture()
    events = [hall.event("pdf"), hall.event("png")]
    for event in events:
        await hall.send(event=event)
    [[first], [second]] = hall.seen
    assert (first.attachment, second.problem) == (
        TAKEN,
        ("wrong_type", {"name": "方案.pdf", "said": "PDF", "found": "PNG"}),
    )


async def test_several_files_of_an_event_are_judged_each(hall: Hall) -> None:
    hall.channel.contents["empty"] = b""
    await hall.send("pdf", "empty", "none")
    [[first, second, third]] = hall.seen
    assert first.attachment == TAKEN
    assert second.problem == ("empty", {"name": "方案.pdf"})
    assert third.problem == ("gone", {"name": "方案.pdf"})
    assert len(hall.noted()) == 1


async def test_file_that_no_flow_wants_is_not_fetched(hall: Hall) -> None:
    answered = await hall.send("pdf", person="ben")
    assert answered == [
        "收到文件，不过现在没有哪一步需要文件，没有保存。发送“申报”开始填表，填到附件那一步时再发给我。"
    ]
    assert hall.channel.fetched == []


async def test_file_in_a_group_is_not_fetched(hall: Hall) -> None:
    answered = await hall.send("pdf", chat="group", private=False)
    assert answered == ["文件只在与我的单独对话里接收，刚才的没有保存。"]
    assert hall.channel.fetched == []


async def test_sender_who_breaks_off_leaves_nothing_and_sends_again(hall: Hall, tmp_path: Path) -> None:
    hall.channel.contents["pdf"] = Interrupted("cut")
    event = hall.event("pdf")
    with pytest.raises(Interrupted):
        await hall.send(event=event)
    hall.channel.contents["pdf"] = PDF
    assert await hall.send(event=event) == ["received"]
    assert len(hall.noted()) == 1
    assert not list((tmp_path / "files" / ".new").iterdir())


async def test_full_disk_is_a_problem_of_the_file(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise StoreFull

    monkeypatch.setattr(LocalFiles, "open_upload", full)
    await hall.send("pdf")
    assert hall.seen[0][0].problem == ("no_room", {"name": "方案.pdf"})


async def test_crash_on_the_way_in_is_apologised_for_once(hall: Hall) -> None:
    hall.channel.contents["pdf"] = RuntimeError("what a person wrote")
    event = hall.event("pdf")
    first = await hall.send(event=event)
    assert first[0].startswith("抱歉，出了点问题")
    assert await hall.send(event=event) == first
    assert (hall.seen, hall.noted()) == ([], [])


async def test_files_of_a_reply_are_sent_behind_their_text(hall: Hall) -> None:
    hall.given = (OutgoingFile("a" * 64, "申报书.docx"), OutgoingFile("b" * 64, "清单.xlsx"))
    channel = MemoryChannel("buttons", limits=replace(LIMITS["buttons"], files="apart"))
    house = hall.house
    delivery = Delivery(house.storage, {"buttons": channel}, lambda: house.now, owner="o")
    limits = {**LIMITS, "buttons": channel.limits}
    house.turns = replace(house.turns, limits=limits, dispatch=delivery)
    await house.say("/apply", person="ben")
    channel.sent.clear()
    await hall.send("pdf", person="ben")
    await delivery.finish()
    assert [(sent.text, tuple(replace(file, instead="") for file in sent.files)) for sent in channel.sent] == [
        ("received", ()),
        ("", hall.given[:1]),
        ("", hall.given[1:]),
        ("next", ()),
    ]


@pytest.mark.parametrize("wanted", [True, False])
async def test_word_file_is_read_before_the_turn_where_a_filled_form_may_come(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, wanted: bool
) -> None:
    wants = Mock(return_value=wanted)
    known = next(iter(hall.house.library.programmes))
    flow = Flow(hall.answer, takes_files=True, paper_for=lambda _data: (known, 7))
    monkeypatch.setitem(handlers.FLOWS, "apply", flow)
    monkeypatch.setattr(reception, "wants_paper_form", wants)
    hall.channel.contents["docx"] = make_docx("附件1")
    event = hall.house.event(kind=Kind.FILE, files=(IncomingFile("docx", "附件1.docx"),))
    await hall.house.turns.handle(event)
    [[file]] = hall.seen
    assert (wants.call_args.kwargs["application_id"], file.problem, file.rows) == (
        7,
        None,
        (("附件1",),) if wanted else None,
    )
