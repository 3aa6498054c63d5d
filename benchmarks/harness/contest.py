"""What is measured, and how those that are compared take turns."""

from __future__ import annotations

import argparse
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import count

from harness.figures import Run, run_of
from harness.loops import Conversation, Timed, closed, opened
from harness.processes import resident_mb, worked
from harness.results import Results
from harness.talks import Door, booking, quiet, sender_of


@dataclass(frozen=True, slots=True)
class Contestant:
    """Something that is measured.

    Args:
        talk: the next conversation with it.
        processes: whose processor time counts, by name; ``None`` is this one.
        server: whose memory.
    """

    name: str
    talk: Callable[[], Conversation]
    processes: dict[str, int | None]
    server: int | None

    def spent(self) -> dict[str, float]:
        """Seconds of processor time so far."""
        return {
            name: time.process_time() if process is None else worked(process)
            for name, process in self.processes.items()
        }


async def measured(
    contestant: Contestant, loop: Callable[[Sequence[Conversation]], Awaitable[Timed]], n: int
) -> Run:
    """One run."""
    talks = [contestant.talk() for _ in range(n)]
    before, began = contestant.spent(), time.perf_counter()
    timed = await loop(talks)
    seconds = time.perf_counter() - began
    await quiet()
    cpu = {name: after - before[name] for name, after in contestant.spent().items()}
    memory = resident_mb(contestant.server) if contestant.server else 0.0
    return run_of(timed, seconds, cpu, memory)


async def compared(
    contestants: Sequence[Contestant], options: argparse.Namespace, results: Results, what: str
) -> None:
    """Runs of all contestants in turns, for each number at once and at a fixed rate.

    Args:
        options: ``runs`` of each, ``conversations`` at least in one, ``at_once`` so many, and
            ``rate`` begun a second for ``open_seconds``; a rate of 0 leaves that out.
    """
    loops: dict[str, tuple[Callable[[Sequence[Conversation]], Awaitable[Timed]], int]] = {}
    for at_once in options.at_once:
        n = max(options.conversations, 2 * at_once)
        loops[f"{at_once} at once"] = (lambda talks, k=at_once: closed(talks, k)), n
    if n := round(options.rate * options.open_seconds):
        loops[f"{options.rate:g} begun a second"] = (lambda talks: opened(talks, options.rate)), n
    for load, (loop, number) in loops.items():
        for _ in range(options.runs):
            for contestant in contestants:
                results.add(what, load, contestant.name, await measured(contestant, loop, number))
        results.show(what, load)


def bookings(
    name: str, door: Door, processes: dict[str, int | None], server: int | None
) -> Contestant:
    """Bookings, each of somebody new."""
    people = count(1)

    def talk() -> Conversation:
        number = next(people)
        return booking(door, sender_of(number), number)

    return Contestant(name, talk, processes, server)
