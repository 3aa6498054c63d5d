"""Codes that people read off something."""

import re
from typing import Final

from bot.dialogue.slot_type import Given, Refused, slot_type

_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}")


@slot_type()
def code(given: Given) -> str:
    """Letters, digits and dashes, kept in capitals; filled by the entity named like the slot."""
    found = str(given.value).strip().upper()
    if not _CODE.fullmatch(found):
        raise Refused("not_a_code")
    return found
