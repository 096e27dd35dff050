"""`laurel serve`: the doors and the sending, in one process."""

import asyncio
import sys


def serve() -> None:
    """Serves the page and the platforms' doors, and sends what waits, until it is told to stop."""
    import gc

    from bot.app import Laurel, stopped_by_signals
    from bot.settings import load
    from bot.telemetry import set_up_logs

    settings = load()
    set_up_logs(settings.log_level)
    laurel = Laurel.open(settings)

    def announce(address: str) -> None:
        page = settings.public_url.rstrip("/") or address
        lines = [f"Laurel: {len(laurel.library.programmes)} programmes", f"Chat page: {page}/"]
        lines += [f"Channel: {name}" for name in laurel.doors.channels]
        invitation = laurel.owner_invitation()
        if invitation:
            lines += [
                f"No owner yet. To become it, open {page}/?start=join-{invitation}",
                f"or send: /join {invitation}",
            ]
        lines.append("Ready. Ctrl-C stops it.")
        print("\n".join(lines), flush=True)

    async def main() -> None:
        with stopped_by_signals(asyncio.get_running_loop()) as stop:
            # What was loaded for good need not be walked by every collection: it halves the slowest turns.
            gc.collect()
            gc.freeze()
            await laurel.serve(stop, announce)

    try:
        asyncio.run(main())
    except OSError as error:
        print(f"laurel serve: cannot listen on {settings.host}:{settings.port}: {error.strerror}", file=sys.stderr)
        raise SystemExit(1) from None
    finally:
        laurel.close()
