"""Changed days in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.booking.days import OfficeDays
from storage.day_documents import office_days_document, office_days_from


class MemoryCalendar:
    """:class:`bot.booking.days.CalendarStore` in memory."""

    def __init__(self) -> None:
        self._offices: dict[str, dict[str, Any]] = {}
        self._trails: dict[str, list[Mapping[str, Any]]] = {}

    async def prepare(self) -> None:
        """Nothing to prepare; here so that every store is opened alike."""

    async def all(self) -> Sequence[OfficeDays]:
        """See the Protocol."""
        return [office_days_from(document) for document in self._offices.values()]

    async def save(self, changed: OfficeDays, event: Mapping[str, Any]) -> bool:
        """See the Protocol."""
        before = self._offices.get(changed.office, {"revision": 0})["revision"]
        if before != changed.revision - 1:
            return False
        self._offices[changed.office] = office_days_document(changed)
        self._trails.setdefault(changed.office, []).append(dict(event))
        return True

    async def trail(self, office: str) -> Sequence[Mapping[str, Any]]:
        """See the Protocol."""
        return list(self._trails.get(office, ()))
