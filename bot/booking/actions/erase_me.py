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
    active = await queue.active_of(office, doing.contact.address, doing.now)
    if any(seat.state in UPCOMING for seat in active):
        return Outcome("booked")
    await doing.service(Erasures).ask(doing.contact.address, doing.now)
    return Outcome("requested")
