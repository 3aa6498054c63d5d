"""Action ``hold_next_seat``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.booking.actions.hold_seat import (
    DETAILS,
    EXAMPLES,
    GIVES,
    KNOWN,
    NOT_HELD,
    USES,
    hold_on,
)
from bot.booking.office import Office
from bot.booking.plan import check_day
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("held", *NOT_HELD),
    gives=GIVES,
    uses=USES,
    may_use=(*DETAILS, "hold"),
    known=KNOWN,
    example=EXAMPLES,
)
async def hold_next_seat(doing: Doing) -> Outcome:
    """Hold a seat on the nearest day that has one; who comes when it is full gets the day after.

    A seat this conversation holds already keeps its day when a name is corrected, and so does one
    that this very action held before it was repeated, though its day be full now.
    Source: 002_082fe9cdc2ec9bd3.
    """
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    active = await queue.active_of(office, doing.contact.address, doing.now)
    done = [seat.day for seat in active if seat.claim and seat.claim.key == doing.key]
    days = [*done, *_own_day(doing, office), *await queue.free_days(office, doing.now)]
    outcome = Outcome("full", {"may_wait": office.waitlist})
    for day in dict.fromkeys(days):
        outcome = await hold_on(doing, office, day)
        if outcome.name != "full":
            break
    return outcome


def _own_day(doing: Doing, office: Office) -> Iterator[date]:
    """The day of the seat this conversation holds, while it may be booked."""
    if hold := doing.slots.get("hold"):
        day = date.fromisoformat(hold["date"])
        if check_day(office, day, doing.now) is None:
            yield day
