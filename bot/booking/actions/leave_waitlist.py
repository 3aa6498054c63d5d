"""Action ``leave_waitlist``."""

from __future__ import annotations

from bot.booking.actions.find_wait import NO_OFFER
from bot.booking.life import APPLICANT, Act
from bot.booking.queue import Queue
from bot.booking.waiting import Waits
from bot.booking.waitlist import WaitState
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(outcomes=("left", "none"), gives=tuple(NO_OFFER))
async def leave_waitlist(doing: Doing) -> Outcome:
    """Take the sender off all the office's waitlists; a seat offered goes to the next."""
    waits, contact = doing.service(Waits), doing.contact
    act = Act(doing.key, APPLICANT, contact.address)
    left = [
        await waits.leave(doing.service(Queue), place.wait.id, WaitState.LEFT, act, doing.now)
        for place in await waits.of(contact.office, contact.address, contact.also_addresses)
    ]
    return Outcome("left" if any(left) else "none", NO_OFFER)
