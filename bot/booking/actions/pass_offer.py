"""Action ``pass_offer``."""

from __future__ import annotations

from bot.booking.actions.find_wait import NO_OFFER, OFFER
from bot.booking.life import APPLICANT, Act
from bot.booking.queue import Queue
from bot.booking.waiting import Waits
from bot.booking.waitlist import WaitState
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(outcomes=("passed",), gives=tuple(NO_OFFER), uses=("offer",), example={"offer": OFFER})
async def pass_offer(doing: Doing) -> Outcome:
    """Pass the seat offered on to the next who waits; the sender is off that list then."""
    waits, offer = doing.service(Waits), doing.slots["offer"]
    act = Act(doing.key, APPLICANT, doing.contact.address)
    if await waits.is_offered(offer["wait"], offer["key"]):
        await waits.leave(doing.service(Queue), offer["wait"], WaitState.PASSED, act, doing.now)
    return Outcome("passed", NO_OFFER)
