from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from bot.channels.whatsapp.graph import GraphClient
from bot.graph_stub.server import TOKEN, GraphStandIn


@pytest.fixture
async def graph() -> AsyncIterator[GraphStandIn]:
    """Meta's side, on the loopback."""
    async with GraphStandIn().serving() as stand_in:
        yield stand_in


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """A real HTTP client."""
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
def client(graph: GraphStandIn, session: ClientSession) -> GraphClient:
    """Our side, speaking to it."""
    return GraphClient(session, graph.url, TOKEN)
