"""What hangs on to a server without asking anything, and a Graph that is slow: people are answered.

``antre serve`` on the embedded database, or that of ``MONGODB_URI``. While 10,000 connections are
open and say nothing, while 200 send a webhook's headers a byte at a time, and while each call of
Graph takes two seconds, plain questions come at a steady rate; all are to be answered 200, as fast
as before or nearly so, and the memory is to stay. What kills and fails is in ``tests/long``; ``make
soak`` runs those and this.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from itertools import count
from urllib.parse import urlsplit

from harness import offices
from harness.doors import Webhook
from harness.figures import quantile
from harness.loops import opened
from harness.machine import described
from harness.meta import Meta, meta_at
from harness.processes import resident_mb
from harness.talks import questions, quiet, sender_of

from bot.loop import run as run_loop
from tests.support.service import free_port

PEOPLE = 400
FILES = 300
"""Open files that are needed for other things than idle connections."""

SLOW_ONES = 200
SLOW_GRAPH_SECONDS = 2.0
HEADERS = "POST /webhooks/whatsapp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nX-A: "


@asynccontextmanager
async def idle(url: str, connections: int) -> AsyncIterator[None]:
    """So many connections on which nothing is said."""
    parts = urlsplit(url)
    writers: list[asyncio.StreamWriter] = []
    try:
        for _ in range(connections):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port)
            writers.append(writer)
        yield
    finally:
        for writer in writers:
            writer.close()


@asynccontextmanager
async def slow_loris(url: str, connections: int) -> AsyncIterator[None]:
    """So many requests that never come to an end: a byte a second each."""
    parts = urlsplit(url)

    async def drip() -> None:
        with suppress(OSError):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port)
            writer.write(HEADERS.encode())
            while True:
                writer.write(b"a")
                await writer.drain()
                await asyncio.sleep(1)

    tasks = [asyncio.create_task(drip()) for _ in range(connections)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def slow_graph(meta: Meta) -> AsyncIterator[None]:
    """Each call takes so long."""
    meta.delay = SLOW_GRAPH_SECONDS
    yield
    meta.delay = 0.0


async def main() -> None:
    """Print a table; ends with an error when somebody was not answered."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--connections", type=int, default=10_000, help="that are idle")
    parser.add_argument("--talks", type=int, default=60, help="of four questions, in each trial")
    parser.add_argument("--rate", type=float, default=4, help="of them begun a second")
    options = parser.parse_args()
    print("; ".join(f"{what} {value}" for what, value in described().items()))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the server inherits it
    connections = min(options.connections, most - FILES)
    graph_port, people = free_port(), count()

    def next_sender() -> str:
        return sender_of(next(people) % PEOPLE)

    async with AsyncExitStack() as stack:
        uri, _ = await stack.enter_async_context(offices.mongodb())
        meta = await stack.enter_async_context(meta_at(graph_port))
        server = await stack.enter_async_context(offices.office(uri, graph_port))
        door = Webhook(meta, server.url)
        trials: dict[str, Callable[[], AbstractAsyncContextManager[object]]] = {
            "as ever": AsyncExitStack,
            f"{connections:,} idle connections": lambda: idle(server.url, connections),
            f"{SLOW_ONES} slow-lorises": lambda: slow_loris(server.url, SLOW_ONES),
            f"Graph takes {SLOW_GRAPH_SECONDS:g} s": lambda: slow_graph(meta),
            "as ever again": AsyncExitStack,
        }
        print(f"\n{'':28}{'answered':>9}{'p50 ms':>9}{'p99 ms':>9}{'MB':>7}")
        for name, trial in trials.items():
            async with trial():
                talks = [questions(door, next_sender) for _ in range(options.talks)]
                took = sorted((await opened(talks, options.rate)).all)
                size = resident_mb(server.process_id)
            p50, p99 = quantile(took, 0.5), quantile(took, 0.99)
            print(f"{name:28}{len(took):9}{p50:9.1f}{p99:9.1f}{size:7.0f}", flush=True)
            await quiet(3)
    if meta.refused:
        raise SystemExit(f"{meta.refused} were not answered 200")


if __name__ == "__main__":
    run_loop(main())
