"""What each day came to, counted once: days that nothing changes any more are kept as sums.

A dialogue is one of a single day, so a day's counts and spans are independent of every other's, and
adding days up gives the same figures as reading everything again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, Protocol

from bot.booking.calendar import WorkingCalendar
from bot.booking.counter import walk_in_line
from bot.booking.office import Office
from bot.booking.plan import seats_of
from bot.booking.seats import SeatStore
from bot.dialogue.store import ConversationStore
from bot.reports.attendance import count_quota, count_visits
from bot.reports.columns import COUNTED, Counted
from bot.reports.funnel import Funnel
from bot.reports.tally import Tallies

ONE_DAY: Final = timedelta(days=1)

SETTLED: Final = timedelta(days=9)
"""After that nothing of a day changes: the counter is done, and Meta delivers for seven days."""

AT_ONCE: Final = 31
"""Days summed up in one go; the conversations of then are read once for all of them."""

_OF_DIALOGUES: Final = frozenset({"day", "hour", "state"})
_OF_DIALOGUES_ALONE: Final = frozenset({"state"})


@dataclass(slots=True)
class Sums:
    """One day by one grouping.

    Args:
        planned: nobody asked for a seat of that day, so its places are what the office plans now;
            they are not counted in.
    """

    tallies: Tallies = field(default_factory=Tallies)
    planned: bool = False

    def add_to(self, tallies: Tallies, by: Counted, office: Office, day: date) -> None:
        """Count it in."""
        tallies.add(self.tallies)
        if self.planned and WorkingCalendar(office).is_open(day):
            count_quota(tallies, by, office, day, seats_of(office, day))


class SumsStore(Protocol):
    """Where sums are kept; every method raises ``StorageUnavailable`` when nothing answers."""

    async def keep(self, office: str, day: date, by: Counted, sums: Sums) -> None:
        """Keep a day's sums; kept before, they stay as they were."""
        ...

    async def kept(self, office: str, by: Counted, first: date, last: date) -> Mapping[date, Sums]:
        """Those of the days from ``first`` to ``last``, both included, that are kept."""
        ...

    async def newest(self, office: str) -> date | None:
        """The last day of which all sums are kept."""
        ...


class Kept(Protocol):
    """Where reports read: the part of :class:`bot.stores.Stores` that they need."""

    @property
    def conversations(self) -> ConversationStore: ...  # noqa: D102 - as in Stores

    @property
    def seats(self) -> SeatStore: ...  # noqa: D102 - as in Stores

    @property
    def sums(self) -> SumsStore: ...  # noqa: D102 - as in Stores


async def sums_of(
    office: Office,
    stores: Kept,
    first: date,
    last: date,
    bys: Sequence[Counted],
    *,
    ends: Collection[str],
    now: datetime,
) -> Mapping[tuple[Counted, date], Sums]:
    """The sums of every day from ``first`` to ``last``, read from seats and turns."""
    days = list(days_of(first, last))
    made = {(by, day): Sums() for by in bys for day in days}
    if not _OF_DIALOGUES_ALONE.issuperset(bys):
        for day in days:
            await _count_day(office, stores.seats, day, {by: made[by, day] for by in bys})
    talked = [by for by in bys if by in _OF_DIALOGUES]
    funnels = {
        (by, day): Funnel(made[by, day].tallies, by, office, ends) for by in talked for day in days
    }
    if funnels:
        since, until = _midnight(office, first), _midnight(office, last + ONE_DAY)
        async for heard in stores.conversations.heard(office.id, since, until, now):
            day = office.local(heard.at).date()
            for by in talked:
                funnels[by, day].hear(heard)
    for funnel in funnels.values():
        funnel.finish()
    return made


async def sum_up(office: Office, stores: Kept, *, ends: Collection[str], now: datetime) -> int:
    """Keep the sums of the next settled days that are not kept yet; how many days.

    It may be done again, and by several processes at once.

    Args:
        ends: states in which a dialogue asks for nothing more.
    """
    newest = await stores.sums.newest(office.id)
    first = newest + ONE_DAY if newest else await stores.seats.first_day(office.id)
    settled = office.today(now) - SETTLED
    if first is None or first > settled:
        return 0
    last = min(settled, first + (AT_ONCE - 1) * ONE_DAY)
    made = await sums_of(office, stores, first, last, COUNTED, ends=ends, now=now)
    days = list(days_of(first, last))
    for day in days:
        for by in COUNTED:  # in this order: the last one tells that the day is complete
            await stores.sums.keep(office.id, day, by, made[by, day])
    return len(days)


def gaps(first: date, last: date, kept: Collection[date]) -> Iterator[tuple[date, date]]:
    """The runs of days that are not kept."""
    begin: date | None = None
    for day in days_of(first, last):
        if day in kept:
            if begin:
                yield begin, day - ONE_DAY
            begin = None
        else:
            begin = begin or day
    if begin:
        yield begin, last


def days_of(first: date, last: date) -> Iterator[date]:
    """Each day, both ends included."""
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)


async def _count_day(
    office: Office, store: SeatStore, day: date, made: Mapping[Counted, Sums]
) -> None:
    seats = await store.of_day(office.id, day)
    # Seats of a smaller quota have a past too.
    withdrawn = await store.withdrawn(office.id, day) if seats else ()
    walked_in = await store.of_day(walk_in_line(office), day)
    for by, sums in made.items():
        if by in _OF_DIALOGUES_ALONE:
            continue
        sums.planned = not seats
        count_quota(sums.tallies, by, office, day, seats)
        for those in (seats, withdrawn, walked_in):
            count_visits(sums.tallies, by, office, those)


def _midnight(office: Office, day: date) -> datetime:
    return datetime.combine(day, time(), office.zone)
