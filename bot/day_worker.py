"""Carries out what changes of days have still to do: seats that fit, bookings that move.

Every process has one; the one that takes an office's work does it, and who dies over it is followed
by another. Each step may be made again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.booking.days import CalendarStore
from bot.booking.office import Offices
from bot.clock import Clock
from bot.day_desk import TURN, DayDesk
from bot.loop import for_ever


class DayWorker:
    """Looks every ``pause`` whether there is work that is due; one storage call when there is none.

    Args:
        offices: as the file has them, now.
        desk: for the days of the office of this id.
    """

    def __init__(
        self,
        calendar: CalendarStore,
        offices: Callable[[], Offices],
        desk: Callable[[str], DayDesk],
        clock: Clock,
        pause: timedelta = timedelta(seconds=1),
    ) -> None:
        self._calendar = calendar
        self._offices = offices
        self._desk = desk
        self._clock = clock
        self._pause = pause

    async def run(self) -> None:
        """Go on for ever; cancel to stop. Work that failed is tried again once its turn is over."""
        await for_ever(self.tend, self._pause, "days_failed")

    async def tend(self) -> int:
        """Do what is due; how many changes were carried out here."""
        done, now = 0, self._clock()
        for days in await self._calendar.all():
            due = [work for work in days.work if work.due_at <= now]
            known = self._offices().get(days.office)  # staff may have taken it out of the file
            if not due or known is None:
                continue
            if await self._calendar.take_work(days.office, now, now + TURN):
                for work in due:
                    await self._desk(days.office).carry_out(work, self._clock())
                    done += 1
        return done
