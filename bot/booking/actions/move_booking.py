"""Action ``move_booking``."""

from __future__ import annotations

from bot.booking.actions.check_date import DATED, PROBLEMS, REASON, WHY, bookable_day
from bot.booking.card import EXAMPLE, card
from bot.booking.life import APPLICANT, Act
from bot.booking.moving import NotMoved
from bot.booking.queue import Queue
from bot.booking.reminding import Reminders
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("moved", *(no.value for no in NotMoved), *PROBLEMS),
    gives=("booking", "moved_from", *WHY),
    uses=("moving", "service_date"),
    known={
        "moved": ("booking", "moved_from"),
        **dict.fromkeys((no.value for no in NotMoved), ("service_date",)),
        **DATED,
    },
    example={"booking": EXAMPLE, "moved_from": EXAMPLE, **REASON},
)
async def move_booking(doing: Doing) -> Outcome:
    """Move the booking ``moving`` to ``service_date``; the others of a family stay where they are.

    The new seat is booked before the old one is freed, and it is the new one that is reminded of.
    """
    queue, reminders = doing.service(Queue), doing.service(Reminders)
    office, old = queue.office(doing.contact.office), doing.slots["moving"]
    day = bookable_day(doing, office)
    if isinstance(day, Outcome):
        return day
    act = Act(doing.key, APPLICANT, doing.contact.address)
    moved = await queue.move(old["seat"], old["key"], day, act, doing.random, doing.now)
    if isinstance(moved, NotMoved):
        return Outcome(moved.value)
    await reminders.withdraw(old["key"])
    await reminders.promise(moved, office, doing.now)
    return Outcome("moved", {"booking": card(moved, office), "moved_from": old})
