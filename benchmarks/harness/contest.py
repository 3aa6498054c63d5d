"""What is measured, and how those that are compared take turns."""

from __future__ import annotations

import argparse
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TypeAlias

from harness.figures import Run, run_of
from harness.loops import Conversation, Timed, closed, in_a_run, opened
from harness.processes import resident_mb, worked
from harness.results import Results
from harness.talks import Door, booking, quiet, sender_of

WARMING = 5
"""Conversations of each before anything is measured: what is made once is made then."""


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


Load: TypeAlias = Callable[[Contestant], Awaitable[Timed]]
"""What is asked of a contestant in one run."""


async def measured(contestant: Contestant, load: Load) -> Run:
    """One run."""
    before, began = contestant.spent(), time.perf_counter()
    timed = await load(contestant)
    seconds = time.perf_counter() - began
    await quiet()
    cpu = {name: after - before[name] for name, after in contestant.spent().items()}
    memory = resident_mb(contestant.server) if contestant.server else 0.0
    return run_of(timed, seconds, cpu, memory)


async def _warm(contestants: Sequence[Contestant]) -> None:
    """Have each do everything once, before anything counts."""
    for contestant in contestants:
        await closed([contestant.talk() for _ in range(WARMING)], 1)


async def compared(
    contestants: Sequence[Contestant], options: argparse.Namespace, results: Results, what: str
) -> None:
    """Runs of all contestants in turns, for each number at once and at a fixed rate.

    Args:
        options: ``runs`` of each, ``conversations`` and ``seconds`` at least in one, ``at_once`` so
            many, and ``rate`` begun a second for ``open_seconds``; a rate of 0 leaves that out.
    """
    await _warm(contestants)
    for name, load in _loads(options).items():
        for _ in range(options.runs):
            for contestant in contestants:
                results.add(what, name, contestant.name, await measured(contestant, load))
        results.show(what, name)


def _loads(options: argparse.Namespace) -> Mapping[str, Load]:
    """What a run is, by name."""
    loads: dict[str, Load] = {}
    for at_once in options.at_once:
        n = max(options.conversations, 2 * at_once)
        loads[f"{at_once} at once"] = partial(_so_many, n, options.seconds, at_once)
    if begun := round(options.rate * options.open_seconds):
        loads[f"{options.rate:g} begun a second"] = partial(_at_a_rate, begun, options.rate)
    return loads


async def _so_many(at_least: int, seconds: float, at_once: int, contestant: Contestant) -> Timed:
    return await closed(in_a_run(contestant.talk, at_least, seconds), at_once)


async def _at_a_rate(begun: int, rate: float, contestant: Contestant) -> Timed:
    return await opened([contestant.talk() for _ in range(begun)], rate)


def bookings(
    name: str, door: Door, processes: dict[str, int | None], server: int | None
) -> Contestant:
    """Bookings, each of somebody new."""
    people = count(1)

    def talk() -> Conversation:
        number = next(people)
        return booking(door, sender_of(number), number)

    return Contestant(name, talk, processes, server)
