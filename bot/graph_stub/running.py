"""A rehearsal as a process of its own, until it is asked to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from bot.channels.guard import loopback_guard
from bot.errors import ConfigError
from bot.graph_stub.page import page_routes
from bot.graph_stub.rehearsal import account_of, rehearsing
from bot.graph_stub.server import GraphStandIn

LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


async def rehearse(
    graph: GraphStandIn,
    numbers: Mapping[str, str],
    webhook_url: str,
    app_secret: str,
    *,
    host: str,
    port: int,
    ready: Callable[[], None],
) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        numbers: names of offices by their display number.
        host: pages of other web sites are kept out only from this machine's own addresses.
        ready: called once it listens; ``graph.url`` is known then.

    Raises:
        ConfigError: the address cannot be used.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    guards = [loopback_guard()] if host in LOOPBACK else []
    graph.account.app_secret, graph.account.callback_url = app_secret, webhook_url
    for digits, name in numbers.items():
        graph.account.has_number(account_of(digits), digits, name)
    random = Random()  # noqa: S311 - chance, no secret
    async with rehearsing(graph, numbers, webhook_url, app_secret, random) as rehearsal:
        try:
            async with graph.serving(port, host, page_routes(rehearsal), guards):
                ready()
                await stop.wait()
        except OSError as error:
            raise ConfigError(
                f"cannot listen on {host}:{port}: {error.strerror}; choose another --port"
            ) from None
