"""What the desk's report page takes on the embedded database, with 250 bookings a day.

    python benchmarks/desk_reports.py

A month before the last nine days is kept as sums; those nine and today are in seats and journal,
twelve messages a booking, beside 20,000 conversations. Prints median, 95th percentile and database
calls of: the page of last month and of this month once days are counted, JSON and CSV; and how long
counting takes when a process has just begun, and today's once more.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from aiohttp import ClientResponse
from report import write_conversations, write_day
from world import CALLS, embedded, row

from bot.booking.calendar import WorkingCalendar
from bot.booking.office import Office, Offices
from bot.reports.columns import COUNTED
from bot.reports.remembered import FRESH_TODAY
from bot.reports.sums import SETTLED, days_of, sums_of
from storage.desk import desk_stores_in
from storage.driver import Database
from storage.stores import stores_in
from tests.support.desk import OFFICE, DeskHouse, Visitor, open_house, shipped_offices

ROUNDS: Final = 60
A_DAY: Final = 250
CONVERSATIONS: Final = 20_000
TODAY: Final = date(2026, 11, 26)
FIRST: Final = date(2026, 9, 1)


def office() -> Office:
    """Two hundred and fifty seats a day."""
    shipped = shipped_offices().get(OFFICE)
    if shipped is None:
        raise SystemExit(f"{OFFICE} is not in flows/offices.yml")
    sessions = [session.model_copy(update={"seats": 125}) for session in shipped.sessions[:2]]
    return shipped.model_copy(update={"sessions": tuple(sessions), "seasons": (), "quotas": {}})


async def fill(database: Database, here: Office, now: datetime) -> None:
    """Settled days as sums, each like the first open one; the others as they come about."""
    stores = await stores_in(database)
    calendar, settled = WorkingCalendar(here), TODAY - SETTLED
    like = next(day for day in days_of(settled, TODAY) if calendar.is_open(day))
    for day in days_of(settled + timedelta(days=1), TODAY):
        if calendar.is_open(day):
            await write_day(database, here, day)
    if like <= settled:
        await write_day(database, here, like)
    for ago in range(CONVERSATIONS // A_DAY):
        await write_conversations(database, here.id, TODAY - timedelta(days=ago), A_DAY)
    one = await sums_of(here, stores, like, like, COUNTED, ends=(), now=now)
    for day in days_of(FIRST, settled):
        for by in COUNTED:
            await stores.sums.keep(here.id, day, by, one[by, like])


async def measured(name: str, ask: Callable[[], Awaitable[ClientResponse]]) -> None:
    """Ask many times, and print a line."""
    took, before = [], CALLS.total()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = await ask()
        took.append((time.perf_counter() - began) * 1000)
        if answer.status != 200:
            raise SystemExit(f"{name}: {answer.status}")
    print(row(name, took, (CALLS.total() - before) / ROUNDS))


async def counted(visitor: Visitor, path: str) -> float:
    """Seconds until a page has its figures; each answer meanwhile says that it counts."""
    began = time.perf_counter()
    for _ in range(1000):
        if 'http-equiv="refresh"' not in await visitor.text(path):
            return time.perf_counter() - began
        await asyncio.sleep(0.05)
    raise SystemExit(f"{path}: counted for longer than a minute")


async def look(house: DeskHouse, visitor: Visitor) -> None:
    """All of the measurements."""
    began = time.perf_counter()
    await visitor.text("/desk/reports")
    print(f"first answer: {(time.perf_counter() - began) * 1000:.0f} ms")
    print(f"this month counted after {await counted(visitor, '/desk/reports'):.1f} s")
    print(
        f"last month counted after {await counted(visitor, '/desk/reports?range=last_month'):.1f} s"
    )
    for name, path in (
        ("this month", "/desk/reports"),
        ("last month", "/desk/reports?range=last_month"),
        ("today", "/desk/reports?range=today"),
        ("JSON by day", "/desk/reports/json?by=day"),
        ("CSV by hour", "/desk/reports/csv?by=hour"),
    ):
        await measured(name, partial(visitor.get, path))
    house.wait(seconds=FRESH_TODAY.total_seconds() + 1)
    began = time.perf_counter()
    await visitor.text("/desk/reports")
    print(f"while today is read anew: {(time.perf_counter() - began) * 1000:.0f} ms")
    began = time.perf_counter()
    await (await visitor.get("/desk/reports/json")).read()
    print(f"today read anew after {time.perf_counter() - began:.1f} s")


async def main() -> None:
    """Fill, and measure."""
    here = office()
    now = datetime(TODAY.year, TODAY.month, TODAY.day, 15, tzinfo=here.zone)
    async with embedded() as database:
        await fill(database, here, now)
        stores, kept = await stores_in(database), await desk_stores_in(database)
        async with open_house(stores, kept, offices=Offices([here])) as house:
            house.moment = now
            async with house.visitor("supervisor") as visitor:
                await look(house, visitor)


if __name__ == "__main__":
    asyncio.run(main())
