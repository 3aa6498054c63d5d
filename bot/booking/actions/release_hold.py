"""Action ``release_hold``."""

from __future__ import annotations

from datetime import datetime

from bot.booking.actions.approve_hold import NO_HOLD
from bot.booking.conduct import Conduct
from bot.booking.life import APPLICANT, Act
from bot.booking.people import StrikeKind
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(outcomes=("released",), gives=tuple(NO_HOLD), may_use=("hold", "hold_until"))
async def release_hold(doing: Doing) -> Outcome:
    """Free the seat this conversation holds, if it holds one, with those of the whole family.

    A hold whose time had run out was abandoned, which counts against its number.
    """
    if hold := doing.slots.get("hold"):
        queue = doing.service(Queue)
        act = Act(doing.key, APPLICANT, doing.contact.address)
        await queue.release_all(hold["seat"], hold["key"], doing.now, act)
        until = doing.slots.get("hold_until")
        if until and datetime.fromisoformat(until) <= doing.now:
            office, sender = queue.office(doing.contact.office), doing.contact.address
            conduct = doing.service(Conduct)
            await conduct.strike(office, sender, StrikeKind.ABANDONED, hold["key"], doing.now)
    return Outcome("released", NO_HOLD)
