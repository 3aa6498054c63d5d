"""What time does to seats, for the trail and the books: correctness never waits for it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.booking.counter import UNDO
from bot.booking.life import SYSTEM, Act, SeatState, Step
from bot.booking.line import Line, is_after_grace
from bot.booking.office import Office
from bot.booking.seats import Seat

_CAME: Final = frozenset(
    {SeatState.CHECKED_IN, SeatState.CALLED, SeatState.SERVED, SeatState.REJECTED}
)

NO_SHOW: Final = "no_show"
"""Why a booking was voided for whom nobody came."""


class Upkeep(Line):
    """Jobs that any process may do, as often as it likes."""

    async def expire_holds(self, now: datetime, limit: int = 100) -> int:
        """Free the seats whose hold is over and that nobody claimed since; how many."""
        found = await self._seats.expired(now, limit)
        for seat in found:
            await self._give_back(seat, now)
        return len(found)

    async def void_late(self, office: Office, now: datetime) -> list[Seat]:
        """Void today's bookings whose holders did not come in time.

        Only once somebody was checked in today: an office that does not check in says nothing
        about who came. Nothing is read before the day's first booking can be late.

        Returns:
            Today's seats that this, or the counter, voided, now or before.
        """
        today = office.today(now)
        first = min((session.start for session in office.sessions_on(today)), default=None)
        if first is None or not is_after_grace(today, first, office, now):
            return []
        seats = await self._seats.of_day(office.id, today)
        absent = [seat for seat in seats if _did_not_come(seat, now)]
        if not any(seat.state in _CAME for seat in seats):
            return absent
        for seat in seats:
            if seat.claim is None or not self.is_late(seat, now):
                continue
            act = Act(_late_key(seat), sender=seat.claim.applicant.sender, reason=NO_SHOW)
            await self._hand_on(seat)
            if done := await self._seats.step(seat.id, seat.key, Step.VOIDED, act, now):
                absent.append(done)
            await self._keep_found(seat)
        return absent


def _late_key(seat: Seat) -> str:
    return f"late|{seat.key}"


def _did_not_come(seat: Seat, now: datetime) -> bool:
    """Whether this booking ended for nobody came: staff, who may take it back for a minute, or
    :meth:`Upkeep.void_late` said so.
    """
    if seat.state is not SeatState.VOID or seat.claim is None or not seat.trail:
        return False
    last = seat.trail[-1]
    return last.reason == NO_SHOW and (last.by == SYSTEM or now - last.at > UNDO)
