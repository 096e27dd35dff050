"""Files by way of the Bot API: fetched by their id, uploaded as documents."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.channels.base import Later, NotFetched, Refused, Sent
from bot.channels.telegram.channel import TelegramChannel
from bot.messages import Address, IncomingFile, Outgoing, OutgoingFile
from storage.files import LocalFiles
from tests.fixtures.uploads import make_pdf
from tests.standins.telegram import TelegramStandin

PDF = make_pdf(2)
MB = 1024 * 1024


class Kept(LocalFiles):
    """A store as the contents of messages, of which nothing is made."""

    async def fetch(self, key: str) -> Path:
        """What is kept."""
        return self.path(key)


@pytest.fixture
def files(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "files")


@pytest.fixture
async def channel(standin: TelegramStandin, files: Kept) -> AsyncIterator[TelegramChannel]:
    opened = TelegramChannel(standin.token, api_base=standin.base_url, contents=files)
    yield opened
    await opened.close()


def put(files: LocalFiles, content: bytes) -> str:
    upload = files.open_upload()
    upload.write(content)
    return upload.commit().key


def carrying(*files: OutgoingFile, text: str = "") -> Outgoing:
    return Outgoing(1, Address("telegram", "1001"), text, files=files)


async def fetched(channel: TelegramChannel, file: IncomingFile) -> bytes:
    return b"".join([chunk async for chunk in channel.fetch(file)])


async def problem(channel: TelegramChannel, file: IncomingFile) -> tuple[str, dict[str, object]]:
    with pytest.raises(NotFetched) as caught:
        await fetched(channel, file)
    return caught.value.kind, caught.value.values


async def test_document_is_fetched_as_it_was_sent(standin: TelegramStandin, channel: TelegramChannel) -> None:
    standin.user(1001).send_file(PDF, "方案.pdf", caption="请查收")
    [update] = await channel.updates(0, 0)
    inbound = channel.read(update)
    assert inbound is not None
    [file] = inbound.files
    assert (inbound.text, file.name, file.recompressed) == ("请查收", "方案.pdf", False)
    assert await fetched(channel, file) == PDF


async def test_photo_is_marked_as_recompressed(standin: TelegramStandin, channel: TelegramChannel) -> None:
    standin.user(1001).send_photo(b"jpeg")
    [update] = await channel.updates(0, 0)
    inbound = channel.read(update)
    assert inbound is not None
    assert [(file.recompressed, await fetched(channel, file)) for file in inbound.files] == [(True, b"jpeg")]


async def test_every_part_of_an_album_is_an_event(standin: TelegramStandin, channel: TelegramChannel) -> None:
    anna = standin.user(1001)
    for number in range(3):
        anna.send_file(PDF + bytes([number]), f"{number}.pdf", album="7")
    inbounds = [channel.read(update) for update in await channel.updates(0, 0)]
    assert len({inbound.event for inbound in inbounds if inbound}) == 3
    contents = [await fetched(channel, inbound.files[0]) for inbound in inbounds if inbound]
    assert contents == [PDF + bytes([number]) for number in range(3)]


@pytest.mark.parametrize("size", [None, 21 * MB])
async def test_file_over_the_limit_of_bots_is_not_fetched(
    standin: TelegramStandin, channel: TelegramChannel, size: int | None
) -> None:
    handle = standin.keep(b"x" * 21 * MB)
    assert await problem(channel, IncomingFile(handle, size=size)) == (
        "too_large_here",
        {"limit": "20M", "most": 20 * 1024 * 1024},
    )
    assert len(standin.calls("getFile")) == (size is None)


async def test_file_of_just_the_limit_is_fetched(standin: TelegramStandin, channel: TelegramChannel) -> None:
    handle = standin.keep(b"x" * 20 * MB)
    assert len(await fetched(channel, IncomingFile(handle, size=20 * MB))) == 20 * MB


async def test_file_that_is_gone_is_told(channel: TelegramChannel) -> None:
    assert await problem(channel, IncomingFile("none")) == ("gone", {})


async def test_download_that_breaks_off_is_told_without_the_token(
    standin: TelegramStandin, channel: TelegramChannel
) -> None:
    handle = standin.keep(b"x" * MB)
    standin.api.cut_downloads = 1
    with capture_logs() as logs:
        assert await problem(channel, IncomingFile(handle)) == ("unreachable", {})
    assert [entry["event"] for entry in logs] == ["telegram_file_not_fetched"]
    assert standin.token not in str(logs)
    assert len(await fetched(channel, IncomingFile(handle))) == MB


async def test_api_in_trouble_is_told(standin: TelegramStandin, channel: TelegramChannel) -> None:
    handle = standin.keep(b"x")
    standin.fail_next("getFile", "500")
    assert await problem(channel, IncomingFile(handle)) == ("unreachable", {})


async def test_file_is_sent_as_a_document(
    standin: TelegramStandin, channel: TelegramChannel, files: LocalFiles
) -> None:
    anna = standin.user(1001, known=True)
    outcome = await channel.send(carrying(OutgoingFile(put(files, PDF), "申报书.pdf")))
    [seen] = anna.sent
    assert (seen.text, seen.file, seen.content) == ("", "申报书.pdf", PDF)
    assert outcome == Sent(order=seen.id, external_id=str(seen.id))


async def test_files_come_behind_the_text(
    standin: TelegramStandin, channel: TelegramChannel, files: LocalFiles
) -> None:
    anna = standin.user(1001, known=True)
    both = [OutgoingFile(put(files, content), f"{content.decode()}.txt") for content in (b"one", b"two")]
    await channel.send(carrying(*both, text="材料如下"))
    assert [(seen.text, seen.file) for seen in anna.sent] == [("材料如下", ""), ("", "one.txt"), ("", "two.txt")]


async def test_file_that_is_no_longer_kept_is_refused(standin: TelegramStandin, channel: TelegramChannel) -> None:
    standin.user(1001, known=True)
    assert await channel.send(carrying(OutgoingFile("a" * 64, "a.pdf"))) == Refused("the file is gone")


async def test_message_of_nothing_is_refused(channel: TelegramChannel) -> None:
    assert await channel.send(carrying()) == Refused("empty")


def heavy(files: LocalFiles, size: int) -> str:
    """Content of that size, of which the disk holds nothing."""
    path = files.path(put(files, b"heavy"))
    os.truncate(path, size)
    return f"{path.parent.name}{path.name}"


@pytest.mark.parametrize(("size", "linked"), [(50 * MB, True), (50 * MB, False), (21 * MB, True)])
async def test_file_too_large_to_send_is_told_of_instead(
    standin: TelegramStandin, channel: TelegramChannel, files: LocalFiles, size: int, linked: bool
) -> None:
    anna = standin.user(1001, known=True)
    file = OutgoingFile(heavy(files, size), "材料.zip", instead="从这里下载", linked=linked)
    outcome = await channel.send(carrying(file))
    [seen] = anna.sent
    assert (seen.text, seen.file) == ("从这里下载", "")
    assert outcome == Sent(order=seen.id, external_id=str(seen.id))
    assert standin.calls("sendDocument") == []


async def test_file_that_can_only_be_sent_is_sent(
    standin: TelegramStandin, channel: TelegramChannel, files: LocalFiles
) -> None:
    anna = standin.user(1001, known=True)
    await channel.send(carrying(OutgoingFile(heavy(files, 21 * MB), "材料.zip", instead="请联系工作人员")))
    assert [(seen.text, seen.file) for seen in anna.sent] == [("", "材料.zip")]


async def test_file_that_telegram_finds_too_large_is_told_of_instead(
    standin: TelegramStandin, channel: TelegramChannel, files: LocalFiles
) -> None:
    anna = standin.user(1001, known=True)
    standin.fail_next("sendDocument", "413")
    await channel.send(carrying(OutgoingFile(put(files, PDF), "材料.zip", instead="请联系工作人员")))
    assert [(seen.text, seen.file) for seen in anna.sent] == [("请联系工作人员", "")]


async def test_file_too_large_to_send_of_which_nothing_is_said_is_refused(
    standin: TelegramStandin, channel: TelegramChannel, files: LocalFiles
) -> None:
    standin.user(1001, known=True)
    outcome = await channel.send(carrying(OutgoingFile(heavy(files, 50 * MB), "材料.zip")))
    assert outcome == Refused("the file is too large")


class Workshop:
    """Contents that are made when they are asked for, or cannot be."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.asked = asyncio.Event()
        self.made = asyncio.Event()

    async def fetch(self, _key: str) -> Path:
        """Fails, or waits until it is made; then there is none."""
        if self.error is not None:
            raise self.error
        self.asked.set()
        await self.made.wait()
        raise LookupError


@pytest.mark.parametrize("error", [OSError("disk"), RuntimeError("what a person wrote")])
async def test_file_that_cannot_be_made_now_is_asked_for_again(standin: TelegramStandin, error: Exception) -> None:
    channel = TelegramChannel(standin.token, api_base=standin.base_url, contents=Workshop(error))
    with capture_logs() as logs:
        outcome = await channel.send(carrying(OutgoingFile("1:2", "材料.zip")))
    assert outcome == Later(5.0, reason=f"file: {type(error).__name__}")
    assert str(error) not in str(logs)
    await channel.close()


async def test_file_that_is_still_being_made_is_asked_for_again(
    standin: TelegramStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.files._MAKING_SECONDS", 0.05)
    workshop = Workshop()
    channel = TelegramChannel(standin.token, api_base=standin.base_url, contents=workshop)
    assert await channel.send(carrying(OutgoingFile("1:2", "材料.zip"))) == Later(5.0, reason="file: TimeoutError")
    assert workshop.asked.is_set()
    assert standin.calls("sendDocument") == []
    workshop.made.set()
    await channel.close()
