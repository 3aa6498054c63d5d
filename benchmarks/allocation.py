"""What a seat costs when there are many bookings already: it must not grow with them.

Holds and approvals on a fresh day of 384 seats, beside 100, 10,000 and 100,000 bookings of other
days and offices, in memory and in the embedded database. Run it with
``python benchmarks/allocation.py``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from statistics import median
from typing import Any

import world

from bot.booking.claim import Applicant, Claim
from bot.booking.office import Office, Offices, load_offices
from bot.booking.queue import Queue
from bot.booking.seats import Seat, SeatState
from bot.dialogue.store import NEVER
from storage.driver import Database
from storage.memory import MemorySeats
from storage.mongo import MongoSeats
from storage.seat_documents import free_seat_document, held_fields
from storage.seat_writes import Write

EXISTING = (100, 10_000, 100_000)
QUOTA, SAMPLE, OFFICES = 384, 120, 10
AT_ONCE = 200
"""Documents that are put in with one call: a busy machine takes seconds for a thousand."""

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
DAY = date(2026, 11, 24)
PEOPLE = count()
MUCH = 2.0
"""How much dearer a hold may be beside the most bookings than beside the fewest."""


def office() -> Office:
    """An office of 384 seats a day."""
    shipped = next(iter(load_offices(world.ROOT / "flows" / "offices.yml")))
    session = shipped.sessions[0].model_copy(update={"seats": QUOTA})
    return shipped.model_copy(update={"sessions": (session,)})


BARE = ("_id", "office", "day", "number", "claimable_from")
"""Of a seat, what it is kept by."""


def booked_document(number: int) -> dict[str, Any]:
    """Somebody's booking, on some day of some office."""
    day = DAY + timedelta(days=1 + number // (QUOTA * OFFICES))
    place, at = divmod(number % (QUOTA * OFFICES), QUOTA)
    hour = datetime(2026, 1, 1, 8, tzinfo=UTC).time()
    free = free_seat_document(Seat(f"office{place}", day, "pagi", at + 1, hour))
    sender = f"old:{number}"
    who = Applicant(f"PEMOHON {number}", date(1990, 1, 1), sender, sender)
    claim = Claim(f"key{number}", who, "00000000", NOW, sender, f"{day}|{number}")
    booked = free | held_fields(claim) | {"state": SeatState.BOOKED, "claimable_from": NEVER}
    del booked["hold_ends"]
    return booked | {"booking_code": f"OLD-{number}", "trail": []}


def fill_memory(seats: MemorySeats, documents: Sequence[dict[str, Any]]) -> None:
    """Put bookings into memory."""
    table = seats._table  # noqa: SLF001 - a year's bookings made one by one would take minutes
    for document in documents:
        table.add({name: document[name] for name in BARE})
        table.write(Write({"_id": document["_id"]}, document))


async def fill_database(database: Database, documents: Sequence[dict[str, Any]]) -> None:
    """Put bookings into a database."""
    collection = database.collection("seats")
    for at in range(0, len(documents), AT_ONCE):
        await collection.insert_missing(documents[at : at + AT_ONCE])


async def measure(seats: Any, day: date) -> tuple[float, float]:
    """Median milliseconds of a hold and of an approval on a fresh day."""
    here = office()
    queue, random = Queue(Offices([here]), seats), Random(1)
    await queue.lay_out(here, day)
    holds, approvals = [], []
    for number in (next(PEOPLE) for _ in range(SAMPLE)):
        sender = f"whatsapp:62812{number:08d}"
        who = Applicant(f"BARU {number}", date(1990, 1, 1), sender, sender)
        began = time.perf_counter()
        held = await queue.hold(here, day, who, f"h{number}", random, NOW)
        then = time.perf_counter()
        if not isinstance(held, Seat):
            raise SystemExit("no seat, and there are enough")
        await queue.approve(here, held.id, held.key, f"a{number}", random, NOW)
        holds.append(then - began)
        approvals.append(time.perf_counter() - then)
    return median(holds) * 1000, median(approvals) * 1000


async def main() -> None:
    """Print what came of it; fail if it grows."""
    memory = MemorySeats()
    costs: dict[str, list[float]] = {"memory": [], "embedded": []}
    async with world.embedded() as database:
        mongo = MongoSeats(database)
        await mongo.prepare()
        print(f"{'bookings':>10} {'':10} {'hold':>12} {'approve':>12}")
        there = 0
        for turn, bookings in enumerate(EXISTING):
            new = [booked_document(number) for number in range(there, bookings)]
            there = bookings
            fill_memory(memory, new)
            await fill_database(database, new)
            day = DAY - timedelta(days=turn)
            for name, seats in (("memory", memory), ("embedded", mongo)):
                hold, approve = await measure(seats, day)
                costs[name].append(hold)
                print(f"{bookings:>10,} {name:10} {hold:9.2f} ms {approve:9.2f} ms")
    for name, took in costs.items():
        if took[-1] > MUCH * took[0]:
            raise SystemExit(f"a hold in {name} grew from {took[0]:.2f} to {took[-1]:.2f} ms")


if __name__ == "__main__":
    asyncio.run(main())
