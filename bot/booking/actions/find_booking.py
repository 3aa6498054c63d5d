"""Action ``find_booking``."""

from __future__ import annotations

from bot.booking.card import EXAMPLE, card, cards
from bot.booking.life import UPCOMING
from bot.booking.offering import is_unnamed
from bot.booking.queue import Queue, is_hold_of
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("none", "held", "booked", "fixed"),
    gives=("booking", "bookings", "hold"),
    known={"held": ("hold",), "booked": ("booking", "bookings"), "fixed": ("booking", "bookings")},
    example={"booking": EXAMPLE, "bookings": [EXAMPLE], "hold": EXAMPLE},
)
async def find_booking(doing: Doing) -> Outcome:
    """Find what the sender has: a seat held in this conversation, or an active booking.

    ``bookings`` are those of the whole family. ``fixed`` is a booking its office does not let them
    cancel (any more).
    """
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    active = await queue.active_of(office, doing.contact.address, doing.now)
    for seat in active:
        if is_hold_of(seat, doing.contact.conversation_id) and not is_unnamed(seat):
            return Outcome("held", {"hold": card(seat, office)})
    booked = [seat for seat in active if seat.state in UPCOMING]
    if not booked:
        return Outcome("none")  # the slot stays: a question about the booking may be open
    seat = booked[0]
    theirs = queue.office(seat.office)
    may_cancel = queue.may_cancel(theirs, seat.day, doing.now)
    family = [each for each in await queue.family_of(seat) if each.state in UPCOMING]
    found = {"booking": card(seat, theirs), "bookings": cards(family, theirs)}
    return Outcome("booked" if may_cancel else "fixed", found)
