"""Which seats of a month are taken, without whose they are: what calendars count."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple


class Occupied(NamedTuple):
    """A seat that was claimed and not freed; a tuple, for a month has thousands.

    Args:
        held: whether it waits for its approval.
        claimable_from: somebody has it until then.
        person: the same number on two days is the same person, but for one chance in 2^32; 0 where
            nobody is kept from booking twice by it.
    """

    day: date
    number: int
    session: str
    held: bool
    claimable_from: datetime
    person: int = 0

    def is_taken(self, now: datetime) -> bool:
        """Whether nobody else may claim it at ``now`` (aware)."""
        return self.claimable_from > now
