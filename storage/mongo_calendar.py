"""Changed days in MongoDB: one document an office, guarded by its revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pymongo.errors import DuplicateKeyError

from bot.booking.days import DayWork, OfficeDays
from bot.dialogue.store import LONG_AGO
from storage.day_documents import office_days_document, office_days_from, work_document
from storage.driver import Database
from storage.moments import milliseconds

TAKEN: Final = "work_taken_until"
"""Until when somebody does the office's work; there once it had any."""


class MongoCalendar:
    """:class:`bot.booking.days.CalendarStore` in ``calendar``."""

    def __init__(self, database: Database) -> None:
        self._offices = database.collection("calendar")

    async def prepare(self) -> None:
        """Nothing to prepare: there are as few documents as offices."""

    async def all(self) -> Sequence[OfficeDays]:
        """See the Protocol."""
        found = await self._offices.find({}, only=["revision", "days", "work"])
        return [office_days_from(document) for document in found]

    async def save(
        self, changed: OfficeDays, event: Mapping[str, Any], work: DayWork | None = None
    ) -> bool:
        """See the Protocol."""
        document = office_days_document(changed)
        to_do = [work_document(work)] if work else []
        if changed.revision == 1:
            new = {**document, "trail": [dict(event)], "work": to_do, TAKEN: LONG_AGO}
            try:
                await self._offices.insert_one(new)
            except DuplicateKeyError:
                return False
            return True
        return await self._offices.update_one(
            {"_id": changed.office, "revision": changed.revision - 1},
            {
                "$set": {"revision": changed.revision, "days": document["days"]},
                "$push": {"trail": dict(event), "work": {"$each": to_do}},
                "$max": {TAKEN: LONG_AGO},
            },
        )

    async def take_work(self, office: str, now: datetime, until: datetime) -> bool:
        """See the Protocol."""
        free = {"_id": office, TAKEN: {"$lt": milliseconds(now)}}
        return await self._offices.update_one(free, {"$set": {TAKEN: milliseconds(until)}})

    async def end_work(self, office: str, work: str, event: Mapping[str, Any]) -> bool:
        """See the Protocol."""
        return await self._offices.update_one(
            {"_id": office, "work.id": work},
            {
                "$pull": {"work": {"id": work}},
                "$set": {TAKEN: LONG_AGO},
                "$push": {"trail": dict(event)},
            },
        )

    async def trail(self, office: str) -> Sequence[Mapping[str, Any]]:
        """See the Protocol."""
        found = await self._offices.find_one({"_id": office}, only=["trail"])
        return [] if found is None else list(found["trail"])
