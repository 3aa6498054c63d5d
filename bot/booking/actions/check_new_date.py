"""Action ``check_new_date``."""

from __future__ import annotations

from bot.booking.actions.check_date import DATED, PROBLEMS, REASON, WHY, bookable_day
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("free", "same_day", "full", *PROBLEMS),
    gives=WHY,
    uses=("moving", "service_date"),
    known={"free": ("service_date",), "same_day": ("service_date",), **DATED},
    example=REASON,
)
async def check_new_date(doing: Doing) -> Outcome:
    """See whether the booking ``moving`` can go to ``service_date``."""
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    if doing.slots.get("service_date") == doing.slots["moving"]["date"]:
        return Outcome("same_day")
    day = bookable_day(doing, office)
    if isinstance(day, Outcome):
        return day
    return Outcome("free" if await queue.is_free(office, day, doing.now) else "full")
