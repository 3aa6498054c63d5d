"""What a freed seat costs while people wait for it: one sweep of one process, embedded database.

    python benchmarks/waiting.py

Prints, for 0, 100 and 10,000 people waiting at one office, the milliseconds and the database calls
of a sweep that finds nothing to do, and of the one that offers a seat to the first.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from world import CALLS, OFFICE, ROOT, count_calls

from bot.booking.life import SYSTEM, Act
from bot.booking.office import Office, Offices
from bot.booking.plan import bookable_days, seats_of
from bot.booking.queue import Queue
from bot.booking.seats import Applicant, Seat
from bot.booking.waited import Waited
from bot.booking.waiting import Waits, awake_at
from bot.booking.waitlist import Wait, WaitState
from bot.clock import system_clock
from bot.definitions import load_definitions
from bot.settings import Flows
from bot.stores import Stores
from storage.driver import Collection, Document, open_database
from storage.embedded import EmbeddedMongo
from storage.stores import stores_in
from storage.waitlist import wait_document

ROUNDS = 10
CROWDS = (0, 100, 10_000)


async def main() -> None:
    """Measure all three in one run."""
    office = load_definitions(Flows(folder=ROOT / "flows")).offices.get(OFFICE)
    if office is None:
        raise SystemExit(f"{OFFICE} is not in flows/offices.yml")
    count_calls()
    with TemporaryDirectory() as folder:
        async with EmbeddedMongo(Path(folder)) as mongo:
            for waiting in CROWDS:
                database = open_database(mongo.uri, f"waiting{waiting}")
                stores = await stores_in(database)
                await _measure(stores, database.collection("waitlist"), office, waiting)
                await database.close()


async def _measure(stores: Stores, places: Collection, office: Office, waiting: int) -> None:
    """Print a line for so many people waiting."""
    now = awake_at(office, system_clock())
    day = next(iter(bookable_days(office, now)))
    waited = Waited()
    queue = Queue(Offices([office]), stores.seats, waited)
    waits = Waits(stores.waitlist, stores.notices, waited, Random(1))
    await stores.seats.lay_out(office.id, day, list(seats_of(office, day))[:ROUNDS])
    taken = [await _book(queue, office, number, Random(number)) for number in range(ROUNDS)]
    waiting_people = [_wait(office, day, number, now) for number in range(waiting)]
    for at in range(0, waiting, 1000):
        await places.insert_missing(waiting_people[at : at + 1000])
    idle, offers, calls = [], [], 0
    for seat in taken:
        waited.seat_freed()
        idle.append(await _timed(lambda: waits.tend(queue, now)))
        await queue.cancel(seat.id, seat.key, Act(f"free|{seat.key}", SYSTEM), now)
        waited.seat_freed()
        before = CALLS.total()
        offers.append(await _timed(lambda: waits.tend(queue, now)))
        calls += CALLS.total() - before
    print(
        f"{waiting:6} waiting: nothing free {median(idle):8.1f} ms, "
        f"a seat offered {median(offers):8.1f} ms, {calls / ROUNDS:.1f} database calls"
    )


def _wait(office: Office, day: date, number: int, now: datetime) -> Document:
    joined = now + timedelta(milliseconds=number)
    who = f"whatsapp:62812{number:08d}"
    wait = Wait(office.id, day, who, f"c:{number}", joined)
    return wait_document(wait.to(WaitState.WAITING, joined, "applicant", "join"))


async def _book(queue: Queue, office: Office, number: int, random: Random) -> Seat:
    now = awake_at(office, system_clock())
    day = next(iter(bookable_days(office, now)))
    who = Applicant(f"PEMOHON {number}", day, f"rest:{number}", f"rest:{number}")
    held = await queue.hold(office, day, who, f"hold{number}", random, now)
    if not isinstance(held, Seat):
        raise SystemExit(f"no seat for {who.name}: {held}")
    booked = await queue.approve(office, held.id, held.key, f"book{number}", random, now)
    if booked is None:
        raise SystemExit(f"{held.id} was not booked")
    return booked


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    asyncio.run(main())
