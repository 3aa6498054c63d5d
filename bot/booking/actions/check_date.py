"""Action ``check_date``."""

from __future__ import annotations

from datetime import date

from bot.booking.calendar import ClosedKind
from bot.booking.office import Office
from bot.booking.opening import MOMENT, moment
from bot.booking.plan import check_day
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

PROBLEMS = ("no_date", "past", "too_soon", "too_far", "closed", "not_open_yet")
"""Why a date cannot be booked at all, full or not; ``no_date``: there is none."""

DATED = {
    **dict.fromkeys(("full", *PROBLEMS[1:]), ("service_date",)),
    "not_open_yet": ("service_date", "quota_opens"),
}
"""Outcomes that there cannot be without a date."""

WHY = ("closed_reason", "quota_opens")
"""Slots that tell more about a problem."""

REASON = {
    "closed_reason": "Cuti Bersama Hari Raya Idul Fitri 1447 Hijriah (perkiraan)",
    "quota_opens": MOMENT,
}


@action(
    outcomes=("free", "full", *PROBLEMS),
    gives=(*WHY, "may_wait"),
    uses=("service_date",),
    known={"free": ("service_date",), **DATED},
    example={**REASON, "may_wait": True},
)
async def check_date(doing: Doing) -> Outcome:
    """See whether ``service_date`` can be booked and still has a seat."""
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    day = bookable_day(doing, office)
    if isinstance(day, Outcome):
        return day
    if await queue.is_free(office, day, doing.now):
        return Outcome("free")
    return Outcome("full", {"may_wait": office.waitlist})


def bookable_day(doing: Doing, office: Office) -> date | Outcome:
    """The day of the slot ``service_date``, or one of :data:`PROBLEMS`."""
    try:
        day = date.fromisoformat(doing.slots.get("service_date") or "")
    except ValueError:
        return Outcome("no_date")
    problem = check_day(office, day, doing.now)
    if problem is None:
        return day
    closed = problem.closed
    weekly = closed and closed.kind is ClosedKind.WEEKDAY  # the date itself names its weekday
    reason = closed.reason if closed and not weekly else ""
    opens = problem.opens_at
    return Outcome(
        problem.kind.value,
        {"closed_reason": reason, "quota_opens": moment(opens) if opens else None},
    )
