"""One lock a key, kept only while somebody holds or wants it."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager


class Locks:
    """Serialises work on one key within this process."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    def __len__(self) -> int:
        return len(self._locks)

    def hold(self, key: str) -> AbstractAsyncContextManager[None]:
        """Wait for ``key`` and hold it; first come, first served."""
        return _Held(self._locks, key)


class _Held:
    """One key, while it is wanted and held."""

    __slots__ = ("_key", "_lock", "_locks")

    def __init__(self, locks: dict[str, tuple[asyncio.Lock, int]], key: str) -> None:
        self._locks, self._key = locks, key

    async def __aenter__(self) -> None:
        self._lock, users = self._locks.get(self._key) or (asyncio.Lock(), 0)
        self._locks[self._key] = (self._lock, users + 1)
        try:
            await self._lock.acquire()
        except BaseException:
            self._let_go()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()
        self._let_go()

    def _let_go(self) -> None:
        lock, users = self._locks.pop(self._key)
        if users > 1:
            self._locks[self._key] = (lock, users - 1)
