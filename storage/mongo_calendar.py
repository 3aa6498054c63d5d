"""Changed days in MongoDB: one document an office, guarded by its revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.errors import DuplicateKeyError

from bot.booking.days import OfficeDays
from storage.day_documents import office_days_document, office_days_from
from storage.driver import Database


class MongoCalendar:
    """:class:`bot.booking.days.CalendarStore` in ``calendar``."""

    def __init__(self, database: Database) -> None:
        self._offices = database.collection("calendar")

    async def prepare(self) -> None:
        """Nothing to prepare: there are as few documents as offices."""

    async def all(self) -> Sequence[OfficeDays]:
        """See the Protocol."""
        found = await self._offices.find({}, only=["revision", "days"])
        return [office_days_from(document) for document in found]

    async def save(self, changed: OfficeDays, event: Mapping[str, Any]) -> bool:
        """See the Protocol."""
        document = office_days_document(changed)
        if changed.revision == 1:
            try:
                await self._offices.insert_one({**document, "trail": [dict(event)]})
            except DuplicateKeyError:
                return False
            return True
        return await self._offices.update_one(
            {"_id": changed.office, "revision": changed.revision - 1},
            {
                "$set": {"revision": changed.revision, "days": document["days"]},
                "$push": {"trail": dict(event)},
            },
        )

    async def trail(self, office: str) -> Sequence[Mapping[str, Any]]:
        """See the Protocol."""
        found = await self._offices.find_one({"_id": office}, only=["trail"])
        return [] if found is None else list(found["trail"])
