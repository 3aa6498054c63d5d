"""A seat held for somebody who waits: a claim without a person, whom its conversation still names.

The hold is the waiting conversation's own, so what follows is the ordinary dialogue: holding a seat
on that day puts the person into it, and approving books it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from bot.booking.codes import approval_code
from bot.booking.life import APPLICANT, Act, SeatState
from bot.booking.line import RETRIES, Line
from bot.booking.marks import marks_of
from bot.booking.office import Office
from bot.booking.seats import AlreadyActive, Applicant, Claim, Seat
from bot.booking.waitlist import Wait

UNNAMED: Final = date(1900, 1, 1)
"""Birth date of somebody who is not named yet."""


class NotOffered(StrEnum):
    """Why somebody who waits is offered no seat of a day."""

    FULL = "full"
    HOLDS_ANOTHER = "holds_another"
    BOOKED = "booked"


def is_unnamed(seat: Seat) -> bool:
    """Whether the seat is held for somebody who has not said who they are."""
    return seat.claim is not None and not seat.claim.applicant.name


class Offering(Line):
    """Seats for those who wait."""

    async def offer(
        self, wait: Wait, day: date, key: str, until: datetime, random: Random, now: datetime
    ) -> Seat | NotOffered:
        """Hold a seat of ``day`` for who waits, with claim key ``key``, until ``until``.

        Returns:
            The seat; the same one for the same key. Or why there is none.
        """
        office = self.office(wait.office)
        claim = Claim(
            key=key,
            applicant=Applicant("", UNNAMED, wait.sender, wait.conversation),
            approval_code=approval_code(random),
            until=until,
            active_sender="",
            active_person=f"{day}|waiting|{wait.sender}",
        )
        met = NotOffered.BOOKED
        for mark in marks_of(office, wait.sender):
            got = await self._offer_as(replace(claim, active_sender=mark), office, day, now)
            if isinstance(got, Seat):
                return got
            if got is NotOffered.FULL:
                return got
            met = NotOffered.HOLDS_ANOTHER if got is NotOffered.HOLDS_ANOTHER else met
        return met

    async def take(self, wait: Wait, key: str, now: datetime) -> Seat | None:
        """Let the hold of an offer last as long as any hold, from now on; ``None``: it is over."""
        act = Act(key, APPLICANT, wait.sender)
        seat = await self._seats.seat(wait.seat)
        if seat is None or seat.claim is None or seat.claim.key != wait.key:
            return None
        until = now + timedelta(minutes=self.office(wait.office).hold_minutes)
        claim = seat.claim
        person = claim.active_person
        return await self._seats.amend(
            seat.id, wait.key, claim.applicant, person, max(until, claim.until), act, now
        )

    async def _offer_as(
        self, claim: Claim, office: Office, day: date, now: datetime
    ) -> Seat | NotOffered:
        for _ in range(RETRIES):
            try:
                seat = await self._claim_free(office, day, claim, now)
            except AlreadyActive as met:
                if self.is_active(met.seat, now):
                    held = met.seat.state is SeatState.HELD
                    return NotOffered.HOLDS_ANOTHER if held else NotOffered.BOOKED
                if not await self._make_way(met.seat, claim.applicant, now, claim.active_sender):
                    return NotOffered.BOOKED
                continue
            return seat or NotOffered.FULL
        return NotOffered.HOLDS_ANOTHER
