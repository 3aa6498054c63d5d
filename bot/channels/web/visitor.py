"""Who a page speaks for: the browser that holds the cookie."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from typing import Final

from aiohttp import web

from bot.channels.refusal import Refusal
from bot.dialogue.store import Contact, Proven

NAME: Final = "antre_visitor"
LANGUAGE_COOKIE: Final = "antre_language"
"""What everybody chooses on our pages; the desk's remember it, too."""

VALUE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
KEPT_SECONDS: Final = 90 * 24 * 3600

ProvenOf = Callable[[str], Awaitable[Proven | None]]
"""The telephone number a visitor has proven to be theirs, by the name they are known by."""


async def nobody_proves(_: str) -> Proven | None:
    """Where no number can be proven."""
    return None


def sender_of(cookie: str) -> str:
    """What a visitor is known by: a hash, so that who reads what is stored is not let in by it."""
    return f"v{hashlib.sha256(cookie.encode()).hexdigest()[:32]}"


class Visitors:
    """Knows browsers by a cookie of 256 random bits, drawn here.

    Args:
        offices: ids of all offices, looked at anew each time.
        secure: the cookie travels by TLS alone, and is this host's own (``__Host-``).
        proven: of numbers that visitors have proven.
    """

    def __init__(
        self, offices: Collection[str], *, secure: bool, proven: ProvenOf = nobody_proves
    ) -> None:
        self.offices = offices
        self._secure = secure
        self._proven = proven
        self._name = f"__Host-{NAME}" if secure else NAME

    def cookie(self, request: web.Request) -> str:
        """What the browser holds; empty if that is nothing of ours."""
        held = request.cookies.get(self._name, "")
        return held if VALUE.fullmatch(held) else ""

    def greet(self, request: web.Request, response: web.StreamResponse) -> str:
        """Give the browser its cookie with this answer, again or anew; returns it."""
        held = self.cookie(request) or secrets.token_urlsafe(32)
        response.set_cookie(
            self._name,
            held,
            max_age=KEPT_SECONDS,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="Lax",
        )
        return held

    @staticmethod
    def language(request: web.Request) -> str:
        """The language chosen on our pages; empty where none was."""
        return request.cookies.get(LANGUAGE_COOKIE, "")

    async def contact(self, request: web.Request, office: str = "") -> Contact:
        """Whose request it is, in a conversation with ``office``, or the one its query names.

        Raises:
            Refusal: 400, there is no such office; 401, the browser holds no cookie of ours.
        """
        office = office or request.query.get("office", "")
        if office not in self.offices:
            known = ", ".join(sorted(self.offices))
            raise Refusal(400, f'office: there is no "{office}"; name one of {known}')
        held = self.cookie(request)
        if not held:
            raise Refusal(401, "visitor: the cookie is missing; open the page /chat first")
        return await self.heard_from(held, office)

    async def heard_from(self, cookie: str, office: str) -> Contact:
        """The contact of who holds ``cookie``, with the number they have proven by now."""
        return await self.as_proven(Contact("web", sender_of(cookie), office))

    async def as_proven(self, contact: Contact) -> Contact:
        """A visitor's contact with the number they have proven by now."""
        return replace(contact, proven=await self._proven(contact.sender))
