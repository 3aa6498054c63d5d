"""What the bot can do for its flows, besides what it can do anyway.

An action is a coroutine with every way it may end. A flow names it under ``do`` and says under
``outcomes`` what follows from each; ``antre flows check`` tells which one was forgotten.
"""

from bot.booking.calendar import WorkingCalendar
from bot.booking.queue import Queue
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome


@action(outcomes=("open", "closed"), gives=("hours",))
async def check_hours(doing: Doing) -> Outcome:
    """See whether somebody is there now, by the hours in ``flows/offices.yml``."""
    office = doing.service(Queue).office(doing.contact.office)
    local = office.local(doing.now)
    hours = [f"{session.start:%H.%M}-{session.until:%H.%M}" for session in office.sessions]
    is_open = WorkingCalendar(office).is_open(local.date()) and any(
        session.start <= local.time() < session.until for session in office.sessions
    )
    return Outcome("open" if is_open else "closed", {"hours": hours})
