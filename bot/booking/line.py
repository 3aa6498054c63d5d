"""What all parts of the queue stand on: days laid out, seats claimed, who is in whose way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice

from bot.booking.life import ACTIVE, UPCOMING, Act, SeatState, Step
from bot.booking.marks import base_mark, base_of, carries, marks_of, member_of
from bot.booking.moved import MoveNews
from bot.booking.office import Cancel, Office, Offices
from bot.booking.plan import bookable_days, seats_of
from bot.booking.seats import AlreadyActive, Applicant, Claim, Seat, SeatStore
from bot.booking.waited import Waited

RETRIES = 8
"""Stale holds and taken codes may stand in the way a few times, never for ever."""


class Line:
    """Seats of all offices.

    Args:
        waited: the days somebody waits for.
        news: tells whose bookings staff moved; without, nobody is told.
    """

    def __init__(
        self,
        offices: Offices,
        seats: SeatStore,
        waited: Waited | None = None,
        news: MoveNews | None = None,
    ) -> None:
        self._offices = offices
        self._news = news
        self._seats = seats
        self._waited = waited or Waited()
        self._laying_out = asyncio.Lock()

    @property
    def seats(self) -> SeatStore:
        """The store, for projects whose actions queue by other rules (``examples/clinic``)."""
        return self._seats

    @property
    def offices(self) -> Offices:
        """All offices, as they are now."""
        return self._offices

    def office(self, office_id: str) -> Office:
        """The office of this id; ``KeyError`` when staff took it out of the file."""
        office = self._offices.get(office_id)
        if office is None:
            raise KeyError(office_id)
        return office

    async def free_days(self, office: Office, now: datetime) -> list[date]:
        """The next days with a free seat, at most ``office.dates_offered``."""
        free: list[date] = []
        days, wanted = bookable_days(office, now), office.dates_offered
        while batch := list(islice(days, wanted)):
            free += await self.free_among(office, batch, now)
            if len(free) >= wanted:
                break
        return free[:wanted]

    async def is_free(self, office: Office, day: date, now: datetime) -> bool:
        """Whether ``day`` has a seat that nobody waits for."""
        return bool(await self.free_among(office, [day], now))

    async def free_among(
        self, office: Office, days: Sequence[date], now: datetime
    ) -> Sequence[date]:
        """The days that have a seat nobody waits for."""
        open_to_all = [day for day in days if not self.is_waited_for(office, day)]
        return await self._seats.open_days(office.id, open_to_all, now)

    def is_waited_for(self, office: Office, day: date) -> bool:
        """Whether the next free seat of a day is somebody's who waits."""
        return self._waited.on(office.id, day)

    async def active_of(
        self, office: Office, sender: str, now: datetime, also: Sequence[str] = ()
    ) -> list[Seat]:
        """The sender's live holds and bookings still to come, in any office: one of each family,
        whose others are :meth:`family_of` it.

        Args:
            also: other senders that are the same person.
        """
        found = []
        for each in (sender, *also):
            found += await self._active_of(office, each, now)
        return found

    async def _active_of(self, office: Office, sender: str, now: datetime) -> list[Seat]:
        found = []
        for mark in marks_of(office, sender):
            seat = await self._seats.active_of(mark)
            if seat is not None and (seat := await self._standing(seat, now)):
                found.append(seat)
        return found or await self._found_again(sender, now)

    async def _found_again(self, sender: str, now: datetime) -> list[Seat]:
        """One of each family that lost its mark when a process died between two writes; it carries
        one again.
        """
        lost: dict[str, Seat] = {}
        for seat in await self._seats.of_sender(sender):
            if _group(seat) and self.is_active(seat, now):
                lost.setdefault(_group(seat), seat)
        for seat in lost.values():
            await self._keep_found(seat)
        return list(lost.values())

    async def bookings_of(
        self, office: Office, sender: str, now: datetime, also: Sequence[str] = ()
    ) -> list[Seat]:
        """The bookings among :meth:`active_of` that keep the sender from another: who is late
        may register again.
        """
        active = await self.active_of(office, sender, now, also)
        return [seat for seat in active if seat.state in UPCOMING and self.is_active(seat, now)]

    async def family_of(self, seat: Seat) -> list[Seat]:
        """The seats that were held together with ``seat`` and are somebody's still, itself among
        them, in the order in which the people were named.
        """
        if seat.claim is None or not seat.claim.group:
            return [seat]
        found = await self._seats.of_group(seat.claim.group)
        return sorted(found, key=member_of)

    def is_active(self, seat: Seat, now: datetime) -> bool:
        """Whether it counts against sender and person: not past, not over, not void by lateness."""
        return self._is_to_come(seat, now) and not self.is_late(seat, now)

    def _is_to_come(self, seat: Seat, now: datetime) -> bool:
        office = self._offices.get(seat.office)
        today = office.today(now) if office else now.date()  # staff took it out of the file
        return seat.is_active(now, today)

    def is_late(self, seat: Seat, now: datetime) -> bool:
        """Whether the code is void on its day because nobody came in time."""
        office = self._offices.get(seat.office)
        return office is not None and is_late(seat, office, now)

    def may_cancel(self, office: Office, day: date, now: datetime) -> bool:
        """Whether ``office`` lets applicants cancel a booking for ``day`` now."""
        return office.cancel is Cancel.UNTIL_DAY_BEFORE and day > office.today(now)

    async def lay_out(self, office: Office, day: date) -> None:
        """Make the day's seats, once, not once by everybody who comes when a day opens."""
        if await self._seats.is_laid_out(office.id, day):
            return
        async with self._laying_out:
            if not await self._seats.is_laid_out(office.id, day):
                await self._seats.lay_out(office.id, day, seats_of(office, day))

    async def _claim(self, office: Office, day: date, claim: Claim, now: datetime) -> Seat | None:
        """Claim a seat for somebody who comes along: one that nobody waits for."""
        if self._waited.on(office.id, day):
            return await self._seats.by_key(claim.key)
        return await self._claim_free(office, day, claim, now)

    async def _claim_free(
        self, office: Office, day: date, claim: Claim, now: datetime
    ) -> Seat | None:
        seat = await self._seats.claim(office.id, day, claim, now)
        if seat is None:
            # Perhaps others were laying the day out just then: full is what it is once it stands.
            await self.lay_out(office, day)
            seat = await self._seats.claim(office.id, day, claim, now)
        return await self._counted_once(seat, claim, now)

    async def _counted_once(self, seat: Seat | None, claim: Claim, now: datetime) -> Seat | None:
        """Give a seat back that was got by a mark its number's booking had lost: a family hands it
        on in two writes, between which others come, or a process dies.

        Raises:
            AlreadyActive: so it was; the booking carries its mark again.
        """
        base = base_of(claim)
        if seat is None or seat.state is not SeatState.HELD or claim.active_sender != base:
            return seat
        theirs = await self._seats.of_sender(claim.applicant.sender)
        beside = [each for each in theirs if self._bars(each, base, seat, now)]
        if not beside:
            return seat
        await self._give_back(seat, now, "number has a booking")
        await self._keep_found(beside[0])
        raise AlreadyActive(await self._seats.active_of(base) or beside[0])

    def _bars(self, other: Seat, base: str, seat: Seat, now: datetime) -> bool:
        """Whether another seat is part of another booking, which uses this sender mark up."""
        together = other.id == seat.id or bool(_group(seat) and _group(other) == _group(seat))
        return not together and base_mark(other) == base and self.is_active(other, now)

    async def _standing(self, seat: Seat, now: datetime) -> Seat | None:
        """Who of a family stands for it: one that counts; or else, late as it may be, one still to
        come, the seat itself if it is.
        """
        if self.is_active(seat, now):
            return seat
        family = [seat, *await self._family_beside(seat)]
        counting = (each for each in family if self.is_active(each, now))
        to_come = (each for each in family if self._is_to_come(each, now))
        return next(counting, None) or next(to_come, None)

    async def _make_way(
        self, seat: Seat, applicant: Applicant, now: datetime, mark: str = ""
    ) -> bool:
        """Take a seat out of the way if it is this conversation's hold, or no longer active.

        Args:
            mark: the sender mark that is wanted. Whose family still has somebody to come keeps it;
                when nobody is, all of it ends, the one that carries the mark last: a process that
                dies half-way leaves no mark free that somebody counts by.
        """
        if seat.claim is None:
            return True
        if self.is_active(seat, now) and not is_hold_of(seat, applicant.conversation):
            return False
        if seat.state is SeatState.HELD:
            await self._give_family_back(seat, now)
            return True
        if carries(seat, mark):
            others = await self._family_beside(seat)
            if any(self.is_active(each, now) for each in others):
                return False
            for each in [*others, seat]:
                await self._end(each, now)
            return True
        await self._hand_on(seat)
        await self._end(seat, now)
        await self._keep_found(seat)
        return True

    async def _end(self, seat: Seat, now: datetime) -> None:
        """Take the marks of a seat that counts no more."""
        if seat.state is SeatState.HELD:
            await self._give_back(seat, now)
        elif seat.claim and self.is_late(seat, now):
            act = Act(f"late|{seat.key}", sender=seat.claim.applicant.sender, reason="late")
            await self._seats.step(seat.id, seat.key, Step.VOIDED, act, now)
        else:
            await self._seats.retire(seat.id, seat.key)

    async def _give_back(self, seat: Seat, now: datetime, reason: str = "") -> None:
        """Free a held seat, by the step that its clock says."""
        if seat.claim is None or seat.state is not SeatState.HELD:
            return
        step = Step.RELEASED if seat.claim.until > now else Step.EXPIRED
        act = Act(seat.key, sender=seat.claim.applicant.sender, reason=reason)
        await self._free(seat.id, seat.key, now, step, act)

    async def _free(self, seat: str, key: str, now: datetime, step: Step, act: Act | None) -> bool:
        """See :meth:`SeatStore.release`; who waits is offered the seat at the next sweep."""
        freed = await self._seats.release(seat, key, now, step, act)
        self._waited.seat_freed()
        return freed

    async def _give_family_back(self, seat: Seat, now: datetime) -> None:
        """Free a held seat and those held with it. The first member, by whose mark they are found,
        is the last: a process that dies between two is made up for by whoever does it again.
        """
        for each in reversed(await self.family_of(seat)):
            await self._give_back(each, now)

    async def _hand_on(self, seat: Seat) -> None:
        """Before a member of a family ends, let another carry the mark that the family is found
        by: it still counts as the booking of that number. Afterwards see :meth:`_keep_found`.
        """
        others, base = await self._family_beside(seat), base_mark(seat)
        if others and not any(carries(each, base) for each in others):
            await self._seats.settle(seat.id, seat.key, f"{base}/{member_of(seat)}")
            await self._let_one_carry(base, others)

    async def _keep_found(self, seat: Seat) -> None:
        """After a member of a family ended, moved or is back: see to it that the family is found.

        Members may end at the same moment, each handing on to the other. Everybody looks after
        their own write, so whoever is last sees what is left.
        """
        active, base = await self._active_family(seat), base_mark(seat)
        if active and not any(carries(each, base) for each in active):
            await self._let_one_carry(base, active)

    async def _mark_back(self, seat: Seat) -> str:
        """The mark with which an ended seat counts again: a member alone of its family counts as
        the booking of its number, so that it cannot come back beside a new one.
        """
        base = base_mark(seat)
        others = await self._family_beside(seat)
        return f"{base}/{member_of(seat)}" if others else base

    async def _let_one_carry(self, mark: str, seats: list[Seat]) -> None:
        """Give ``mark`` to the first of the seats that is still active; not to one that has still
        to take another's place, for it gets its mark when it does.
        """
        for each in seats:
            if not each.moving and await self._seats.settle(each.id, each.key, mark):
                return

    async def _family_beside(self, seat: Seat) -> list[Seat]:
        """The others of its family who did not end."""
        return [each for each in await self._active_family(seat) if each.id != seat.id]

    async def _active_family(self, seat: Seat) -> list[Seat]:
        if seat.claim is None or not seat.claim.group:
            return []
        return [each for each in await self.family_of(seat) if each.state in ACTIVE]


def _group(seat: Seat) -> str:
    return seat.claim.group if seat.claim else ""


def is_late(seat: Seat, office: Office, now: datetime) -> bool:
    """Whether nobody came for today's booking in time, so that it is void."""
    if seat.state is not SeatState.BOOKED or seat.day != office.today(now):
        return False
    return is_after_grace(seat.day, seat.hour, office, now)


def is_after_grace(day: date, hour: time, office: Office, now: datetime) -> bool:
    """Whether a booking of this day and hour that nobody came for is late."""
    due = datetime.combine(day, hour, office.zone)
    return now > due + timedelta(minutes=office.late_grace_minutes)


def is_hold_of(seat: Seat, conversation_id: str) -> bool:
    """Whether the seat is held in this conversation."""
    return (
        seat.state is SeatState.HELD
        and seat.claim is not None
        and seat.claim.applicant.conversation == conversation_id
    )


def is_on(seat: Seat, office: Office, day: date) -> bool:
    """Whether it is a seat of this office's day."""
    return (seat.office, seat.day) == (office.id, day)
