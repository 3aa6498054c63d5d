"""Action ``find_dates``."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.booking.card import EXAMPLE, card
from bot.booking.office import Office
from bot.booking.opening import MOMENT, moment
from bot.booking.plan import bookable_days, opens_next
from bot.booking.queue import Queue
from bot.booking.remaining import remaining
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

MAX_DATES = 10
"""What an office may offer at once (``dates_offered``)."""

LEFT = [{"name": {"id": "Pagi", "en": "Morning"}, "seats": 100}] * 3
"""What is left of a day, as long as it gets."""

DATES: dict[str, Any] = {
    "dates": ["2026-11-24"] * MAX_DATES,
    "remaining": {"2026-11-24": LEFT},
    "quota_opens": MOMENT,
}
"""What :func:`dates_of` gives, as long as it gets."""


@action(
    outcomes=("found", "full", "not_open_yet", "already_booked"),
    gives=(*DATES, "booking", "may_wait"),
    known={
        "found": ("dates",),
        "not_open_yet": ("quota_opens",),
        "already_booked": ("booking",),
    },
    example={**DATES, "booking": EXAMPLE, "may_wait": True},
)
async def find_dates(doing: Doing) -> Outcome:
    """Find the next dates with a free seat.

    Somebody who has all the bookings they may have is told now, not after all the questions.
    ``not_open_yet``: no day can be booked before ``quota_opens``.
    """
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    contact = doing.contact
    booked = await queue.bookings_of(office, contact.address, doing.now, contact.also_addresses)
    if len(booked) >= office.active_per_sender:
        seat = booked[0]
        return Outcome("already_booked", {"booking": card(seat, queue.office(seat.office))})
    found = await dates_of(doing, office)
    if found.name != "full":
        return found
    return Outcome("full", {**found.values, "may_wait": office.waitlist})


async def dates_of(doing: Doing, office: Office, *, but: str = "") -> Outcome:
    """The next dates with a free seat, ``but`` (ISO) left out: ``found``, ``full`` or
    ``not_open_yet``.
    """
    queue = doing.service(Queue)
    days = [day for day in await queue.free_days(office, doing.now) if day.isoformat() != but]
    opens = opens_next(office, doing.now)
    found = {
        "dates": [day.isoformat() for day in days],
        "remaining": await _remaining(queue, office, days, doing),
        "quota_opens": moment(opens) if opens else None,
    }
    if days:
        return Outcome("found", found)
    closed_yet = opens is not None and next(bookable_days(office, doing.now), None) is None
    return Outcome("not_open_yet" if closed_yet else "full", found)


async def _remaining(
    queue: Queue, office: Office, days: Sequence[date], doing: Doing
) -> dict[str, list[dict[str, Any]]]:
    """By day, the names of its sessions by language and their free seats."""
    if not office.show_remaining:
        return {}
    free = await asyncio.gather(*(remaining(queue.seats, office, day, doing.now) for day in days))
    return {
        day.isoformat(): [
            {"name": dict(session.name), "seats": seats[session.id]}
            for session in office.sessions_on(day)
            if session.id in seats
        ]
        for day, seats in zip(days, free, strict=True)
    }
