"""Action ``cancel_booking``."""

from __future__ import annotations

from bot.booking.card import EXAMPLE
from bot.booking.life import APPLICANT, Act
from bot.booking.queue import Queue
from bot.booking.reminding import Reminders
from bot.booking.waiting import Waits
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("cancelled", "not_allowed"),
    gives=("booking",),
    uses=("booking",),
    known={"not_allowed": ("booking",)},
    example={"booking": EXAMPLE},
)
async def cancel_booking(doing: Doing) -> Outcome:
    """Free the seat of the slot ``booking``, if its office lets applicants cancel."""
    queue = doing.service(Queue)
    booking = doing.slots["booking"]
    act = Act(doing.key, APPLICANT, doing.contact.address)
    if not await queue.cancel(booking["seat"], booking["key"], act, doing.now):
        return Outcome("not_allowed")
    await doing.service(Reminders).withdraw(booking["key"])
    doing.service(Waits).freed()
    return Outcome("cancelled", {"booking": None})
