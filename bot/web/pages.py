"""The pages' HTML, and the files they need under addresses that change with their content."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.render import LOCALES, render

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "web"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_YEAR = 365 * 24 * 3600
# The pages' own words: blocks of the template web.j2.
TEXTS = (
    "title", "subtitle", "placeholder", "send", "log", "choices", "you", "working", "waiting", "failed", "retry",
    "refused", "offline", "newer", "switch", "language_name", "skip", "too_long", "reload", "unread", "expired",
    "script_off", "back", "reference", "attach", "drop", "uploading", "download", "file_too_large", "file_lost",
)  # fmt: skip


class Pages:
    """Renders pages. The assets' folder is named by the hash of them all: they may be cached for ever."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._assets = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in _TYPES}
        self.version = _digest(self._assets)
        self._texts = {locale: {name: render(f"web.{name}", locale) for name in TEXTS} for locale in LOCALES}
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            auto_reload=False,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def chat(self, *, locale: str, mark: str, most: int) -> web.Response:
        """The chat page for a visitor whom `mark` names. `most` is the greatest file that it offers to send."""
        return self._html("chat.html", locale, mark=mark, most=most, texts=self._texts)

    def error(self, *, locale: str, text: str, reference: str, status: int) -> web.Response:
        """A page that says what went wrong."""
        return self._html("error.html", locale, status=status, text=text, reference=reference)

    def page(self, template: str, *, locale: str, status: int = 200, **values: object) -> web.Response:
        """A page from a template of this folder."""
        return self._html(template, locale, status=status, **values)

    def macros(self, template: str) -> Any:
        """The macros of a template, to be called for pieces of a page."""
        return self._environment.get_template(template).module

    async def asset(self, request: web.Request) -> web.Response:
        """GET /assets/{version}/{name}."""
        name = request.match_info["name"]
        if request.match_info["version"] != self.version or name not in self._assets:
            raise web.HTTPNotFound
        response = web.Response(body=self._assets[name], content_type=_TYPES[Path(name).suffix], charset="utf-8")
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
        response.enable_compression()
        return response

    def _html(self, template: str, locale: str, *, status: int = 200, **values: object) -> web.Response:
        page = self._environment.get_template(template)
        text = page.render(
            locale=locale, status=status, say=self._texts[locale], assets=f"/assets/{self.version}", **values
        )
        response = web.Response(text=text, content_type="text/html", status=status)
        response.headers["Cache-Control"] = "no-store"
        response.enable_compression()
        return response


def _digest(assets: Mapping[str, bytes]) -> str:
    together = hashlib.sha256()
    for name, content in assets.items():
        together.update(f"{name}:{len(content)}:".encode() + content)
    return together.hexdigest()[:16]
