"""What is done to a service while people book and ask, and what has to hold whatever it is.

One ``antre serve`` on an embedded database, both in a file system of their own, with a clock that
may be set. While people write at a steady rate, 10,000 connections say nothing, 200 send a
request's headers a byte at a time, Graph is slow and then fails, a rush of bookings comes, the
clock jumps, days pass, the database is killed and its disk is full. Meta delivers again what was
not answered 200.

After each trial the database is read: every message that was answered 200 is one turn, all that it
said was sent, once, everybody has the seat they were told of and nobody two, and the memory has
stayed. Somebody new is answered within seconds of the trouble's end. Anything else, an alarm in
the log too, ends this with an error.

Run it with ``python benchmarks/soak.py``, some of it with ``--only disk clock``; ``make soak`` runs
the long tests that kill and fail, then this.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import resource
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from harness import troubles
from harness.crowd import Crowd
from harness.figures import quantile
from harness.judging import judged
from harness.jumping_server import set_clock
from harness.kept import keep
from harness.loops import opened
from harness.machine import described
from harness.meta import Meta, meta_at
from harness.offices import START_SECONDS, office_variables
from harness.processes import resident_mb

from bot.loop import run as run_loop
from storage.driver import Database, open_database
from storage.folder import Folder
from tests.support.service import environment, free_port

ROOT = Path(__file__).parents[1]
SERVER = ROOT / "benchmarks" / "harness" / "jumping_server.py"

FILES = 300
"""Open files that are needed for other things than idle connections."""

SLOW_ONES = 200
SLOW_GRAPH_SECONDS = 2.0
BACK_SECONDS = 20.0
"""After a trouble, until somebody is answered again."""

GROWTH_MB = 25.0
"""Since the trial that takes most memory, which is the first."""

EXPECTED = ("account_paused", "clock_set_back")
"""Alarms that are right: Graph did say so, and the clock was."""

ALARM = re.compile(r"\] (\S+) .*\balarm=True")


@dataclass(frozen=True, slots=True)
class House:
    """The service, and what is around it."""

    url: str
    process_id: int
    data: Path
    log: Path
    clock: Path
    disk: Path
    no_disk: str
    database: str


@asynccontextmanager
async def serving(graph_port: int) -> AsyncIterator[House]:
    """A service in a process of its own, in a small file system if there may be one."""
    with TemporaryDirectory() as folder, troubles.small_disk(Path(folder) / "disk") as no_disk:
        there, disk, port = Path(folder), Path(folder) / "disk", free_port()
        clock, log, data = there / "clock", there / "log", disk / "data"
        set_clock(clock, timedelta())
        variables = office_variables("", graph_port) | {"PYTHONPATH": str(ROOT)}
        del variables["MONGODB_URI"]
        with log.open("wb") as stderr:
            process = await asyncio.create_subprocess_exec(
                sys.executable, str(SERVER), str(port), str(data), str(clock),
                cwd=ROOT, stderr=stderr, env=environment(**variables),
            )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}/webhooks/whatsapp"
            await _ready(process, log)
            name = variables["ANTRE_STORAGE_DATABASE"]
            yield House(url, process.pid, data, log, clock, disk, no_disk, name)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _ready(process: asyncio.subprocess.Process, log: Path) -> None:
    def said() -> str:
        return log.read_text("utf-8")

    async with asyncio.timeout(START_SECONDS):
        while "serving at" not in said():
            if process.returncode is not None:
                raise RuntimeError(said())
            await asyncio.sleep(0.1)


Trial = Callable[[], AbstractAsyncContextManager[troubles.Over]]


def trials(house: House, meta: Meta, database: Database, connections: int) -> dict[str, Trial]:
    """What is done, by name; what takes most memory comes first."""
    jumps = [timedelta(hours=1), timedelta(), timedelta(minutes=-10)]
    return {
        f"{connections:,} idle connections": partial(troubles.idle, house.url, connections),
        "as ever": troubles.nothing,
        f"{SLOW_ONES} slow-lorises": partial(troubles.slow_loris, house.url, SLOW_ONES),
        f"slow Graph, {SLOW_GRAPH_SECONDS:g} s": partial(
            troubles.slow_graph, meta, SLOW_GRAPH_SECONDS
        ),
        "failing Graph, one in five": partial(troubles.failing_graph, meta),
        "a rush of bookings": troubles.nothing,
        "clock jumps, +1 h, -10 min": partial(troubles.clock_jumps, house.clock, jumps, 3.0, meta),
        "clock over midnight, and 23 h": partial(troubles.days_pass, house.clock, meta, 4.0),
        "database killed twice": partial(troubles.database_killed, house.data, 2, 4.0),
        "disk full": partial(troubles.disk_full, house.disk, database),
        "as ever again": troubles.nothing,
    }


class Soak:
    """Runs trials one after the other, and remembers what did not hold."""

    def __init__(self, house: House, meta: Meta, database: Database, crowd: Crowd) -> None:
        self._house = house
        self._meta = meta
        self._database = database
        self._crowd = crowd
        self._settled_mb = 0.0
        self.found: dict[str, dict[str, float]] = {}
        self.complaints: list[str] = []

    async def run(self, name: str, trial: Trial, talks: int, rate: float) -> None:
        """One trial; prints its line."""
        crowd, refused = self._crowd, self._meta.refused
        crowd.forget()
        rush = "rush" in name
        async with trial() as over:
            had = crowd.rush(talks) if rush else crowd.talks(talks)
            took = sorted((await opened(had, rate * 5 if rush else rate)).all)
        back = await self._back(over)
        wrong = await judged(self._database, crowd, self._meta)
        size = resident_mb(self._house.process_id)
        self._settled_mb = self._settled_mb or size
        if back > BACK_SECONDS:
            wrong.append(f"answered again only after {back:.0f} s")
        if size > self._settled_mb + GROWTH_MB:
            wrong.append(f"memory grew from {self._settled_mb:.0f} to {size:.0f} MB")
        self.complaints += [f"{name}: {each}" for each in wrong]
        refused = self._meta.refused - refused
        p50, p99 = quantile(took, 0.5), quantile(took, 0.99)
        self.found[name] = {
            "messages": len(took), "delivered again": refused, "p50": p50, "p99": p99,
            "back": back, "mb": size, "wrong": len(wrong),
        }  # fmt: skip
        print(
            f"{name:32}{len(took):9}{refused:7}{p50:9.1f}{p99:10.1f}{back:7.1f}{size:6.0f}"
            f"{len(wrong):7}",
            flush=True,
        )

    async def _back(self, over: troubles.Over) -> float:
        """Seconds from a trouble's end until somebody was answered."""
        later = [at for at in self._crowd.taken_at if at > over.at]
        took = await self._crowd.answered()
        return min(later) - over.at if over.at and later else took


async def main() -> None:
    """Print a table; ends with an error when something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--connections", type=int, default=10_000, help="that are idle")
    parser.add_argument("--talks", type=int, default=60, help="in each trial")
    parser.add_argument("--rate", type=float, default=4, help="of them begun a second")
    parser.add_argument("--only", nargs="*", default=[""], help="trials whose name has such a word")
    options = parser.parse_args()
    print("; ".join(f"{what} {value}" for what, value in described().items()))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the server inherits it
    graph_port = free_port()
    async with AsyncExitStack() as stack:
        meta = await stack.enter_async_context(meta_at(graph_port))
        house = await stack.enter_async_context(serving(graph_port))
        database = await stack.enter_async_context(_opened(house))
        soak = Soak(house, meta, database, Crowd(meta, house.url))
        print(
            f"\n{'':32}{'answered':>9}{'again':>7}{'p50 ms':>9}{'p99 ms':>10}{'back s':>7}"
            f"{'MB':>6}{'wrong':>7}"
        )
        connections = min(options.connections, most - FILES)
        for name, trial in trials(house, meta, database, connections).items():
            if house.no_disk and "disk" in name:
                print(f"{name:32} left out: {house.no_disk}")
            elif any(word in name for word in options.only):
                await soak.run(name, trial, options.talks, options.rate)
        alarms = ALARM.findall(house.log.read_text("utf-8", "replace"))
        soak.complaints += [f"alarm: {each}" for each in alarms if each not in EXPECTED]
    keep("soak", options, soak.found)
    if soak.complaints:
        raise SystemExit("\n".join(["this must not be:", *soak.complaints[:40]]))
    print(f"nothing lost, nothing twice; {len(soak.found)} trials")


@asynccontextmanager
async def _opened(house: House) -> AsyncIterator[Database]:
    """The service's database, from outside."""
    listening = Folder(house.data).listening
    if listening is None:
        raise RuntimeError(f"no database in {house.data}")
    database = open_database(f"mongodb://127.0.0.1:{listening.port}/", house.database)
    yield database
    await database.close()


if __name__ == "__main__":
    run_loop(main())
