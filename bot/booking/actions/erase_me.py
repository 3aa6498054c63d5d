"""Action ``erase_me``."""

from __future__ import annotations

from bot.booking.erasure import Erasures
from bot.booking.life import UPCOMING
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(outcomes=("requested", "booked"))
async def erase_me(doing: Doing) -> Outcome:
    """Have all that is kept about the sender erased in a few minutes, the record of this turn too;
    not while a booking is still to come, for the counter needs its name.
    """
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    contact = doing.contact
    active = await queue.active_of(office, contact.address, doing.now, contact.also_addresses)
    if any(seat.state in UPCOMING for seat in active):
        return Outcome("booked")
    for address in (contact.address, *contact.also_addresses):
        await doing.service(Erasures).ask(address, doing.now)
    return Outcome("requested")
