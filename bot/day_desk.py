"""Staff look at an office's days and change them, from the command line.

A change is saved first; then the bots are given time to follow it, and only then the seats of the
day are made to fit and what it hits is moved: nobody books behind its back.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from bot.booking.calendar import WorkingCalendar
from bot.booking.days import Edit, change_day, closing, laid_over, opening, seating
from bot.booking.fitting import fit_day
from bot.booking.life import staff as staff_named
from bot.booking.moved import MoveNews
from bot.booking.office import Office, Offices
from bot.booking.queue import Queue
from bot.booking.relocating import Relocation, taken_on
from bot.booking.season import check_quotas
from bot.booking.seats import Seat
from bot.document import meant
from bot.errors import ConfigError
from bot.stores import Stores

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Staff:
    """Who changes something, and when."""

    by: str
    now: datetime

    def event(self, step: str, **more: Any) -> Mapping[str, Any]:
        """An event of the trail."""
        return {"at": self.now, "by": self.signature, "step": step, **more}

    @property
    def signature(self) -> str:
        """As audit trails name them."""
        return staff_named(self.by)


class DayDesk:
    """One office's days.

    Args:
        offices: as the file has them, without changes.
        settle: waits until every bot has seen a change.
    """

    def __init__(
        self,
        offices: Offices,
        office_id: str,
        stores: Stores,
        random: Random,
        settle: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(0),
    ) -> None:
        office = offices.get(office_id)
        if office is None:
            raise ConfigError(f"no office {office_id!r}{meant(office_id, [o.id for o in offices])}")
        self._offices = offices
        self._office = office
        self._stores = stores
        self._random = random
        self._settle = settle

    def today(self, now: datetime) -> date:
        """The date at the office."""
        return self._office.today(now)

    async def show(self, first: date, last: date, now: datetime) -> Sequence[str]:
        """A line for each day: open or why not, and by session how many seats are taken of how
        many.
        """
        office = await self._as_it_is()
        calendar = WorkingCalendar(office)
        lines = []
        for ahead in range((last - first).days + 1):
            day = first + timedelta(days=ahead)
            closed = calendar.why_closed(day)
            taken = await taken_on(self._stores.seats, office.id, day, now)
            by_session = Counter(seat.session for seat in taken)
            told = [
                f"{session.id} {by_session[session.id]}/{session.seats}"
                for session in office.sessions_on(day)
            ]
            if closed:
                told = [f"closed: {closed.reason}", *([f"{len(taken)} taken"] if taken else [])]
            lines.append(f"{day} {WEEKDAYS[day.weekday()]}  {'  '.join(told)}")
        return lines

    async def hit_by_closing(self, day: date, now: datetime) -> Sequence[Seat]:
        """The seats somebody has on a day."""
        return await taken_on(self._stores.seats, self._office.id, day, now)

    async def close(self, day: date, reason: str, staff: Staff, *, move: bool) -> Sequence[str]:
        """Close a day; what was done, in lines.

        Args:
            reason: applicants are told.
            move: whether bookings go to the nearest free seats, and their holders are told.
        """
        await self._change(day, closing(reason), staff.event("closed", reason=reason))
        lines = [f"{day} is closed: {reason}"]
        if not move:
            return lines
        news = MoveNews(self._stores.notices)
        queue = Queue(await self._offices_as_they_are(), self._stores.seats, news=news)
        hit = await self.hit_by_closing(day, staff.now)
        office = queue.office(self._office.id)
        relocation = Relocation(queue, office, self._random, by=staff.signature, reason=reason)
        for each in await relocation.relocate(hit, staff.now):
            code = each.seat.booking_code
            if each.to is None:
                lines.append(f"{code}: no free seat to move to; call them")
            else:
                to = f"{each.to.day} {each.to.hour:%H.%M} number {each.to.number}"
                lines.append(f"{code}: moved to {to}, {each.to.booking_code}")
        return lines

    async def open(self, day: date, staff: Staff) -> Sequence[str]:
        """Open a day; what was done, in lines."""
        edit = opening(self._office, day, lambda office, day: WorkingCalendar(office).is_open(day))
        await self._change(day, edit, staff.event("opened"))
        return [f"{day} is open"]

    async def reseat(self, day: date, seats: Mapping[str, int], staff: Staff) -> Sequence[str]:
        """Give a day other quotas, by session; what was done, in lines.

        Raises:
            ConfigError: a session the day does not have, or nobody would have a seat.
        """
        sessions = self._office.model_copy(update={"quotas": {}}).sessions_on(day)
        try:
            check_quotas(day, seats, sessions)
        except ValueError as error:
            raise ConfigError(str(error)) from None
        await self._change(day, seating(seats), staff.event("reseated", seats=dict(seats)))
        return await self.fit(day, day, staff.now)

    async def fit(self, first: date, last: date, now: datetime) -> Sequence[str]:
        """Make the days that are laid out already fit their quotas; what was done, in lines."""
        office = await self._as_it_is()
        lines = []
        for ahead in range((last - first).days + 1):
            day = first + timedelta(days=ahead)
            fitted = await fit_day(self._stores.seats, office, day, now)
            told = f"{day}: {office.quota_on(day)} seats"
            told += f", {fitted.added} added" if fitted.added else ""
            told += f", {fitted.withdrawn} withdrawn" if fitted.withdrawn else ""
            told += f", {fitted.beyond} beyond that stay: somebody has them" * bool(fitted.beyond)
            lines.append(told)
        return lines

    async def _change(self, day: date, edit: Edit, event: Mapping[str, Any]) -> None:
        if day < self._office.today(event["at"]):
            raise ConfigError(f"{day} has passed; nothing about it can be changed")
        await change_day(self._stores.calendar, self._office.id, day, edit, event)
        await self._settle()

    async def _offices_as_they_are(self) -> Offices:
        return laid_over(self._offices, await self._stores.calendar.all())

    async def _as_it_is(self) -> Office:
        offices = await self._offices_as_they_are()
        return {office.id: office for office in offices}[self._office.id]
