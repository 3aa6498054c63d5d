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
from bot.booking.roster import EXAMPLE as MEMBERS
from bot.booking.roster import Member, member, turned_away
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("held", *NOT_HELD, "not_dependent"),
    gives=(*GIVES, "turned_away"),
    uses=USES,
    may_use=(*DETAILS, "hold", "for_whom"),
    known={**KNOWN, "not_dependent": ("turned_away",)},
    example={**EXAMPLES, "turned_away": MEMBERS},
)
async def hold_next_seat(doing: Doing) -> Outcome:
    """Hold a seat on the nearest day that has one; who comes when it is full gets the day after.

    A seat this conversation holds already keeps its day when a name is corrected, and so does one
    that this very action held before it was repeated, though its day be full now.
    ``not_dependent``: with ``for_whom`` they are not who writes, and of an age to write themself.
    Source: 002_082fe9cdc2ec9bd3, 004_1070392a3306dd49.
    """
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    contact = doing.contact
    active = await queue.active_of(office, contact.address, doing.now, contact.also_addresses)
    done = [seat.day for seat in active if seat.claim and seat.claim.key == doing.key]
    days = [*done, *_own_day(doing, office), *await queue.free_days(office, doing.now)]
    outcome = Outcome("full", {"may_wait": office.waitlist})
    for day in dict.fromkeys(days):
        if away := _turned_away(doing, office, day):
            return Outcome("not_dependent", {"turned_away": away})
        outcome = await hold_on(doing, office, day)
        if outcome.name != "full":
            break
    return outcome


def _turned_away(doing: Doing, office: Office, day: date) -> list[Member]:
    """Who may not be registered from another's number on that day."""
    if not doing.slots.get("for_whom"):
        return []
    one = member(doing.slots["name"], doing.slots["birth_date"])
    return turned_away(office, day, [one], with_owner=False)[2]


def _own_day(doing: Doing, office: Office) -> Iterator[date]:
    """The day of the seat this conversation holds, while it may be booked."""
    if hold := doing.slots.get("hold"):
        day = date.fromisoformat(hold["date"])
        if check_day(office, day, doing.now) is None:
            yield day
