"""Action ``find_booking``."""

from __future__ import annotations

from bot.booking.card import card
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(outcomes=("none", "held", "booked", "fixed"), gives=("booking",))
async def find_booking(doing: Doing) -> Outcome:
    """Find what the sender has: a seat held in this conversation, or an active booking.

    ``fixed`` is a booking its office does not let them cancel (any more).
    """
    if doing.slots.get("hold"):
        return Outcome("held")
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    seat = await queue.booking_of(office, doing.contact.address, doing.now)
    if seat is None:
        return Outcome("none", {"booking": None})
    theirs = queue.office(seat.office)
    may_cancel = queue.may_cancel(theirs, seat.day, doing.now)
    return Outcome("booked" if may_cancel else "fixed", {"booking": card(seat, theirs)})
