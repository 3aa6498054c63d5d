"""Lengths of time as staff write them: ``30 minutes``, ``1 hari``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

from bot.told import tell

_UNITS = {
    timedelta(seconds=1): ("second", "seconds", "detik"),
    timedelta(minutes=1): ("minute", "minutes", "menit"),
    timedelta(hours=1): ("hour", "hours", "jam"),
    timedelta(days=1): ("day", "days", "hari"),
    timedelta(weeks=1): ("week", "weeks", "minggu"),
}
LENGTHS = {word: unit for unit, words in _UNITS.items() for word in words}
"""One of each unit, by every word for it."""

_DURATION = re.compile(r"\s*(\d{1,4})\s*([A-Za-z]+)\s*")


def duration(text: object) -> timedelta:
    """Read a duration.

    >>> duration("30 minutes")
    datetime.timedelta(seconds=1800)

    Raises:
        ValueError: it is not a positive whole number and a unit.
    """
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    unit = LENGTHS.get(match[2].lower()) if match else None
    if match is None or unit is None or int(match[1]) == 0:
        raise ValueError(
            tell(
                '{text!r} is no duration; write a whole number and a unit, like "30 minutes" '
                "({units})",
                text=text,
                units=", ".join(words[1] for words in _UNITS.values()),
            )
        )
    return int(match[1]) * unit


Duration = Annotated[timedelta, BeforeValidator(duration)]
