"""The queue: what may be asked of it, decided over :class:`~bot.booking.seats.SeatStore`.

Every method may be repeated with the same key, after a crash or a lost race, and then returns
what it returned first, codes included; the seat's trail has one event of it. Each part of the
queue stands in a module of its own; :class:`Queue` is all of them.
"""

from __future__ import annotations

from bot.booking.counter import Counter
from bot.booking.family import Families
from bot.booking.holding import Holding
from bot.booking.line import is_hold_of
from bot.booking.moving import Moving
from bot.booking.offering import Offering
from bot.booking.refusal import Refused
from bot.booking.upkeep import Upkeep

__all__ = ["Queue", "Refused", "is_hold_of"]


class Queue(Families, Moving, Counter, Upkeep, Offering, Holding):
    """Seats of all offices: holding, families, moving, offers, the counter, and what time does."""
