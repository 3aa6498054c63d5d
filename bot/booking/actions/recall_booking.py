"""Action ``recall_booking``."""

from __future__ import annotations

from datetime import timedelta

from bot.booking.card import EXAMPLE, card
from bot.booking.queue import Queue
from bot.booking.seats import Seat, SeatState
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("today", "tomorrow", "gone"),
    gives=("reminded",),
    may_use=("reminded",),
    hears=("booking_code",),
    known={"today": ("reminded",), "tomorrow": ("reminded",)},
    example={"reminded": EXAMPLE},
)
async def recall_booking(doing: Doing) -> Outcome:
    """Look up the booking a reminder is about; by now it may be cancelled or moved."""
    seat = await booking_heard(doing)
    if seat is None:
        return Outcome("gone")
    office = doing.service(Queue).office(seat.office)
    today = office.today(doing.now)
    if seat.day not in {today, today + timedelta(days=1)}:
        return Outcome("gone")
    when = "today" if seat.day == today else "tomorrow"
    return Outcome(when, {"reminded": card(seat, office)})


async def booking_heard(doing: Doing, told: str = "reminded") -> Seat | None:
    """The sender's live booking of the code heard, or else of the one last told of; none when
    nobody came in time.

    Args:
        told: the slot it stands in.
    """
    queue = doing.service(Queue)
    last = doing.slots.get(told) or {}
    code = doing.heard.get("booking_code") or last.get("code")
    seat = await queue.seats.by_code(str(code)) if code else None
    if seat is None or seat.claim is None or seat.state is not SeatState.BOOKED:
        return None
    addresses = (doing.contact.address, *doing.contact.also_addresses)
    theirs = seat.claim.applicant.sender in addresses
    past = seat.day < queue.office(seat.office).today(doing.now)
    return seat if theirs and not past and not queue.is_late(seat, doing.now) else None
