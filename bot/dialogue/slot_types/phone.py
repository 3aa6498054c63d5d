"""Telephone numbers."""

import re
from typing import Final

from bot.dialogue.slot_type import Given, Refused, slot_type

_NUMBER: Final = re.compile(r"[1-9]\d{7,14}", re.ASCII)


@slot_type(entity="phone")
def phone(given: Given) -> str:
    """A telephone number, kept as digits with the country code: ``6281200000001``."""
    digits = re.sub(r"[\s().+-]", "", given.text(40))
    if not _NUMBER.fullmatch(digits):
        raise Refused("not_a_phone")
    return digits
