"""Action ``check_service_hours``."""

from __future__ import annotations

from bot.booking.opening import MOMENT, moment
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("open", "outside"),
    gives=("service_opens",),
    known={"outside": ("service_opens",)},
    example={"service_opens": {**MOMENT, "today": False}},
)
async def check_service_hours(doing: Doing) -> Outcome:
    """See whether the number takes new registrations at this hour.

    Outside, ``service_opens`` is when to write: ``date``, ``hour``, and whether that is ``today``.
    """
    office = doing.service(Queue).office(doing.contact.office)
    local = office.local(doing.now)
    opens_at = office.service_hours.opens_at(local) if office.service_hours else None
    if opens_at is None:
        return Outcome("open")
    today = opens_at.date() == local.date()
    return Outcome("outside", {"service_opens": {**moment(opens_at), "today": today}})
