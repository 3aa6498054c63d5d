"""Keeps one number from taking the time of all: so many messages a minute are heard, not more.

A token bucket an address, in this process alone: a flood is turned away before anything is looked
up or locked. The first message beyond the measure is answered ("slow down"), those after it are
acknowledged and dropped.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from bot.channels.inbound import Hears, Inbound
from bot.dialogue.events import TOO_FAST, Message

REMEMBERED = 10_000
"""Addresses whose pace is known; who was quiet longest is forgotten first."""

MINUTE = 60.0


class Paced:
    """Hears on, as long as an address keeps its pace.

    Args:
        hears: hears what is let through.
        a_minute: messages an address may send a minute, and at most at once.
        clock: seconds, never going back: :func:`time.monotonic`.
        dropped: called for each message that is dropped.
    """

    def __init__(
        self,
        hears: Hears,
        a_minute: int,
        clock: Callable[[], float],
        dropped: Callable[[Inbound], None],
    ) -> None:
        self._hears = hears
        self._a_minute = a_minute
        self._clock = clock
        self._dropped = dropped
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def hear(self, inbound: Inbound) -> None:
        """See :class:`bot.channels.inbound.Hears`."""
        address = inbound.contact.address
        left = self._left(address)
        if left >= 1:
            await self._hears.hear(inbound)
        elif not inbound.message.wants_answer:
            self._buckets[address] = left, self._clock()  # the next one that does is told
            self._dropped(inbound)
        elif left >= 0:
            told = Message(inbound.message.id, TOO_FAST, "", inbound.message.at)
            await self._hears.hear(replace(inbound, message=told))
        else:
            self._dropped(inbound)

    def _left(self, address: str) -> float:
        """Messages it had left before this one; from 0 to 1 once, below 0 until it has paused."""
        now = self._clock()
        left, at = self._buckets.pop(address, (float(self._a_minute), now))
        left = min(self._a_minute, left + (now - at) * self._a_minute / MINUTE)
        self._buckets[address] = max(left - 1, -1.0), now
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return left
