"""Action ``find_booking``."""

from __future__ import annotations

from collections.abc import Sequence

from bot.booking.card import EXAMPLE, card, cards
from bot.booking.life import UPCOMING
from bot.booking.offering import is_unnamed
from bot.booking.queue import Queue, is_hold_of
from bot.booking.roster import find_member
from bot.booking.seats import Seat
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("none", "held", "booked", "fixed", "late"),
    gives=("booking", "bookings", "hold"),
    hears=("booking_code", "member_name"),
    known={
        "held": ("hold",),
        "booked": ("booking", "bookings"),
        "fixed": ("booking", "bookings"),
        "late": ("booking",),
    },
    example={"booking": EXAMPLE, "bookings": [EXAMPLE], "hold": EXAMPLE},
)
async def find_booking(doing: Doing) -> Outcome:
    """Find what the sender has: a seat held in this conversation, or an active booking.

    ``bookings`` are those of the whole family, without who is late. ``fixed`` is a booking its
    office does not let them cancel (any more), ``late`` one that is void for nobody came in time.
    Of several bookings it is the one whose code or name was heard, else the first.
    """
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    contact = doing.contact
    active = await queue.active_of(office, contact.address, doing.now, contact.also_addresses)
    for seat in active:
        if is_hold_of(seat, doing.contact.conversation_id) and not is_unnamed(seat):
            return Outcome("held", {"hold": card(seat, office)})
    booked = [seat for seat in active if seat.state in UPCOMING]
    if not booked:
        return Outcome("none")  # the slot stays: a question about the booking may be open
    for family in await _families(doing, queue, booked):
        if in_time := [each for each in family if not queue.is_late(each, doing.now)]:
            theirs = queue.office(in_time[0].office)
            may_cancel = queue.may_cancel(theirs, in_time[0].day, doing.now)
            found = {"booking": card(in_time[0], theirs), "bookings": cards(in_time, theirs)}
            return Outcome("booked" if may_cancel else "fixed", found)
    return Outcome("late", {"booking": card(booked[0], queue.office(booked[0].office))})


async def _families(doing: Doing, queue: Queue, booked: Sequence[Seat]) -> list[list[Seat]]:
    """Who is booked together, those first of whom the message speaks."""
    families = [
        [each for each in await queue.family_of(first) if each.state in UPCOMING]
        for first in booked
    ]
    return sorted(families, key=lambda family: not any(_is_meant(doing, each) for each in family))


def _is_meant(doing: Doing, seat: Seat) -> bool:
    """Whether the message names a booking by its code, or by the name it is for."""
    code, name = doing.heard.get("booking_code"), doing.heard.get("member_name")
    if code:
        return bool(seat.booking_code == code)
    members = [{"name": seat.claim.applicant.name}] if seat.claim else []
    return find_member(members, None, name) == 0
