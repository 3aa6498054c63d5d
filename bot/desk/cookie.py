"""A browser's session: it holds an id in a cookie, the store what the id stands for.

An id is drawn when somebody signs in and never taken from the browser, so one that was planted
there stands for nothing. (aiohttp-session has the same shape; it keeps the session under a key of
a kind that aiohttp warns about, and what is left to it here is a cookie.)
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from aiohttp import web

from bot.clock import Clock
from bot.desk.csrf import new_token
from bot.desk.sessions import TOUCHED_EVERY, SessionRecord, SessionStore, key_of, new_id

NAME: Final = "antre_desk"


class BrowserSession:
    """What one request does to its session; :class:`Sessions` makes it so.

    Args:
        record: what it is now; ``None`` for a browser that is not signed in.
    """

    def __init__(self, record: SessionRecord | None) -> None:
        self.before = record
        self.record = record
        self.fresh_id = ""
        """For the cookie, of a session that begins."""

    def begin(self, login: str, office: str, clock: Clock) -> None:
        """Sign somebody in: a new session with an id and a token of its own; one before it ends."""
        self.fresh_id, now = new_id(), clock()
        self.record = SessionRecord(key_of(self.fresh_id), login, new_token(), office, now, now)

    def look_at(self, office: str) -> None:
        """Look at another office from now on, where one sits at no counter yet."""
        if self.record:
            self.record = replace(self.record, office=office, counter=0)

    def sit_at(self, counter: int) -> None:
        """Work at this counter from now on; 0 is none."""
        if self.record:
            self.record = replace(self.record, counter=counter)

    def end(self) -> None:
        """Sign out."""
        self.record = None


class Sessions:
    """The sessions of a desk's browsers.

    Args:
        secure: the cookie travels by TLS alone, and is this host's own (``__Host-``).
    """

    def __init__(self, store: SessionStore, clock: Clock, *, secure: bool) -> None:
        self._store = store
        self._clock = clock
        self._secure = secure
        self._name = f"__Host-{NAME}" if secure else NAME

    async def load(self, request: web.Request) -> BrowserSession:
        """The session a browser is in; an empty one if it has ended or never was."""
        held = request.cookies.get(self._name)
        record = await self._store.load(key_of(held)) if held else None
        session = BrowserSession(record)
        if record and record.is_over(self._clock()):
            session.end()
        return session

    def touch(self, session: BrowserSession) -> None:
        """It is used now; written down once a minute."""
        record, now = session.record, self._clock()
        if record and now - record.seen_at >= TOUCHED_EVERY:
            session.record = replace(record, seen_at=now)

    async def save(self, session: BrowserSession, response: web.StreamResponse) -> None:
        """Begin, go on or end, as the request left it."""
        before, after = session.before, session.record
        if before and (after is None or after.key != before.key):
            await self._store.end(before.key)
        if after is None:
            if before:
                self._drop(response)
        elif session.fresh_id:
            await self._store.begin(after)
            response.set_cookie(
                self._name,
                session.fresh_id,
                path="/",
                secure=self._secure,
                httponly=True,
                samesite="Lax",
            )
        elif after != before:
            await self._store.keep(after)

    def _drop(self, response: web.StreamResponse) -> None:
        response.del_cookie(
            self._name, path="/", secure=self._secure, httponly=True, samesite="Lax"
        )
