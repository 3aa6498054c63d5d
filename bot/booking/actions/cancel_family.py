"""Action ``cancel_family``."""

from __future__ import annotations

from bot.booking.card import EXAMPLE
from bot.booking.life import APPLICANT, Act
from bot.booking.queue import Queue
from bot.booking.reminding import Reminders
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("cancelled", "not_allowed"),
    gives=("booking", "bookings"),
    uses=("bookings",),
    known={"cancelled": (), "not_allowed": ("booking", "bookings")},
    example={"booking": EXAMPLE, "bookings": [EXAMPLE] * 5},
)
async def cancel_family(doing: Doing) -> Outcome:
    """Free all ``bookings`` of a family; those that cannot be cancelled (any more) stay."""
    queue, reminders = doing.service(Queue), doing.service(Reminders)
    act = Act(doing.key, APPLICANT, doing.contact.address)
    left = []
    for booking in doing.slots["bookings"]:
        if await queue.cancel(booking["seat"], booking["key"], act, doing.now):
            await reminders.withdraw(booking["key"])
        else:
            left.append(booking)
    if left:
        return Outcome("not_allowed", {"booking": left[0], "bookings": left})
    return Outcome("cancelled", {"booking": None, "bookings": None})
