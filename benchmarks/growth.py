"""Whether a step of a turn grows: with what is stored, with the size of flows.

The whole bot answers a plain question of somebody it knows, and of somebody new, and looks whether
anything is due, while more and more conversations are stored in the embedded database and in
memory; then the engine alone decides in flows of more and more states. Each table ends with the
ratios of its last row to its first, which are 1 where nothing grows.

Run it with ``python benchmarks/growth.py``; ``--long`` goes to 100,000 and 1,000,000 conversations.
No table takes much longer than ``--seconds``: where that does not suffice its rows end early, and
that is said.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Mapping, Sequence
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
from storage.driver import open_database
from storage.embedded import EmbeddedMongo
from storage.stores import stores_in, stores_in_memory

TURNS = 300
NEWCOMERS = 60
SWEEPS = 10
ASKERS = 40

Row = Mapping[str, float]


async def with_stored(
    stores: Stores, put: Put, sizes: Sequence[int], seconds: float, database: int | None
) -> dict[int, Row]:
    """Turns while more and more conversations are stored.

    Args:
        database: id of its process, if there is one.
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

    async def newcomer(_: int) -> float:
        return await asked(world.Person(bot, mailbox, next(numbers)))

    async def sweep(_: int) -> float:
        began = time.perf_counter()
        await bot.sweeper.sweep()
        return (time.perf_counter() - began) * 1000

    until = time.monotonic() + seconds
    for size in sizes:
        if not await stock.fill(size, max(0.0, until - time.monotonic())):
            print(f"no more than {stock.size:,} were stored within {seconds:.0f} s")
            break
        own, its = time.process_time(), worked(database)
        known = median([await asked(people[turn % ASKERS]) for turn in range(TURNS)])
        own, its = time.process_time() - own, worked(database) - its
        found[size] = {
            "known": known,
            "bot": 1000 * own / TURNS,
            "database": 1000 * its / TURNS,
            "new": median([await newcomer(at) for at in range(NEWCOMERS)]),
            "sweep": median([await sweep(at) for at in range(SWEEPS)]),
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
        f"{'CPU: bot':>10}{'database':>10}{'MB':>8}",
        flush=True,
    )


def show(size: int, row: Row) -> None:
    """A row of one."""
    figures = [row[name] for name in ("known", "new", "sweep", "bot", "database")]
    told = "".join(f"{each:10.2f}" for each in figures)
    print(f"{size:>22,}  {told}{row['MB']:8.0f}", flush=True)


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


def starting() -> float:
    """Seconds of processor time until all flows and replies are read and checked."""
    began = time.process_time()
    load_definitions(Flows(folder=world.ROOT / "flows"))
    spent = time.process_time() - began
    print(f"\nall flows and replies read and checked: {spent:.1f} s of processor time", flush=True)
    return spent


async def main() -> None:
    """Print tables, keep and draw them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--long", action="store_true", help="to the sizes of the docs")
    parser.add_argument("--seconds", type=float, default=900, help="to fill each store at most")
    options = parser.parse_args()
    print("; ".join(f"{what} {value}" for what, value in described().items()))
    started, states = starting(), deciding([10, 100, 1000])
    head("conversations in memory")
    stores = stores_in_memory()
    sizes = [10_000, 100_000, 1_000_000] if options.long else [100, 1000, 10_000]
    memory = await with_stored(stores, into_memory(stores), sizes, options.seconds, None)
    del stores
    head("in the database")
    sizes = [1000, 10_000, 100_000] if options.long else [100, 1000, 5000]
    with TemporaryDirectory() as folder:
        async with EmbeddedMongo(Path(folder)) as mongo:
            database = open_database(mongo.uri, "bench")
            stored = await with_stored(
                await stores_in(database), into_database(database), sizes, options.seconds,
                mongo.process_id,
            )  # fmt: skip
            await database.close()
    found = {"start": started, "states": states, "memory": memory, "database": stored}
    keep("growth", options, found)
    plot(memory, stored, states)


def plot(memory: Mapping[int, Row], stored: Mapping[int, Row], states: Mapping[int, Row]) -> None:
    """Flat lines, if all is well."""

    def lines(rows: Mapping[int, Row], **named: str) -> dict[str, list[tuple[float, float]]]:
        return {
            label.replace("_", " "): [(size, row[name]) for size, row in rows.items()]
            for label, name in named.items()
        }

    charts = {
        "in the database": lines(stored, somebody_known="known", somebody_new="new"),
        "in memory": lines(memory, somebody_known="known", somebody_new="new"),
        "a decision": lines(states, decision="decision"),
    }
    draw(
        "growth",
        charts,
        {
            "in the database": ("conversations stored", "milliseconds a turn"),
            "in memory": ("conversations held", "milliseconds a turn"),
            "a decision": ("states of a flow", "milliseconds"),
        },
        logarithmic=True,
    )


if __name__ == "__main__":
    asyncio.run(main())
