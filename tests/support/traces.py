"""Looks for people in text that should not know them: numbers, dates, names in any writing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

MONTHS: Final = (
    *("januari", "februari", "maret", "april", "mei", "juni"),
    *("juli", "agustus", "september", "oktober", "november", "desember"),
)
SHORTEST_TEXT: Final = 8
"""A message with fewer letters, such as "ya", may stand in a log by chance."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """What may give a person away.

    Args:
        number: as WhatsApp writes it, ``6281200000001``.
        names: each part is looked for.
        others: codes, addresses, texts.
    """

    number: str
    names: tuple[str, ...] = ()
    births: tuple[date, ...] = ()
    others: tuple[str, ...] = ()


def traces(text: str, people: Iterable[Somebody]) -> list[str]:
    """What ``text`` gives away, each once; whatever its case and however digits are grouped."""
    small = text.casefold()
    joined = re.sub(r"(?<=\d)[ .()\-/]{1,2}(?=\d)", "", small)
    found = set()
    for person in people:
        local = person.number.removeprefix("62")  # 62812…, 0812… and +62 812… all end so
        words = {part for name in person.names for part in name.split()}
        words |= {each for each in person.others if len(each) >= SHORTEST_TEXT}
        words |= {form for birth in person.births for form in _written(birth)}
        found |= {word for word in words if word.casefold() in small}
        found |= {local} if local in joined else set()
        digits = {f"{birth:{form}}" for birth in person.births for form in ("%d%m%Y", "%Y%m%d")}
        found |= {each for each in digits if each in joined}
    return sorted(found)


def _written(birth: date) -> tuple[str, ...]:
    month = MONTHS[birth.month - 1]
    return (f"{birth.day} {month}", f"{birth:%B %d}", repr(birth))
