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
