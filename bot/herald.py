"""Tells conversations the notices that are due.

Every process has a herald, which its sweeper sends out; who comes first tells a notice, and the
others find it told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from bot.booking.notices import Notice, NoticeStore
from bot.clock import Clock
from bot.errors import StorageUnavailable
from bot.turn import Turns

log = structlog.get_logger()

BATCH = 200
AT_ONCE = 16

MAX_ATTEMPTS = 5
"""A notice that fails by our own fault is given up after so many tries, with an alarm."""

FIRST_PAUSE = timedelta(seconds=30)
"""Before the second try; each further pause is four times as long."""


class Herald:
    """Hands due notices to their conversations.

    Args:
        place: where a notice is told, if not in the conversation that waits for it.
    """

    def __init__(
        self,
        *,
        notices: NoticeStore,
        turns: Turns,
        clock: Clock,
        place: Callable[[Notice], Awaitable[Notice]],
    ) -> None:
        self._place = place
        self._notices = notices
        self._turns = turns
        self._clock = clock

    async def tell_due(self) -> int:
        """Tell all that is due now.

        Returns:
            How many notices were due, at most ``BATCH``.
        """
        due = await self._notices.due(self._clock(), BATCH)
        gate = asyncio.Semaphore(AT_ONCE)

        async def tell(notice: Notice) -> None:
            async with gate:
                try:
                    await self._tell(notice)
                except StorageUnavailable as error:
                    log.warning("notice_left_for_later", reason=str(error))

        async with asyncio.TaskGroup() as group:
            for notice in due:
                group.create_task(tell(notice))
        return len(due)

    async def _tell(self, notice: Notice) -> None:
        if notice.until <= self._clock():
            log.warning("notice_too_late", notice=notice.name)
        else:
            try:
                await self._turns.tell(await self._place(notice))
            except StorageUnavailable:
                raise
            except Exception:
                # Our bug, in a flow or an action. It must not stop the notices of others.
                attempts = notice.attempts + 1
                given_up = attempts >= MAX_ATTEMPTS
                log.exception("notice_failed", notice=notice.name, given_up=given_up, alarm=True)
                if not given_up:
                    pause = FIRST_PAUSE * 4**notice.attempts
                    await self._notices.postpone(notice.id, attempts, self._clock() + pause)
                    return
        await self._notices.done(notice.id)
