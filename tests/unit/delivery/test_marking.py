import asyncio

from bot.delivery.marking import Marks
from bot.delivery.policy import Decision
from bot.delivery.sending import Settled
from bot.messages import Address
from storage.errors import DatabaseBusy
from storage.records import Message
from tests.fixtures.people import NOW


def settled(number: int, chat: str = "a") -> Settled:
    message = Message(
        number,
        f"k{number}",
        "memory",
        chat,
        None,
        "reply",
        {"text": ""},
        "sending",
        NOW,
        0,
        "",
        None,
        None,
        NOW,
        None,
        None,
    )
    return Settled(message, Decision("sent"))


class Book:
    """Writes marks down; `troubles` are raised first, those of a message's number whenever it is in the batch."""

    def __init__(self, *troubles: Exception, poison: int = 0) -> None:
        self.batches: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.written = asyncio.Event()
        self._troubles = list(troubles)
        self._poison = poison

    async def write(self, batch: list[Settled]) -> None:
        await self.open.wait()
        if self._troubles:
            raise self._troubles.pop(0)
        numbers = [one.message.id for one in batch]
        if self._poison in numbers:
            raise ValueError(self._poison)
        self.batches.append(numbers)
        self.written.set()


async def sleep_for_ever(_seconds: float) -> None:
    await asyncio.Event().wait()


async def test_marks_of_a_moment_are_one_batch() -> None:
    book = Book()
    moment = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        await moment.wait()

    marks = Marks(book.write, sleep)
    marks.note([settled(1), settled(2)])
    marks.note([settled(3, "b")])
    moment.set()
    await book.written.wait()
    assert book.batches == [[1, 2, 3]]


async def test_marks_that_were_refused_go_along_with_the_next() -> None:
    book = Book(DatabaseBusy())
    marks = Marks(book.write, sleep_for_ever)
    marks.note([settled(1)])
    await marks.flush()
    marks.note([settled(2)])
    await marks.flush_chat(Address("memory", "a"))
    assert book.batches == [[1, 2]]


async def test_mark_that_cannot_be_written_takes_no_other_with_it() -> None:
    book = Book(poison=2)
    marks = Marks(book.write, sleep_for_ever)
    marks.note([settled(number) for number in (1, 2, 3)])
    await marks.flush()
    await marks.flush()
    assert book.batches == [[1], [3]]


async def test_marks_outlive_whoever_waited_for_them() -> None:
    book = Book()
    marks = Marks(book.write, sleep_for_ever)
    marks.note([settled(1)])
    book.open.clear()
    waiting = asyncio.create_task(marks.flush())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    book.open.set()
    await marks.flush_chat(Address("memory", "a"))
    assert book.batches == [[1]]


async def test_marks_of_another_chat_are_not_waited_for() -> None:
    book = Book()
    marks = Marks(book.write, sleep_for_ever)
    marks.note([settled(1, "b")])
    await marks.flush_chat(Address("memory", "a"))
    assert book.batches == []
