"""Action ``find_neighbours``."""

from __future__ import annotations

from bot.booking.neighbours import AT_MOST, free_nearby
from bot.booking.queue import Queue
from bot.booking.reaching import WORDS, office_words
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(
    outcomes=("found", "none"),
    gives=("neighbours",),
    known={"found": ("neighbours",)},
    example={"neighbours": [{**WORDS, "date": "2026-11-25"}] * AT_MOST},
)
async def find_neighbours(doing: Doing) -> Outcome:
    """Find the nearest free dates at up to three neighbouring offices."""
    queue = doing.service(Queue)
    office = queue.office(doing.contact.office)
    nearby = await free_nearby(queue, office, doing.now)
    told = [{**office_words(each.office), "date": each.day.isoformat()} for each in nearby]
    return Outcome("found" if told else "none", {"neighbours": told})
