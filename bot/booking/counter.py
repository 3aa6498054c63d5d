"""At the office: checking in, serving, turning away, voiding, undoing, and the walk-in line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.booking.calendar import WorkingCalendar
from bot.booking.life import Act, Step, is_staff
from bot.booking.line import RETRIES, Line
from bot.booking.office import Office
from bot.booking.rules import WalkInKind
from bot.booking.seats import WALK_IN_LINE, Seat, WalkIn

UNDO: Final = timedelta(minutes=1)
"""How long a step of staff's can be taken back."""

UNDOABLE: Final = frozenset({Step.CHECKED_IN, Step.CALLED, Step.SERVED, Step.REJECTED, Step.VOIDED})
"""Steps of staff's that can be."""


class NotCheckedIn(StrEnum):
    """Why a code does not let anybody in."""

    UNKNOWN = "unknown"
    OTHER_OFFICE = "other_office"
    OTHER_DAY = "other_day"
    LATE = "late"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A code that is not let in.

    Args:
        seat: what it stands for, to tell the applicant; ``None`` when it is unknown.
    """

    why: NotCheckedIn
    seat: Seat | None = None


class NoNumber(StrEnum):
    """Why nobody gets a walk-in number."""

    CLOSED = "closed"
    NOT_FOR = "not_for"
    NONE_LEFT = "none_left"


class Counter(Line):
    """What staff ask of the queue."""

    async def check_in(
        self, office: Office, code: str, act: Act, now: datetime
    ) -> Seat | TurnedAway:
        """Let in who shows ``code``: only at its office, on its date, and not late; who is late
        has a void code from then on. Source: 000_…, 002_…, 004_…, DOMAIN.md.
        """
        seat = await self._seats.by_code(code)
        if seat is None:
            return TurnedAway(NotCheckedIn.UNKNOWN)
        if seat.office != office.id:
            return TurnedAway(NotCheckedIn.OTHER_OFFICE, seat)
        if seat.day != office.today(now):
            return TurnedAway(NotCheckedIn.OTHER_DAY, seat)
        if self.is_late(seat, now):
            late = Act(act.key, act.by, reason="late")
            return TurnedAway(NotCheckedIn.LATE, await self.void(seat, late, now) or seat)
        done = await self._step(seat, Step.CHECKED_IN, act, now)
        return done or TurnedAway(NotCheckedIn.OVER, seat)

    async def attend(self, seat: Seat, act: Act, now: datetime) -> Seat | None:
        """Who was called is at the counter; ``None`` when nobody called them."""
        return await self._step(seat, Step.ATTENDED, act, now)

    async def serve(self, seat: Seat, act: Act, now: datetime) -> Seat | None:
        """Somebody checked in is done; ``None`` when they were not checked in."""
        return await self._step(seat, Step.SERVED, act, now)

    async def reject(self, seat: Seat, act: Act, now: datetime) -> Seat | None:
        """Turn away somebody checked in, for ``act.reason``: documents. They may register again.
        Source: 004_…, DOMAIN.md.

        Raises:
            ValueError: there is no reason.
        """
        if not act.reason:
            raise ValueError("say why the documents were rejected: the applicant has to mend them")
        return await self._step(seat, Step.REJECTED, act, now)

    async def void(self, seat: Seat, act: Act, now: datetime) -> Seat | None:
        """Void the booking of somebody who is late or did not come; they may register again."""
        return await self._step(seat, Step.VOIDED, act, now)

    async def undo(self, seat: Seat, act: Act, now: datetime) -> Seat | None:
        """Take back what staff did last with this seat, within :data:`UNDO`.

        Returns:
            The seat as it was before; ``None`` when there is nothing to take back, it is too late,
            or the person has registered again meanwhile.
        """
        found = await self._seats.seat(seat.id)
        if found is None or found.key != seat.key or not found.trail:
            return None
        last = found.trail[-1]
        if (last.step, last.key) == (Step.UNDONE, await self._seats.pseudonym(act.key)):
            await self._keep_found(found)
            return found
        if last.step not in UNDOABLE or not is_staff(last.by):
            return None
        signed = Act(act.key, act.by, _sender(found), act.reason)
        for _ in range(RETRIES):
            mark = await self._mark_back(found)
            undone = await self._seats.step(
                found.id, found.key, Step.UNDONE, signed, now, now - UNDO, mark
            )
            if undone is not None:
                await self._keep_found(undone)
                return undone
            if mark == await self._mark_back(found):
                return None
        return None

    async def walk_in(
        self, office: Office, day: date, kind: WalkInKind, act: Act, now: datetime
    ) -> Seat | NoNumber:
        """Give somebody who queues by hand the next number of today's walk-in line.

        The line is apart from the quota, its numbers are its own, and whoever gets one is checked
        in. Source: 000_…, 002_…, DOMAIN.md.
        """
        if day != office.today(now) or not WorkingCalendar(office).is_open(day):
            return NoNumber.CLOSED
        if kind not in office.walk_in_for:
            return NoNumber.NOT_FOR
        line = walk_in_line(office)
        if office.walk_in_seats and not await self._seats.is_laid_out(line, day):
            await self._seats.lay_out(line, day, walk_in_seats(office, day))
        given = WalkIn(act.key, kind)
        seat = await self._seats.walk_in(line, day, given, act, now)
        return seat or NoNumber.NONE_LEFT

    async def _step(self, seat: Seat, step: Step, act: Act, now: datetime) -> Seat | None:
        signed = Act(act.key, act.by, _sender(seat), act.reason)
        if step in {Step.CHECKED_IN, Step.ATTENDED}:
            return await self._seats.step(seat.id, seat.key, step, signed, now)
        await self._hand_on(seat)
        done = await self._seats.step(seat.id, seat.key, step, signed, now)
        await self._keep_found(seat)
        return done


def walk_in_line(office: Office) -> str:
    """The id under which an office's walk-in seats are kept."""
    return office.id + WALK_IN_LINE


def walk_in_seats(office: Office, day: date) -> list[Seat]:
    """A day's walk-in seats: numbers from 1, called as they come from the first hour on."""
    first = office.sessions[0]
    return [
        Seat(walk_in_line(office), day, first.id, number, first.start)
        for number in range(1, office.walk_in_seats + 1)
    ]


def _sender(seat: Seat) -> str:
    return seat.claim.applicant.sender if seat.claim else ""
