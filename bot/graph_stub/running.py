"""A stand-in as a process of its own, until it is asked to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

from bot.graph_stub.server import GraphStandIn


async def serve_stub(graph: GraphStandIn, port: int, ready: Callable[[GraphStandIn], None]) -> None:
    """Serve until SIGINT or SIGTERM; ``ready`` is called once it listens."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with graph.serving(port):
        ready(graph)
        await stop.wait()
