"""Laurel as `python -m bot`, but for the one message a second to a chat: tests type faster than people do.

With TESTS_NOW in the environment its clock starts at that instant: programmes of past years are open again.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import bot.app
from bot.__main__ import main
from bot.delivery import pacing

NOW = "TESTS_NOW"


def clock_from(instant: datetime) -> Callable[[], datetime]:
    """A clock that shows the instant now, and goes."""
    started = time.monotonic()
    return lambda: instant.astimezone(UTC) + timedelta(seconds=time.monotonic() - started)


def _set_clock(instant: datetime) -> None:
    clock, real = clock_from(instant), bot.app.Laurel.open
    bot.app.Laurel.open = lambda *args, **named: real(*args, **{**named, "clock": clock})  # type: ignore[method-assign]


if __name__ == "__main__":
    pacing.CHAT_BURST = 1_000_000
    if NOW in os.environ:
        _set_clock(datetime.fromisoformat(os.environ[NOW]))
    main()
