"""Time, handed in."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

Clock = Callable[[], datetime]
"""Gives the current moment, aware UTC."""


YEARS: Final = range(2000, 2101)
"""In which anything can take place here; others are what programs write that know no time."""


def moment_of(written: str) -> datetime:
    """A moment that somebody wrote, with its zone.

    Raises:
        ValueError: it is none; says how to write one.
    """
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"write a moment with its zone, as 2026-11-23T09:00+07:00, not {written}")
    if moment.year not in YEARS:
        raise ValueError(f"write a year from {YEARS[0]} to {YEARS[-1]}, not {written}")
    return moment


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
