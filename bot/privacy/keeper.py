"""Keeps to the retention periods: once a day, whichever process comes first, after days gone by
are summed up for reports; and erases what people asked to have erased in chat.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Final

import structlog

from bot.booking.erasure import ERASED_AFTER
from bot.clock import Clock
from bot.loop import for_ever
from bot.privacy.erasing import Eraser
from bot.privacy.retiring import Retired, Retiring
from bot.stores import Stores

log = structlog.get_logger()

BATCH: Final = 100

TURN: Final = timedelta(minutes=10)
"""A process that dies while it sweeps is followed by another after this long."""

DAILY: Final = timedelta(days=1)


class Keeper:
    """Looks every ``pause`` whether something is to be erased or the daily turn is free.

    Args:
        eraser: on the offices as they are by then.
        sum_up: counts days that nothing changes any more, before what they are counted from goes;
            how many it did, 0 when none is left.
    """

    def __init__(
        self,
        stores: Stores,
        eraser: Callable[[], Eraser],
        retiring: Retiring,
        sum_up: Callable[[], Awaitable[int]],
        clock: Clock,
        pause: timedelta = timedelta(seconds=15),
    ) -> None:
        self._privacy = stores.privacy
        self._eraser = eraser
        self.retiring = retiring
        self._sum_up = sum_up
        self._clock = clock
        self._pause = pause

    async def run(self) -> None:
        """Go on for ever; cancel to stop."""
        await for_ever(self.tend, self._pause, "retention_failed")

    async def tend(self) -> None:
        """Do what is due now."""
        for address in await self._privacy.requested(self._clock(), BATCH):
            await self._erase(address)
        now = self._clock()
        if await self._privacy.take_turn(now, now + TURN):
            while await self._sum_up():
                await self._privacy.end_turn(self._clock() + TURN)  # still at it
            counts = await self.sweep()
            await self._privacy.end_turn(self._clock() + DAILY)
            log.info("retention_swept", **asdict(counts))

    async def sweep(self) -> Retired:
        """Let go of all that is past its time; how much."""
        counts = Retired()
        while (done := await self.retiring.step(self._clock(), BATCH)) != Retired():
            counts += done
            now = self._clock()
            await self._privacy.end_turn(now + TURN)  # still at it
        return counts

    async def _erase(self, address: str) -> None:
        """Erase until nothing is left: a turn under way may have left a record behind."""
        now = self._clock()
        erased = await self._eraser().erase(address, now)
        if erased.in_the_way:
            log.info("erasure_dropped", reason="booked again since")
        elif not erased.nothing:
            await self._privacy.request(address, now + ERASED_AFTER)
            log.info("erased", seats=erased.seats, conversations=erased.conversations)
            return
        await self._privacy.settled(address)
