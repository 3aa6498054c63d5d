"""``/healthz``, ``/readyz`` and ``/metrics``: what operators' machines ask.

``/healthz`` says that the process lives, ``/readyz`` whether messages should be sent to it, with
each check by name. What only part of the service suffers from is ``degraded`` and no reason to
send messages elsewhere, for every other process would say the same.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import orjson
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.errors import StorageUnavailable
from bot.metrics import Metrics

CHECK_SECONDS: Final = 2.0
"""A check that takes longer has failed: who asks does not wait for ever."""

_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""A request with one of these came through a proxy, from who knows where."""


@dataclass(frozen=True, slots=True)
class Check:
    """How one part does.

    Args:
        state: ``ok``; ``degraded``, messages are taken and answered all the same; ``down``.
        about: why, in figures and words that hold no secret and nobody's name.
    """

    state: Literal["ok", "degraded", "down"] = "ok"
    about: Mapping[str, str | float] = field(default_factory=dict)


Checks = Mapping[str, Callable[[], Awaitable[Check]]]


class Health:
    """Whether this process should be sent messages.

    Args:
        checks: by name; one that does not end in time, or finds no database, is ``down``.
    """

    def __init__(self, checks: Checks) -> None:
        self._checks = checks
        self._phase: Literal["starting", "serving", "stopping"] = "starting"

    def serve(self) -> None:
        """From now on messages are taken."""
        self._phase = "serving"

    def leave(self) -> None:
        """From now on others should take them; this process still answers those that come."""
        self._phase = "stopping"

    async def report(self) -> tuple[int, dict[str, object]]:
        """HTTP status and body of ``/readyz``."""
        if self._phase != "serving":
            return 503, {"status": self._phase, "checks": {}}
        names = list(self._checks)
        found = await asyncio.gather(*(_timed(self._checks[name]) for name in names))
        states = {check.state for check in found}
        status = "ready" if states <= {"ok"} else "degraded"
        status = "down" if "down" in states else status
        checks = {
            name: {"state": check.state, **check.about}
            for name, check in zip(names, found, strict=True)
        }
        return 503 if status == "down" else 200, {"status": status, "checks": checks}


async def _timed(look: Callable[[], Awaitable[Check]]) -> Check:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await look()
    except TimeoutError:
        return Check("down", {"reason": f"no answer within {CHECK_SECONDS:g} s"})
    except StorageUnavailable:
        return Check("down", {"reason": "the database does not answer"})


def storage_check(ping: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[Check]]:
    """Whether the database answers.

    Args:
        ping: asks it something; raises ``StorageUnavailable`` when it does not answer.
    """

    async def check() -> Check:
        began = time.perf_counter()
        await ping()
        return Check("ok", {"milliseconds": round(1000 * (time.perf_counter() - began), 1)})

    return check


def health_routes(health: Health, metrics: Metrics, metrics_token: str = "") -> list[web.RouteDef]:
    """The three routes.

    Args:
        metrics_token: whoever has it sees ``/metrics``; without one, this machine alone does.
    """

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def readyz(_: web.Request) -> web.Response:
        status, body = await health.report()
        return web.Response(
            status=status,
            body=orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE),
            content_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    async def expose(request: web.Request) -> web.Response:
        if refused := _refused(request, metrics_token):
            return refused
        return web.Response(body=metrics.shown(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [
        web.get("/healthz", healthz),
        web.get("/readyz", readyz),
        web.get("/metrics", expose),
    ]


def _refused(request: web.Request, token: str) -> web.Response | None:
    """What a stranger to ``/metrics`` is answered."""
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
            return None
        return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    if _is_of_this_machine(request):
        return None
    return web.Response(
        status=403, text="set ANTRE_METRICS_TOKEN to see the metrics from another machine\n"
    )


def _is_of_this_machine(request: web.Request) -> bool:
    """Whether somebody at this machine asks, and not a proxy for somebody else."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
