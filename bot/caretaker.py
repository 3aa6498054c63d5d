"""Looks after seats whose time is over: holds that ran out, moves left half done by a dead process,
and bookings nobody came for, which count against their number.

Every process has one. Each step is a conditional write that is made once, so who comes second finds
it done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

from bot.booking.conduct import Conduct
from bot.booking.office import Offices
from bot.booking.people import StrikeKind
from bot.booking.queue import Queue
from bot.booking.seats import Seat
from bot.clock import Clock
from bot.errors import StorageUnavailable

log = structlog.get_logger()

PAUSE: Final = timedelta(minutes=5)
"""Between two looks: nobody waits for it, but the trail and the blacklist are to be up to date."""


class Caretaker:
    """Looks after the seats of all offices every :data:`PAUSE` until stopped.

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
    ) -> None:
        self._offices = offices
        self._queue = queue
        self._conduct = conduct
        self._clock = clock

    async def run(self) -> None:
        """Look after them for ever; cancel to stop."""
        while True:
            await asyncio.sleep(PAUSE.total_seconds())
            try:
                await self.look_after()
            except StorageUnavailable as error:
                log.warning("upkeep_failed", reason=str(error))
            except Exception:
                # Our bug; without it no-shows would count no more in this process.
                log.exception("upkeep_failed", alarm=True)

    async def look_after(self) -> int:
        """Do all that is due now.

        A process that dies after it voided a booking and before it counted that forgives it.

        Returns:
            How many bookings nobody came for.
        """
        queue, now = self._queue(), self._clock()
        await queue.expire_holds(now)
        await queue.finish_moves(now)
        missed = 0
        for office in self._offices():
            for seat in await queue.void_late(office, now):
                sender, key = _whose(seat)
                await self._conduct.strike(office, sender, StrikeKind.NO_SHOW, key, now)
                missed += 1
        return missed


def _whose(seat: Seat) -> tuple[str, str]:
    """Whose booking it was, and what it counts as: a family that stays away does so once."""
    if seat.claim is None:
        raise ValueError(f"{seat.id} was nobody's")
    return seat.claim.applicant.sender, seat.claim.group or seat.key
