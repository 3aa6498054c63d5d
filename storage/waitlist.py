"""Waits in memory and in MongoDB: :class:`bot.booking.waitlist.WaitlistStore`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from bot.booking.waitlist import Wait, WaitState, WaitStep
from bot.dialogue.fields import fields_of
from storage.driver import Database
from storage.moments import milliseconds


def wait_document(wait: Wait) -> dict[str, Any]:
    """The document of a wait, one write on; ``open`` names the office while it is in the list."""
    fields = {
        name: milliseconds(value) if isinstance(value, datetime) else value
        for name, value in fields_of(wait).items()
    }
    return {
        **fields,
        "_id": wait.id,
        "day": wait.day.isoformat() if wait.day else None,
        "state": wait.state.value,
        "trail": [_step_document(step) for step in wait.trail],
        "revision": wait.revision + 1,
        "open": wait.office if wait.is_open else None,
        "touched_at": milliseconds(wait.touched_at),
    }


def wait_from(document: Mapping[str, Any]) -> Wait:
    """The inverse of :func:`wait_document`."""
    beside = {"_id", "open", "touched_at"}
    fields = {name: value for name, value in document.items() if name not in beside}
    day = document["day"]
    return Wait(
        **{
            **fields,
            "day": date.fromisoformat(day) if day else None,
            "state": WaitState(document["state"]),
            "trail": tuple(
                WaitStep(**{**step, "state": WaitState(step["state"])})
                for step in document["trail"]
            ),
        }
    )


def _step_document(step: WaitStep) -> dict[str, Any]:
    return {**fields_of(step), "state": step.state.value, "at": milliseconds(step.at)}


class MemoryWaitlist:
    """In this process's memory."""

    def __init__(self) -> None:
        self._waits: dict[str, Wait] = {}

    async def load(self, wait: str) -> Wait | None:
        """See the Protocol."""
        return self._waits.get(wait)

    async def save(self, wait: Wait) -> bool:
        """See the Protocol."""
        there = self._waits.get(wait.id)
        if wait.revision != (there.revision if there else 0):
            return False
        self._waits[wait.id] = wait_from(wait_document(wait))
        return True

    async def open(self, office: str = "") -> Sequence[Wait]:
        """See the Protocol."""
        found = (wait for wait in self._waits.values() if wait.is_open)
        ours = (wait for wait in found if office in ("", wait.office))
        return sorted(ours, key=lambda wait: wait.place)

    async def of_sender(self, sender: str) -> Sequence[Wait]:
        """See the Protocol."""
        theirs = (wait for wait in self._waits.values() if wait.sender == sender)
        return sorted(theirs, key=lambda wait: wait.place)

    async def touched(self, since: datetime) -> Sequence[Wait]:
        """See the Protocol."""
        found = (wait for wait in self._waits.values() if wait.touched_at >= since)
        return sorted(found, key=lambda wait: wait.place)

    async def aged(self, before: datetime, limit: int) -> Sequence[Wait]:
        """See the Protocol."""
        return [wait for wait in self._waits.values() if wait.touched_at < before][:limit]

    async def forget(self, wait: Wait) -> bool:
        """See the Protocol."""
        there = self._waits.get(wait.id)
        if there is None or there.revision != wait.revision:
            return False
        del self._waits[wait.id]
        return True


class MongoWaitlist:
    """In the collection ``waitlist``, a number and day a document."""

    def __init__(self, database: Database) -> None:
        self._waits = database.collection("waitlist")

    async def prepare(self) -> None:
        """Make the indexes; safe to repeat."""
        for field in ("open", "sender", "touched_at"):
            await self._waits.ensure_index(field)

    async def load(self, wait: str) -> Wait | None:
        """See the Protocol."""
        found = await self._waits.find_one({"_id": wait})
        return wait_from(found) if found else None

    async def save(self, wait: Wait) -> bool:
        """See the Protocol."""
        document = wait_document(wait)
        if wait.revision:
            this = {"_id": wait.id, "revision": wait.revision}
            fields = {name: value for name, value in document.items() if name != "_id"}
            return await self._waits.update_one(this, {"$set": fields})
        try:
            await self._waits.insert_one(document)
        except DuplicateKeyError:
            return False
        return True

    async def open(self, office: str = "") -> Sequence[Wait]:
        """See the Protocol."""
        found = await self._waits.find({"open": office} if office else {"open": {"$gt": ""}})
        return sorted(map(wait_from, found), key=lambda wait: wait.place)

    async def of_sender(self, sender: str) -> Sequence[Wait]:
        """See the Protocol."""
        found = await self._waits.find({"sender": sender})
        return sorted(map(wait_from, found), key=lambda wait: wait.place)

    async def touched(self, since: datetime) -> Sequence[Wait]:
        """See the Protocol."""
        found = await self._waits.find({"touched_at": {"$gte": milliseconds(since)}})
        return sorted(map(wait_from, found), key=lambda wait: wait.place)

    async def aged(self, before: datetime, limit: int) -> Sequence[Wait]:
        """See the Protocol."""
        old = {"touched_at": {"$lt": milliseconds(before)}}
        return list(map(wait_from, await self._waits.find(old, limit=limit)))

    async def forget(self, wait: Wait) -> bool:
        """See the Protocol."""
        return await self._waits.delete_many({"_id": wait.id, "revision": wait.revision}) > 0
