"""A national opening: how many processes it takes, and what MongoDB, by a simulation.

500,000 people come to 26 offices within ten minutes, at random moments, half of them early, and
write four messages each, the next some seconds after the answer to the last. Bot processes and the
database are places in line with the processor time that ``benchmarks/doors.py`` measured for a
message: each process does one thing at a time, and so many writers of the database do their calls
side by side. Of a MongoDB nothing could be measured here: 1 ms a message is assumed, a sixth of
what the embedded database takes. What is simulated is no promise: networks, Meta's rates
(80 messages a second from a number, which alone would take hours) and failures are left out.

Run it with ``python benchmarks/opening.py``; ``--bot-ms`` and ``--database-ms`` are the processor
time of a message, ``--writers`` how many cores the database has.
"""

from __future__ import annotations

import argparse
import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass

from harness.figures import quantile
from harness.results import FOLDER

PEOPLE, OFFICES, SECONDS = 500_000, 26, 600.0
MESSAGES = 4
READING_SECONDS = 8.0
"""Between an answer and the next message, on average."""

BOTS = (16, 32, 48, 64)
ACCEPTABLE_MS = 1000.0
"""Meta wants fewer than one answer in a hundred to take longer."""


@dataclass(frozen=True, slots=True)
class Service:
    """Seconds that a message takes of a bot process and of the database."""

    bot: float
    database: float


class Places:
    """So many places that serve whoever comes first, one at a time each.

    Args:
        count: places.
    """

    def __init__(self, count: int) -> None:
        self._free = [0.0] * count

    def serve(self, at: float, takes: float) -> float:
        """When somebody who comes then is done. Callers come in order of time."""
        begins = max(at, heapq.heappop(self._free))
        heapq.heappush(self._free, begins + takes)
        return begins + takes


def waits(service: Service, bots: int, writers: int, seed: int = 1) -> list[float]:
    """Seconds from each message to its answer, sorted."""
    chance = random.Random(seed)
    processes, database = Places(bots), Places(writers)
    coming = list(_arrivals(chance))
    heapq.heapify(coming)
    at_database: list[tuple[float, float, int]] = []
    took = []
    while coming or at_database:
        if coming and (not at_database or coming[0][0] <= at_database[0][0]):
            moment, left = heapq.heappop(coming)
            done = processes.serve(moment, chance.expovariate(1 / service.bot))
            heapq.heappush(at_database, (done, moment, left))
            continue
        moment, written, left = heapq.heappop(at_database)
        answered = database.serve(moment, chance.expovariate(1 / service.database))
        took.append(answered - written)
        if left:
            pause = chance.expovariate(1 / READING_SECONDS)
            heapq.heappush(coming, (answered + pause, left - 1))
    return sorted(took)


def _arrivals(chance: random.Random) -> Iterator[tuple[float, int]]:
    """When people write first, and how many messages they still have then; half of them come in
    the first fifth of the time.
    """
    for _ in range(PEOPLE):
        early = chance.random() < 0.5
        span = SECONDS / 5 if early else SECONDS
        yield chance.uniform(0, span), MESSAGES - 1


def main() -> None:
    """Print a table, and draw it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--bot-ms", type=float, default=4.0, help="of a message, sending included")
    parser.add_argument("--database-ms", type=float, default=1.0, help="of a message's calls")
    parser.add_argument("--writers", type=int, nargs="*", default=[8, 16], help="of the database")
    options = parser.parse_args()
    service = Service(options.bot_ms / 1000, options.database_ms / 1000)
    rate = PEOPLE * MESSAGES / SECONDS
    busy = rate * (0.5 * 5 + 0.5)
    print(f"{PEOPLE:,} people at {OFFICES} offices in {SECONDS / 60:.0f} minutes: on average")
    print(f"{rate:,.0f} messages a second, {busy:,.0f} at first; a message takes")
    print(f"{options.bot_ms:g} ms of a process and {options.database_ms:g} ms of the database\n")
    print(f"{'processes':>10}{'writers':>9}{'p50 ms':>10}{'p95 ms':>11}{'p99 ms':>11}")
    drawn: dict[int, list[tuple[int, float]]] = {}
    for writers in options.writers:
        for bots in BOTS:
            took = waits(service, bots, writers)
            p50, p95, p99 = (1000 * quantile(took, share) for share in (0.5, 0.95, 0.99))
            mark = " *" if p99 < ACCEPTABLE_MS else ""
            print(f"{bots:>10}{writers:>9}{p50:>10.0f}{p95:>11.0f}{p99:>11.0f}{mark}", flush=True)
            drawn.setdefault(writers, []).append((bots, p99))
    draw(drawn)


def draw(found: dict[int, list[tuple[int, float]]]) -> None:
    """p99 by processes, a line for each number of writers."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - half a second

    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    for writers, points in found.items():
        axes.plot(*zip(*points, strict=True), marker="o", label=f"{writers} writers")
    axes.axhline(ACCEPTABLE_MS, color="0.6", linestyle="--")
    axes.set_yscale("log")
    axes.set_xlabel("bot processes")
    axes.set_ylabel("p99 of an answer, milliseconds")
    axes.legend()
    FOLDER.mkdir(parents=True, exist_ok=True)
    figure.savefig(FOLDER / "opening.png", dpi=100)
    print(f"\n* fewer than one in a hundred takes longer than a second; drawn in {FOLDER}")


if __name__ == "__main__":
    main()
