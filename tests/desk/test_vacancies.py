"""Free days are looked for once for many who ask, and never shown when they are old."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest

from bot.booking.occupancy import Occupancy
from bot.booking.plan import bookable_days
from bot.booking.queue import Queue
from bot.desk.vacancies import FRESH, STALE, Vacancies
from bot.errors import StorageUnavailable
from storage.memory import MemorySeats
from tests.support.applicants import NOW, OFFICE
from tests.support.desk import shipped_offices


class CountedSeats(MemorySeats):
    """Counts how often it is asked; may be out of order."""

    asked = 0
    down = False

    async def open_days(self, office: str, days: Sequence[date], now: datetime) -> Sequence[date]:
        """See the Protocol."""
        self._count()
        return await super().open_days(office, days, now)

    async def occupied(self, office: str, month: date) -> Occupancy:
        """See the Protocol."""
        self._count()
        return await super().occupied(office, month)

    def _count(self) -> None:
        self.asked += 1
        if self.down:
            raise StorageUnavailable("down")


@pytest.fixture
def seats() -> CountedSeats:
    """Empty."""
    return CountedSeats()


@pytest.fixture
def queue(seats: CountedSeats) -> Queue:
    """Over the shipped offices."""
    return Queue(shipped_offices(), seats)


async def test_who_asks_together_is_answered_by_one_look(queue: Queue, seats: CountedSeats) -> None:
    """A hundred at once, and all who come within ten seconds, cost one look each office."""
    kept, office = Vacancies(), queue.office(OFFICE)
    found = await asyncio.gather(*(kept.next_of_all(queue, NOW) for _ in range(100)))
    assert all(each == found[0] for each in found)
    assert seats.asked == len(queue.offices)
    await kept.next_of_all(queue, NOW + FRESH - timedelta(seconds=1))
    assert seats.asked == len(queue.offices)
    months = {day.replace(day=1) for day in bookable_days(office, NOW)}
    await asyncio.gather(*(kept.days_of(queue, office, NOW) for _ in range(100)))
    assert seats.asked == len(queue.offices) + len(months)


async def test_what_is_not_fresh_is_shown_and_looked_for_beside(
    queue: Queue, seats: CountedSeats
) -> None:
    """Nobody waits for what was found lately, even while the database is silent; what is old is
    not shown, and who asks then is told.
    """
    kept, office = Vacancies(), queue.office(OFFICE)
    first = await kept.days_of(queue, office, NOW)
    seats.down = True
    assert await kept.days_of(queue, office, NOW + FRESH) is first
    await asyncio.sleep(0)
    with pytest.raises(StorageUnavailable):
        await kept.days_of(queue, office, NOW + STALE)
    seats.down = False
    assert await kept.days_of(queue, office, NOW + STALE) is not first
    await kept.close(None)


async def test_other_offices_are_looked_for_at_once(seats: CountedSeats) -> None:
    """When staff change a day there is another queue, and nothing of the former one is shown."""
    kept = Vacancies()
    for queue in (Queue(shipped_offices(), seats), Queue(shipped_offices(), seats)):
        seats.asked = 0
        await kept.next_of_all(queue, NOW)
        assert seats.asked == len(queue.offices)
