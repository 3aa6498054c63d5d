"""Action ``find_new_dates``."""

from __future__ import annotations

from bot.booking.actions.find_dates import DATES, dates_of
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

NEW = {"new_dates": DATES["dates"]} | {name: DATES[name] for name in DATES if name != "dates"}
"""What it gives, as long as it gets; ``dates`` are those of whoever asks for a new booking."""


@action(
    outcomes=("found", "full", "not_open_yet"),
    gives=tuple(NEW),
    uses=("moving",),
    known={"found": ("new_dates",), "not_open_yet": ("quota_opens",)},
    example=NEW,
)
async def find_new_dates(doing: Doing) -> Outcome:
    """Find the next dates with a free seat to which the booking ``moving`` may go."""
    office = doing.service(Queue).office(doing.contact.office)
    found = await dates_of(doing, office, but=doing.slots["moving"]["date"])
    values = dict(found.values)
    return Outcome(found.name, {"new_dates": values.pop("dates"), **values})
