"""Work asked for in two ways: by so many who each wait for their answer, and at a fixed rate.

A closed loop tells how much can be done. An open loop tells how long people wait: what is asked
for is due at its own moment whatever became of that before, and is timed from then on, so a server
that stands still for a second is not asked less in it.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

Conversation = Callable[["Timed"], Awaitable[None]]
"""Has one conversation from hello to its end, each message timed."""

SECONDS_AT_MOST = 120.0
"""Of one loop: no more conversations are begun after that."""


@dataclass(slots=True)
class Timed:
    """What took how long.

    Attributes:
        took: milliseconds of each message, by what it was.
        late: milliseconds that the next message is late already; set by an open loop.
    """

    took: dict[str, list[float]] = field(default_factory=dict)
    late: float = 0.0

    async def time(self, what: str, work: Callable[[], Awaitable[object]]) -> None:
        """Do it, and keep the milliseconds from when it should have begun."""
        late, self.late = self.late, 0.0
        began = time.perf_counter()
        await work()
        self.took.setdefault(what, []).append(late + (time.perf_counter() - began) * 1000)

    @property
    def all(self) -> list[float]:
        """Whatever it was."""
        return [each for took in self.took.values() for each in took]


def in_a_run(
    talk: Callable[[], Conversation], at_least: int, seconds: float
) -> Iterator[Conversation]:
    """So many conversations, and more of them until so long has passed: who is quick is not judged
    by a tenth of a second.
    """
    until = time.perf_counter() + seconds
    for number in count(1):
        yield talk()
        if number >= at_least and time.perf_counter() >= until:
            return


async def closed(conversations: Iterable[Conversation], at_once: int) -> Timed:
    """Have them all, so many at once, each beginning when one before has ended."""
    timed, waiting = Timed(), iter(conversations)
    until = time.perf_counter() + SECONDS_AT_MOST

    async def keep() -> None:
        for conversation in waiting:
            await conversation(timed)
            if time.perf_counter() > until:
                return

    await asyncio.gather(*(keep() for _ in range(at_once)))
    return timed


async def opened(
    conversations: Sequence[Conversation], rate: float, seed: int = 1, at_most: int = 1000
) -> Timed:
    """Begin so many a second at random moments; a conversation's first message is timed from the
    moment it was due.

    Raises:
        RuntimeError: more than ``at_most`` are under way: so many a second cannot be served.
    """
    chance, due, under_way = random.Random(seed), time.perf_counter(), set[asyncio.Task[Timed]]()
    until, done = due + SECONDS_AT_MOST, []

    async def one(conversation: Conversation, due: float) -> Timed:
        timed = Timed(late=(time.perf_counter() - due) * 1000)
        await conversation(timed)
        return timed

    for conversation in conversations:
        due += chance.expovariate(rate)
        if due > until:
            break
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        task = asyncio.create_task(one(conversation, due))
        under_way.add(task)
        done.append(task)
        task.add_done_callback(under_way.discard)
        if len(under_way) > at_most:
            raise RuntimeError(f"{len(under_way)} under way: {rate:g} a second cannot be served")
    together = Timed()
    for timed in await asyncio.gather(*done):
        for what, took in timed.took.items():
            together.took.setdefault(what, []).extend(took)
    return together
