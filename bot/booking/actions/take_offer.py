"""Action ``take_offer``."""

from __future__ import annotations

from bot.booking.actions.find_wait import NO_OFFER, OFFER
from bot.booking.card import EXAMPLE, card
from bot.booking.queue import Queue
from bot.booking.waiting import Waits
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("taken", "gone"),
    gives=("service_date", "hold", "hold_until", *NO_OFFER),
    uses=("offer",),
    known={"taken": ("service_date", "hold", "hold_until")},
    example={
        "service_date": "2026-11-24",
        "hold": EXAMPLE,
        "hold_until": "2026-11-24T10:00:00+07:00",
        "offer": OFFER,
    },
)
async def take_offer(doing: Doing) -> Outcome:
    """Take the seat offered: it is then held as one that the sender chose, still without a name."""
    queue, offer = doing.service(Queue), doing.slots["offer"]
    waits = doing.service(Waits)
    seat = await waits.take(queue, offer["wait"], offer["key"], doing.key, doing.now)
    if seat is None or seat.claim is None:
        return Outcome("gone", NO_OFFER)
    office = queue.office(seat.office)
    return Outcome(
        "taken",
        {
            **NO_OFFER,
            "service_date": seat.day.isoformat(),
            "hold": card(seat, office),
            "hold_until": office.local(seat.claim.until).isoformat(),
        },
    )
