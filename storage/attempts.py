"""Attempts to sign in, in memory and in MongoDB: :class:`bot.desk.throttle.AttemptStore`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from bot.desk.throttle import Attempts
from bot.dialogue.fields import fields_of
from storage.driver import Database
from storage.moments import milliseconds


def _next(attempts: Attempts) -> Attempts:
    """As it is written."""
    return replace(
        attempts,
        last_at=milliseconds(attempts.last_at),
        until=milliseconds(attempts.until),
        revision=attempts.revision + 1,
    )


class MemoryAttempts:
    """In this process's memory."""

    def __init__(self) -> None:
        self._attempts: dict[str, Attempts] = {}

    async def load(self, key: str) -> Attempts:
        """See the Protocol."""
        return self._attempts.get(key, Attempts(key))

    async def save(self, attempts: Attempts) -> bool:
        """See the Protocol."""
        if self._attempts.get(attempts.key, Attempts(attempts.key)).revision != attempts.revision:
            return False
        self._attempts[attempts.key] = _next(attempts)
        return True

    async def purge(self, unused_since: datetime) -> int:
        """See the Protocol."""
        old = [key for key, each in self._attempts.items() if each.last_at < unused_since]
        for key in old:
            del self._attempts[key]
        return len(old)


class MongoAttempts:
    """In the collection ``attempts``, a document a login or an address."""

    def __init__(self, database: Database) -> None:
        self._attempts = database.collection("attempts")

    async def prepare(self) -> None:
        """Make the index; safe to repeat."""
        await self._attempts.ensure_index("last_at")

    async def load(self, key: str) -> Attempts:
        """See the Protocol."""
        found = await self._attempts.find_one({"_id": key})
        return Attempts(key=found.pop("_id"), **found) if found else Attempts(key)

    async def save(self, attempts: Attempts) -> bool:
        """See the Protocol."""
        document = dict(fields_of(_next(attempts)))
        this = {"_id": document.pop("key"), "revision": attempts.revision}
        if attempts.revision:
            return await self._attempts.update_one(this, {"$set": document})
        try:
            await self._attempts.insert_one({**this, **document})
        except DuplicateKeyError:
            return False
        return True

    async def purge(self, unused_since: datetime) -> int:
        """See the Protocol."""
        return await self._attempts.delete_many({"last_at": {"$lt": unused_since}})
