"""What staff did, in memory and in MongoDB: :class:`bot.desk.audit.AuditStore`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from bot.desk.audit import AuditEntry
from bot.dialogue.fields import fields_of
from storage.driver import Database
from storage.moments import milliseconds


class MemoryAudit:
    """In this process's memory."""

    def __init__(self) -> None:
        self._entries: list[AuditEntry] = []

    async def add(self, entry: AuditEntry) -> None:
        """See the Protocol."""
        self._entries.append(replace(entry, at=milliseconds(entry.at)))

    async def between(self, office: str, since: datetime, until: datetime) -> Sequence[AuditEntry]:
        """See the Protocol."""
        here = [e for e in self._entries if e.office == office and since <= e.at < until]
        return sorted(here, key=lambda entry: entry.at, reverse=True)

    async def aged(self, before: datetime) -> int:
        """See the Protocol."""
        return sum(entry.at < before for entry in self._entries)

    async def drop(self, before: datetime) -> None:
        """See the Protocol."""
        self._entries = [entry for entry in self._entries if entry.at >= before]


class MongoAudit:
    """In the collection ``audit``, a document an entry."""

    def __init__(self, database: Database) -> None:
        self._audit = database.collection("audit")

    async def prepare(self) -> None:
        """Make the indexes; safe to repeat."""
        await self._audit.ensure_index("office", "at")
        await self._audit.ensure_index("at")

    async def add(self, entry: AuditEntry) -> None:
        """See the Protocol."""
        document = {**fields_of(entry), "at": milliseconds(entry.at)}
        await self._audit.insert_one({"_id": uuid4().hex, **document})

    async def between(self, office: str, since: datetime, until: datetime) -> Sequence[AuditEntry]:
        """See the Protocol."""
        here = {"office": office, "at": {"$gte": since, "$lt": until}}
        found = await self._audit.find(here, sort=[("at", -1)])
        for each in found:
            del each["_id"]
        return [AuditEntry(**each) for each in found]

    async def aged(self, before: datetime) -> int:
        """See the Protocol."""
        return len(await self._audit.find({"at": {"$lt": before}}, only=["_id"]))

    async def drop(self, before: datetime) -> None:
        """See the Protocol."""
        await self._audit.delete_many({"at": {"$lt": before}})
