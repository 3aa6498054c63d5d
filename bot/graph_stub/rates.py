"""Meta's rates, as buckets of tokens that fill with time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final

MESSAGES_A_SECOND: Final = 80
PAIR_BURST: Final = 45
PAIR_SECONDS: Final = 6.0


@dataclass(slots=True)
class Rate:
    """So many calls at once for each key, and one more every ``seconds``.

    Args:
        monotonic: the clock, in seconds.
    """

    burst: int
    seconds: float
    monotonic: Callable[[], float]
    _tokens: dict[Hashable, tuple[float, float]] = field(default_factory=dict)

    def take(self, key: Hashable) -> bool:
        """Whether one more call of this key is within the rate; it is counted if so."""
        now = self.monotonic()
        tokens, then = self._tokens.get(key, (float(self.burst), now))
        tokens = min(float(self.burst), tokens + (now - then) / self.seconds)
        self._tokens[key] = (tokens - 1, now) if tokens >= 1 else (tokens, now)
        return tokens >= 1
