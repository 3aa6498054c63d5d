"""Numbers."""

import math

from bot.dialogue.events import Scalar
from bot.dialogue.slot_type import Given, Refused, slot_type


@slot_type()
def number(given: Given) -> Scalar:
    """A number, whole where it can be; filled by the entity named like the slot."""
    try:
        value = float(str(given.value).strip().replace(",", "."))
    except ValueError as error:
        raise Refused("not_a_number") from error
    if not math.isfinite(value) or abs(value) >= 2**53 or isinstance(given.value, bool):
        raise Refused("not_a_number")
    return int(value) if value.is_integer() else value
