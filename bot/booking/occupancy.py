"""How full the days of a month are, without whose the seats are: what calendars count."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from typing import Final, TypeAlias


class Kind(IntEnum):
    """What counts about a seat's state."""

    FREE = 0
    HELD = 1
    SOMEBODYS = 2
    WITHDRAWN = 3


Row: TypeAlias = tuple[int, int, int, int, int]
"""Of a seat: number, place of its session in the list, :class:`Kind`, person, and the millisecond
since 1970 from which on anybody may claim it. The same person has the same number on each day, but
for one chance in 2^32; 0 where nobody is kept from booking twice by it."""

ROW: Final = struct.Struct("<HBBIq")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Occupancy:
    """The seats of a month's days. Days are packed: a month has thousands of seats, and whoever
    looks wants to know a few things of a few days.

    Args:
        sessions: ids.
        days: rows, packed one after the other; of days that are laid out.
    """

    sessions: Sequence[str]
    days: Mapping[date, bytes]

    def is_laid_out(self, day: date) -> bool:
        """Whether the day has seats yet."""
        return day in self.days

    def taken(self, day: date, now: datetime) -> Mapping[tuple[str, bool], int]:
        """How many seats somebody has at ``now`` (aware), by session and whether only held."""
        at, counts = _milliseconds(now), Counter[tuple[int, int]]()
        for _, place, kind, _, until in ROW.iter_unpack(self.days.get(day, b"")):
            if until > at and kind != Kind.WITHDRAWN:
                counts[place, kind] += 1
        return {(self.sessions[place], kind == Kind.HELD): n for (place, kind), n in counts.items()}

    def free(self, day: date, now: datetime) -> Mapping[str, int]:
        """How many seats anybody may claim at ``now``, by session."""
        at, rows = _milliseconds(now), ROW.iter_unpack(self.days.get(day, b""))
        counts = Counter(place for _, place, _, _, until in rows if until <= at)
        return {self.sessions[place]: n for place, n in counts.items()}

    def persons(self, day: date, now: datetime) -> Mapping[int, int]:
        """Who has the day's seats at ``now``, by number, as far as a person is known."""
        at, rows = _milliseconds(now), ROW.iter_unpack(self.days.get(day, b""))
        return {number: person for number, _, _, person, until in rows if person and until > at}


def packed(rows: Sequence[Row]) -> bytes:
    """The rows of a day."""
    return b"".join(ROW.pack(*row) for row in rows)


def unpacked(day: bytes) -> Mapping[int, Row]:
    """The rows of a day by number."""
    rows: Sequence[Row] = list(ROW.iter_unpack(day))
    return {row[0]: row for row in rows}


def row_of(number: int, place: int, kind: Kind, person: int, until: datetime) -> Row:
    """A row; ``until`` is aware."""
    return number, place, kind, person, _milliseconds(until)


def _milliseconds(moment: datetime) -> int:
    return (moment - EPOCH) // MILLISECOND
