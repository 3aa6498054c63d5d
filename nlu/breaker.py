"""A circuit breaker: whoever fails again and again is left alone for a while."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

FAILURES: Final = 3
FIRST_PAUSE: Final = 2.0
LONGEST_PAUSE: Final = 30.0


class BreakerState(StrEnum):
    """Closed: calls go through. Open: none does. Half open: one, the probe, is under way."""

    CLOSED = "closed"
    HALF_OPEN = "half_open"
    OPEN = "open"


class Breaker:
    """Counts failures in a row, opens, and lets a probe through after each pause.

    A call is a number that its outcome is told with. What comes back late, from before the state
    last changed, says nothing about now and is passed over.

    Args:
        monotonic: the clock, in seconds.
        failures: in a row, which open it.
        first_pause: seconds until the first probe; each that fails doubles it.
        longest_pause: seconds it grows to.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        *,
        failures: int = FAILURES,
        first_pause: float = FIRST_PAUSE,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self._monotonic = monotonic
        self._failures = failures
        self._first_pause = first_pause
        self._longest_pause = longest_pause
        self._state = BreakerState.CLOSED
        self._round = 0
        self._in_a_row = 0
        self._pause = first_pause
        self._open_until = 0.0

    @property
    def state(self) -> BreakerState:
        """As it is now."""
        return self._state

    def call(self) -> int | None:
        """A call that may be made, or ``None`` unless the breaker is closed."""
        return self._round if self._state is BreakerState.CLOSED else None

    def probe(self) -> int | None:
        """The one call that may be made once the pause is over, else ``None``."""
        if self._state is not BreakerState.OPEN or self._monotonic() < self._open_until:
            return None
        self._enter(BreakerState.HALF_OPEN)
        return self._round

    def succeeded(self, call: int) -> None:
        """The call came back well: closed."""
        if call == self._round:
            self._in_a_row, self._pause = 0, self._first_pause
            if self._state is not BreakerState.CLOSED:
                self._enter(BreakerState.CLOSED)

    def failed(self, call: int) -> None:
        """The call failed: open after a probe, and after too many others in a row."""
        if call != self._round:
            return
        self._in_a_row += 1
        if self._state is BreakerState.HALF_OPEN or self._in_a_row >= self._failures:
            self._open_until = self._monotonic() + self._pause
            self._pause = min(2 * self._pause, self._longest_pause)
            self._enter(BreakerState.OPEN)

    def given_up(self, call: int) -> None:
        """Nobody waits for the call any more: after a probe, another may follow at once."""
        if call == self._round and self._state is BreakerState.HALF_OPEN:
            self._enter(BreakerState.OPEN)

    def _enter(self, state: BreakerState) -> None:
        self._state = state
        self._round += 1
