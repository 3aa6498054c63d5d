"""Bookings that a change to a day hits, and where they go instead.

Each step may be made again: the keys are made of the old booking, so a change that died half-way is
ended by making it once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Final, Protocol

from bot.booking.office import Office
from bot.booking.plan import bookable_days
from bot.booking.queue import Queue, Refused
from bot.booking.remaining import is_free
from bot.booking.seats import Seat, SeatState, SeatStore

NOTICE: Final = "notice_moved"
"""What a conversation hears when its booking was moved; flows answer it under ``always``."""


@dataclass(frozen=True, slots=True)
class Relocated:
    """A booking and where it went; ``to`` is ``None`` where no day had a free seat."""

    seat: Seat
    to: Seat | None


@dataclass(frozen=True, slots=True)
class MoveNotice:
    """What the conversation of a relocated booking is told.

    Args:
        id: the same move makes the same notice.
        values: ``day_before``, ``date``, ``hour``, ``number``, ``code`` and ``reason``.
        due_at: at once, aware UTC.
        about: the new seat's claim key.
    """

    id: str
    conversation: str
    name: str
    values: Mapping[str, str | int]
    due_at: datetime
    about: str


class Tells(Protocol):
    """Keeps notices until they are told."""

    async def add(self, notices: Sequence[MoveNotice]) -> None:
        """Let notices wait; those whose id waits already are left as they are."""
        ...


async def taken_on(seats: SeatStore, office: str, day: date, now: datetime) -> Sequence[Seat]:
    """The seats of a day somebody has, held or booked, by number."""
    return [seat for seat in await seats.of_day(office, day) if not is_free(seat, now)]


async def relocate(
    queue: Queue, office: Office, hit: Iterable[Seat], random: Random, now: datetime
) -> Sequence[Relocated]:
    """Move bookings to the nearest days that can be booked; what is only held is let go.

    Args:
        office: as it is after the change, so that the day itself is not among those days.
    """
    done = []
    for seat in hit:
        if seat.claim is None:
            continue
        if seat.state is SeatState.HELD:
            await queue.release(seat.id, seat.claim.key, now)
        elif seat.state is SeatState.BOOKED:
            done.append(Relocated(seat, await _relocated(queue, office, seat, random, now)))
    return done


def notices_of(relocated: Iterable[Relocated], reason: str, now: datetime) -> Sequence[MoveNotice]:
    """What to tell those whose booking was moved."""
    return [
        MoveNotice(
            id=f"moved|{each.to.claim.key}",
            conversation=each.to.claim.applicant.conversation,
            name=NOTICE,
            values={
                "day_before": each.seat.day.isoformat(),
                "date": each.to.day.isoformat(),
                "hour": f"{each.to.hour:%H.%M}",
                "number": each.to.number,
                "code": each.to.booking_code,
                "reason": reason,
            },
            due_at=now,
            about=each.to.claim.key,
        )
        for each in relocated
        if each.to and each.to.claim
    ]


async def _relocated(
    queue: Queue, office: Office, seat: Seat, random: Random, now: datetime
) -> Seat | None:
    """The new booking, nearest to the old day; the old seat is free then."""
    if seat.claim is None:
        return None
    key = f"moved|{seat.id}|{seat.claim.key}"
    nearest = sorted(bookable_days(office, now), key=lambda day: (abs(day - seat.day), day))
    for day in nearest:
        if not await queue.is_free(office, day, now):
            continue
        await queue.seats.retire(seat.id, seat.claim.key)  # its marks are for the new one
        held = await queue.hold(office, day, seat.claim.applicant, key, random, now)
        if held is None or isinstance(held, Refused):
            continue
        booked = await queue.approve(office, held.id, key, f"{key}|approved", random, now)
        if booked is not None:
            await queue.release(seat.id, seat.claim.key, now)
            return booked
    return None
