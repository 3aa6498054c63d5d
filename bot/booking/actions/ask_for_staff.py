"""Action ``ask_for_staff``."""

from __future__ import annotations

from bot.booking.answering import OfficeHours
from bot.booking.opening import MOMENT, moment
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("asked", "closed", "waiting", "nobody"),
    gives=("staff_back",),
    known={"closed": ("staff_back",)},
    example={"staff_back": {**MOMENT, "today": False}},
    hands_over=("asked", "closed"),
)
async def ask_for_staff(doing: Doing) -> Outcome:
    """Put the conversation on the list of those that wait for a person; its flow goes on.

    ``closed``: they are asked, and not there now; ``staff_back`` is when they are: ``date``,
    ``hour``, and whether that is ``today``. ``waiting``: they were asked before. ``nobody``: this
    office answers nobody in the chat (``staff_chat``).
    """
    office = doing.service(Queue).office(doing.contact.office)
    if not office.staff_chat:
        return Outcome("nobody")
    if doing.care.wanted:
        return Outcome("waiting")
    hours, local = OfficeHours(office), office.local(doing.now)
    back = hours.opens_at(local)
    if back is None:
        return Outcome("asked" if hours.closes_at(local) else "nobody")
    told = {**moment(back), "today": back.date() == local.date()}
    return Outcome("closed", {"staff_back": told})
