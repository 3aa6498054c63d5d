"""Action ``hold_seat``."""

from __future__ import annotations

from datetime import date

from bot.booking.actions.approve_hold import NO_HOLD
from bot.booking.actions.check_date import DATED, PROBLEMS, REASON, WHY, bookable_day
from bot.booking.card import EXAMPLE, card
from bot.booking.conduct import Conduct, Turned
from bot.booking.office import Office
from bot.booking.queue import Queue, Refused
from bot.booking.seats import Applicant
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=(
        "held",
        "full",
        *PROBLEMS,
        "already_booked",
        "person_booked",
        "blocked",
        "too_many_holds",
    ),
    gives=(
        "hold",
        "hold_until",
        "approval_code",
        "wrong_codes",
        "booking",
        *WHY,
        "block",
    ),
    uses=("service_date", "name", "birth_date"),
    known={
        **DATED,
        "held": ("hold", "hold_until", "approval_code", "wrong_codes", "service_date"),
        "already_booked": ("booking",),
        "person_booked": ("service_date",),
        "blocked": ("block",),
    },
    example={
        "hold": EXAMPLE,
        "hold_until": "2026-11-24T10:00:00+07:00",
        "approval_code": "00002681",
        "wrong_codes": 0,
        "booking": EXAMPLE,
        "block": {"reason": "x" * 200, "until": "2026-11-24"},
        **REASON,
    },
)
async def hold_seat(doing: Doing) -> Outcome:
    """Hold a seat on ``service_date`` for ``name`` and ``birth_date``, and draw the approval code.

    A seat this conversation holds already moves to the new date or the corrected name.
    """
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    day = bookable_day(doing, office)
    if isinstance(day, Outcome):
        return day
    applicant = Applicant(
        name=" ".join(doing.slots["name"].split()).upper(),
        birth_date=date.fromisoformat(doing.slots["birth_date"]),
        sender=doing.contact.address,
        conversation=doing.contact.conversation_id,
    )
    conduct = doing.service(Conduct)
    asking = await conduct.asking(
        office, applicant.sender, applicant.name, applicant.birth_date, doing.key, doing.now
    )
    if isinstance(asking, Turned):
        return _turned(asking, office)
    seat = await queue.hold(office, day, applicant, doing.key, doing.random, doing.now)
    if isinstance(seat, Refused):
        if seat.by_sender is None:
            return Outcome("person_booked", NO_HOLD)
        theirs = card(seat.by_sender, queue.office(seat.by_sender.office))
        return Outcome("already_booked", {**NO_HOLD, "booking": theirs})
    if seat is None or seat.claim is None:
        return Outcome("full")
    await conduct.took(asking, doing.key, doing.now)
    return Outcome(
        "held",
        {
            "hold": card(seat, office),
            "hold_until": seat.claim.until.isoformat(),
            "approval_code": seat.claim.approval_code,
            "wrong_codes": 0,
        },
    )


def _turned(turned: Turned, office: Office) -> Outcome:
    if turned.block is None:
        return Outcome("too_many_holds")
    until = office.local(turned.block.until).date().isoformat()
    return Outcome("blocked", {"block": {"reason": turned.block.reason, "until": until}})
