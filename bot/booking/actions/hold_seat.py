"""Action ``hold_seat``, and what holding a seat comes to in every action that does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.booking.actions.approve_hold import NO_HOLD
from bot.booking.actions.check_date import DATED, PROBLEMS, REASON, WHY, bookable_day
from bot.booking.card import EXAMPLE, card
from bot.booking.conduct import Conduct, Turned
from bot.booking.office import Office
from bot.booking.queue import Queue, Refused
from bot.booking.seats import Applicant, Seat
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

DETAILS: Final = ("kind", "address", "photo")
"""Slots kept with the seat where the office's dialogue asks for them."""

NOT_HELD: Final = (
    "full",
    "already_booked",
    "person_booked",
    "kind_missing",
    "blocked",
    "too_many_holds",
)
GIVES: Final = (
    "hold",
    "holds",
    "hold_until",
    "approval_code",
    "wrong_codes",
    "booking",
    *WHY,
    "block",
    "may_wait",
)


USES: Final = ("name", "birth_date")
KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "held": ("hold", "hold_until", "approval_code", "wrong_codes"),
    "already_booked": ("booking",),
    "blocked": ("block",),
}
EXAMPLES: Final[Mapping[str, Any]] = {
    "hold": EXAMPLE,
    "holds": [EXAMPLE] * 5,
    "hold_until": "2026-11-24T10:00:00+07:00",
    "approval_code": "JKP-7F4Q2-M8XCK",
    "wrong_codes": 0,
    "booking": EXAMPLE,
    "block": {"reason": "x" * 200, "until": "2026-11-24"},
    "may_wait": True,
    **REASON,
}
CHOSEN: Final[Mapping[str, tuple[str, ...]]] = {
    **KNOWN,
    **DATED,
    "held": (*KNOWN["held"], "service_date"),
    "person_booked": ("service_date",),
}
"""What is known after a seat was asked for on the day that was chosen."""


@action(
    outcomes=("held", *NOT_HELD, *PROBLEMS),
    gives=GIVES,
    uses=("service_date", *USES),
    may_use=DETAILS,
    known=CHOSEN,
    example=EXAMPLES,
)
async def hold_seat(doing: Doing) -> Outcome:
    """Hold a seat on ``service_date`` for ``name`` and ``birth_date``, and draw the approval code.

    A seat this conversation holds already moves to the new date or the corrected name.
    """
    return await hold_chosen(doing, promised=False)


async def hold_chosen(doing: Doing, *, promised: bool) -> Outcome:
    """Hold a seat on the day of ``service_date``.

    Args:
        promised: as in :meth:`Queue.hold`.
    """
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    day = bookable_day(doing, office)
    if isinstance(day, Outcome):
        return day
    return await hold_on(doing, office, day, promised=promised)


async def hold_on(doing: Doing, office: Office, day: date, *, promised: bool = False) -> Outcome:
    """Hold a seat on ``day``: ``held`` or one of :data:`NOT_HELD`."""
    if no := await _kept_from(doing, office):
        return no
    queue, applicant = doing.service(Queue), _applicant(doing)
    conduct = doing.service(Conduct)
    asking = await conduct.asking(
        office, applicant.sender, applicant.name, applicant.birth_date, doing.key, doing.now
    )
    if isinstance(asking, Turned):
        return turned(asking, office)
    seat = await queue.hold(
        office, day, applicant, doing.key, doing.random, doing.now, promised=promised
    )
    if isinstance(seat, Refused):
        if seat.by_sender is None:
            return Outcome("person_booked", NO_HOLD)
        theirs = card(seat.by_sender, queue.office(seat.by_sender.office))
        return Outcome("already_booked", {**NO_HOLD, "booking": theirs})
    if seat is None or seat.claim is None:
        return Outcome("full", {"may_wait": office.waitlist})
    await conduct.took(asking, doing.key, doing.now)
    return Outcome(
        "held",
        {
            "hold": card(seat, office),
            "holds": None,
            "hold_until": office.local(seat.claim.until).isoformat(),
            "approval_code": seat.claim.approval_code,
            "wrong_codes": 0,
        },
    )


async def _kept_from(doing: Doing, office: Office) -> Outcome | None:
    if office.ask_kind and not doing.slots.get("kind"):
        return Outcome("kind_missing")
    if booked := await booked_beside(doing, office):
        theirs = card(booked[0], doing.service(Queue).office(booked[0].office))
        return Outcome("already_booked", {**NO_HOLD, "booking": theirs})
    return None


async def booked_beside(doing: Doing, office: Office) -> list[Seat]:
    """The bookings of who has all they may have, one of them by another sender that turned out to
    be the same person: the seats' own marks tell of one sender alone.
    """
    contact = doing.contact
    queue, also = doing.service(Queue), contact.also_addresses
    if not also:
        return []
    booked = await queue.bookings_of(office, contact.address, doing.now, also)
    beside = any(each.claim and each.claim.applicant.sender in also for each in booked)
    return booked if beside and len(booked) >= office.active_per_sender else []


def _applicant(doing: Doing) -> Applicant:
    return Applicant(
        name=" ".join(doing.slots["name"].split()).upper(),
        birth_date=date.fromisoformat(doing.slots["birth_date"]),
        sender=doing.contact.address,
        conversation=doing.contact.conversation_id,
        details={name: str(doing.slots[name]) for name in DETAILS if doing.slots.get(name)},
    )


def turned(why: Turned, office: Office) -> Outcome:
    """A number that is given no seat now: ``blocked`` or ``too_many_holds``."""
    if why.block is None:
        return Outcome("too_many_holds")
    until = office.local(why.block.until).date().isoformat()
    return Outcome("blocked", {"block": {"reason": why.block.reason, "until": until}})
