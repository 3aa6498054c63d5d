"""Whose turn it is among those who wait at the office."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from bot.booking.office import Office
from bot.booking.seats import Seat


def in_order(waiting: Iterable[Seat], office: Office, run: int = 0) -> list[Seat]:
    """Who is called when: bookings by hour and number, and after every ``walk_in_after`` of them
    one walk-in number; when one line is empty the other goes on.

    Args:
        run: bookings called since the last walk-in number.
    """
    listed = sorted(waiting, key=lambda seat: (seat.hour, seat.number))
    booked = deque(seat for seat in listed if not seat.walk_in)
    by_hand = deque(sorted((s for s in listed if s.walk_in), key=lambda seat: seat.number))
    order = []
    while booked and by_hand:
        if run >= office.walk_in_after:
            order.append(by_hand.popleft())
            run = 0
        else:
            order.append(booked.popleft())
            run += 1
    return [*order, *booked, *by_hand]
