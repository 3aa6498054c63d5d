"""``/_control``: how a test, or an operator with curl, drives a stand-in in another process.

``GET messages`` (payloads taken), ``GET calls`` (all that came in), ``GET media/ID`` (an uploaded
picture), ``POST faults`` (a :class:`~bot.graph_stub.faults.Fault` and how many ``times``, as JSON),
``DELETE`` on itself (forget calls and faults).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

from bot.graph_stub.faults import Fault

if TYPE_CHECKING:
    from bot.graph_stub.server import GraphStandIn


def control_routes(graph: GraphStandIn) -> list[web.RouteDef]:
    """The routes that look into a stand-in and tell it what to do."""

    async def calls(_request: web.Request) -> web.Response:
        return dump([asdict(call) for call in graph.calls])

    async def messages(_request: web.Request) -> web.Response:
        return dump(graph.messages)

    async def clear(_request: web.Request) -> web.Response:
        graph.calls.clear()
        graph.faults.clear()
        return dump({})

    async def picture(request: web.Request) -> web.Response:
        found = graph.media.get(request.match_info["id"])
        return web.Response(body=found) if found else web.Response(status=404)

    async def faults(request: web.Request) -> web.Response:
        told = await request.json()
        times = told.pop("times", 1)
        graph.fail(Fault(**told), times)
        return dump({"waiting": len(graph.faults)})

    return [
        web.get("/_control/calls", calls),
        web.get("/_control/messages", messages),
        web.delete("/_control", clear),
        web.get("/_control/media/{id}", picture),
        web.post("/_control/faults", faults),
    ]


def dump(document: Any) -> web.Response:
    """An answer in JSON."""
    return web.Response(body=orjson.dumps(document), content_type="application/json")
