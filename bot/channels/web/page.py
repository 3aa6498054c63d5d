"""The page itself, its files, and what it asks for over plain HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import orjson
from aiohttp import web

from bot.booking.photos import Photos
from bot.channels.inbound import Collects, Hears
from bot.channels.refusal import STORAGE_DOWN, Refusal
from bot.channels.web.crowd import Crowd
from bot.channels.web.sender import WebSender
from bot.channels.web.socket import ChatSocket
from bot.channels.web.turns import Transcript, recall
from bot.channels.web.upload import upload_route
from bot.channels.web.visitor import Visitors
from bot.errors import StorageUnavailable

STATIC = Path(__file__).parent / "static"

# Said outright: what a machine's own table makes of .js differs, and nosniff believes it.
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}

# Nothing is loaded from elsewhere and nothing inline runs: even a reply that carried markup past
# the page's text nodes could do nothing with it.
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def web_routes(
    hears: Hears,
    collects: Collects,
    transcript: Transcript,
    sender: WebSender,
    offices: Mapping[str, str],
    visitors: Visitors,
    crowd: Crowd,
    clock: Callable[[], datetime],
    photos: Photos | None = None,
    logins: Sequence[Mapping[str, str]] = (),
) -> list[web.RouteDef]:
    """The web chat: ``/chat``, its files and everything under ``/chat/``.

    Args:
        transcript: :meth:`bot.dialogue.store.ConversationStore.transcript`.
        sender: delivers to the pages opened here; close it on shutdown.
        offices: names by id, short as people say them, in the order the page lists them; looked at
            anew each time.
        visitors: who the pages speak for.
        crowd: what one network address may do.
        clock: aware UTC.
        photos: takes the pictures sent from the page; none can be sent if not given.
        logins: of staff, for the page to show to whoever comes; a demo's alone.
    """

    async def list_logins(_: web.Request) -> web.Response:
        return _json(logins)

    async def list_offices(_: web.Request) -> web.Response:
        return _json([{"id": office, "name": name} for office, name in offices.items()])

    async def history(request: web.Request) -> web.Response:
        try:
            contact = await visitors.contact(request)
            turns = await recall(transcript, contact.conversation_id)
        except StorageUnavailable as down:
            raise Refusal(503, STORAGE_DOWN, {"Retry-After": "3"}) from down
        return _json({"turns": turns})

    async def page(request: web.Request) -> web.FileResponse:
        answer = await _file(STATIC / "page.html")(request)
        visitors.greet(request, answer)
        return answer

    socket = ChatSocket(hears, collects, transcript, sender, visitors, crowd, clock)
    return [
        web.get("/chat", page),
        *(web.get(f"/chat/{f.name}", _file(f)) for f in sorted(STATIC.iterdir())),
        web.get("/chat/offices", list_offices),
        web.get("/chat/logins", list_logins),
        web.get("/chat/history", history),
        web.get("/chat/socket", socket.serve),
        *([upload_route(photos, visitors, crowd, clock)] if photos else []),
    ]


def _file(path: Path) -> Callable[[web.Request], Awaitable[web.FileResponse]]:
    headers = {**HEADERS, "Content-Type": f"{TYPES[path.suffix]}; charset=utf-8"}

    async def serve(_: web.Request) -> web.FileResponse:
        return web.FileResponse(path, headers=headers)

    return serve


def _json(document: object) -> web.Response:
    private = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    body = orjson.dumps(document)
    return web.Response(body=body, content_type="application/json", headers=private)
