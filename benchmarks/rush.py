"""A quota opens: 300 applicants for 100 seats at the same moment, on the embedded database.

Run it with ``python benchmarks/rush.py``.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import date, timedelta
from random import Random

import world

from bot.booking.office import Office, Offices, load_offices
from bot.booking.queue import Queue
from bot.booking.seats import Applicant, Seat, SeatState
from bot.clock import system_clock
from bot.errors import StorageUnavailable
from storage.stores import stores_in

APPLICANTS, SEATS, PROCESSES = 300, 100, 2
DAY = date(2026, 12, 1)


def office() -> Office:
    """An office of a hundred seats a day."""
    shipped = next(iter(load_offices(world.ROOT / "flows" / "offices.yml")))
    session = shipped.sessions[0].model_copy(update={"seats": SEATS})
    return shipped.model_copy(update={"sessions": (session,)})


async def main() -> None:
    """Print what came of it."""
    async with world.embedded() as database:
        seats = (await stores_in(database)).seats
        here = office()
        queues = [Queue(Offices([here]), seats) for _ in range(PROCESSES)]
        redone: Counter[str] = Counter()

        async def apply(number: int) -> tuple[float, Seat | None]:
            queue, random = queues[number % PROCESSES], Random(number)
            sender = f"whatsapp:62812{number:08d}"
            who = Applicant(f"PEMOHON {number}", date(1990, 1, 1), sender, f"c{number}")
            began = time.perf_counter()
            while True:
                now = system_clock()
                try:
                    held = await queue.hold(here, DAY, who, f"h{number}", random, now)
                    if not isinstance(held, Seat) or held.claim is None:
                        return time.perf_counter() - began, None
                    key = held.claim.key
                    booked = await queue.approve(here, held.id, key, f"a{number}", random, now)
                except StorageUnavailable:
                    redone["turns"] += 1
                else:
                    return time.perf_counter() - began, booked

        await queues[0].is_free(here, DAY, system_clock())
        world.CALLS.clear()
        began = time.perf_counter()
        ended = await asyncio.gather(*(apply(number) for number in range(APPLICANTS)))
        lasted = time.perf_counter() - began
        booked = [seat for _, seat in ended if seat]
        laid_out = await seats.of_day(here.id, DAY)

    numbers = sorted(seat.number for seat in booked)
    took = sorted(seconds for seconds, _ in ended)
    print(f"{APPLICANTS} applicants for {SEATS} seats, hold and approval each")
    print(f"  booked                  {len(booked)}")
    print(f"  every number once       {numbers == list(range(1, SEATS + 1))}")
    print(f"  seats booked afterwards {sum(s.state is SeatState.BOOKED for s in laid_out)}")
    print(f"  over after              {lasted:.2f} s ({APPLICANTS / lasted:.0f} applicants/s)")
    print(f"  one applicant, median   {took[len(took) // 2]:.2f} s, slowest {took[-1]:.2f} s")
    print(f"  database calls          {sum(world.CALLS.values())} {dict(world.CALLS)}")
    print(f"  turns done again        {redone['turns']}")
    if len(booked) != SEATS or timedelta(seconds=lasted) > timedelta(minutes=1):
        raise SystemExit("this is not how it should be")


if __name__ == "__main__":
    asyncio.run(main())
