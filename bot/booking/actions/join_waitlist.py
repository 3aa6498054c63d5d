"""Action ``join_waitlist``."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from bot.booking.actions.hold_seat import turned
from bot.booking.conduct import Conduct, Turned
from bot.booking.queue import Queue
from bot.booking.waiting import NotJoined, Place, Waits
from bot.booking.waitlist import Wait
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

WAITS: Final = [{"date": "2026-11-24", "position": 999}]


@action(
    outcomes=("joined", "already_booked", "blocked", *(why.value for why in NotJoined)),
    gives=("waits", "block"),
    may_use=("full_date",),
    hears=("service_date",),
    known={"joined": ("waits",), "blocked": ("block",)},
    example={
        "waits": WAITS,
        "block": {"reason": "x" * 200, "until": "2026-11-24"},
    },
)
async def join_waitlist(doing: Doing) -> Outcome:
    """Put the sender on the waitlist of the date heard, else of the one that was just found full
    (``full_date``), else of any.

    ``free``: there is a seat to be had without waiting.
    """
    queue, contact = doing.service(Queue), doing.contact
    office = queue.office(contact.office)
    known = await doing.service(Conduct).of(contact.address)
    if block := known.blocked(doing.now):
        return turned(Turned(block), office)
    booked = await queue.bookings_of(office, contact.address, doing.now, contact.also_addresses)
    if len(booked) >= office.active_per_sender:
        return Outcome("already_booked")
    heard = str(doing.heard.get("service_date") or doing.slots.get("full_date") or "")
    day = date.fromisoformat(heard) if heard else None
    wait = Wait(office.id, day, contact.address, contact.conversation_id)
    place = await doing.service(Waits).join(queue, wait, doing.key, doing.now)
    if isinstance(place, NotJoined):
        return Outcome(place.value)
    return Outcome("joined", {"waits": [told(place)]})


def told(place: Place) -> dict[str, Any]:
    """A place as replies show it: ``date`` (ISO; ``None`` for any), ``position`` (1 is next)."""
    day = place.wait.day
    return {"date": day.isoformat() if day else None, "position": place.ahead + 1}
