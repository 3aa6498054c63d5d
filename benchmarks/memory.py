"""Memory over a million turns: of a bot in this process, and of ``antre serve``.

People come, ask a few things and never come again, so whatever a process remembers of somebody and
does not let go of is seen. In this process what is *stored* would grow, too, for its stores are in
memory: a conversation is forgotten when its person has gone, and the journal is emptied, as
retention would. The server keeps everything in its database. Both are looked at twenty times; from
a quarter of the way on the memory has to stay where it is, or this ends with an error.

Run it with ``python benchmarks/memory.py``; each half takes ``--seconds`` at most, 150 if nothing
is said, however many turns are left by then.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle

import world
from harness import offices
from harness.doors import Webhook
from harness.kept import draw, keep
from harness.machine import described
from harness.meta import meta_at
from harness.processes import resident_mb
from harness.talks import QUESTIONS, sender_of

from bot.loop import run as run_loop
from storage.memory import MemoryConversations
from storage.stores import stores_in_memory
from tests.support.service import free_port

LOOKS = 20
MESSAGES_EACH = 12
"""Of a person: more than a conversation keeps turn records for."""

AT_ONCE = 8
SETTLED = LOOKS // 4
GROWTH_MB = 12.0
"""From then on, at most: what an allocator does, and no leak of ten bytes a turn over a million."""


@dataclass(slots=True)
class Watch:
    """Looks at a process's memory at even distances of what is to be done.

    Args:
        turns: to be taken in all, if there is time.
        seconds: there are at most.
    """

    name: str
    process_id: int
    turns: int
    seconds: float
    taken: int = 0
    seen: list[tuple[int, float]] = field(default_factory=list)
    _began: float = field(default_factory=time.perf_counter)

    @property
    def over(self) -> bool:
        """Whether all turns are taken, or the time is."""
        return self._share >= 1

    @property
    def _share(self) -> float:
        """Of the way, by turns or by time, whichever is further."""
        spent = time.perf_counter() - self._began
        return max(self.taken / self.turns, spent / self.seconds)

    def took(self, turns: int = 1) -> None:
        """So many turns more; look when it is time."""
        self.taken += turns
        while len(self.seen) < LOOKS and self._share >= (len(self.seen) + 1) / LOOKS:
            gc.collect()
            self.seen.append((self.taken, resident_mb(self.process_id)))
            spent = time.perf_counter() - self._began
            print(f"{self.name:12}{self.taken:10,} turns{spent:6.0f} s{self.seen[-1][1]:8.1f} MB")

    @property
    def grown_mb(self) -> float:
        """By how much the memory grew since it should have settled."""
        return self.seen[-1][1] - self.seen[SETTLED - 1][1]


async def in_process(seconds: float, turns: int) -> Watch:
    """One turn after the other, on stores in memory."""
    stores = stores_in_memory()
    conversations = stores.conversations
    if not isinstance(conversations, MemoryConversations):
        raise TypeError(conversations)
    bot, mailbox = world.bot_on(stores)
    watch = Watch("in process", os.getpid(), turns, seconds)
    for number in count():
        one = world.Person(bot, mailbox, number)
        for text in _questions(number):
            await one.say(text)
            await one.read()
            watch.took()
            if watch.over:
                return watch
        stored = await conversations.load(one.conversation)
        if stored is None or not await conversations.forget(one.conversation, stored.revision):
            raise RuntimeError("a conversation cannot be forgotten")
        mailbox.last.clear()
        conversations._journal.clear()  # noqa: SLF001 - retention takes days
    raise AssertionError("people never end")


async def served(seconds: float, turns: int) -> Watch:
    """So many people at once at ``antre serve`` on the database."""
    graph_port, numbers = free_port(), count()
    async with (
        offices.mongodb() as (uri, _),
        meta_at(graph_port) as meta,
        offices.office(uri, graph_port) as server,
    ):
        door = Webhook(meta, server.url)
        watch = Watch("antre serve", server.process_id, turns, seconds)

        async def come_and_go() -> None:
            while not watch.over:
                number = next(numbers)
                for text in _questions(number):
                    await door.write(sender_of(number), text)
                    watch.took()

        await asyncio.gather(*(come_and_go() for _ in range(AT_ONCE)))
        if meta.refused:
            raise SystemExit(f"{meta.refused} messages were not answered 200")
    return watch


def _questions(number: int) -> Iterator[str]:
    """What somebody asks; another thing first than whoever came before."""
    texts = cycle(QUESTIONS.values())
    for _ in range(number % len(QUESTIONS)):
        next(texts)
    return (next(texts) for _ in range(MESSAGES_EACH))


async def main() -> None:
    """Print both, keep and draw them; ends with an error where memory grows."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=1_000_000, help="in this process")
    parser.add_argument("--served", type=int, default=50_000, help="of the server; 0 leaves it out")
    parser.add_argument("--seconds", type=float, default=150, help="each half may take")
    options = parser.parse_args()
    print("; ".join(f"{what} {value}" for what, value in described().items()), flush=True)
    watches = [await in_process(options.seconds, options.turns)]
    if options.served:
        watches.append(await served(options.seconds, options.served))
    keep("memory", options, {watch.name: watch.seen for watch in watches})
    charts = {watch.name: {"resident": watch.seen} for watch in watches}
    draw("memory", charts, dict.fromkeys(charts, ("turns", "MB")))
    _judge(watches)


def _judge(watches: Sequence[Watch]) -> None:
    """Say by how much each grew.

    Raises:
        SystemExit: one has grown.
    """
    for watch in watches:
        turns = watch.seen[-1][0] - watch.seen[SETTLED - 1][0]
        print(
            f"{watch.name}: {watch.grown_mb:+.1f} MB in the last {turns:,} turns,"
            f" {watch.grown_mb * 2**20 / turns:+.0f} bytes a turn"
        )
    if grown := [watch.name for watch in watches if watch.grown_mb > GROWTH_MB]:
        raise SystemExit(f"memory grew by more than {GROWTH_MB:g} MB: {', '.join(grown)}")


if __name__ == "__main__":
    run_loop(main())
