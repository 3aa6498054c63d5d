"""Keeps other web sites away: from a server on the loopback interface, and from pages that act for
whoever holds their cookie.

Binding to 127.0.0.1 stops other machines, not other pages: a page in the same browser may open a
WebSocket to ``localhost``, or point its own name at 127.0.0.1. The ``Host`` header unmasks the
second, the ``Origin`` header the first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.channels.refusal import Refusal

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")


def loopback_guard(allowed_hosts: Collection[str] = LOOPBACK_HOSTS) -> Middleware:
    """Middleware that answers this machine's own pages only.

    Args:
        allowed_hosts: names without port, as in the ``Host`` header; IPv6 in brackets.

    Every request, WebSocket handshakes included, is refused with 421 when its ``Host`` is another
    name and with 403 when its ``Origin`` is another host or port. No ``Origin`` is fine: curl
    sends none, and a browser leaves it out only where a page cannot read the answer.
    """
    allowed = frozenset(host.lower() for host in allowed_hosts)

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        host = request.headers.get("Host", "").lower()
        if _without_port(host) not in allowed:
            names = ", ".join(sorted(allowed))
            raise Refusal(421, f"this server answers to {names} only; open it by that name")
        origin = request.headers.get("Origin")
        if origin is not None and _netloc(origin) != host:
            raise Refusal(403, "requests from other web sites are refused")
        return await handler(request)

    return guard


def pages_guard(is_page: Callable[[str], bool], hosts: Collection[str] = ()) -> Middleware:
    """Middleware that lets nobody act through a visitor's browser but our own pages.

    Args:
        is_page: whether a path is one of those pages', or asked for by them.
        hosts: names the pages are served under, without port; any, if none is named.

    Answers 421 to another ``Host``, 403 to an ``Origin`` that is not ours; a WebSocket, which
    browsers open from anywhere, must name one.
    """
    named = frozenset(host.lower() for host in hosts)

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if is_page(request.path):
            host = request.headers.get("Host", "").lower()
            if named and _without_port(host) not in named:
                raise Refusal(421, f"these pages are at {', '.join(sorted(named))} only")
            origin = request.headers.get("Origin")
            socket = request.headers.get("Upgrade", "").lower() == "websocket"
            if (origin is not None or socket) and _netloc(origin or "") != host:
                raise Refusal(403, "requests from other web sites are refused")
        return await handler(request)

    return guard


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and (port.isdigit() or not port) else host


def _netloc(origin: str) -> str:
    """``http://localhost:8080`` → ``localhost:8080``; empty for ``null`` and anything odd."""
    try:
        parts = urlsplit(origin.lower())
    except ValueError:  # an unclosed IPv6 bracket
        return ""
    return parts.netloc if parts.scheme in {"http", "https"} else ""
