"""Staff look at an office's days and change them, from the command line and at the desk.

A change is saved first, with what it has still to do; then the bots are given time to follow it,
and only then the seats of the day are made to fit and what it hits is moved: nobody books behind
its back. The command line does that itself; what the desk ordered, or a command that died left,
:mod:`bot.day_worker` does.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from bot.booking.calendar import WorkingCalendar
from bot.booking.days import (
    DayChange,
    DayWork,
    Edit,
    OfficeDays,
    change_day,
    closing,
    laid_over,
    opening,
    seating,
    was_changed,
)
from bot.booking.effect import Effect, effect_of
from bot.booking.fitting import Fitted, fit_day, without_place
from bot.booking.life import staff as staff_named
from bot.booking.moved import MoveNews
from bot.booking.office import Office, Offices
from bot.booking.queue import Queue
from bot.booking.relocating import Relocated, Relocation, taken_on
from bot.booking.season import check_quotas
from bot.booking.seats import Seat
from bot.day_order import Carried, DayOrder
from bot.document import meant
from bot.errors import ConfigError
from bot.stores import Stores

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

LOOKS: Final = 2.5
"""How long a change is given to reach every bot, in the pauses between two of its looks."""

TURN: Final = timedelta(minutes=1)
"""Who dies while carrying out a change is followed by another after this long."""


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
        settle: how long until every bot has seen a change.
    """

    def __init__(
        self,
        offices: Offices,
        office_id: str,
        stores: Stores,
        random: Random,
        settle: timedelta = timedelta(),
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
        office = await self.as_it_is()
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
        done = await self._do(DayOrder(day, "closed", reason, move=move), staff)
        lines = [f"{day} is closed: {reason}"]
        for each in done.moved:
            code = each.seat.booking_code
            if each.to is None:
                lines.append(f"{code}: no free seat to move to; call them")
            else:
                to = f"{each.to.day} {each.to.hour:%H.%M} number {each.to.number}"
                lines.append(f"{code}: moved to {to}, {each.to.booking_code}")
        return lines

    async def open(self, day: date, staff: Staff) -> Sequence[str]:
        """Open a day; what was done, in lines."""
        await self._do(DayOrder(day, "opened"), staff)
        return [f"{day} is open"]

    async def reseat(self, day: date, seats: Mapping[str, int], staff: Staff) -> Sequence[str]:
        """Give a day other quotas, by session; what was done, in lines.

        Raises:
            ConfigError: a session the day does not have, or nobody would have a seat.
        """
        done = await self._do(DayOrder(day, "reseated", seats=seats), staff)
        return [_fit_line(await self.as_it_is(), day, done.fitted)]

    async def fit(self, first: date, last: date, now: datetime) -> Sequence[str]:
        """Make the days that are laid out already fit their quotas; what was done, in lines."""
        office = await self.as_it_is()
        lines = []
        for ahead in range((last - first).days + 1):
            day = first + timedelta(days=ahead)
            fitted = await fit_day(self._stores.seats, office, day, now)
            lines.append(_fit_line(office, day, fitted))
        return lines

    async def foresee(self, order: DayOrder, now: datetime) -> Effect:
        """What an order would do; nothing is written.

        Raises:
            ConfigError: it cannot be done.
        """
        self._check(order, now)
        before, ours = await self.look()
        changed = self._edit(order)(ours.days.get(order.day, DayChange()))
        days = OfficeDays(ours.office, ours.revision, {**ours.days, order.day: changed})
        after = self._laid_over([days])
        seats = self._stores.seats
        return await effect_of(seats, before, after, order.day, now, move=order.move)

    async def order(self, order: DayOrder, staff: Staff) -> DayWork | None:
        """Save a change; what it has still to do is done by whoever carries out work first.

        Raises:
            ConfigError: it cannot be done.
        """
        self._check(order, staff.now)
        told: dict[str, Any] = {"reason": order.reason} if order.reason else {}
        told |= {"seats": dict(order.seats)} if order.seats else {}
        told |= {"key": order.key} if order.key else {}
        work = None
        if order.move or order.step != "closed":
            due_at = staff.now + self._settle
            id_, by = secrets.token_hex(8), staff.signature
            work = DayWork(id_, order.day, by, due_at, order.move, order.reason)
        event, calendar = staff.event(order.step, **told), self._stores.calendar
        await change_day(calendar, self._office.id, order.day, self._edit(order), event, work)
        return work

    async def was_ordered(self, key: str) -> bool:
        """Whether the form with this key was done."""
        return await was_changed(self._stores.calendar, self._office.id, key)

    async def carry_out(self, work: DayWork, now: datetime) -> Carried:
        """Do what a change has still to do to the seats of its day; safe to repeat, also while
        another process does it.

        What the day is by now counts: one that was opened again loses no booking.
        """
        offices = laid_over(self._offices, await self._stores.calendar.all())
        queue = Queue(offices, self._stores.seats, news=MoveNews(self._stores.notices))
        office, seats, day = queue.office(self._office.id), self._stores.seats, work.day
        is_open = WorkingCalendar(office).is_open(day)
        fitted = await fit_day(seats, office, day, now) if is_open else Fitted()
        moved: Sequence[Relocated] = ()
        if work.move:
            sessions = office.sessions_on(day) if is_open else ()
            hit = without_place(await seats.of_day(office.id, day), sessions, now)
            relocation = Relocation(queue, office, self._random, by=work.by, reason=work.reason)
            moved = await relocation.relocate(hit, now)
            if is_open and moved:
                again = await fit_day(seats, office, day, now)
                fitted = Fitted(fitted.added, fitted.withdrawn + again.withdrawn, again.beyond)
        event = {
            "at": now,
            "by": work.by,
            "step": "carried_out",
            "day": day.isoformat(),
            "moved": sum(each.to is not None for each in moved),
            "stayed": sum(each.to is None for each in moved),
            "added": fitted.added,
            "withdrawn": fitted.withdrawn,
            "beyond": fitted.beyond,
        }
        await self._stores.calendar.end_work(office.id, work.id, event)
        return Carried(fitted, moved)

    async def as_it_is(self) -> Office:
        """The office with what staff changed."""
        return (await self.look())[0]

    async def look(self) -> tuple[Office, OfficeDays]:
        """The office with what staff changed, and the changes; bots may be a second behind."""
        saved = {days.office: days for days in await self._stores.calendar.all()}
        days = saved.get(self._office.id, OfficeDays(self._office.id))
        return self._laid_over([days]), days

    async def _do(self, order: DayOrder, staff: Staff) -> Carried:
        """Order a change and carry it out, here."""
        work = await self.order(order, staff)
        if work is None:
            return Carried(Fitted())
        # So that no bot begins as well. If one does, each booking is moved once all the same.
        await self._stores.calendar.take_work(self._office.id, staff.now, staff.now + TURN)
        await asyncio.sleep(self._settle.total_seconds())
        return await self.carry_out(work, staff.now)

    def _edit(self, order: DayOrder) -> Edit:
        if order.step == "closed":
            return closing(order.reason)
        if order.step == "opened":
            return opening(self._office, order.day, lambda o, day: WorkingCalendar(o).is_open(day))
        return seating(order.seats)

    def _check(self, order: DayOrder, now: datetime) -> None:
        if order.day < self._office.today(now):
            raise ConfigError(f"{order.day} has passed; nothing about it can be changed")
        if not order.reason and (order.step == "closed" or order.move):
            raise ConfigError("say why: applicants are told")
        if order.step == "reseated":
            sessions = self._office.model_copy(update={"quotas": {}}).sessions_on(order.day)
            try:
                check_quotas(order.day, order.seats, sessions)
            except ValueError as error:
                raise ConfigError(str(error)) from None

    def _laid_over(self, changes: Sequence[OfficeDays]) -> Office:
        offices = laid_over(self._offices, changes)
        return {office.id: office for office in offices}[self._office.id]


def _fit_line(office: Office, day: date, fitted: Fitted) -> str:
    told = f"{day}: {office.quota_on(day)} seats"
    told += f", {fitted.added} added" if fitted.added else ""
    told += f", {fitted.withdrawn} withdrawn" if fitted.withdrawn else ""
    return told + f", {fitted.beyond} beyond that stay: somebody has them" * bool(fitted.beyond)
