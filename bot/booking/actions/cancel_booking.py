"""Action ``cancel_booking``."""

from __future__ import annotations

from bot.booking.card import EXAMPLE
from bot.booking.life import APPLICANT, Act
from bot.booking.queue import Queue
from bot.booking.reminding import Reminders
from bot.booking.showing import give_up
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("cancelled", "not_allowed"),
    gives=("booking", "bookings"),
    uses=("booking",),
    may_use=("bookings",),
    known={"not_allowed": ("booking",)},
    example={"booking": EXAMPLE, "bookings": [EXAMPLE] * 5},
)
async def cancel_booking(doing: Doing) -> Outcome:
    """Free the seat of the slot ``booking``, if its office lets applicants cancel.

    The others of a family keep theirs: ``bookings`` are those that are left, and the first of them
    is reminded of.
    """
    queue = doing.service(Queue)
    booking = doing.slots["booking"]
    act = Act(doing.key, APPLICANT, doing.contact.address)
    left = [each for each in doing.slots.get("bookings") or () if each["seat"] != booking["seat"]]
    rest = (left[0]["seat"], left[0]["key"]) if left else None
    theirs, reminders = (booking["seat"], booking["key"]), doing.service(Reminders)
    if not await give_up(queue, reminders, theirs, act, doing.now, rest):
        return Outcome("not_allowed")
    return Outcome("cancelled", {"booking": left[0] if left else None, "bookings": left or None})
