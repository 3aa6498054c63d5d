"""Action ``find_wait``."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from bot.booking.actions.join_waitlist import WAITS, told
from bot.booking.office import Office
from bot.booking.queue import Queue
from bot.booking.seats import day_of
from bot.booking.waiting import Waits
from bot.booking.waitlist import Wait, WaitState
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

NO_OFFER: Final = {"offer": None, "offer_until": None}
"""Slots of a conversation that is offered nothing."""

OFFER: Final = {
    "wait": "kota_contoh|rest:contoh|2026-11-24",
    "key": "rest:kota_contoh:contoh|wait|kota_contoh|rest:contoh|2026-11-24|1",
    "date": "2026-11-24",
    "until": "10.30",
}


@action(
    outcomes=("none", "waiting", "offered"),
    gives=("waits", *NO_OFFER),
    known={"waiting": ("waits",), "offered": ("offer", "offer_until")},
    example={"waits": WAITS * 3, "offer": OFFER, "offer_until": "2026-11-24T10:30:00+07:00"},
)
async def find_wait(doing: Doing) -> Outcome:
    """Find where the sender stands in the office's waitlist, or the seat they are offered."""
    queue, contact = doing.service(Queue), doing.contact
    office = queue.office(contact.office)
    places = await doing.service(Waits).of(office.id, contact.address, contact.also_addresses)
    if not places:
        return Outcome("none", NO_OFFER)
    wait = places[0].wait
    if wait.state is WaitState.OFFERED:
        if doing.now < wait.until:
            return Outcome("offered", _offer(wait, office))
        places = places[1:]
    if not places:
        return Outcome("none", NO_OFFER)
    return Outcome("waiting", {**NO_OFFER, "waits": [told(place) for place in places]})


def _offer(wait: Wait, office: Office) -> dict[str, Any]:
    """The slots of a seat offered."""
    day = day_of(wait.seat).isoformat()
    until: datetime = office.local(wait.until)
    offer = {"wait": wait.id, "key": wait.key, "date": day, "until": f"{until:%H.%M}"}
    return {"offer": offer, "offer_until": until.isoformat()}
