"""Action ``release_hold``."""

from __future__ import annotations

from bot.booking.actions.approve_hold import NO_HOLD
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(outcomes=("released",), gives=tuple(NO_HOLD))
async def release_hold(doing: Doing) -> Outcome:
    """Free the seat this conversation holds, if it holds one."""
    if hold := doing.slots.get("hold"):
        await doing.service(Queue).release(hold["seat"], hold["key"], doing.now)
    return Outcome("released", NO_HOLD)
