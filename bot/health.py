"""``/healthz``, ``/readyz`` and ``/metrics``: what operators' machines ask.

No label ever holds personal data: an office, a channel, an outcome.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram
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
        self.rasa_avoided = Counter(
            "antre_rasa_avoided_total",
            "Messages that the embedded classifier ranked in Rasa's place, by why.",
            ("reason",),
            registry=self.registry,
        )

    def show_breaker(self, states: Iterable[str], now: Callable[[], str]) -> None:
        """Show in which state the circuit breaker before Rasa is, 1 for it and 0 for the others.

        Args:
            states: all there are.
            now: the one it is in.
        """
        gauge = Gauge(
            "antre_rasa_breaker",
            "Whether Rasa is asked (closed), tried again (half_open) or left alone (open).",
            ("state",),
            registry=self.registry,
        )
        for state in states:
            gauge.labels(state).set_function(partial(_is, state, now))


def _is(state: str, now: Callable[[], str]) -> float:
    return float(now() == state)


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
