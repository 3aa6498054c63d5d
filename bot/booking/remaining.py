"""How many seats of a day are left, by session (Source: 003_…, DOMAIN.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from bot.booking.office import Office
from bot.booking.seats import SKEW, Seat, SeatState, SeatStore


async def remaining(
    seats: SeatStore, office: Office, day: date, now: datetime
) -> Mapping[str, int]:
    """Free seats by session id, in the order of the day; sessions of a day not laid out are whole.

    Reads all seats of the day.
    """
    laid_out = await seats.of_day(office.id, day)
    if not laid_out and not await seats.is_laid_out(office.id, day):
        return {session.id: session.seats for session in office.sessions_on(day)}
    free = Counter(seat.session for seat in laid_out if is_free(seat, now))
    named = [session.id for session in office.sessions_on(day)]
    return {session: free[session] for session in dict.fromkeys([*named, *free])}


def is_free(seat: Seat, now: datetime) -> bool:
    """Whether anybody may claim the seat at ``now`` (aware)."""
    if seat.state is SeatState.FREE:
        return True
    if seat.state is not SeatState.HELD or seat.claim is None:
        return False
    return seat.claim.until + SKEW <= now
