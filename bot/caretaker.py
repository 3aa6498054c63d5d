"""Looks after seats that nobody is writing about: moves that stopped half-way, holds that are over,
bookings whose holders did not come.

Every process has one beside its sweeper. No booking waits for it to be right; each job may be done
by several processes at once and again after a crash, for seats are changed by conditional writes
and a no-show is counted by the key of its claim.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Final

import structlog

from bot.booking.conduct import Conduct
from bot.booking.office import Office, Offices
from bot.booking.people import StrikeKind
from bot.booking.plan import bookable_days
from bot.booking.queue import Queue
from bot.booking.seats import Seat
from bot.clock import Clock
from bot.dialogue.store import LONG_AGO
from bot.errors import StorageUnavailable

log = structlog.get_logger()


RECOUNTED: Final = timedelta(days=1)
"""So long a month's count is only added to."""

ASK_AGAIN: Final = timedelta(hours=1)
RECOUNT_PAUSE: Final = timedelta(seconds=50)


class Caretaker:
    """Does the queue's upkeep every ``pause`` until stopped.

    Args:
        offices: as they are now.
        queue: over these offices.
    """

    def __init__(
        self,
        *,
        offices: Callable[[], Offices],
        queue: Callable[[], Queue],
        conduct: Conduct,
        clock: Clock,
        pause: timedelta = timedelta(minutes=1),
    ) -> None:
        self._offices = offices
        self._queue = queue
        self._conduct = conduct
        self._clock = clock
        self._pause = pause
        self._recounted = LONG_AGO
        self._asked: dict[tuple[str, date], datetime] = {}
        self._struck: dict[str, frozenset[str]] = {}

    async def run(self) -> None:
        """Look after seats for ever; cancel to stop."""
        while True:
            try:
                await self.look_after()
            except StorageUnavailable as error:
                log.warning("upkeep_failed", reason=str(error))
            await asyncio.sleep(self._pause.total_seconds())

    async def look_after(self) -> int:
        """Do every job once; one that fails by our own fault does not keep the others from it.

        Returns:
            How many bookings nobody came for were counted now.

        Raises:
            StorageUnavailable: the rest is left for the next time.
        """
        offices, now = self._offices(), self._clock()
        queue = self._queue()
        await _done("finish_moves", queue.finish_moves(now))
        await _done("expire_holds", queue.expire_holds(now))
        missed = 0
        for office in offices:
            await _done("recount", self._recount(queue, office, now), office.id)
            missed += await _done("void_late", self._void_late(queue, office, now), office.id)
        return missed

    async def _recount(self, queue: Queue, office: Office, now: datetime) -> int:
        """Have the months people look at counted before somebody does, and anew each day: one a
        minute and process, for that may take a second.
        """
        if now < self._recounted + RECOUNT_PAUSE:
            return 0
        months = {day.replace(day=1) for day in (office.today(now), *bookable_days(office, now))}
        asked = {key: at for key, at in self._asked.items() if now < at + ASK_AGAIN}
        for month in sorted(months):
            if (office.id, month) not in asked:
                asked[office.id, month] = now
                if await queue.seats.recount(office.id, month, RECOUNTED):
                    self._recounted = now
                    break
        self._asked = asked
        return 0

    async def _void_late(self, queue: Queue, office: Office, now: datetime) -> int:
        """Void who did not come today, and count it against their numbers.

        It is counted from what the seats say, so that a process that died between voiding and
        counting is made up for; what this one counted before it does not look up again.
        """
        absent = await queue.void_late(office, now)
        before = self._struck.get(office.id, frozenset())
        new = [seat for seat in absent if seat.key not in before]
        for seat in new:
            sender, key = _whose(seat)
            await self._conduct.strike(office, sender, StrikeKind.NO_SHOW, key, now)
        self._struck[office.id] = frozenset(seat.key for seat in absent)
        return len(new)


def _whose(seat: Seat) -> tuple[str, str]:
    """Whose booking it was, and what it counts as: a family that stays away does so once."""
    if seat.claim is None:
        raise ValueError(f"{seat.id} was nobody's")
    return seat.claim.applicant.sender, seat.claim.group or seat.key


async def _done(job: str, work: Awaitable[int], office: str = "") -> int:
    try:
        return await work
    except StorageUnavailable:
        raise
    except Exception:
        # Our bug; the other jobs and offices must not wait until it is mended.
        log.exception("upkeep_failed", job=job, office=office, alarm=True)
        return 0
