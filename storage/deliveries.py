"""Reports of how far messages got, in memory and in MongoDB: a report a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.dialogue.deliveries import Report
from bot.dialogue.fields import fields_of
from storage.driver import Database
from storage.moments import milliseconds


class MemoryDeliveries:
    """:class:`bot.dialogue.deliveries.DeliveryStore` in memory."""

    def __init__(self) -> None:
        self._reports: dict[str, Report] = {}

    async def prepare(self) -> None:
        """Nothing to prepare; here so that every store is opened alike."""

    async def add(self, reports: Sequence[Report]) -> None:
        """See the Protocol."""
        for report in reports:
            self._reports.setdefault(report.key, replace(report, at=milliseconds(report.at)))

    async def has(self, key: str) -> bool:
        """See the Protocol."""
        return key in self._reports

    async def of_conversation(self, conversation: str) -> Sequence[Report]:
        """See the Protocol."""
        found = [each for each in self._reports.values() if each.conversation == conversation]
        return sorted(found, key=lambda report: report.at)

    async def forget(self, conversation: str) -> int:
        """See the Protocol."""
        found = await self.of_conversation(conversation)
        for report in found:
            del self._reports[report.key]
        return len(found)

    async def aged(self, before: datetime) -> int:
        """See the Protocol."""
        return sum(report.at < milliseconds(before) for report in self._reports.values())

    async def drop(self, before: datetime) -> None:
        """See the Protocol."""
        self._reports = {
            key: each for key, each in self._reports.items() if each.at >= milliseconds(before)
        }


class MongoDeliveries:
    """:class:`bot.dialogue.deliveries.DeliveryStore` in ``deliveries``.

    Only ever inserted, and many at once: the embedded database syncs each update of a batch by
    itself (12 s for a thousand), an insertion of a thousand once (0.5 s).
    """

    def __init__(self, database: Database) -> None:
        self._reports = database.collection("deliveries")

    async def prepare(self) -> None:
        """Make the indexes; safe to repeat."""
        await self._reports.ensure_index("conversation")
        await self._reports.ensure_index("at")

    async def add(self, reports: Sequence[Report]) -> None:
        """See the Protocol."""
        await self._reports.insert_missing([_document(report) for report in reports])

    async def has(self, key: str) -> bool:
        """See the Protocol."""
        return await self._reports.find_one({"_id": key}, only=["_id"]) is not None

    async def of_conversation(self, conversation: str) -> Sequence[Report]:
        """See the Protocol."""
        found = await self._reports.find({"conversation": conversation}, sort=[("at", 1)])
        return [_report(document) for document in found]

    async def forget(self, conversation: str) -> int:
        """See the Protocol."""
        return await self._reports.delete_many({"conversation": conversation})

    async def aged(self, before: datetime) -> int:
        """See the Protocol."""
        return len(await self._reports.find({"at": {"$lt": milliseconds(before)}}, only=["_id"]))

    async def drop(self, before: datetime) -> None:
        """See the Protocol."""
        await self._reports.delete_many({"at": {"$lt": milliseconds(before)}})


def _document(report: Report) -> dict[str, Any]:
    """Only what says something; the times of what failed for good are those of the dead letter."""
    fields = {name: value for name, value in fields_of(report).items() if value or name == "part"}
    return {"_id": report.key, **fields, "at": milliseconds(report.at)}


def _report(document: Mapping[str, Any]) -> Report:
    return Report(**{name: value for name, value in document.items() if name != "_id"})
