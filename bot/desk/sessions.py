"""Who is signed in where: kept at the server, and found by a hash of what the browser holds."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

IDLE: Final = timedelta(minutes=30)
"""A desk nobody touched for so long is signed out."""

LONGEST: Final = timedelta(hours=12)
"""A session ends after so long, however busy: a shift is over."""

TOUCHED_EVERY: Final = timedelta(minutes=1)
"""How exactly it is known when a session was last used; each touch is a write."""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One signed-in browser.

    Args:
        key: :func:`key_of` the id in the browser's cookie; the id itself is kept nowhere.
        csrf: what its forms carry.
        office: id of the office that is looked at.
        began_at, seen_at: aware UTC, to the millisecond.
        counter: number of the counter they sit at there; 0 until they say.
    """

    key: str
    login: str
    csrf: str = field(repr=False)
    office: str
    began_at: datetime
    seen_at: datetime
    counter: int = 0

    def is_over(self, now: datetime) -> bool:
        """Whether it has ended by itself."""
        return now - self.seen_at >= IDLE or now - self.began_at >= LONGEST


def new_id() -> str:
    """An id nobody guesses, for a cookie."""
    return secrets.token_urlsafe(32)


def key_of(session_id: str) -> str:
    """Under which a session is kept; who reads the store cannot sign in with it."""
    return hashlib.sha256(session_id.encode()).hexdigest()


class SessionStore(Protocol):
    """Sessions; every method raises ``StorageUnavailable`` when the database does not answer."""

    async def load(self, key: str) -> SessionRecord | None:
        """The session, over or not."""
        ...

    async def begin(self, record: SessionRecord) -> None:
        """Keep a new one."""
        ...

    async def keep(self, record: SessionRecord) -> bool:
        """Write an existing one anew; ``False`` when it was ended meanwhile, and stays so."""
        ...

    async def end(self, key: str) -> None:
        """Sign this browser out; safe to repeat."""
        ...

    async def end_all(self, login: str) -> int:
        """Sign somebody out everywhere; how many sessions that were."""
        ...

    async def purge(self, unseen_since: datetime) -> int:
        """Forget those last used before that; how many."""
        ...
