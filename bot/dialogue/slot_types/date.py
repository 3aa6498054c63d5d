"""Days of the calendar."""

import datetime as dt

from bot.dialogue.slot_type import Given, Refused, slot_type


@slot_type()
def date(given: Given) -> str:
    """A day, kept as ``2026-11-24``; filled by the entity named like the slot."""
    try:
        return dt.date.fromisoformat(given.text(10)).isoformat()
    except ValueError as error:
        raise Refused("not_a_date") from error
