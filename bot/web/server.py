"""The HTTP server: addresses, limits, the headers that every answer carries, and its start and stop."""

import logging

import structlog
from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

from bot.web.background import Background
from bot.web.bodies import CHAT_BYTES
from bot.web.chat import ChatPage
from bot.web.failures import guard, told_path
from bot.web.form_page import FormPage
from bot.web.ops import Ops
from bot.web.pages import Pages
from bot.web.ports import Edge
from bot.web.webhooks import PASSIVE_SECONDS, TelegramWebhook, WeChatWebhook

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STOP_SECONDS = 10.0
_ROUTINE = frozenset({"/chat/messages", "/healthz", "/readyz"})  # asked all day by waiting pages and by monitors


def build(edge: Edge, *, passive_seconds: float = PASSIVE_SECONDS) -> web.Application:
    """The application: the chat page, the doors of the platforms that are on, and the operators' addresses."""
    pages = Pages()
    background = Background()
    app = web.Application(middlewares=[guard(pages, edge.unavailable)], client_max_size=CHAT_BYTES)
    app.add_routes([web.get("/assets/{version}/{name}", pages.asset)])
    app.add_routes(ChatPage(edge, pages).routes())
    app.add_routes(Ops(edge).routes())
    if edge.forms is not None:
        app.add_routes(FormPage(edge, edge.forms, pages).routes())
    if edge.telegram is not None:
        app.add_routes(TelegramWebhook(edge.turns, edge.telegram, background).routes())
    if edge.wechat is not None:
        door = WeChatWebhook(edge.turns, edge.wechat, background, passive_seconds=passive_seconds)
        app.add_routes(door.routes())
    app.on_response_prepare.append(_add_headers)

    async def let_go(_app: web.Application) -> None:
        await edge.webchat.close()

    async def settle(_app: web.Application) -> None:
        await background.settle(passive_seconds)

    app.on_shutdown.append(let_go)
    app.on_cleanup.append(settle)
    return app


async def start(app: web.Application, host: str, port: int) -> tuple[web.AppRunner, str]:
    """Serves the application. Returns the runner, whose `cleanup` stops it, and the address that it listens on.

    Raises OSError where the address is taken. Bodies are never unpacked: no client of ours packs them, and a small one
    could become a very large one.
    """
    http_log = logging.getLogger("bot.web.http")
    http_log.addFilter(_tell_without_content)
    runner = web.AppRunner(
        app,
        logger=http_log,
        access_log_class=AccessLog,
        access_log=logging.getLogger("bot.web.access"),
        auto_decompress=False,
        shutdown_timeout=_STOP_SECONDS,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except BaseException:
        await runner.cleanup()
        raise
    name, bound = runner.addresses[0][:2]
    return runner, f"http://{f'[{name}]' if ':' in name else name}:{bound}"


class AccessLog(AbstractAccessLogger):
    """A line a request, without its query, headers and sender: signatures and invitations stand in queries."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Tells the log of one answered request. `time` in seconds."""
        told = structlog.get_logger("bot.web")
        routine = request.method == "GET" and request.path in _ROUTINE and response.status < 400
        (told.debug if routine else told.info)(
            "request",
            method=request.method,
            path=told_path(request),
            status=response.status,
            milliseconds=round(time * 1000, 1),
        )


def _tell_without_content(record: logging.LogRecord) -> bool:
    """Tells our log of what the HTTP library reports; its own words hold addresses and pieces of requests."""
    error = record.exc_info[1] if record.exc_info else None
    structlog.get_logger("bot.web").warning("http_broken", error=error)
    return False


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.pop("Server", None)
