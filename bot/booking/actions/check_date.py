"""Action ``check_date``."""

from __future__ import annotations

from datetime import date, datetime

from bot.booking.calendar import ClosedKind
from bot.booking.office import Office
from bot.booking.plan import check_day
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

PROBLEMS = ("past", "too_soon", "too_far", "closed")
"""Why a date cannot be booked at all, full or not."""


@action(outcomes=("free", "full", *PROBLEMS), gives=("closed_reason",))
async def check_date(doing: Doing) -> Outcome:
    """See whether ``service_date`` can be booked and still has a seat."""
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    day = date.fromisoformat(doing.slots["service_date"])
    if problem := problem_with(office, day, doing.now):
        return problem
    return Outcome("free" if await queue.is_free(office, day, doing.now) else "full")


def problem_with(office: Office, day: date, now: datetime) -> Outcome | None:
    """One of :data:`PROBLEMS`, or ``None``."""
    problem = check_day(office, day, now)
    if problem is None:
        return None
    closed = problem.closed
    weekly = closed and closed.kind is ClosedKind.WEEKDAY  # the date itself names its weekday
    reason = closed.reason if closed and not weekly else ""
    return Outcome(problem.kind.value, {"closed_reason": reason})
