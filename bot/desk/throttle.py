"""Guessing passwords is made slow, by login and by address; what counts is kept, so that a new
start forgives nothing.

An attempt is counted before the password is looked at: a hundred guesses at once are a hundred.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.dialogue.store import LONG_AGO

FORGIVEN_AFTER: Final = timedelta(hours=24)
"""Without an attempt for so long, earlier ones do not count any more."""

RETRIES: Final = 8
"""Of a write that lost a race; who loses so often is one of very many, and waits."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many attempts are free, and the first and longest pause after those to come."""

    free: int
    longest: timedelta
    first: timedelta = timedelta(seconds=1)

    def pause_after(self, attempts: int) -> timedelta:
        """Nothing, then the first, and each twice as long as the one before."""
        beyond = attempts - self.free
        if beyond < 0:
            return timedelta()
        return min(self.first * (1 << min(beyond, 20)), self.longest)


PER_LOGIN: Final = Allowance(5, timedelta(minutes=5))
"""Short enough that nobody locks a colleague out for a shift by typing their login."""

PER_ADDRESS: Final = Allowance(20, timedelta(minutes=15))
"""A whole office may share one."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """What counts against a login or an address.

    Args:
        key: ``login:…`` or ``address:…``, hashed: people also type passwords in that field.
        last_at: aware UTC.
        until: nobody may try before; aware UTC.
        revision: of the stored document; 0 for one that was never saved.
    """

    key: str
    failed: int = 0
    last_at: datetime = LONG_AGO
    until: datetime = LONG_AGO
    revision: int = 0

    def one_more(self, allowance: Allowance, now: datetime) -> Attempts:
        """After another attempt."""
        failed = 1 if now - self.last_at >= FORGIVEN_AFTER else self.failed + 1
        return replace(self, failed=failed, last_at=now, until=now + allowance.pause_after(failed))


class AttemptStore(Protocol):
    """Attempts; every method raises ``StorageUnavailable`` when the database does not answer."""

    async def load(self, key: str) -> Attempts:
        """What counts; nothing if nothing was saved."""
        ...

    async def save(self, attempts: Attempts) -> bool:
        """Write over the revision it was read at; ``False`` when it has changed since."""
        ...

    async def purge(self, unused_since: datetime) -> int:
        """Forget those last counted before that; how many."""
        ...


class Throttle:
    """Decides who may try a password."""

    def __init__(self, store: AttemptStore) -> None:
        self._store = store

    async def attempt(self, login: str, address: str, now: datetime) -> timedelta:
        """Count an attempt; nothing if it may be made, else how long to wait before the next."""
        return await self.counted(
            ((key_of("login", login), PER_LOGIN), (key_of("address", address), PER_ADDRESS)), now
        )

    async def counted(self, keys: Sequence[tuple[str, Allowance]], now: datetime) -> timedelta:
        """Count an attempt under several keys, if none of them has to wait; how long to wait."""
        for key, _ in keys:
            until = (await self._store.load(key)).until
            if until > now:
                return until - now
        for key, allowance in keys:
            wait = await self._count(key, allowance, now)
            if wait:
                return wait
        return timedelta()

    async def succeeded(self, login: str, address: str) -> None:
        """The password was right: the login starts anew, and the attempt does not count against
        the address. Earlier ones still do, or one's own account would let one guess at others.
        """
        await self.take_back(key_of("login", login), all_of_them=True)
        await self.take_back(key_of("address", address), all_of_them=False)

    async def purge(self, now: datetime) -> int:
        """Forget what does not count any more."""
        return await self._store.purge(now - FORGIVEN_AFTER)

    async def _count(self, key: str, allowance: Allowance, now: datetime) -> timedelta:
        for _ in range(RETRIES):
            found = await self._store.load(key)
            if found.until > now:
                return found.until - now
            if await self._store.save(found.one_more(allowance, now)):
                return timedelta()
        return timedelta(seconds=1)

    async def take_back(self, key: str, *, all_of_them: bool) -> None:
        """What was counted under a key counts no more; the last one, or all."""
        for _ in range(RETRIES):
            found = await self._store.load(key)
            left = 0 if all_of_them else max(0, found.failed - 1)
            if await self._store.save(replace(found, failed=left, until=LONG_AGO)):
                return


def key_of(kind: str, value: str) -> str:
    """Under which attempts are kept."""
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:32]}"
