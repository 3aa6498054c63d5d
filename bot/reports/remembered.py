"""What days came to, remembered by one process, so that a page need not wait for what was counted.

Days whose sums are kept never change; a younger one is counted anew when somebody looks and what is
known of it is older than :data:`FRESH_TODAY`, or of a day that is past :data:`FRESH`. Counting goes
on beside the page, which gets what is known.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import structlog

from bot.booking.office import Office
from bot.errors import StorageUnavailable
from bot.reports.columns import COUNTED, Counted
from bot.reports.ranges import Range
from bot.reports.report import Days
from bot.reports.sums import Kept, Sums, days_of, gaps, sums_of

FRESH_TODAY: Final = timedelta(seconds=30)
FRESH: Final = timedelta(minutes=15)
OUT_OF_DATE: Final = timedelta(minutes=5)
"""What is that much older than fresh is not shown any more, even while it is counted anew."""

AT_ONCE: Final = 400
"""Days whose kept sums are read in one go: each look costs the embedded database as much as all the
sums there are, however few days it asks for.
"""

KEPT: Final = 400
"""Days remembered, of some 50 KB each with 250 bookings."""

LATEST: Final = 2
"""Ranges remembered whole, the latest counted: a year may have more days than are remembered."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Day:
    """What one day came to, and when that was read; ``settled`` if it stays so."""

    sums: Mapping[Counted, Sums]
    read_at: datetime
    settled: bool

    def age(self, now: datetime) -> timedelta:
        return timedelta() if self.settled else now - self.read_at


@dataclass(frozen=True, slots=True)
class Known:
    """What days came to.

    Args:
        as_of: when the oldest of what may still change was counted; ``None`` if nothing may.
    """

    days: Days
    as_of: datetime | None


class Remembered:
    """The memory.

    Args:
        ends: states in which a dialogue asks for nothing more, as flows are now.
    """

    def __init__(self, stores: Kept, ends: Callable[[], Collection[str]]) -> None:
        self._stores, self._ends = stores, ends
        self._known: OrderedDict[tuple[str, date], _Day] = OrderedDict()
        self._tasks: dict[tuple[str, Range], asyncio.Task[Mapping[date, _Day]]] = {}
        self._latest: OrderedDict[tuple[str, Range], Mapping[date, _Day]] = OrderedDict()
        self._one = asyncio.Semaphore(1)  # the database has other work

    async def of_days(
        self, office: Office, asked: Range, now: datetime, patience: float | None = None
    ) -> Known | None:
        """The days asked for; those that are not fresh are being counted when this returns.

        Args:
            patience: how many seconds to wait for days of which nothing is known; ``None``: until
                all that was not fresh is counted.

        Returns:
            ``None`` while days are being counted of which nothing is known.

        Raises:
            StorageUnavailable: nothing answers.
        """
        today, days = office.today(now), list(days_of(asked.first, asked.last))
        latest = self._latest.get((office.id, asked), {})
        known = {
            day: found
            for day in days
            if (found := self._known.get((office.id, day)) or latest.get(day))
        }
        ages = {day: found.age(now) - _fresh(day, today) for day, found in known.items()}
        lacking = len(known) < len(days) or any(age > OUT_OF_DATE for age in ages.values())
        if lacking or any(age > timedelta() for age in ages.values()):
            task = self._counting(office, asked, now)
            if lacking or patience is None:
                await asyncio.wait({task}, timeout=patience)
            if task.done():
                known = dict(task.result())
            elif lacking:
                return None
        for day in days:
            if (office.id, day) in self._known:
                self._known.move_to_end((office.id, day))
        moving = [found.read_at for found in known.values() if not found.settled]
        return Known({day: found.sums for day, found in known.items()}, min(moving, default=None))

    def _counting(
        self, office: Office, asked: Range, now: datetime
    ) -> asyncio.Task[Mapping[date, _Day]]:
        key = (office.id, asked)
        if key not in self._tasks:
            task = asyncio.create_task(self._count(office, asked, now), name="report")
            self._tasks[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        return self._tasks[key]

    def _forget(self, key: tuple[str, Range], task: asyncio.Task[Mapping[date, _Day]]) -> None:
        """Nobody may be left who waits, so what went wrong is told here."""
        self._tasks.pop(key, None)
        failure = None if task.cancelled() else task.exception()
        if isinstance(failure, StorageUnavailable):
            log.warning("report_not_counted", office=key[0], reason=str(failure))
        elif failure:
            log.error("report_not_counted", office=key[0], exc_info=failure, alarm=True)

    async def _count(self, office: Office, asked: Range, now: datetime) -> Mapping[date, _Day]:
        today, fresh = office.today(now), dict[date, _Day]()
        async with self._one:
            latest = self._latest.get((office.id, asked), {})
            for day in days_of(asked.first, asked.last):
                found = self._known.get((office.id, day)) or latest.get(day)
                if found and found.age(now) <= _fresh(day, today):
                    fresh[day] = found
            for first, last in list(gaps(asked.first, asked.last, fresh)):
                fresh |= await self._read(office, Range(first, last), now)
        self._latest[office.id, asked] = fresh
        self._latest.move_to_end((office.id, asked))
        while len(self._latest) > LATEST:
            self._latest.popitem(last=False)
        return fresh

    async def _read(self, office: Office, asked: Range, now: datetime) -> Mapping[date, _Day]:
        """From the kept sums; what is not among them is counted."""
        read: dict[date, _Day] = {}
        first = asked.first
        while first <= asked.last:
            last = min(asked.last, first + timedelta(days=AT_ONCE - 1))
            kept = {by: await self._stores.sums.kept(office.id, by, first, last) for by in COUNTED}
            whole = [day for day in kept[COUNTED[-1]] if all(day in kept[by] for by in COUNTED)]
            for day in whole:
                sums = {by: kept[by][day] for by in COUNTED}
                read[day] = _Day(sums, now, settled=True)
            first = last + timedelta(days=1)
        for begin, end in list(gaps(asked.first, asked.last, read)):
            made = await sums_of(
                office, self._stores, begin, end, COUNTED, ends=self._ends(), now=now
            )
            for day in days_of(begin, end):
                read[day] = _Day({by: made[by, day] for by in COUNTED}, now, settled=False)
        for day, found in read.items():
            self._known[office.id, day] = found
            self._known.move_to_end((office.id, day))
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return read


def _fresh(day: date, today: date) -> timedelta:
    return FRESH_TODAY if day >= today else FRESH
