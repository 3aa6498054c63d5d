"""A change of a day as staff want it, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from bot.booking.fitting import Fitted
from bot.booking.relocating import Relocated

DayStep: TypeAlias = Literal["closed", "opened", "reseated"]


@dataclass(frozen=True, slots=True)
class DayOrder:
    """A change of a day, as staff want it.

    Args:
        reason: why; applicants are told. A closing needs one, and whatever moves bookings.
        seats: of ``reseated``: seats by session.
        move: whether bookings without a place go to the nearest free days.
        key: of the form; the same one is done once.
    """

    day: date
    step: DayStep
    reason: str = ""
    seats: Mapping[str, int] = field(default_factory=dict)
    move: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of a change.

    Args:
        moved: bookings, each with where it went.
    """

    fitted: Fitted
    moved: Sequence[Relocated] = ()
