"""Who shows a booking code is told of the booking, if they know whose it is.

The code alone says nothing: a birth date or the name must go with it, and who has the one but not
the other is told the same as who has neither.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from bot.booking.codes import read_booking_code
from bot.booking.life import Act
from bot.booking.person import plain_name
from bot.booking.queue import Queue
from bot.booking.reminding import Reminders
from bot.booking.seats import Seat

SeatAndKey: TypeAlias = tuple[str, str]
"""A seat's id, and the key of the claim that is meant."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody shows of a booking.

    Args:
        code: as they typed it.
        born: ``None`` when they did not say.
        name: empty when they did not say.
    """

    code: str
    born: date | None = None
    name: str = ""


async def shown_booking(queue: Queue, shown: Shown) -> Seat | None:
    """The booking; ``None`` when there is none, or it is not theirs who know what they know."""
    code = read_booking_code(shown.code, queue.offices.prefixes)
    seat = await queue.seats.by_code(code) if code else None
    if seat is None or seat.claim is None or queue.offices.get(seat.office) is None:
        return None
    applicant = seat.claim.applicant
    if shown.born is not None:
        return seat if shown.born == applicant.birth_date else None
    told, known = plain_name(shown.name).encode(), plain_name(applicant.name).encode()
    return seat if shown.name.strip() and hmac.compare_digest(told, known) else None


async def give_up(
    queue: Queue,
    reminders: Reminders,
    booking: SeatAndKey,
    act: Act,
    now: datetime,
    rest: SeatAndKey | None = None,
) -> bool:
    """Cancel a booking; whoever of its family is left is reminded in its place.

    Args:
        rest: the first of the family who is left.

    Returns:
        Whether it is free; ``False`` when its office does not let them.
    """
    if not await queue.cancel(*booking, act, now):
        return False
    await reminders.withdraw(booking[1])
    left = await queue.seats.seat(rest[0]) if rest else None
    if left and left.claim and rest and left.key == rest[1]:
        await reminders.promise(left, queue.office(left.office), now)
    return True
