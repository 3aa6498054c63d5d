"""Action ``cancel_booking``."""

from __future__ import annotations

from datetime import date

from bot.booking.card import EXAMPLE
from bot.booking.queue import Queue
from bot.booking.reminding import Reminders
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
    office = queue.office(booking["seat"].partition(":")[0])
    if not queue.may_cancel(office, date.fromisoformat(booking["date"]), doing.now):
        return Outcome("not_allowed")
    await queue.release(booking["seat"], booking["key"], doing.now)
    await doing.service(Reminders).withdraw(booking["key"])
    return Outcome("cancelled", {"booking": None})
