"""The queue: what may be asked of it, decided over :class:`~bot.booking.seats.SeatStore`.

Every method may be repeated with the same key, after a crash or a lost race, and then returns
what it returned first, codes included.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from bot.booking.codes import approval_code, booking_code
from bot.booking.office import Cancel, Office, Offices
from bot.booking.plan import bookable_days, seats_of
from bot.booking.seats import (
    AlreadyActive,
    Applicant,
    BookingCodeTaken,
    Claim,
    Seat,
    SeatState,
    SeatStore,
)

RETRIES = 8
"""Stale holds and taken codes may stand in the way a few times, never for ever."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A hold that is not given.

    Args:
        by_sender: the sender's own seat in the way; ``None`` when it is the person's, about whose
            other booking nothing may be said.
    """

    by_sender: Seat | None


class Queue:
    """Seats of all offices."""

    def __init__(self, offices: Offices, seats: SeatStore) -> None:
        self._offices = offices
        self._seats = seats
        self._laying_out = asyncio.Lock()

    @property
    def seats(self) -> SeatStore:
        """The store, for projects whose actions queue by other rules (``examples/clinic``)."""
        return self._seats

    def office(self, office_id: str) -> Office:
        """The office of this id; ``KeyError`` when staff took it out of the file."""
        office = self._offices.get(office_id)
        if office is None:
            raise KeyError(office_id)
        return office

    async def free_days(self, office: Office, now: datetime) -> list[date]:
        """The next days with a free seat, at most ``office.dates_offered``."""
        free: list[date] = []
        days = list(bookable_days(office, now))
        wanted = office.dates_offered
        for at in range(0, len(days), wanted):
            batch = days[at : at + wanted]
            found = await asyncio.gather(*(self.is_free(office, day, now) for day in batch))
            free += [day for day, is_free in zip(batch, found, strict=True) if is_free]
            if len(free) >= wanted:
                break
        return free[:wanted]

    async def is_free(self, office: Office, day: date, now: datetime) -> bool:
        """Whether ``day`` has a free seat; a day nobody ever asked for is not laid out yet."""
        if await self._seats.has_free(office.id, day, now):
            return True
        return not await self._seats.is_laid_out(office.id, day)

    async def hold(
        self,
        office: Office,
        day: date,
        applicant: Applicant,
        key: str,
        random: Random,
        now: datetime,
        *,
        promised: bool = False,
    ) -> Seat | Refused | None:
        """Hold a seat of ``day`` for ``applicant``; a hold of the same conversation moves there.

        Args:
            promised: the code that approves is the booking code to come, not eight digits.

        Returns:
            The held seat, :class:`Refused` (an earlier hold of the conversation is then gone), or
            ``None`` when the day is full (an earlier hold then stays, unless somebody took the
            day's last seat while it was moving).
        """
        marks = _marks(office, applicant.sender)
        claim = Claim(
            key=key,
            applicant=applicant,
            approval_code=booking_code(office.prefix, random)
            if promised
            else approval_code(random),
            until=now + timedelta(minutes=office.hold_minutes),
            active_sender=marks.pop(0),
            active_person=f"{day}|{applicant.name}|{applicant.birth_date}",
        )
        for _ in range(RETRIES + len(marks)):
            try:
                seat = await self._claim(office, day, claim, now)
            except AlreadyActive as in_the_way:
                seat = in_the_way.seat
                if await self._make_way(seat, applicant, now):
                    continue
                if (refused := _refused(claim, seat)) or not marks:
                    return refused or Refused(seat)
                claim = replace(claim, active_sender=marks.pop(0))
                continue
            if seat is None:
                if not await self._release_holds(office, applicant, now, on=day):
                    return None
            elif _is_hold_for(seat, office, day, applicant):
                await self._release_holds(office, applicant, now, but=claim.active_sender)
                return seat
            else:
                await self._seats.release(seat.id, key, now)
        return None

    async def approve(
        self,
        office: Office,
        seat: str,
        key: str,
        approval: str,
        random: Random,
        now: datetime,
        *,
        promised: str = "",
    ) -> Seat | None:
        """Make the hold claimed with ``key`` a booking; ``None`` when it has ended.

        Args:
            approval: key of this approval.
            promised: the booking code the applicant was given with the hold.

        Raises:
            BookingCodeTaken: the promised code is another booking's, one chance in 2^45 a pair.
        """
        if promised:
            return await self._seats.approve(seat, key, approval, promised, now)
        for _ in range(RETRIES):
            code = booking_code(office.prefix, random)
            try:
                return await self._seats.approve(seat, key, approval, code, now)
            except BookingCodeTaken:
                continue
        raise BookingCodeTaken

    async def release(self, seat: str, key: str, now: datetime) -> None:
        """Free a seat claimed with ``key``; nothing happens when it is no longer."""
        await self._seats.release(seat, key, now)

    async def active_of(self, office: Office, sender: str, now: datetime) -> list[Seat]:
        """The sender's live holds and bookings whose date has not passed, in any office."""
        carried = [await self._seats.active_of(mark) for mark in _marks(office, sender)]
        return [seat for seat in carried if seat and self._is_active(seat, now)]

    async def bookings_of(self, office: Office, sender: str, now: datetime) -> list[Seat]:
        """The bookings among :meth:`active_of`."""
        active = await self.active_of(office, sender, now)
        return [seat for seat in active if seat.state is SeatState.BOOKED]

    def may_cancel(self, office: Office, day: date, now: datetime) -> bool:
        """Whether ``office`` lets applicants cancel a booking for ``day`` now."""
        return office.cancel is Cancel.UNTIL_DAY_BEFORE and day > office.today(now)

    async def _claim(self, office: Office, day: date, claim: Claim, now: datetime) -> Seat | None:
        seat = await self._seats.claim(office.id, day, claim, now)
        if seat is None and not await self._seats.is_laid_out(office.id, day):
            async with self._laying_out:  # once, not once by everybody who comes when a day opens
                if not await self._seats.is_laid_out(office.id, day):
                    await self._seats.lay_out(office.id, day, seats_of(office, day))
            seat = await self._seats.claim(office.id, day, claim, now)
        return seat

    async def _make_way(self, seat: Seat, applicant: Applicant, now: datetime) -> bool:
        """Take a seat out of the way if it is this conversation's hold, or no longer active."""
        if seat.claim is None:
            return True
        if self._is_active(seat, now) and not is_hold_of(seat, applicant.conversation):
            return False
        if seat.state is SeatState.BOOKED:
            await self._seats.retire(seat.id, seat.claim.key)
        else:
            await self._seats.release(seat.id, seat.claim.key, now)
        return True

    async def _release_holds(
        self,
        office: Office,
        applicant: Applicant,
        now: datetime,
        *,
        on: date | None = None,
        but: str = "",
    ) -> bool:
        """Release the conversation's holds, only those ``on`` a day, all ``but`` the one with this
        ``active_sender``; whether there were any.
        """
        released = False
        for mark in _marks(office, applicant.sender):
            seat = await self._seats.active_of(mark) if mark != but else None
            if seat is None or seat.claim is None or not is_hold_of(seat, applicant.conversation):
                continue
            if on is None or _is_on(seat, office, on):
                await self._seats.release(seat.id, seat.claim.key, now)
                released = True
        return released

    def _is_active(self, seat: Seat, now: datetime) -> bool:
        return seat.is_active(now, self.office(seat.office).today(now))


def _marks(office: Office, sender: str) -> list[str]:
    """The ``active_sender`` values a sender may use up, one a booking."""
    return [sender, *(f"{sender}#{n}" for n in range(2, office.active_per_sender + 1))]


def _refused(claim: Claim, seat: Seat) -> Refused | None:
    """Why ``seat`` keeps ``claim`` out; ``None`` when it only uses up the same mark."""
    if seat.claim is None or seat.claim.applicant.sender != claim.applicant.sender:
        return Refused(None)
    return None if seat.claim.active_sender == claim.active_sender else Refused(seat)


def is_hold_of(seat: Seat, conversation_id: str) -> bool:
    """Whether the seat is held in this conversation."""
    return (
        seat.state is SeatState.HELD
        and seat.claim is not None
        and seat.claim.applicant.conversation == conversation_id
    )


def _is_on(seat: Seat, office: Office, day: date) -> bool:
    return (seat.office, seat.day) == (office.id, day)


def _is_hold_for(seat: Seat, office: Office, day: date, applicant: Applicant) -> bool:
    return (
        _is_on(seat, office, day) and seat.claim is not None and seat.claim.applicant == applicant
    )
