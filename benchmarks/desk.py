"""What a page of the counter takes with 20,000 bookings stored, on the embedded database.

    python benchmarks/desk.py

Prints median, 95th percentile and database calls of: the queue's page with 400 booked today,
checking in by code, calling whoever is next, finishing, and the screen of the waiting room.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from random import Random
from typing import Final

from aiohttp import ClientResponse
from world import CALLS, embedded, row

from bot.booking.codes import booking_code
from bot.booking.office import Office, Offices
from bot.booking.plan import seats_of
from bot.booking.seats import Applicant, Claim, Seat
from bot.dialogue.store import NEVER
from storage.desk import desk_stores_in
from storage.driver import Database, Document
from storage.seat_documents import day_id, free_seat_document, held_fields
from storage.stores import stores_in
from tests.support.desk import NOW, OFFICE, Visitor, open_house, shipped_offices

ROUNDS: Final = 100
TODAY: Final = NOW.date()
DAYS: Final = 50
A_DAY: Final = 400


def office() -> Office:
    """Four hundred seats a day from nine o'clock on."""
    shipped = shipped_offices().get(OFFICE)
    if shipped is None:
        raise SystemExit(f"{OFFICE} is not in flows/offices.yml")
    from_nine = {"start": NOW.replace(hour=9).time(), "seats": A_DAY}
    session = shipped.sessions[0].model_copy(update=from_nine)
    return shipped.model_copy(update={"sessions": (session,), "walk_in_seats": 20})


async def fill(database: Database, here: Office) -> None:
    """Every seat of every day is booked, today's and those before and after."""
    for ahead in range(DAYS):
        day = TODAY + timedelta(days=ahead - DAYS // 2)
        seats = [_booked(seat) for seat in seats_of(here, day)]
        await database.collection("seats").insert_missing(seats)
        mark = {"_id": day_id(here.id, day), "last": A_DAY, "unswept": day.isoformat()}
        await database.collection("days").insert_missing([mark])


def _booked(seat: Seat) -> Document:
    name, sender = f"PEMOHON {seat.number}", f"whatsapp:{seat.id}"
    who = Applicant(name, date(1990, 1, 1), sender, f"c{seat.id}")
    claim = Claim(f"k{seat.id}", who, "0" * 8, NOW, f"s{seat.id}", f"p{seat.id}")
    code = _code(seat.number, seat.day)
    booked = {"state": "booked", "claimable_from": NEVER, "booking_code": code}
    steps = [
        {"step": step, "at": NOW, "by": "applicant", "key": "0" * 32, "who": "1" * 32}
        for step in ("held", "approved", "confirmed")
    ]
    return free_seat_document(seat) | held_fields(claim) | booked | {"trail": steps}


def _code(number: int, day: date) -> str:
    return booking_code("JKP", Random(f"{number} {day}"))


async def measured(name: str, ask: Callable[[int], Awaitable[ClientResponse]]) -> None:
    """Ask many times, and print a line."""
    took, before = [], CALLS.total()
    for number in range(ROUNDS):
        began = time.perf_counter()
        answer = await ask(number)
        took.append((time.perf_counter() - began) * 1000)
        if answer.status not in {200, 303} or "no=" in answer.headers.get("Location", ""):
            raise SystemExit(f"{name}: {answer.status} {answer.headers.get('Location')}")
    print(row(name, took, (CALLS.total() - before) / ROUNDS))


async def day_at_the_counter(visitor: Visitor) -> None:
    """Everybody of the first hour comes, is called and served."""
    token = await visitor.token()
    await visitor.post("/desk/queue/counter", token, counter="1")

    def send(path: str, key: str, **fields: str) -> Awaitable[ClientResponse]:
        return visitor.post(f"/desk/queue{path}", token, key=key, **fields)

    await measured("the queue, 400 booked today", lambda _: visitor.get("/desk/queue?n=7"))
    await measured(
        "check in by code",
        lambda n: send("/check-in", f"i{n}", code=_code(n + 1, TODAY)),
    )
    await call_and_finish(send)
    await measured("the screen", lambda _: visitor.get(f"/display/{OFFICE}"))


async def call_and_finish(send: Callable[..., Awaitable[ClientResponse]]) -> None:
    """Call and finish in turn, a line for each."""
    took: dict[str, list[float]] = {"call next, of 100 who wait": [], "done": []}
    calls = dict.fromkeys(took, 0)
    for number in range(ROUNDS):
        for name, path in zip(took, ("/next", f"/{number + 1}/serve"), strict=True):
            began, before = time.perf_counter(), CALLS.total()
            answer = await send(path, f"{name}{number}")
            took[name].append((time.perf_counter() - began) * 1000)
            calls[name] += CALLS.total() - before
            if "did=" not in answer.headers.get("Location", ""):
                raise SystemExit(f"{name}: {answer.status} {answer.headers.get('Location')}")
    for name, each in took.items():
        print(row(name, each, calls[name] / ROUNDS))


async def main() -> None:
    """Fill, and measure."""
    here = office()
    async with embedded() as database:
        stores = await stores_in(database)
        kept = await desk_stores_in(database)
        await fill(database, here)
        print(f"{DAYS * A_DAY} bookings stored")
        async with (
            open_house(stores, kept, offices=Offices([here])) as house,
            house.visitor("counter") as visitor,
        ):
            await day_at_the_counter(visitor)


if __name__ == "__main__":
    asyncio.run(main())
