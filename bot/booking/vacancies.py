"""Where there is a seat to have: the first free day of an office, and those of its calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.booking.office import Office
from bot.booking.plan import DayProblem, DayProblemKind, bookable_days, check_day
from bot.booking.queue import Queue
from bot.booking.remaining import occupancy_of, remaining


@dataclass(frozen=True, slots=True)
class DayLeft:
    """A day that may be booked.

    Args:
        left: free seats by session id; all 0 where others wait for what is left.
    """

    day: date
    left: Mapping[str, int]

    @property
    def seats(self) -> int:
        """Free seats."""
        return sum(self.left.values())


async def first_free(queue: Queue, office: Office, now: datetime) -> date | None:
    """The next day with a seat that nobody waits for, asked day by day."""
    for day in bookable_days(office, now):
        if await queue.is_free(office, day, now):
            return day
    return None


async def free_days_of(queue: Queue, office: Office, now: datetime) -> Mapping[date, bool]:
    """Every day that may be booked at ``now`` (aware), and whether it has such a seat."""
    days = list(bookable_days(office, now))
    months = await occupancy_of(queue.seats, office, days)

    def is_free(day: date) -> bool:
        month = months[day.replace(day=1)]
        has_seat = not month.is_laid_out(day) or any(month.free(day, now).values())
        return has_seat and not queue.is_waited_for(office, day)

    return {day: is_free(day) for day in days}


async def left_on(queue: Queue, office: Office, day: date, now: datetime) -> DayLeft | DayProblem:
    """The seats left of a day, or what keeps it from being booked."""
    if problem := check_day(office, day, now):
        return problem
    left = await remaining(queue.seats, office, day, now)
    if queue.is_waited_for(office, day):
        left = dict.fromkeys(left, 0)
    return DayLeft(day, left)


__all__ = ["DayLeft", "DayProblem", "DayProblemKind", "first_free", "free_days_of", "left_on"]
