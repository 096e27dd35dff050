"""What operators and their tools ask: is the process up, can it work. Neither answer holds personal data."""

import asyncio

import structlog
from aiohttp import web

from bot.web.ports import Edge, Readiness

_SECONDS = 5.0

_log = structlog.get_logger("bot.web")


class Ops:
    """GET /healthz and /readyz."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge

    def routes(self) -> list[web.RouteDef]:
        """The addresses."""
        return [web.get("/healthz", self.healthz), web.get("/readyz", self.readyz)]

    async def healthz(self, _request: web.Request) -> web.Response:
        """The process answers."""
        return web.json_response({"status": "ok"}, headers={"Cache-Control": "no-store"})

    async def readyz(self, _request: web.Request) -> web.Response:
        """The database answers (else 503), how the channels are, how many messages wait to be sent.

        A channel that is out of order makes nobody unready: the others work.
        """
        found = await self._ask()
        ready = found.database == "ok"
        body = {
            "status": "ok" if ready else "unready",
            "database": found.database,
            "channels": dict(sorted(found.channels.items())),
            "backlog": found.backlog,
        }
        return web.json_response(body, status=200 if ready else 503, headers={"Cache-Control": "no-store"})

    async def _ask(self) -> Readiness:
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._edge.ready()
        except TimeoutError:
            return Readiness(database="slow", channels={})
        except Exception as error:  # noqa: BLE001 - whatever is wrong, the answer is that it is not ready
            _log.error("readiness_unknown", error=error)
            return Readiness(database="unreachable", channels={})
