"""Looks after conversations that nobody is writing to: retries, timers, what a dead process left,
and what they are to be told.

Every process runs one; who comes first does the work, and the guarded writes make the rest of them
find it done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.dialogue.store import ConversationStore
from bot.errors import StorageUnavailable
from bot.herald import Herald
from bot.loop import for_ever
from bot.outbox import LONGEST_PAUSE, Outbox
from bot.turn import Turns

log = structlog.get_logger()

BATCH = 200
AT_ONCE = 16
SET_BACK_BATCH = 5000
"""Conversations looked at after the clock was set back: all that would have been due meanwhile."""


class Sweeper:
    """Sweeps every ``pause`` until stopped.

    Args:
        tend_waits: offers free seats to those who wait; how many steps it took.
    """

    def __init__(
        self,
        *,
        store: ConversationStore,
        turns: Turns,
        outbox: Outbox,
        herald: Herald,
        tend_waits: Callable[[], Awaitable[int]],
        clock: Clock,
        pause: timedelta = timedelta(seconds=1),
    ) -> None:
        self._store = store
        self._turns = turns
        self._outbox = outbox
        self._herald = herald
        self._tend_waits = tend_waits
        self._clock = clock
        self._pause = pause
        self._behind = timedelta()

    async def run(self) -> None:
        """Sweep for ever; cancel to stop."""
        await for_ever(self.sweep, self._pause, "sweep_failed")

    async def sweep(self) -> int:
        """Look after all that is due now, or would be had the clock not been set back.

        Returns:
            How many conversations were due, at most ``BATCH`` where it was not.
        """
        self._see_clock()
        limit = SET_BACK_BATCH if self._behind else BATCH
        due = await self._store.due(self._clock() + self._behind, limit)
        self._behind = timedelta()
        gate = asyncio.Semaphore(AT_ONCE)

        async def tend(conversation_id: str) -> None:
            async with gate:
                try:
                    await self._turns.ring(conversation_id)
                    await self._outbox.tend(conversation_id)
                except StorageUnavailable as error:
                    log.warning("sweep_of_one_failed", reason=str(error))
                except Exception:
                    log.exception("sweep_of_one_failed", alarm=True)

        async with asyncio.TaskGroup() as group:
            for conversation_id in due:
                group.create_task(tend(conversation_id))
        await self._outbox.probe()
        await self._tend()  # before the herald, whom it gives something to tell
        await self._herald.tell_due()
        return len(due)

    def _see_clock(self) -> None:
        """While it was ahead, what is to be tried again was put off until a time that is far off
        now; nobody is to wait so long.
        """
        if back := self._outbox.clock_set_back():
            log.error("clock_set_back", seconds=round(back.total_seconds()), alarm=True)
            self._behind += back + LONGEST_PAUSE

    async def _tend(self) -> None:
        try:
            await self._tend_waits()
        except StorageUnavailable as error:
            log.warning("waitlist_left_for_later", reason=str(error))
        except Exception:
            # Our bug, in the waitlist of one office; the notices of all must go on.
            log.exception("waitlist_failed", alarm=True)
