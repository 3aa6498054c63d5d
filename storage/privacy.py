"""Requests for erasure and the turn of retention, in memory and in MongoDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.dialogue.store import LONG_AGO
from storage.driver import Database
from storage.moments import milliseconds

TURN: Final = "retention"
"""Id of the one document of ``chores``."""


class MemoryPrivacy:
    """:class:`bot.booking.erasure.PrivacyStore` in memory."""

    def __init__(self) -> None:
        self._requests: dict[str, datetime] = {}
        self._turn = LONG_AGO

    async def prepare(self) -> None:
        """Nothing to prepare; here so that every store is opened alike."""

    async def request(self, address: str, at: datetime) -> None:
        """See the Protocol."""
        self._requests[address] = milliseconds(at)

    async def requested(self, now: datetime, limit: int) -> Sequence[str]:
        """See the Protocol."""
        due = sorted(
            (at, address) for address, at in self._requests.items() if at < milliseconds(now)
        )
        return [address for _, address in due][:limit]

    async def settled(self, address: str) -> None:
        """See the Protocol."""
        self._requests.pop(address, None)

    async def take_turn(self, now: datetime, until: datetime) -> bool:
        """See the Protocol."""
        if self._turn >= milliseconds(now):
            return False
        self._turn = milliseconds(until)
        return True

    async def end_turn(self, next_at: datetime) -> None:
        """See the Protocol."""
        self._turn = milliseconds(next_at)


class MongoPrivacy:
    """:class:`bot.booking.erasure.PrivacyStore` in ``erasures`` and ``chores``."""

    def __init__(self, database: Database) -> None:
        self._erasures = database.collection("erasures")
        self._chores = database.collection("chores")

    async def prepare(self) -> None:
        """Make the index and the turn; safe to repeat."""
        await self._erasures.ensure_index("at")
        await self._chores.insert_missing([{"_id": TURN, "due_at": LONG_AGO}])

    async def request(self, address: str, at: datetime) -> None:
        """See the Protocol."""
        when = {"$set": {"at": milliseconds(at)}}
        await self._erasures.update_one({"_id": address}, when, upsert=True)

    async def requested(self, now: datetime, limit: int) -> Sequence[str]:
        """See the Protocol."""
        due = await self._erasures.find({"at": {"$lt": now}}, sort=[("at", 1)], limit=limit)
        return [each["_id"] for each in due]

    async def settled(self, address: str) -> None:
        """See the Protocol."""
        await self._erasures.delete_many({"_id": address})

    async def take_turn(self, now: datetime, until: datetime) -> bool:
        """See the Protocol."""
        free = {"_id": TURN, "due_at": {"$lt": now}}
        return await self._chores.update_one(free, {"$set": {"due_at": milliseconds(until)}})

    async def end_turn(self, next_at: datetime) -> None:
        """See the Protocol."""
        await self._chores.update_one({"_id": TURN}, {"$set": {"due_at": milliseconds(next_at)}})
