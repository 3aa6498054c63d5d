"""Bookings that a change to a day hits, and where they go instead.

Each step may be made again: the keys are made of the old booking, so a change that died half-way is
ended by making it once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from bot.booking.life import Act
from bot.booking.moving import NotMoved
from bot.booking.office import Office
from bot.booking.plan import bookable_days
from bot.booking.queue import Queue
from bot.booking.remaining import is_free
from bot.booking.seats import Seat, SeatState, SeatStore


@dataclass(frozen=True, slots=True)
class Relocated:
    """A booking and where it went; ``to`` is ``None`` where no day had a free seat."""

    seat: Seat
    to: Seat | None


async def taken_on(seats: SeatStore, office: str, day: date, now: datetime) -> Sequence[Seat]:
    """The seats of a day somebody has, held or booked, by number."""
    return [seat for seat in await seats.of_day(office, day) if not is_free(seat, now)]


class Relocation:
    """Moves the bookings that a change hits.

    Args:
        office: as it is after the change, so that the day itself is not among those to go to.
        by: who changes the day, as in :class:`~bot.booking.life.Act`.
        reason: why; applicants are told.
    """

    def __init__(
        self,
        queue: Queue,
        office: Office,
        random: Random,
        *,
        by: str,
        reason: str,
    ) -> None:
        self._queue = queue
        self._office = office
        self._random = random
        self._by = by
        self._reason = reason

    async def relocate(self, hit: Iterable[Seat], now: datetime) -> Sequence[Relocated]:
        """Move bookings to the nearest days that can be booked; what is only held is let go.

        Each is told before the next is moved, as the queue's news tell it.
        """
        done = []
        for seat in hit:
            if seat.claim is None:
                continue
            if seat.state is SeatState.HELD:
                await self._queue.release(seat.id, seat.key, now)
            elif seat.state is SeatState.BOOKED:
                moved = await self._moved(seat, now)
                done.append(Relocated(seat, moved))
        return done

    async def _moved(self, seat: Seat, now: datetime) -> Seat | None:
        """The new booking, nearest to the old day; the old seat is free then."""
        act = Act(f"moved|{seat.id}|{seat.key}", self._by, _sender(seat), self._reason)
        days = bookable_days(self._office, now)
        for day in sorted(days, key=lambda day: (abs(day - seat.day), day)):
            moved = await self._queue.move(seat.id, seat.key, day, act, self._random, now)
            if isinstance(moved, Seat):
                return moved
            if moved is NotMoved.GONE:  # cancelled meanwhile
                break
        return None


def _sender(seat: Seat) -> str:
    return seat.claim.applicant.sender if seat.claim else ""
