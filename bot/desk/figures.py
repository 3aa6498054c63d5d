"""How full days are: remembered for a few seconds, for many look at the same month.

A page gets at once what is remembered; what is not is read beside it, which takes some 10 ms, and a
third of a second for the first who ever looks at a month: then the page is told of it as it comes.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

import structlog

from bot.booking.remaining import is_free
from bot.booking.seats import Seat, SeatState, SeatStore
from bot.errors import StorageUnavailable

FRESH: Final = timedelta(seconds=5)
"""What was read counts for so long; then it is read again, and shown until that is done."""

OUT_OF_DATE: Final = timedelta(minutes=2)
"""What is older is not shown any more."""

PATIENCE_SECONDS: Final = 0.06
"""So long a page waits for what is being read."""

KEPT: Final = 4000
"""Days remembered: those of all offices for some months."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tally:
    """Seats of one session of a day.

    Args:
        taken: held or somebody's.
        held: of these, those that wait for their approval.
    """

    taken: int = 0
    held: int = 0


DayTally: TypeAlias = Mapping[str, Tally]
"""By session; one without a taken seat may be missing."""

_Day: TypeAlias = tuple[str, date]


def tally(seats: Sequence[Seat], now: datetime) -> DayTally:
    """Count the seats of a day that somebody has at ``now``."""
    taken = [seat for seat in seats if not is_free(seat, now)]
    return _by_session(Counter((seat.session, seat.state is SeatState.HELD) for seat in taken))


def _by_session(counts: Mapping[tuple[str, bool], int]) -> DayTally:
    """Figures of counts by session and whether only held."""
    return {
        session: Tally(
            counts.get((session, True), 0) + counts.get((session, False), 0),
            counts.get((session, True), 0),
        )
        for session, _ in counts
    }


class DayFigures:
    """What one process remembers."""

    def __init__(self) -> None:
        self._known: OrderedDict[_Day, tuple[datetime, DayTally]] = OrderedDict()
        self._reading: set[_Day] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def of_days(
        self,
        seats: SeatStore,
        office: str,
        days: Sequence[date],
        now: datetime,
        patience: float = PATIENCE_SECONDS,
    ) -> Mapping[date, DayTally]:
        """The days that are known; the others, and those that are not fresh, are being read when
        this returns.

        Args:
            patience: how many seconds to wait for what is being read.
        """
        stale = [day for day in days if self._is_stale((office, day), now)]
        if stale:
            self._reading.update((office, day) for day in stale)
            task = asyncio.create_task(self._read(seats, office, stale, now), name="day figures")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if self._tasks and (stale or any((office, day) not in self._known for day in days)):
            await asyncio.wait(self._tasks, timeout=patience)
        known = {day: self._known.get((office, day)) for day in days}
        return {day: it[1] for day, it in known.items() if it and now - it[0] <= OUT_OF_DATE}

    def forget(self, office: str, day: date) -> None:
        """Read a day anew: it was changed here."""
        self._known.pop((office, day), None)

    def _is_stale(self, day: _Day, now: datetime) -> bool:
        known = self._known.get(day)
        return day not in self._reading and (known is None or now - known[0] > FRESH)

    async def _read(
        self, seats: SeatStore, office: str, days: Sequence[date], now: datetime
    ) -> None:
        try:
            for month in {day.replace(day=1) for day in days}:
                there = await seats.occupied(office, month)
                for day in days:
                    if day.replace(day=1) == month:
                        self._known[office, day] = now, _by_session(there.taken(day, now))
                        self._known.move_to_end((office, day))
                        self._reading.discard((office, day))
        except StorageUnavailable as down:
            log.warning("days_not_counted", office=office, reason=str(down))
        except Exception:  # our bug; nobody waits for this task
            log.exception("days_not_counted", office=office, alarm=True)
        finally:
            self._reading.difference_update((office, day) for day in days)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
