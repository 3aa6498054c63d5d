"""Time, handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Gives the current moment, aware UTC."""


def system_clock() -> datetime:
    """The real time, to the millisecond, as databases keep it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def shifted_clock(start: datetime) -> Clock:
    """A clock that shows ``start`` now and runs on from there."""
    shift: timedelta = start - system_clock()
    return lambda: system_clock() + shift
