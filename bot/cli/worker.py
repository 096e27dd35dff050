"""`laurel worker`: the sending without the doors."""

import asyncio
from typing import Annotated

import typer


def worker(
    once: Annotated[bool, typer.Option(help="Send what is due, keep the schedule once, and stop.")] = False,
) -> None:
    """Sends what waits and keeps the schedule, until it is told to stop."""
    from bot.app import Laurel, stopped_by_signals
    from bot.settings import load
    from bot.telemetry import set_up_logs

    settings = load()
    set_up_logs(settings.log_level)
    laurel = Laurel.open(settings)

    async def main() -> None:
        if once:
            await laurel.work_once()
            return
        with stopped_by_signals(asyncio.get_running_loop()) as stop:
            await laurel.work(stop)

    try:
        asyncio.run(main())
    finally:
        laurel.close()
