"""Notices and calls in this process's memory; they behave as those in MongoDB do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.booking.calling import Board
from bot.booking.notices import Notice
from storage.moments import milliseconds
from storage.seat_documents import day_id


class MemoryNotices:
    """:class:`bot.booking.notices.NoticeStore` in memory."""

    def __init__(self) -> None:
        self._notices: dict[str, Notice] = {}

    async def add(self, notices: Sequence[Notice]) -> None:
        """See the Protocol."""
        for notice in notices:
            kept = replace(
                notice,
                values=dict(notice.values),
                due_at=_kept(notice.due_at),
                until=_kept(notice.until),
            )
            self._notices.setdefault(notice.id, kept)

    async def due(self, now: datetime, limit: int) -> Sequence[Notice]:
        """See the Protocol."""
        overdue = [notice for notice in self._notices.values() if notice.due_at <= now]
        return sorted(overdue, key=lambda notice: (notice.due_at, notice.id))[:limit]

    async def of_conversation(self, conversation: str) -> Sequence[Notice]:
        """See the Protocol."""
        return [each for each in self._notices.values() if each.conversation == conversation]

    async def done(self, notice: str) -> None:
        """See the Protocol."""
        self._notices.pop(notice, None)

    async def withdraw(self, about: str) -> None:
        """See the Protocol."""
        for notice in [each for each in self._notices.values() if each.about == about]:
            del self._notices[notice.id]

    async def postpone(self, notice: str, attempts: int, due_at: datetime) -> None:
        """See the Protocol."""
        if found := self._notices.get(notice):
            later = replace(found, attempts=attempts, due_at=_kept(due_at))
            self._notices[notice] = later


class MemoryCalls:
    """:class:`bot.booking.calling.CallStore` in memory."""

    def __init__(self) -> None:
        self._boards: dict[str, Board] = {}

    async def board(self, office: str, day: date) -> Board:
        """See the Protocol."""
        return self._boards.get(day_id(office, day), Board())

    async def show(self, office: str, day: date, number: int, at: datetime, late: int) -> None:
        """See the Protocol."""
        before = await self.board(office, day)
        if number > before.number:
            shown = replace(before, number=number, at=_kept(at), late=late)
            self._boards[day_id(office, day)] = shown

    async def told_late(self, office: str, day: date) -> None:
        """See the Protocol."""
        before = await self.board(office, day)
        self._boards[day_id(office, day)] = replace(before, late_told=True)

    async def turn(self, office: str, day: date, run: int | None = None) -> None:
        """See the Protocol."""
        before = await self.board(office, day)
        now = before.run if run is None else run
        self._boards[day_id(office, day)] = replace(before, revision=before.revision + 1, run=now)


def _kept(moment: datetime) -> datetime:
    """A moment as a database gives it back."""
    return milliseconds(moment.astimezone(UTC))
