"""Whether a step of a turn grows: with what is stored, with the size of flows.

The whole bot answers a plain question of somebody it knows, and of somebody new, and looks whether
anything is due, while more and more conversations are stored in the embedded database and in
memory; then the engine alone decides in flows of more and more states. Each table ends with the
ratios of its last row to its first, which are 1 where nothing grows. Between rows minutes pass, so
in the database each turn has beside it the least it could be, one find and one guarded update in a
collection of a single document: what is as many times that as before has not grown.

Run it with ``python benchmarks/growth.py``; ``--long`` goes to 100,000 and 1,000,000 conversations.
No table takes much longer than ``--seconds``: where that does not suffice its rows end early, and
that is said.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import world
from harness.kept import draw, keep
from harness.machine import described
from harness.processes import resident_mb, worked
from harness.stock import Put, Stock, into_database, into_memory

from bot.clock import system_clock
from bot.definitions import load_definitions
from bot.dialogue.conversation import Conversation
from bot.dialogue.engine import Engine
from bot.dialogue.events import Understood
from bot.dialogue.flowset import load_flows
from bot.leases import JOURNAL_KEPT
from bot.settings import Flows
from bot.stores import Stores
from storage.driver import Database, open_database
from storage.embedded import EmbeddedMongo
from storage.stores import stores_in, stores_in_memory

TURNS = 300
PAIRS = 100
SWEEPS = 10
SETTLED_SECONDS = 60.0
QUIET = 0.05
"""Of a second, that a database which does nothing has of the processor."""

ASKERS = 40

Row = Mapping[str, float]


async def nothing() -> float:
    """In memory the least is nothing."""
    return 0.0


def least_in(database: Database) -> Callable[[], Awaitable[float]]:
    """One find, and one guarded update; milliseconds."""
    alone, revision = database.collection("alone"), count()

    async def least() -> float:
        began = time.perf_counter()
        found = await alone.find_one({"_id": 0})
        if found is None:
            await alone.insert_one({"_id": 0, "revision": next(revision)})
            return await least()
        guard = {"_id": 0, "revision": found["revision"]}
        if not await alone.update_one(guard, {"$set": {"revision": found["revision"] + 1}}):
            raise RuntimeError("somebody else was there")
        return (time.perf_counter() - began) * 1000

    return least


async def settled(database: int | None) -> None:
    """Wait until a database has done with what was put into it."""
    until = time.monotonic() + SETTLED_SECONDS
    while database and time.monotonic() < until:
        before = worked(database)
        await asyncio.sleep(1)
        if worked(database) - before < QUIET:
            return


def _to_least(pairs: Sequence[tuple[float, float]]) -> float:
    """The median of how many times the least each took."""
    return median(took / least if least else 0.0 for took, least in pairs)


async def with_stored(
    stores: Stores,
    put: Put,
    sizes: Sequence[int],
    seconds: float,
    database: int | None = None,
    least: Callable[[], Awaitable[float]] = nothing,
) -> dict[int, Row]:
    """Turns while more and more conversations are stored.

    Args:
        database: id of its process, if there is one.
        least: milliseconds of the least a turn there could be.
    """
    bot, mailbox = world.bot_on(stores)
    numbers = count()
    people = [world.Person(bot, mailbox, next(numbers)) for _ in range(ASKERS)]
    for _ in range(JOURNAL_KEPT - 1):  # with the next their records are copied out
        for one in people:
            await asked(one)
    model = await stores.conversations.load(people[0].conversation)
    if model is None:
        raise RuntimeError("nothing was stored")
    found, stock = dict[int, Row](), Stock(model, ASKERS, put)

    async def sweep() -> float:
        began = time.perf_counter()
        await bot.sweeper.sweep()
        return (time.perf_counter() - began) * 1000

    until = time.monotonic() + seconds
    for size in sizes:
        if not await stock.fill(size, max(0.0, until - time.monotonic())):
            print(f"no more than {stock.size:,} were stored within {seconds:.0f} s")
            break
        await settled(database)
        own, its = time.process_time(), worked(database)
        known = [await asked(people[turn % ASKERS]) for turn in range(TURNS)]
        own, its = time.process_time() - own, worked(database) - its
        beside = [(await asked(people[turn % ASKERS]), await least()) for turn in range(PAIRS)]
        new = [(await asked(world.Person(bot, mailbox, next(numbers))), await least())
               for _ in range(PAIRS)]  # fmt: skip
        found[size] = {
            "known": median(known),
            "new": median(took for took, _ in new),
            "sweep": median([await sweep() for _ in range(SWEEPS)]),
            "bot": 1000 * own / TURNS,
            "database": 1000 * its / TURNS,
            "known to least": _to_least(beside),
            "new to least": _to_least(new),
            "MB": resident_mb(database or os.getpid()),
        }
        show(size, found[size])
    ratios(found)
    return found


async def asked(one: world.Person) -> float:
    """A question; milliseconds until it is saved."""
    took = await one.say("bantuan")
    await one.read()
    return took


def head(what: str) -> None:
    """Above a table of turns."""
    print(
        f"\n{what + ':':24}{'known ms':>10}{'new ms':>10}{'sweep ms':>10}"
        f"{'CPU: bot':>10}{'database':>10}{'MB':>8}{'known, new to least':>21}",
        flush=True,
    )


def show(size: int, row: Row) -> None:
    """A row of one."""
    figures = [row[name] for name in ("known", "new", "sweep", "bot", "database")]
    told = "".join(f"{each:10.2f}" for each in figures)
    beside = f"{row['known to least']:12.1f}{row['new to least']:9.1f}"
    print(f"{size:>22,}  {told}{row['MB']:8.0f}{beside}", flush=True)


def ratios(found: Mapping[int, Row]) -> None:
    """The last row to the first."""
    first, *_, last = found.values()
    parts = (f"{name} x{last[name] / first[name]:.2f}" for name in first if first[name] > 0)
    print(f"{'last to first':>22}  {', '.join(parts)}", flush=True)


def deciding(sizes: Sequence[int]) -> dict[int, Row]:
    """The engine in flows of so many states."""
    found = dict[int, Row]()
    print(f"\n{'states of a flow:':24}{'decision ms':>12}{'loaded in s':>12}{'KB a state':>12}")
    for size in sizes:
        with TemporaryDirectory() as folder:
            write_flow(Path(folder), size)
            before, began = resident_mb(os.getpid()), time.process_time()
            engine = Engine(load_flows(Path(folder), ["id"], {}, shape=False))
            loaded = time.process_time() - began
        grown = 1024 * (resident_mb(os.getpid()) - before) / size
        found[size] = {"decision": decision(engine), "loading": loaded, "KB a state": grown}
        print(
            f"{size:>22,}  {found[size]['decision']:12.4f}{loaded:12.2f}{grown:12.1f}", flush=True
        )
    ratios(found)
    return found


def decision(engine: Engine) -> float:
    """Milliseconds that one takes, and to know what is expected next."""
    conversation, now, took = Conversation("rest:somebody", "long"), system_clock(), []
    for _ in range(5 * TURNS):
        began = time.perf_counter()
        conversation = engine.decide(conversation, Understood("onward"), now).conversation
        engine.expectation(conversation)
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


def write_flow(folder: Path, size: int) -> None:
    """A flow that goes round through so many states; whatever is asked, any state may be left."""
    way = "  at_{}: {{say: here, on: {{onward: {{go: at_{}}}, enough: {{go: done}}}}}}"
    states = "\n".join(way.format(at, (at + 1) % size) for at in range(size))
    head = "flow: long\ninitial: at_0\nmisunderstood: {say: here}\nstates:\n"
    text = f"{head}{states}\n  done: {{say: here, end: true}}\n"
    (folder / "long.yml").write_text(text, encoding="utf-8")
    (folder / "replies").mkdir()
    (folder / "replies" / "id.yml").write_text("here: Di sini.\napology: Maaf.\n", encoding="utf-8")


def starting() -> None:
    """Print the seconds of processor time until all flows and replies are read and checked."""
    began = time.process_time()
    load_definitions(Flows(folder=world.ROOT / "flows"))
    spent = time.process_time() - began
    print(f"\nall flows and replies read and checked: {spent:.1f} s of processor time", flush=True)


async def main() -> None:
    """Print tables, keep and draw them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--long", action="store_true", help="to the sizes of the docs")
    parser.add_argument("--seconds", type=float, default=900, help="to fill each store at most")
    parser.add_argument("--only", choices=["states", "memory", "database"], help="that alone")
    options = parser.parse_args()
    print("; ".join(f"{what} {value}" for what, value in described().items()))
    found: dict[str, dict[int, Row]] = {}
    if options.only in (None, "states"):
        starting()
        found["states"] = deciding([10, 100, 1000])
    if options.only in (None, "memory"):
        head("conversations in memory")
        sizes = [10_000, 100_000, 1_000_000] if options.long else [100, 1000, 10_000]
        stores = stores_in_memory()
        found["memory"] = await with_stored(stores, into_memory(stores), sizes, options.seconds)
        del stores
    if options.only in (None, "database"):
        head("in the database")
        sizes = [1000, 10_000, 100_000] if options.long else [100, 1000, 5000]
        found["database"] = await with_database(sizes, options.seconds)
    keep("growth", options, found)
    plot(found)


async def with_database(sizes: Sequence[int], seconds: float) -> dict[int, Row]:
    """The same in an embedded database."""
    with TemporaryDirectory() as folder:
        async with EmbeddedMongo(Path(folder)) as mongo:
            database = open_database(mongo.uri, "bench")
            stores, put = await stores_in(database), into_database(database)
            least = least_in(database)
            found = await with_stored(stores, put, sizes, seconds, mongo.process_id, least)
            await database.close()
    return found


LINES = {
    "database": {"known": "somebody known", "new": "somebody new"},
    "memory": {"known": "somebody known", "new": "somebody new"},
    "states": {"decision": "decision"},
}


def plot(found: Mapping[str, Mapping[int, Row]]) -> None:
    """Flat lines, if all is well."""
    charts = {
        what: {
            label: [(size, row[name]) for size, row in rows.items()]
            for name, label in LINES[what].items()
        }
        for what, rows in found.items()
    }
    below = {"database": "conversations stored", "memory": "conversations", "states": "states"}
    axes = {what: (below[what], "milliseconds") for what in charts}
    draw("growth", charts, axes, logarithmic=True)


if __name__ == "__main__":
    asyncio.run(main())
