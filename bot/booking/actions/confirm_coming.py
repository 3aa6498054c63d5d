"""Action ``confirm_coming``."""

from __future__ import annotations

from bot.booking.actions.recall_booking import booking_heard
from bot.booking.card import EXAMPLE, card
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("confirmed", "gone"),
    gives=("reminded", "confirmed"),
    may_use=("reminded",),
    hears=("booking_code",),
    known={"confirmed": ("confirmed",)},
    example={"reminded": EXAMPLE, "confirmed": EXAMPLE},
)
async def confirm_coming(doing: Doing) -> Outcome:
    """Note that the applicant will come; the turn's record in the journal holds it for reports."""
    seat = await booking_heard(doing)
    if seat is None:
        return Outcome("gone", {"reminded": None})
    booking = card(seat, doing.service(Queue).office(seat.office))
    return Outcome("confirmed", {"confirmed": booking, "reminded": None})
