"""Where else a date is free: people found every date full, tried the next office, and gave up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.booking.office import Office
from bot.booking.queue import Queue
from bot.booking.vacancies import first_free

AT_MOST: Final = 3
"""Neighbours an applicant is told of."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """A neighbouring office and its next free date."""

    office: Office
    day: date


async def free_nearby(queue: Queue, office: Office, now: datetime) -> Sequence[Nearby]:
    """The first :data:`AT_MOST` neighbours of ``office`` with a free date, the nearest first."""
    found: list[Nearby] = []
    neighbours = [queue.office(neighbour) for neighbour in office.neighbours]
    for at in range(0, len(neighbours), AT_MOST):
        asked = neighbours[at : at + AT_MOST]
        days = await asyncio.gather(*(first_free(queue, each, now) for each in asked))
        found += [Nearby(each, day) for each, day in zip(asked, days, strict=True) if day]
        if len(found) >= AT_MOST:
            break
    return found[:AT_MOST]
