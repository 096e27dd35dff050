"""A server of fakes and a browser that keeps cookies, without a browser."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.web.ports import Edge
from bot.web.server import build

Client = TestClient[Any, Any]
Serve = Callable[..., Awaitable[Client]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves an edge; returns a client of it."""
    clients: list[Client] = []

    async def start(edge: Edge, **options: Any) -> Client:
        client: Client = TestClient(TestServer(build(edge, **options)))
        await client.start_server()
        clients.append(client)
        return client

    yield start
    for client in clients:
        await client.close()
