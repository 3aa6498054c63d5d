"""Action ``confirm_coming``."""

from __future__ import annotations

from bot.booking.actions.recall_booking import booking_heard
from bot.booking.card import EXAMPLE, card
from bot.booking.life import APPLICANT, Act
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("confirmed", "gone"),
    gives=("reminded", "confirmed"),
    may_use=("reminded", "confirmed"),
    hears=("booking_code",),
    known={"confirmed": ("confirmed",)},
    example={"reminded": EXAMPLE, "confirmed": EXAMPLE},
)
async def confirm_coming(doing: Doing) -> Outcome:
    """Note that the applicant will come; the trail of their seat holds it for reports.

    Who says so once more means the same booking.
    """
    told = "reminded" if doing.slots.get("reminded") else "confirmed"
    queue, seat = doing.service(Queue), await booking_heard(doing, told)
    act = Act(doing.key, APPLICANT, doing.contact.address)
    if seat is None or await queue.confirm(seat, act, doing.now) is None:
        return Outcome("gone", {"reminded": None, "confirmed": None})
    booking = card(seat, queue.office(seat.office))
    return Outcome("confirmed", {"confirmed": booking, "reminded": None})
