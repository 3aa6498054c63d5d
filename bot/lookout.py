"""Looks now and then at what waits and what is left, for ``/readyz`` and ``/metrics``.

So nobody who asks, however often, costs the database more than a few calls now and then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.booking.notices import NoticeStore
from bot.booking.office import Offices
from bot.booking.queue import Queue
from bot.booking.remaining import remaining
from bot.clock import Clock
from bot.dialogue.inbox import InboxStore
from bot.dialogue.letters import LetterStore
from bot.dialogue.store import ConversationStore
from bot.errors import StorageUnavailable
from bot.health import Check
from bot.metrics import Metrics

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 5.0
"""What was seen counts for so long."""

SHOW_SECONDS: Final = 15.0
"""How often the figures of what waits are brought up to date."""

COUNT_SECONDS: Final = 300.0
"""How often seats and messages are counted: that reads all seats of the days an office offers, and
all conversations that wait for something.
"""

AT_MOST: Final = 1000
"""Counted no further."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is due and not done yet.

    Args:
        conversations: with a message or timer that is due.
        oldest: since when the first of them is due.
        notices, oldest_notice: the same of notices.
    """

    conversations: int = 0
    oldest: timedelta = timedelta()
    notices: int = 0
    oldest_notice: timedelta = timedelta()


class Lookout:
    """Of one process.

    Args:
        offices, queue: as they are now.
        paused: how many accounts nothing is sent from.
        late: a message due for longer is worth telling.
    """

    def __init__(
        self,
        *,
        conversations: ConversationStore,
        notices: NoticeStore,
        letters: LetterStore,
        inbox: InboxStore,
        offices: Callable[[], Offices],
        queue: Callable[[], Queue],
        metrics: Metrics,
        clock: Clock,
        late: timedelta,
        paused: Callable[[], int] = lambda: 0,
    ) -> None:
        self._conversations = conversations
        self._notices = notices
        self._letters = letters
        self._inbox = inbox
        self._offices = offices
        self._queue = queue
        self._paused = paused
        self._metrics = metrics
        self._clock = clock
        self._late = late
        self._seen: tuple[float, Waiting] | None = None
        metrics.before_shown(lambda: metrics.accounts_paused.set(paused()))

    async def outbox_check(self) -> Check:
        """Whether messages go out; what keeps them is elsewhere, so it is never ``down``.

        Raises:
            StorageUnavailable: nobody knows.
        """
        waiting, paused = await self.waiting(), self._paused()
        late = waiting.oldest > self._late
        return Check(
            "degraded" if late or paused else "ok",
            {
                "overdue": waiting.conversations,
                "oldest_seconds": round(waiting.oldest.total_seconds()),
                "paused_accounts": paused,
            },
        )

    async def waiting(self) -> Waiting:
        """What waits now, or did a few seconds ago.

        Raises:
            StorageUnavailable: nobody knows.
        """
        now = asyncio.get_running_loop().time()
        if self._seen is None or now - self._seen[0] > LOOK_SECONDS:
            self._seen = now, await self._look(self._clock())
        return self._seen[1]

    async def _look(self, now: datetime) -> Waiting:
        due = await self._conversations.due(now, AT_MOST)
        first = await self._conversations.load(due[0]) if due else None
        notices = await self._notices.due(now, AT_MOST)
        return Waiting(
            len(due),
            max(now - first.due_at, timedelta()) if first else timedelta(),
            len(notices),
            now - notices[0].due_at if notices else timedelta(),
        )

    async def run(self) -> None:
        """Show the figures for ever; cancel to stop. One process of those that serve together is
        enough.
        """
        async with asyncio.TaskGroup() as group:
            group.create_task(_again_and_again(self.show_waiting, SHOW_SECONDS))
            group.create_task(_again_and_again(self.show_people, SHOW_SECONDS))
            group.create_task(_again_and_again(self.show_letters, COUNT_SECONDS))
            group.create_task(_again_and_again(self.show_seats, COUNT_SECONDS))

    async def show_waiting(self) -> None:
        """Bring the figures of what waits up to date."""
        waiting, metrics = await self.waiting(), self._metrics
        metrics.outbox_overdue.set(waiting.conversations)
        metrics.outbox_oldest_seconds.set(waiting.oldest.total_seconds())
        metrics.notices_overdue.set(waiting.notices)
        metrics.notices_oldest_seconds.set(waiting.oldest_notice.total_seconds())

    async def show_people(self) -> None:
        """Count who waits for a member of staff, one find by index an office."""
        now = self._clock()
        for office in self._offices():
            cared = await self._inbox.cared(office.id)
            since = [each.care.since for each in cared if each.care.waits and each.care.since]
            longest = (now - min(since)).total_seconds() if since else 0
            self._metrics.waiting_for_staff.labels(office.id).set(len(since))
            self._metrics.waiting_for_staff_seconds.labels(office.id).set(longest)

    async def show_letters(self) -> None:
        """Count the messages that wait to be sent, and those that were given up."""
        now = self._clock()
        items = [item for each in await self._letters.waiting() for item in each.outbox]
        since = min((item.said_at for item in items if item.said_at), default=now)
        self._metrics.outbox_waiting.set(len(items))
        self._metrics.outbox_waiting_seconds.set((now - since).total_seconds())
        self._metrics.dead_letters.set(len(await self._letters.dead()))

    async def show_seats(self) -> None:
        """Count the free seats of the days each office offers, one office after the other."""
        queue, now = self._queue(), self._clock()
        for office in self._offices():
            days = await queue.free_days(office, now)
            left = 0
            for day in days:
                left += sum((await remaining(queue.seats, office, day, now)).values())
            self._metrics.days_offered.labels(office.id).set(len(days))
            self._metrics.seats_left.labels(office.id).set(left)


async def _again_and_again(show: Callable[[], Awaitable[None]], seconds: float) -> None:
    while True:
        try:
            await show()
        except StorageUnavailable as error:
            log.warning("figures_not_shown", reason=str(error))
        except Exception:
            # Our bug; figures of something else must go on, and so must the bot.
            log.exception("figures_failed", alarm=True)
        await asyncio.sleep(seconds)
