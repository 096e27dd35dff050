"""Whether a request comes from a page of ours."""

from urllib.parse import urlsplit

from aiohttp import web


def from_our_page(request: web.Request, public_url: str) -> bool:
    """False where the browser says that another site's page asks. Who says nothing is no browser of today."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    return origin is None or (urlsplit(origin).netloc or origin) in {
        request.host,
        urlsplit(public_url).netloc or request.host,
    }
