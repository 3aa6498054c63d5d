"""What a whole turn costs, over memory and over the embedded database, against its floor.

Run it with ``python benchmarks/turn.py``.
"""

from __future__ import annotations

import asyncio
import re
import time
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import world

from bot.dialogue.store import HANDLED_KEPT
from storage.driver import Database
from storage.stores import stores_in, stores_in_memory

TURNS = 300
AT_ONCE = 32
CODE = re.compile(r"\*(\d{8})\*")


async def plain_turns(name: str, stores: Any) -> None:
    """A question answered, alone and with 32 people at once."""
    bot, mailbox = world.bot_on(stores)
    person = world.Person(bot, mailbox, 1)
    for _ in range(10):
        await person.say("bantuan")
    await person.read()
    world.CALLS.clear()
    took = []
    for _ in range(TURNS):
        took.append(await person.say("bantuan"))
        await person.read()
    calls = sum(world.CALLS.values()) / TURNS
    print(world.row(f"{name}: a question, one person", took, calls or None))
    people = [world.Person(bot, mailbox, number) for number in range(2, AT_ONCE + 2)]

    async def keep_asking(one: world.Person, *, patient: bool) -> list[float]:
        took = []
        for _ in range(TURNS // 20):
            took.append(await one.say("bantuan"))
            if patient:
                await one.read()
        return took

    for one in people:
        await one.say("halo")
        await one.read()
    for patient in (True, False):
        world.CALLS.clear()
        began = time.perf_counter()
        groups = await asyncio.gather(*(keep_asking(one, patient=patient) for one in people))
        await bot.outbox.close()
        took = [each for group in groups for each in group]
        rate = len(took) / (time.perf_counter() - began)
        calls = sum(world.CALLS.values()) / len(took)
        how = "at once" if patient else "at once, not waiting"
        print(world.row(f"{name}: a question, {AT_ONCE} {how}", took, calls or None, rate))


async def booking(name: str, stores: Any) -> None:
    """The four messages of a booking."""
    bot, mailbox = world.bot_on(stores)
    steps: dict[str, list[float]] = {}
    calls: dict[str, int] = {}
    people = 20
    tuesday = working_day()
    for number in range(-1, people):
        person = world.Person(bot, mailbox, 1000 + number)
        code = ""
        for step in ("hello", "dates", "identity", "code"):
            text = {
                "hello": "Pagi, Pak",
                "dates": "#tgllayanan",
                "identity": f"#{person.name}#17081990#{tuesday:%d%m%Y}",
                "code": code,
            }[step]
            world.CALLS.clear()
            took = await person.say(text)
            answer = await person.read()
            if number >= 0:  # the first warms up: holidays are read, the day is laid out
                steps.setdefault(step, []).append(took)
                calls[step] = calls.get(step, 0) + sum(world.CALLS.values())
            if step == "identity":
                code = CODE.findall(answer)[0]
        if "Nomor antrean" not in answer:
            raise RuntimeError(answer)
    for step, times in steps.items():
        print(world.row(f"{name}: booking, {step}", times, calls[step] / people or None))


def working_day() -> datetime:
    """A day in a week or so on which offices are open."""
    day = datetime.now(ZoneInfo("Asia/Jakarta")) + timedelta(days=7)
    return day - timedelta(days=max(0, day.weekday() - 4))


async def floor(database: Database) -> None:
    """The least a turn can be: read a document, write it back guarded by its revision."""
    turns = database.collection("floor")
    raw = turns._raw  # noqa: SLF001 - stores never replace, so the driver's wrapper cannot

    async def turn(key: str) -> float:
        began = time.perf_counter()
        found = await raw.find_one({"_id": key})
        guard = {"_id": key, "revision": found["revision"]}
        await raw.replace_one(guard, {**found, "revision": found["revision"] + 1})
        return (time.perf_counter() - began) * 1000

    content = {"handled": [f"wamid.{n:030d}" for n in range(HANDLED_KEPT // 4)], "revision": 0}
    for number in range(AT_ONCE + 1):
        await turns.insert_one({"_id": f"c{number}", **content})
    print(world.row("floor: find + replace, one", [await turn("c0") for _ in range(TURNS)], 2))

    async def keep(key: str) -> list[float]:
        return [await turn(key) for _ in range(TURNS // 10)]

    began = time.perf_counter()
    groups = await asyncio.gather(*(keep(f"c{number}") for number in range(1, AT_ONCE + 1)))
    took = [each for group in groups for each in group]
    rate = len(took) / (time.perf_counter() - began)
    print(world.row(f"floor: find + replace, {AT_ONCE} at once", took, rate=rate))


async def main() -> None:
    """Print a table."""
    print(f"{'':44} {'median':>11} {'p95':>11} {'calls':>6} {'turns':>9}")
    await plain_turns("memory", stores_in_memory())
    await booking("memory", stores_in_memory())
    async with world.embedded() as database:
        await floor(database)
        stores = await stores_in(database)
        await plain_turns("embedded", stores)
        await booking("embedded", stores)


if __name__ == "__main__":
    asyncio.run(main())
