"""What time does to seats, for the trail and the books: correctness never waits for it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.booking.life import Act, SeatState, Step
from bot.booking.line import Line
from bot.booking.office import Office
from bot.booking.seats import Seat

_CAME: Final = frozenset({SeatState.CHECKED_IN, SeatState.SERVED, SeatState.REJECTED})


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
        about who came.
        """
        seats = await self._seats.of_day(office.id, office.today(now))
        if not any(seat.state in _CAME for seat in seats):
            return []
        voided = []
        for seat in seats:
            if seat.claim is None or not self.is_late(seat, now):
                continue
            act = Act(f"late|{seat.key}", sender=seat.claim.applicant.sender, reason="no_show")
            await self._hand_on(seat)
            if done := await self._seats.step(seat.id, seat.key, Step.VOIDED, act, now):
                voided.append(done)
        return voided
