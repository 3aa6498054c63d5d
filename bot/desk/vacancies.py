"""Free days for the pages that everybody opens: each office's next one, and its calendar.

Asking takes some dozens of small reads, for all offices hundreds; so it is done at most every few
seconds in a process, and who comes meanwhile is shown what was found last. The page of a single
day asks anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Generic, TypeVar

import structlog

from bot.booking.office import Office
from bot.booking.queue import Queue
from bot.booking.vacancies import first_free, free_days_of
from bot.errors import StorageUnavailable

FRESH: Final = timedelta(seconds=10)
STALE: Final = timedelta(minutes=2)
"""Found longer ago, it is not shown any more."""

AT_ONCE: Final = 4
"""Offices asked for side by side; applicants' turns come between."""

log = structlog.get_logger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Found(Generic[T]):
    """What was found.

    Args:
        queue: over which offices; when staff change one, there is another.
    """

    queue: Queue
    at: datetime
    value: T


class _Lately(Generic[T]):
    """Something that is looked for beside who asks, and remembered."""

    def __init__(self) -> None:
        self._found: _Found[T] | None = None
        self._looking: asyncio.Task[_Found[T]] | None = None

    async def get(self, queue: Queue, now: datetime, look: Callable[[], Awaitable[T]]) -> T:
        """What was found last; looked for again when that is not fresh, and waited for when it is
        stale, or of other offices.
        """
        found = self._found if self._found and self._found.queue is queue else None
        age = abs(now - found.at) if found else STALE
        if found and age < FRESH:
            return found.value
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(queue, now, look))
            self._looking.add_done_callback(_told)
        if found and age < STALE:
            return found.value
        looked = await asyncio.shield(self._looking)
        return looked.value if looked.queue is queue else await look()

    async def close(self) -> None:
        """Look no more."""
        if self._looking:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(
        self, queue: Queue, now: datetime, look: Callable[[], Awaitable[T]]
    ) -> _Found[T]:
        self._found = _Found(queue, now, await look())
        return self._found


class Vacancies:
    """What one process remembers."""

    def __init__(self) -> None:
        self._next: _Lately[Mapping[str, date | None]] = _Lately()
        self._days: dict[str, _Lately[Mapping[date, bool]]] = {}

    async def next_of_all(self, queue: Queue, now: datetime) -> Mapping[str, date | None]:
        """The next free day by office id, ``None`` where all are full.

        Raises:
            StorageUnavailable: nothing is known, and the database does not answer.
        """
        return await self._next.get(queue, now, lambda: _first_of_all(queue, now))

    async def days_of(self, queue: Queue, office: Office, now: datetime) -> Mapping[date, bool]:
        """See :func:`bot.booking.vacancies.free_days_of`. Raises as :meth:`next_of_all`."""
        days = self._days.setdefault(office.id, _Lately())
        return await days.get(queue, now, lambda: free_days_of(queue, office, now))

    async def close(self, _: object) -> None:
        """Look no more; the application shuts down."""
        await self._next.close()
        for days in self._days.values():
            await days.close()


async def _first_of_all(queue: Queue, now: datetime) -> Mapping[str, date | None]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(office: Office) -> tuple[str, date | None]:
        async with gate:
            return office.id, await first_free(queue, office, now)

    return dict(await asyncio.gather(*(one(office) for office in queue.offices)))


def _told(looking: asyncio.Task[_Found[T]]) -> None:
    """Who waits for it is told by the task itself; who does not finds it in the log."""
    if looking.cancelled():
        return
    error = looking.exception()
    if isinstance(error, StorageUnavailable):
        log.warning("free_days_not_found", reason=str(error))
    elif error is not None:
        log.error("free_days_failed", exc_info=error)
