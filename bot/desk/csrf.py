"""Only our own pages may send forms to us.

Two checks, either of which would do: a form carries a token that other sites cannot read, and a
browser says in ``Origin`` which site a POST comes from.
"""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32,64}")
FIELD: Final = "csrf"
HEADER: Final = "X-CSRF-Token"
"""For what a script sends."""


def new_token() -> str:
    """A token for the forms of one session, or of one visitor who is not signed in."""
    return secrets.token_urlsafe(32)


def is_from_here(request: web.Request) -> bool:
    """Whether a POST comes from a page of ours. Every browser says so; what says nothing is
    refused, too.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site") == "same-origin"
    try:
        parts = urlsplit(origin.lower())
    except ValueError:  # an unclosed IPv6 bracket
        return False
    return parts.scheme in {"http", "https"} and parts.netloc == request.host.lower()


async def sent_token(request: web.Request) -> str:
    """What a POST carries, in its form or in a header; empty if nothing."""
    sent = request.headers.get(HEADER) or (await request.post()).get(FIELD, "")
    return sent if isinstance(sent, str) else ""


def is_same(sent: str, token: str) -> bool:
    """Whether the token sent is the one that was given out."""
    return hmac.compare_digest(sent.encode(), token.encode())
