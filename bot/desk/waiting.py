"""How many wait for a person: remembered for a moment, for the menu of every page shows it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.dialogue.inbox import InboxStore

FRESH_SECONDS: Final = 3.0


@dataclass(slots=True)
class WaitingCount:
    """Of one process.

    Args:
        monotonic: seconds, never going back.
    """

    inbox: InboxStore
    monotonic: Callable[[], float] = time.monotonic
    _seen: dict[str, tuple[float, int]] = field(default_factory=dict)

    async def at(self, office: str) -> int:
        """How many wait at an office, as it was seconds ago at most; one find by index."""
        now = self.monotonic()
        seen = self._seen.get(office)
        if seen is None or now - seen[0] > FRESH_SECONDS:
            cared = await self.inbox.cared(office)
            seen = self._seen[office] = now, sum(each.care.waits for each in cared)
        return seen[1]

    def forget(self, office: str) -> None:
        """Somebody was taken, or put back: count anew."""
        self._seen.pop(office, None)
