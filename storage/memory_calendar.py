"""Changed days in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.booking.days import DayWork, OfficeDays
from bot.dialogue.store import LONG_AGO
from storage.day_documents import office_days_document, office_days_from, work_document


class MemoryCalendar:
    """:class:`bot.booking.days.CalendarStore` in memory."""

    def __init__(self) -> None:
        self._offices: dict[str, dict[str, Any]] = {}
        self._trails: dict[str, list[Mapping[str, Any]]] = {}
        self._taken: dict[str, datetime] = {}

    async def prepare(self) -> None:
        """Nothing to prepare; here so that every store is opened alike."""

    async def all(self) -> Sequence[OfficeDays]:
        """See the Protocol."""
        return [office_days_from(document) for document in self._offices.values()]

    async def save(
        self, changed: OfficeDays, event: Mapping[str, Any], work: DayWork | None = None
    ) -> bool:
        """See the Protocol."""
        before = self._offices.get(changed.office, {"revision": 0})
        if before["revision"] != changed.revision - 1:
            return False
        waiting = [*before.get("work", ()), *([work_document(work)] if work else [])]
        self._offices[changed.office] = {**office_days_document(changed), "work": waiting}
        self._trails.setdefault(changed.office, []).append(dict(event))
        return True

    async def take_work(self, office: str, now: datetime, until: datetime) -> bool:
        """See the Protocol."""
        if self._taken.get(office, LONG_AGO) >= now:
            return False
        self._taken[office] = until
        return True

    async def end_work(self, office: str, work: str, event: Mapping[str, Any]) -> bool:
        """See the Protocol."""
        document = self._offices.get(office, {"work": []})
        left = [each for each in document["work"] if each["id"] != work]
        if len(left) == len(document["work"]):
            return False
        document["work"] = left
        self._taken.pop(office, None)
        self._trails[office].append(dict(event))
        return True

    async def trail(self, office: str) -> Sequence[Mapping[str, Any]]:
        """See the Protocol."""
        return list(self._trails.get(office, ()))
