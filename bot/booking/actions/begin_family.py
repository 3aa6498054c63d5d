"""Action ``begin_family``."""

from __future__ import annotations

from bot.booking.card import EXAMPLE, card, cards
from bot.booking.queue import Queue
from bot.booking.roster import EXAMPLE as MEMBERS
from bot.booking.roster import member, read_members
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("begun", "too_many", "alone", "already_booked"),
    gives=("members", "expected", "without_owner", "booking", "bookings", "holds"),
    may_use=("hold", "holds"),
    hears=("members", "people_count", "relation"),
    known={
        "begun": ("members",),
        "too_many": ("members",),
        "already_booked": ("booking", "bookings"),
    },
    example={
        "members": MEMBERS,
        "expected": 20,
        "without_owner": False,
        "booking": EXAMPLE,
        "bookings": [EXAMPLE],
    },
)
async def begin_family(doing: Doing) -> Outcome:
    """Begin to register several people, or one other than who writes.

    ``members`` are those the message names, after the one a seat is held for already. ``expected``
    is how many there will be, where that was said. ``without_owner``: a ``relation`` was named, so
    that nobody of them owns the number; without one, the first does.
    """
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    relation, count = doing.heard.get("relation"), int(doing.heard.get("people_count") or 0)
    members = read_members(doing.heard.get("members"))
    if office.family_size == 1 and (count > 1 or len(members) > 1 or not relation):
        return Outcome("alone")
    contact = doing.contact
    active = await queue.bookings_of(office, contact.address, doing.now, contact.also_addresses)
    if len(active) >= office.active_per_sender:
        theirs = queue.office(active[0].office)
        family = await queue.family_of(active[0])
        return Outcome(
            "already_booked",
            {"booking": card(active[0], theirs), "bookings": cards(family, theirs)},
        )
    hold, holds = doing.slots.get("hold"), doing.slots.get("holds")
    if hold and not holds and not relation:
        members.insert(0, member(hold["name"], hold["birth_date"]))
    expected = count if 0 < count <= office.family_size else None
    begun = {
        "members": members,
        "holds": None,
        "expected": expected,
        "without_owner": bool(relation),
    }
    return Outcome("too_many" if count > office.family_size else "begun", begun)
