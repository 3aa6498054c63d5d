"""Who a page speaks for."""

from __future__ import annotations

import re
from collections.abc import Collection

from aiohttp import web

from bot.channels.refusal import Refusal
from bot.dialogue.store import Contact

SESSION = re.compile(r"[A-Za-z0-9_-]{22,64}")
"""128 random bits and more, drawn by the browser: whoever knows it is that visitor."""


def visitor(request: web.Request, offices: Collection[str]) -> Contact:
    """The contact named by the query's ``office`` and ``session``.

    Raises:
        Refusal: 400, one of them is missing or wrong.
    """
    office, session = request.query.get("office", ""), request.query.get("session", "")
    if office not in offices:
        known = ", ".join(sorted(offices))
        raise Refusal(400, f'office: there is no "{office}"; name one of {known}')
    if not SESSION.fullmatch(session):
        raise Refusal(400, "session: must be 22 to 64 letters, digits, dashes and underscores")
    return Contact("web", session, office)
