"""Action ``find_dates``."""

from __future__ import annotations

from bot.booking.card import EXAMPLE, card
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

MAX_DATES = 10
"""What an office may offer at once (``dates_offered``)."""


@action(
    outcomes=("found", "full", "already_booked"),
    gives=("dates", "booking"),
    known={"found": ("dates",), "already_booked": ("booking",)},
    example={"dates": ["2026-11-24"] * MAX_DATES, "booking": EXAMPLE},
)
async def find_dates(doing: Doing) -> Outcome:
    """Find the next dates with a free seat.

    Somebody who has all the bookings they may have is told now, not after all the questions.
    """
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    booked = await queue.bookings_of(office, doing.contact.address, doing.now)
    if len(booked) >= office.active_per_sender:
        seat = booked[0]
        return Outcome("already_booked", {"booking": card(seat, queue.office(seat.office))})
    days = await queue.free_days(office, doing.now)
    return Outcome("found" if days else "full", {"dates": [day.isoformat() for day in days]})
