"""``/_control``: how a test, or an operator with curl, drives a stand-in in another process.

``GET messages`` (payloads taken), ``GET calls`` (all that came in), ``GET media/ID`` (an uploaded
picture), ``POST faults`` (a :class:`~bot.graph_stub.faults.Fault` and how many ``times``, as JSON),
``GET behaviour`` and ``POST behaviour`` (fields of :class:`~bot.graph_stub.behaviour.Behaviour` to
change), ``DELETE`` on itself (forget calls and faults, behave well).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web
from pydantic import ValidationError

from bot.graph_stub.behaviour import Behaviour
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
        graph.behaviour = Behaviour()
        return dump({})

    async def picture(request: web.Request) -> web.Response:
        found = graph.media.get(request.match_info["id"])
        if found is None:
            return web.Response(status=404)
        headers = {
            "Content-Type": graph.type_of(request.match_info["id"]),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=found, headers=headers)

    async def faults(request: web.Request) -> web.Response:
        told = await request.json()
        times = told.pop("times", 1)
        graph.fail(Fault(**told), times)
        return dump({"waiting": len(graph.faults)})

    async def behaviour(_request: web.Request) -> web.Response:
        return dump(graph.behaviour.model_dump())

    async def behave(request: web.Request) -> web.Response:
        told = await request.json()
        try:
            graph.behaviour = Behaviour(**{**graph.behaviour.model_dump(), **told})
        except (TypeError, ValidationError) as error:
            return web.Response(status=400, text=str(error))
        return dump(graph.behaviour.model_dump())

    return [
        web.get("/_control/behaviour", behaviour),
        web.post("/_control/behaviour", behave),
        web.get("/_control/calls", calls),
        web.get("/_control/messages", messages),
        web.delete("/_control", clear),
        web.get("/_control/media/{id}", picture),
        web.post("/_control/faults", faults),
    ]


def dump(document: Any) -> web.Response:
    """An answer in JSON."""
    return web.Response(body=orjson.dumps(document), content_type="application/json")
