"""``/healthz``, ``/readyz`` and ``/metrics``: what operators' machines ask.

No label ever holds personal data: an office, a channel, an outcome.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest

from bot.errors import StorageUnavailable

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """What is counted."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turn_seconds = Histogram(
            "antre_turn_seconds",
            "From a message's arrival to its turn being saved.",
            ("channel",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.messages_dropped = Counter(
            "antre_messages_dropped_total",
            "Messages not heard because their sender wrote too many within a minute.",
            ("channel",),
            registry=self.registry,
        )
        self.turns_failed = Counter(
            "antre_turns_failed_total",
            "Messages that were not saved and must be delivered again.",
            ("channel",),
            registry=self.registry,
        )


def health_routes(metrics: Metrics, ping: Callable[[], Awaitable[object]]) -> list[web.RouteDef]:
    """The three routes.

    Args:
        ping: asks the database something; raises ``StorageUnavailable`` when it does not answer.
    """

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def readyz(_: web.Request) -> web.Response:
        try:
            await ping()
        except StorageUnavailable:
            return web.Response(status=503, text="the database does not answer\n")
        return web.Response(text="ready\n")

    async def expose(_: web.Request) -> web.Response:
        body = generate_latest(metrics.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [
        web.get("/healthz", healthz),
        web.get("/readyz", readyz),
        web.get("/metrics", expose),
    ]
