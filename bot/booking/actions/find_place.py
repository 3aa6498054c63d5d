"""Action ``find_place``."""

from __future__ import annotations

from bot.booking.calling import Calls
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("not_today", "waiting", "called"),
    gives=("place",),
    uses=("booking",),
    known={"waiting": ("place",), "called": ("place",)},
    example={"place": {"ahead": 100, "late": 120, "number": 100}},
)
async def find_place(doing: Doing) -> Outcome:
    """Find how many are ahead of the slot ``booking``, when it is for today."""
    queue = doing.service(Queue)
    booking = doing.slots["booking"]
    office = queue.office(booking["seat"].partition(":")[0])
    if booking["date"] != office.today(doing.now).isoformat():
        return Outcome("not_today")
    seat = await queue.seats.by_code(booking["code"])
    if seat is None:
        return Outcome("not_today")
    place = await doing.service(Calls).place_of(seat)
    told = {"ahead": place.ahead, "late": place.late, "number": place.number}
    return Outcome("called" if place.called else "waiting", {"place": told})
