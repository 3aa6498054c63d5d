"""Time, handed in."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Gives the current moment, aware UTC."""


def system_clock() -> datetime:
    """The real time, to the millisecond, as databases keep it."""
    return datetime.fromtimestamp(time.time_ns() // 1_000_000 / 1000, UTC)


def shifted_clock(start: datetime) -> Clock:
    """A clock that shows ``start`` now and runs on from there."""
    shift: timedelta = start - system_clock()
    return lambda: system_clock() + shift


NOTICED = timedelta(seconds=5)
"""By so much a clock is not off for any good reason."""


class ClockWatch:
    """A clock that notices when it is set back, by hand or by a time server.

    It is compared at every reading: so whatever was put off by a wrong time, the wrong time was
    seen.

    Args:
        steady: seconds of a clock that nobody can set.
    """

    def __init__(self, clock: Clock, steady: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._steady = steady
        self._seen = clock(), steady()
        self._back = timedelta()

    def __call__(self) -> datetime:
        """The time."""
        (before, then), now, steady = self._seen, self._clock(), self._steady()
        self._seen = now, steady
        back = before + timedelta(seconds=steady - then) - now
        if back > NOTICED:
            self._back += back
        return now

    def set_back(self) -> timedelta:
        """How far it was set back since this was asked last; nothing for less than ``NOTICED``."""
        self()
        back, self._back = self._back, timedelta()
        return back
