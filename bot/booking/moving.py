"""Moving a booking to another day: the new seat is booked first, then the old one is freed.

Two seats cannot change in one write, so this is a saga of single ones, each of which may be made
again: claim the new seat (it names the one it ``replaces``), approve it, free the old one with step
``rescheduled``, tell whose it is if it was staff, and give the sender's mark to the new one.
Whoever has a booking therefore never stands without one; what a process that died left half done,
:meth:`Moving.finish_moves` ends.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random

from bot.booking.holding import Holding
from bot.booking.life import APPLICANT, Act, SeatState, Step
from bot.booking.line import RETRIES
from bot.booking.marks import BESIDE, base_mark
from bot.booking.person import person_mark
from bot.booking.seats import AlreadyActive, Claim, Seat
from bot.errors import StorageUnavailable


class NotMoved(StrEnum):
    """Why a booking stays where it is."""

    GONE = "gone"
    SAME_DAY = "same_day"
    TOO_LATE = "too_late"
    TOO_OFTEN = "too_often"
    FULL = "full"
    PERSON_BOOKED = "person_booked"


class Moving(Holding):
    """What moves bookings."""

    def may_move(self, seat: Seat, now: datetime) -> NotMoved | None:
        """What keeps an applicant from moving this booking: the day itself has come, or the
        office's ``reschedules`` are used up.
        """
        office = self.office(seat.office)
        if seat.claim is None or seat.state is not SeatState.BOOKED:
            return NotMoved.GONE
        if seat.day <= office.today(now):
            return NotMoved.TOO_LATE
        return NotMoved.TOO_OFTEN if seat.claim.moves >= office.reschedules else None

    async def move(
        self, seat: str, key: str, day: date, act: Act, random: Random, now: datetime
    ) -> Seat | NotMoved:
        """Move the booking claimed with ``key`` to ``day``, which must be a bookable one.

        Applicants move as far as :meth:`may_move` lets them, staff always, and a move of staff's
        uses up none of the applicant's. Of a family only this member moves.

        Returns:
            The new booking, with a code of its own; or why the old one stays as it was.

        Raises:
            StorageUnavailable: others were faster again and again. The call may be made again.
        """
        for _ in range(RETRIES):
            try:
                new = await self._seats.by_key(act.key) or await self._claim_beside(
                    seat, key, day, act, now
                )
            except AlreadyActive as met:
                if await self._clear_beside(met.seat, seat, now):
                    continue
                return NotMoved.PERSON_BOOKED
            if isinstance(new, NotMoved):
                return new
            if new.state is SeatState.HELD:
                office, sender = self.office(new.office), act.sender
                approval = f"{act.key}|move"
                booked = await self.approve(office, new.id, new.key, approval, random, now, sender)
                if booked is None:
                    await self._give_back(new, now, "not moved in time")
                    continue
                new = booked
            return await self._finish(new, act, now) or NotMoved.GONE
        raise StorageUnavailable(f"The booking of {seat} could not be moved yet. Try again.")

    async def finish_moves(self, now: datetime, limit: int = 100) -> int:
        """End the moves that a dead process left half done; how many were looked at."""
        found = await self._seats.moving(limit)
        for seat in found:
            sender = seat.claim.applicant.sender if seat.claim else ""
            await self._finish(seat, Act(seat.key, sender=sender), now)
        return len(found)

    async def _claim_beside(
        self, seat: str, key: str, day: date, act: Act, now: datetime
    ) -> Seat | NotMoved:
        """Claim a seat of ``day`` that will take the place of ``seat``."""
        old = await self._seats.seat(seat)
        if old is not None and old.moving and old.key == key:
            await self._finish(old, Act(key, sender=act.sender), now)
            old = await self._seats.seat(seat)
        if old is None or old.claim is None or old.key != key or old.state is not SeatState.BOOKED:
            return NotMoved.GONE
        if day == old.day:
            return NotMoved.SAME_DAY
        if act.by == APPLICANT and (no := self.may_move(old, now)):
            return no
        office, who = self.office(old.office), old.claim.applicant
        claim = replace(
            old.claim,
            key=act.key,
            until=now + timedelta(minutes=office.hold_minutes),
            active_sender=old.claim.active_sender + BESIDE,
            active_person=person_mark(day, who.name, who.birth_date),
            replaces=old.id,
            replaces_key=old.key,
            moves=old.claim.moves + (act.by == APPLICANT),
            because="" if act.by == APPLICANT else act.reason,
        )
        return await self._claim(office, day, claim, now) or NotMoved.FULL

    async def _clear_beside(self, rival: Seat, seat: str, now: datetime) -> bool:
        """Get past another move of the same booking, or a seat that is no longer active."""
        if rival.claim is None:
            return True
        if rival.claim.replaces == seat and rival.moving:
            if rival.state is SeatState.HELD:
                await self._give_back(rival, now, "moved elsewhere")
            else:
                await self._finish(rival, Act(rival.key), now)
            return True
        return not self.is_active(rival, now) and await self._make_way(
            rival, rival.claim.applicant, now
        )

    async def _finish(self, new: Seat, act: Act, now: datetime) -> Seat | None:
        """Free the seat that ``new`` replaces, and let ``new`` stand alone.

        Returns:
            The new seat; ``None`` when the old booking had ended otherwise: then the new one is
            free again, for nobody may gain a seat by moving.
        """
        if new.claim is None or not new.moving:
            return new
        claim = new.claim
        signed = Act(new.key, act.by, act.sender, act.reason)
        await self._free(claim.replaces, claim.replaces_key, now, Step.RESCHEDULED, signed)
        if not await self._was_moved(claim):
            over = Act(new.key, sender=claim.applicant.sender, reason="moved booking had ended")
            await self._free(new.id, new.key, now, Step.RELEASED, over)
            return None
        if self._news and (office := self._offices.get(new.office)):
            await self._news.tell(new, office, now)
        mark = claim.active_sender.removesuffix(BESIDE)
        if not await self._seats.settle(new.id, new.key, mark) and claim.group:
            # Another of the family carries it meanwhile. If nobody may, then in finish_moves.
            await self._seats.settle(new.id, new.key, f"{base_mark(new)}/{claim.member}")
        await self._keep_found(new)
        return await self._seats.by_key(new.key)

    async def _was_moved(self, claim: Claim) -> bool:
        """Whether this move freed the old seat; it may be somebody else's since."""
        old = await self._seats.seat(claim.replaces)
        moved = await self._seats.pseudonym(claim.key)
        return old is not None and old.took(Step.RESCHEDULED, moved)
