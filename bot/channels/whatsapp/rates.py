"""Meta's speed limits, kept on our side so that it never has to refuse us."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once (``burst``), then one every ``interval``."""

    interval: timedelta
    burst: int

    def part(self, processes: int) -> Rate:
        """What each of so many processes may do, that all together keep it."""
        return Rate(self.interval * processes, max(1, self.burst // processes))


def number_rate(messages_a_second: float) -> Rate:
    """Messages of one business number; Meta allows 80 a second, or more when it says so. No second
    ever has more of them, also not the first one after a rest.
    """
    burst = max(1, round(messages_a_second / 20))
    return Rate(timedelta(seconds=1) / (messages_a_second - burst + 1), burst)


PAIR_RATE = Rate(timedelta(seconds=6), burst=45)
"""Messages of one business number to one person (else error 131056)."""

_SWEEP_AT_LEAST = 1024


class Buckets:
    """A token bucket for every key; a full one costs no memory.

    Each bucket is kept as the one moment it will be full again.

    Args:
        monotonic: seconds of a clock that never goes back.
    """

    def __init__(self, rate: Rate, monotonic: Callable[[], float]) -> None:
        self._interval = rate.interval.total_seconds()
        self._slack = (rate.burst - 1) * self._interval
        self._monotonic = monotonic
        self._full_at: dict[Hashable, float] = {}
        self._sweep_at = _SWEEP_AT_LEAST

    def __len__(self) -> int:
        return len(self._full_at)

    def wait(self, key: Hashable) -> float:
        """Seconds until ``key`` has a token; 0 if it has one now."""
        now = self._monotonic()
        return max(0.0, self._full_at.get(key, now) - self._slack - now)

    def take(self, key: Hashable) -> None:
        """Use a token, or the next one to come: whoever takes it waits for it."""
        now = self._monotonic()
        if len(self._full_at) >= self._sweep_at:
            self._full_at = {k: full for k, full in self._full_at.items() if full > now}
            self._sweep_at = max(_SWEEP_AT_LEAST, 2 * len(self._full_at))
        self._full_at[key] = max(now, self._full_at.get(key, now)) + self._interval
