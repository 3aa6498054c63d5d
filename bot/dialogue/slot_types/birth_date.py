"""Days on which living people were born."""

from datetime import date
from typing import Final

from bot.dialogue.slot_type import Given, Refused, slot_type

OLDEST_YEARS: Final = 130


@slot_type(entity="birth_date")
def birth_date(given: Given) -> str:
    """A person's date of birth, kept as ``1990-08-17``."""
    try:
        day = date.fromisoformat(given.text(10))
    except ValueError as error:
        raise Refused("not_a_date") from error
    today = given.now.date()
    if day > today:
        raise Refused("in_the_future")
    if day.year < today.year - OLDEST_YEARS:
        raise Refused("too_long_ago")
    return day.isoformat()
