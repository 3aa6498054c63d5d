"""How many seats of a day are left, by session (Source: 003_…, DOMAIN.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from bot.booking.occupancy import Occupancy
from bot.booking.office import Office
from bot.booking.seats import SKEW, Seat, SeatState, SeatStore


async def remaining(
    seats: SeatStore, office: Office, day: date, now: datetime
) -> Mapping[str, int]:
    """Free seats by session id, in the order of the day; sessions of a day not laid out are whole.

    Reads what is kept of the day's month.
    """
    month = await seats.occupied(office.id, day)
    if not month.is_laid_out(day):
        return {session.id: session.seats for session in office.sessions_on(day)}
    free = month.free(day, now)
    named = [session.id for session in office.sessions_on(day)]
    return {session: free.get(session, 0) for session in dict.fromkeys([*named, *free])}


async def occupancy_of(
    seats: SeatStore, office: Office, days: Iterable[date]
) -> Mapping[date, Occupancy]:
    """The months these days are in, by their first day."""
    months = sorted({day.replace(day=1) for day in days})
    found = await asyncio.gather(*(seats.occupied(office.id, month) for month in months))
    return dict(zip(months, found, strict=True))


def is_free(seat: Seat, now: datetime) -> bool:
    """Whether anybody may claim the seat at ``now`` (aware)."""
    if seat.state is SeatState.FREE:
        return True
    if seat.state is not SeatState.HELD or seat.claim is None:
        return False
    return seat.claim.until + SKEW <= now
