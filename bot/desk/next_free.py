"""The next free day of every office, for the page that everybody opens first.

Asking takes some hundred small reads, so it is done at most every few seconds in a process, and
who comes meanwhile is shown what was found last. The office's own page asks anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

import structlog

from bot.booking.queue import Queue
from bot.booking.vacancies import first_free
from bot.errors import StorageUnavailable

FRESH: Final = timedelta(seconds=10)
STALE: Final = timedelta(minutes=2)
"""Found longer ago, it is not shown any more."""

AT_ONCE: Final = 4
"""Offices asked for side by side; applicants' turns come between."""

log = structlog.get_logger(__name__)

LONG_AGO: Final = timedelta(days=1)


class NextFree:
    """Finds them, and remembers."""

    def __init__(self) -> None:
        self._found: Mapping[str, date | None] = {}
        self._queue: Queue | None = None
        self._at: datetime | None = None
        self._looking: asyncio.Task[None] | None = None

    async def of_all(self, queue: Queue, now: datetime) -> Mapping[str, date | None]:
        """The next free day by office id, ``None`` where all are full.

        Raises:
            StorageUnavailable: nothing is known, and the database does not answer.
        """
        age = now - self._at if self._at and self._queue is queue else LONG_AGO
        if age < timedelta() or age >= FRESH:
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look(queue, now))
                self._looking.add_done_callback(_told)
            if age < timedelta() or age >= STALE:
                await asyncio.shield(self._looking)
        return self._found

    async def close(self, _: object) -> None:
        """Look no more; the application shuts down."""
        if self._looking and not self._looking.done():
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(self, queue: Queue, now: datetime) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(office_id: str) -> tuple[str, date | None]:
            async with gate:
                return office_id, await first_free(queue, queue.office(office_id), now)

        found = await asyncio.gather(*(one(office.id) for office in queue.offices))
        self._found, self._queue, self._at = dict(found), queue, now


def _told(looking: asyncio.Task[None]) -> None:
    """Who waits for it is told by the task itself; who does not finds it in the log."""
    if looking.cancelled():
        return
    error = looking.exception()
    if isinstance(error, StorageUnavailable):
        log.warning("next_free_days_not_found", reason=str(error))
    elif error is not None:
        log.error("next_free_days_failed", exc_info=error)
