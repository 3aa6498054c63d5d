"""Action ``hold_family``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.booking.actions.approve_hold import NO_HOLD
from bot.booking.actions.check_date import PROBLEMS, bookable_day
from bot.booking.actions.hold_seat import CHOSEN, EXAMPLES, GIVES, NOT_HELD, booked_beside, turned
from bot.booking.card import card, cards
from bot.booking.conduct import Asking, Conduct, Turned
from bot.booking.members import FamilyProblem
from bot.booking.office import Office
from bot.booking.queue import Queue, Refused
from bot.booking.roster import applicants
from bot.booking.seats import Applicant
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("held", *NOT_HELD, *PROBLEMS, "unfit"),
    gives=(*GIVES, "bookings"),
    uses=("service_date", "members"),
    may_use=("kind", "hold"),
    known={
        **CHOSEN,
        "held": (*CHOSEN["held"], "holds"),
        "already_booked": ("booking", "bookings"),
    },
    example={**EXAMPLES, "bookings": [EXAMPLES["hold"]]},
)
async def hold_family(doing: Doing) -> Outcome:
    """Hold seats near to each other for all ``members``, or none; one approval code is for all.

    ``unfit``: they may not be registered together; ``count_members`` tells why.
    """
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    day = bookable_day(doing, office)
    if isinstance(day, Outcome):
        return day
    if office.ask_kind and not doing.slots.get("kind"):
        return Outcome("kind_missing")
    return await _hold(doing, office, day)


async def _hold(doing: Doing, office: Office, day: date) -> Outcome:
    """Hold on ``day``, if nothing speaks against any of them."""
    queue = doing.service(Queue)
    if booked := await booked_beside(doing, office):
        return await _refused(queue, Refused(booked[0]))
    details = {"kind": str(doing.slots["kind"])} if doing.slots.get("kind") else {}
    people = applicants(
        doing.slots["members"], doing.contact.address, doing.contact.conversation_id, details
    )
    asking = await _asking(doing, office, people)
    if isinstance(asking, Turned):
        return turned(asking, office)
    held = await queue.hold_group(office, day, people, doing.key, doing.random, doing.now)
    if isinstance(held, FamilyProblem):
        return Outcome("unfit")
    if isinstance(held, Refused):
        return await _refused(queue, held)
    if held is None or (claim := held[0].claim) is None:
        return Outcome("full")
    for each in asking:
        await doing.service(Conduct).took(each, doing.key, doing.now)
    return Outcome(
        "held",
        {
            "hold": card(held[0], office),
            "holds": cards(held, office),
            "hold_until": office.local(claim.until).isoformat(),
            "approval_code": claim.approval_code,
            "wrong_codes": 0,
        },
    )


async def _refused(queue: Queue, no: Refused) -> Outcome:
    """The sender's own booking is in the way, or another one, of which nothing is said."""
    if no.by_sender is None:
        return Outcome("person_booked", NO_HOLD)
    theirs = queue.office(no.by_sender.office)
    family = cards(await queue.family_of(no.by_sender), theirs)
    found = {"booking": card(no.by_sender, theirs), "bookings": family}
    return Outcome("already_booked", {**NO_HOLD, **found})


async def _asking(
    doing: Doing, office: Office, people: Sequence[Applicant]
) -> Turned | list[Asking]:
    """The number with each of the people; or why one of them gets no seat now."""
    found: list[Asking] = []
    for person in people:
        asking = await doing.service(Conduct).asking(
            office, person.sender, person.name, person.birth_date, doing.key, doing.now
        )
        if isinstance(asking, Turned):
            return asking
        found.append(asking)
    return found
