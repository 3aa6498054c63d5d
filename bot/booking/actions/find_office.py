"""Action ``find_office``."""

from __future__ import annotations

from collections.abc import Sequence

from bot.booking.finding import find_offices
from bot.booking.office import Office
from bot.booking.queue import Queue
from bot.booking.reaching import WORDS, office_words
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

ROWS = 10
"""Offices shown at once; a WhatsApp list has ten rows at most."""


@action(
    outcomes=("here", "found", "several", "unknown"),
    gives=("found_office", "office_ids", "found_offices"),
    may_use=("chosen_office",),
    hears=("office", "place"),
    known={
        "here": ("found_office",),
        "found": ("found_office",),
        "several": ("office_ids", "found_offices"),
    },
    example={
        "found_office": WORDS,
        "office_ids": ["jakarta_selatan"] * ROWS,
        "found_offices": [
            {**WORDS, "id": f"kantor_{row}", "short_name": f"Jakarta Selatan {row}"}
            for row in range(ROWS)
        ],
    },
)
async def find_office(doing: Doing) -> Outcome:
    """Find the office that is asked about.

    That is ``heard.office`` (an id), ``heard.place`` (as typed), or the one chosen from several.
    Nothing said means the office one is talking to: ``here``.
    """
    queue = doing.service(Queue)
    offices = _asked_for(doing, queue)
    told = {
        "found_office": office_words(offices[0]) if len(offices) == 1 else None,
        "office_ids": [office.id for office in offices[:ROWS]],
        "found_offices": [office_words(office) for office in offices[:ROWS]],
    }
    match offices:
        case []:
            return Outcome("unknown", told)
        case [office]:
            here = office.id == doing.contact.office
            return Outcome("here" if here else "found", told)
        case _:
            return Outcome("several", told)


def _asked_for(doing: Doing, queue: Queue) -> Sequence[Office]:
    office_id = doing.heard.get("office") or doing.slots.get("chosen_office")
    if office_id:
        office = queue.offices.get(str(office_id))
        return [office] if office else []
    if place := doing.heard.get("place"):
        return find_offices(queue.offices, str(place))
    return [queue.office(doing.contact.office)]
