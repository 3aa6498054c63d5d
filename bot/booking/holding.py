"""One person's seat: held, corrected, approved, given back, cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from bot.booking.codes import approval_code, booking_code
from bot.booking.life import APPLICANT, Act, SeatState, Step
from bot.booking.line import RETRIES, Line, is_hold_of, is_on
from bot.booking.marks import marks_of
from bot.booking.office import Office
from bot.booking.person import person_mark
from bot.booking.refusal import Refused, refused
from bot.booking.seats import AlreadyActive, Applicant, BookingCodeTaken, Claim, Seat


class Holding(Line):
    """What one applicant asks of the queue."""

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
        """Hold a seat of ``day`` for ``applicant``. A hold of the same conversation moves there;
        on the same day it keeps its seat and its code, and only the person changes.

        Args:
            promised: the code that approves is the booking code to come, not eight digits.

        Returns:
            The held seat, :class:`Refused` (an earlier hold of the conversation is then gone), or
            ``None`` when the day is full (an earlier hold then stays, unless somebody took the
            day's last seat while it was moving).
        """
        marks = marks_of(office, applicant.sender)
        claim = Claim(
            key=key,
            applicant=applicant,
            approval_code=booking_code(office.prefix, random)
            if promised
            else approval_code(random),
            until=now + timedelta(minutes=office.hold_minutes),
            active_sender=marks.pop(0),
            active_person=person_mark(day, applicant.name, applicant.birth_date),
        )
        for _ in range(RETRIES + len(marks)):
            try:
                seat = await self._claim(office, day, claim, now)
            except AlreadyActive as met:
                if self._is_live_hold(met.seat, office, day, applicant, now):
                    kept = await self._corrected(met.seat, applicant, key, now, claim.approval_code)
                    if kept is not None:
                        return kept
                    continue
                if await self._make_way(met.seat, applicant, now, claim.active_sender):
                    continue
                if (no := refused(claim, met.seat)) or not marks:
                    await self._release_holds(office, applicant, now)
                    return no or Refused(await self._standing(met.seat, now) or met.seat)
                claim = replace(claim, active_sender=marks.pop(0))
                continue
            if seat is None:
                own = await self._own_hold(office, day, applicant, now)
                code = claim.approval_code
                return await self._corrected(own, applicant, key, now, code) if own else None
            if is_on(seat, office, day) and seat.claim and seat.claim.applicant == applicant:
                await self._release_holds(office, applicant, now, but=claim.active_sender)
                return seat
            await self._give_back(seat, now)
        return None

    async def amend(
        self, seat: str, applicant: Applicant, key: str, now: datetime, code: str = ""
    ) -> Seat | None:
        """Correct the person of a held seat, which stays held all the time; the time to approve it
        begins anew.

        Args:
            key: of this correction.
            code: approves a hold that was nobody's until now; any other keeps its own.

        Returns:
            The seat, with its code; ``None`` when it is no longer held.

        Raises:
            AlreadyActive: that person has another seat on the day; nothing is changed.
        """
        found = await self._seats.seat(seat)
        if found is None or found.claim is None:
            return None
        person = person_mark(found.day, applicant.name, applicant.birth_date)
        act = Act(key, APPLICANT, applicant.sender)
        until = now + timedelta(minutes=self.office(found.office).hold_minutes)
        code = "" if found.claim.applicant.name else code
        return await self._seats.amend(seat, found.key, applicant, person, until, act, now, code)

    async def approve(
        self,
        office: Office,
        seat: str,
        key: str,
        approval: str,
        random: Random,
        now: datetime,
        sender: str = "",
        *,
        promised: str = "",
    ) -> Seat | None:
        """Make the hold claimed with ``key`` a booking; ``None`` when it has ended.

        Args:
            approval: key of this approval.
            sender: whose it is, for the audit trail.
            promised: the booking code the applicant was given with the hold.

        Raises:
            BookingCodeTaken: the promised code is another booking's, one chance in 2^45 a pair.
        """
        if promised:
            return await self._seats.approve(seat, key, approval, promised, now, sender)
        for _ in range(RETRIES):
            code = booking_code(office.prefix, random)
            try:
                return await self._seats.approve(seat, key, approval, code, now, sender)
            except BookingCodeTaken:
                continue
        raise BookingCodeTaken

    async def confirm(self, seat: Seat, act: Act, now: datetime) -> Seat | None:
        """Note in the trail that whoever has the booking will come; ``None`` when it is over."""
        return await self._seats.step(seat.id, seat.key, Step.CONFIRMED, act, now)

    async def release(self, seat: str, key: str, now: datetime, act: Act | None = None) -> None:
        """Free a seat claimed with ``key``; nothing happens when it is no longer."""
        await self._free(seat, key, now, Step.RELEASED, act)

    async def cancel(self, seat: str, key: str, act: Act, now: datetime) -> bool:
        """Free a held or booked seat because whoever has it does not come.

        Applicants cancel bookings as far as their office's ``cancel`` goes; staff always may. The
        others of a family keep theirs.

        Returns:
            Whether it is free; ``False`` when that is not allowed, or too late.
        """
        found = await self._seats.seat(seat)
        if found is not None and found.key == key and found.state is SeatState.BOOKED:
            allowed = self.may_cancel(self.office(found.office), found.day, now)
            if act.by == APPLICANT and not allowed:
                return False
        if found is not None and found.key == key:
            await self._hand_on(found)
        done = await self._free(seat, key, now, Step.CANCELLED, act)
        await self._keep_family(found, key)
        return done

    async def _keep_family(self, seat: Seat | None, key: str) -> None:
        """Keep the rest of a cancelled member's family found; cancelled again, the seat says no
        more whose it was, but the key does.
        """
        if seat is not None and seat.key == key:
            await self._keep_found(seat)
        elif "/" in key:
            for each in (await self._seats.of_group(f"{key.rpartition('/')[0]}/1"))[:1]:
                await self._keep_found(each)

    def _is_live_hold(
        self, seat: Seat, office: Office, day: date, applicant: Applicant, now: datetime
    ) -> bool:
        """Whether the seat is this conversation's hold on that day, for one person alone."""
        return (
            is_on(seat, office, day)
            and is_hold_of(seat, applicant.conversation)
            and seat.claim is not None
            and not seat.claim.group
            and seat.claim.until > now
        )

    async def _corrected(
        self, seat: Seat, applicant: Applicant, key: str, now: datetime, code: str = ""
    ) -> Seat | Refused | None:
        """The hold, for ``applicant`` now; ``None`` when it ended meanwhile."""
        try:
            return await self.amend(seat.id, applicant, key, now, code)
        except AlreadyActive as met:
            await self._give_back(seat, now)
            theirs = met.seat.claim and met.seat.claim.applicant.sender == applicant.sender
            return Refused(met.seat if theirs else None)

    async def _own_hold(
        self, office: Office, day: date, applicant: Applicant, now: datetime
    ) -> Seat | None:
        for mark in marks_of(office, applicant.sender):
            seat = await self._seats.active_of(mark)
            if seat and self._is_live_hold(seat, office, day, applicant, now):
                return seat
        return None

    async def _release_holds(
        self, office: Office, applicant: Applicant, now: datetime, but: str = ""
    ) -> None:
        """Release the conversation's holds, all but the one with this ``active_sender``."""
        for mark in marks_of(office, applicant.sender):
            seat = await self._seats.active_of(mark) if mark != but else None
            if seat is not None and is_hold_of(seat, applicant.conversation):
                await self._give_family_back(seat, now)
