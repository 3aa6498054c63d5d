"""Whether a step of a turn grows: with what is stored, with the size of flows, with turns taken.

A plain question is answered by the whole bot, on the embedded database (or that of
``MONGODB_URI``) while more and more conversations are stored there, and in memory; then the engine
alone decides in flows of more and more states. Each table ends with the ratio of its last row to
its first, which is 1 where nothing grows.

Run it with ``python benchmarks/growth.py``; ``--long`` goes to 100,000 and 1,000,000 conversations
and takes half an hour.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import world
from harness.machine import described
from harness.processes import resident_mb

from bot.clock import system_clock
from bot.definitions import load_definitions
from bot.dialogue.conversation import Conversation
from bot.dialogue.engine import Engine
from bot.dialogue.events import Understood
from bot.dialogue.flowset import load_flows
from bot.dialogue.store import Stored
from bot.leases import JOURNAL_KEPT
from bot.settings import Flows
from bot.stores import Stores
from storage.directory import NAME as DIRECTORY
from storage.directory import entry_of
from storage.documents import conversation_document
from storage.driver import Database
from storage.stores import stores_in, stores_in_memory

TURNS = 200
ASKERS = 40
BATCH = 500


async def stored_in(database: Database, stores: Stores, sizes: Sequence[int]) -> None:
    """Turns on a database that holds more and more conversations."""
    bot, mailbox = world.bot_on(stores)
    people = [world.Person(bot, mailbox, number) for number in range(ASKERS)]
    for _ in range(JOURNAL_KEPT):  # until then a document grows with each turn
        for one in people:
            await asked(one)
    model = await stores.conversations.load(people[0].conversation)
    if model is None:
        raise RuntimeError("nothing was stored")
    raw, entries = database.collection("conversations"), database.collection(DIRECTORY)
    there, found = ASKERS, []
    for size in sizes:
        while there < size:
            several = [clone(model, there + at) for at in range(min(BATCH, size - there))]
            documents = [conversation_document(each) for each in several]
            await raw.insert_missing(documents)
            await entries.insert_missing([entry_of(each) for each in documents])
            there += len(several)
        found.append(await answering(people))
        print(f"{size:>12,} conversations stored {found[-1]:8.2f} ms a turn", flush=True)
    print(f"{'last to first':>33} {found[-1] / found[0]:8.2f}")


async def held_in_memory(sizes: Sequence[int]) -> None:
    """The same, in memory; conversations come to be by turns of their own."""
    stores = stores_in_memory()
    bot, mailbox = world.bot_on(stores)
    people = [world.Person(bot, mailbox, number) for number in range(ASKERS)]
    there, found = 0, list[float]()
    for size in sizes:
        while there < size:
            await asked(people[there] if there < ASKERS else world.Person(bot, mailbox, there))
            there += 1
        found.append(await answering(people))
        memory = resident_mb(os.getpid())
        print(
            f"{size:>12,} conversations held {found[-1]:10.2f} ms a turn {memory:8.0f} MB",
            flush=True,
        )
    print(f"{'last to first':>33} {found[-1] / found[0]:8.2f}")


async def asked(one: world.Person) -> float:
    """A question; milliseconds until it is saved."""
    took = await one.say("bantuan")
    await one.read()
    return took


async def answering(people: Sequence[world.Person]) -> float:
    """The median of many turns, in milliseconds."""
    return median([await asked(people[turn % len(people)]) for turn in range(TURNS)])


def clone(model: Stored, number: int) -> Stored:
    """The same conversation of somebody else."""
    contact = replace(model.contact, sender=f"62813{number:08d}")
    conversation = replace(model.conversation, id=contact.conversation_id)
    return replace(model, conversation=conversation, contact=contact)


def deciding(sizes: Sequence[int]) -> None:
    """The engine in flows of so many states."""
    found = []
    for size in sizes:
        with TemporaryDirectory() as folder:
            write_flow(Path(folder), size)
            began = time.perf_counter()
            flows = load_flows(Path(folder), ["id"], {}, shape=False)
            loaded = time.perf_counter() - began
        engine = Engine(flows)
        conversation, now, took = Conversation("rest:somebody", "long"), system_clock(), []
        for _ in range(TURNS):
            began = time.perf_counter()
            conversation = engine.decide(conversation, Understood("onward"), now).conversation
            engine.expectation(conversation)
            took.append((time.perf_counter() - began) * 1000)
        found.append(median(took))
        print(f"{size:>12,} states {found[-1]:24.3f} ms a decision; loaded in {loaded:.2f} s")
    print(f"{'last to first':>33} {found[-1] / found[0]:8.2f}")


def write_flow(folder: Path, size: int) -> None:
    """A flow that goes round through so many states; whatever is asked, any state may be left."""
    way = "  at_{}: {{say: here, on: {{onward: {{go: at_{}}}, enough: {{go: done}}}}}}"
    states = "\n".join(way.format(at, (at + 1) % size) for at in range(size))
    head = "flow: long\ninitial: at_0\nmisunderstood: {say: here}\nstates:\n"
    text = f"{head}{states}\n  done: {{say: here, end: true}}\n"
    (folder / "long.yml").write_text(text, encoding="utf-8")
    (folder / "replies").mkdir()
    (folder / "replies" / "id.yml").write_text("here: Di sini.\napology: Maaf.\n", encoding="utf-8")


async def main() -> None:
    """Print tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--long", action="store_true", help="to the sizes of the docs")
    options = parser.parse_args()
    print("; ".join(f"{what} {value}" for what, value in described().items()))
    began = time.perf_counter()
    load_definitions(Flows(folder=world.ROOT / "flows"))
    print(f"\nall flows and replies read and checked: {time.perf_counter() - began:.1f} s\n")
    deciding([10, 100, 1000])
    print()
    await held_in_memory([100, 10_000, 1_000_000] if options.long else [100, 1000, 5000])
    print()
    async with world.embedded() as database:
        sizes = [1000, 10_000, 100_000] if options.long else [100, 1000, 5000]
        await stored_in(database, await stores_in(database), sizes)


if __name__ == "__main__":
    asyncio.run(main())
