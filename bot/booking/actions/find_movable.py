"""Action ``find_movable``."""

from __future__ import annotations

from bot.booking.card import EXAMPLE, card
from bot.booking.life import UPCOMING
from bot.booking.moving import NotMoved
from bot.booking.queue import Queue
from bot.booking.seats import Seat, SeatState
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

ROWS = 10
"""Bookings shown at once; a WhatsApp list has ten rows at most."""


@action(
    outcomes=("movable", "several", "none", "elsewhere", "not_offered", "too_late", "too_often"),
    gives=("moving", "movable", "movable_codes"),
    may_use=("moved_code",),
    hears=("booking_code",),
    known={
        "movable": ("moving",),
        "several": ("movable", "movable_codes"),
        "elsewhere": ("moving",),
        "not_offered": ("moving",),
        "too_late": ("moving",),
        "too_often": ("moving",),
    },
    example={
        "moving": EXAMPLE,
        "movable": [{**EXAMPLE, "code": f"KCN-7F4Q{row}-M8XCK"} for row in range(ROWS)],
        "movable_codes": [EXAMPLE["code"]] * ROWS,
    },
)
async def find_movable(doing: Doing) -> Outcome:
    """Find the booking somebody wants to move to another day.

    That is the one whose code was heard or chosen from ``several``, or the only one. Each member
    of a family has a booking of their own here. ``elsewhere``: it is another office's, whose
    dates this one does not know.
    """
    queue = doing.service(Queue)
    seats = await _bookings(doing, queue)
    code = doing.heard.get("booking_code") or doing.slots.get("moved_code")
    chosen = [seat for seat in seats if seat.booking_code == code] or seats
    if not chosen:
        return Outcome("none")
    cards = [card(each, queue.office(each.office)) for each in chosen[:ROWS]]
    if len(chosen) > 1:
        codes = [each["code"] for each in cards]
        return Outcome("several", {"movable": cards, "movable_codes": codes})
    return Outcome(_may_move(doing, queue, chosen[0]), {"moving": cards[0]})


def _may_move(doing: Doing, queue: Queue, seat: Seat) -> str:
    """How it ends for this one booking."""
    if seat.office != doing.contact.office:
        return "elsewhere"
    if not queue.office(seat.office).reschedules:
        return "not_offered"
    no = queue.may_move(seat, doing.now)
    if no is None:
        return "movable"
    return "too_often" if no is NotMoved.TOO_OFTEN else "too_late"


async def _bookings(doing: Doing, queue: Queue) -> list[Seat]:
    """The sender's bookings to come, each member's of a family, in any office."""
    office = queue.office(doing.contact.office)
    contact = doing.contact
    active = await queue.active_of(office, contact.address, doing.now, contact.also_addresses)
    return [
        seat
        for first in active
        if first.state in UPCOMING
        for seat in await queue.family_of(first)
        if seat.state is SeatState.BOOKED
    ]
