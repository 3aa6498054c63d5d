"""What a page of the counter takes with 20,000 bookings stored, on the embedded database.

    python benchmarks/desk.py

Prints median, 95th percentile and database calls of: the queue's page with 400 booked today,
checking in by code, calling whoever is next, finishing, the screen of the waiting room; the
calendar's month, remembered and not, a day, the effect of closing one; and what applicants see:
the list of all offices, an office's dates, a day, a booking's card.
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
from tests.support.applicants import Street, open_street
from tests.support.desk import NOW, OFFICE, DeskHouse, Visitor, open_house, shipped_offices

ROUNDS: Final = 100
TODAY: Final = NOW.date()
DAYS: Final = 50
A_DAY: Final = 400
FREE: Final = 10
"""Seats left on each day from tomorrow on."""

HIT: Final = 200
"""Bookings of the day that is closed."""

CLOSING: Final = TODAY + timedelta(days=7)


def office() -> Office:
    """Four hundred seats a day from nine o'clock on."""
    shipped = shipped_offices().get(OFFICE)
    if shipped is None:
        raise SystemExit(f"{OFFICE} is not in flows/offices.yml")
    from_nine = {"start": NOW.replace(hour=9).time(), "seats": A_DAY}
    session = shipped.sessions[0].model_copy(update=from_nine)
    return shipped.model_copy(update={"sessions": (session,), "walk_in_seats": 20})


async def fill(database: Database, here: Office) -> None:
    """Every seat of every day is booked, today's and those before and after, but for a few."""
    for ahead in range(DAYS):
        day = TODAY + timedelta(days=ahead - DAYS // 2)
        left = A_DAY - HIT if day == CLOSING else FREE * (day > TODAY)
        seats = [
            _booked(seat) if seat.number <= A_DAY - left else free_seat_document(seat)
            for seat in seats_of(here, day)
        ]
        await database.collection("seats").insert_missing(seats)
        mark = {"_id": day_id(here.id, day), "last": A_DAY, "unswept": day.isoformat()}
        await database.collection("days").insert_missing([mark])


def _booked(seat: Seat) -> Document:
    name, sender = f"PEMOHON {seat.number}", f"whatsapp:{seat.id}"
    who = Applicant(name, date(1990, 1, 1), sender, f"c{seat.id}")
    claim = Claim(f"k{seat.id}", who, "0" * 8, NOW, f"s{seat.id}", f"{seat.day}|{seat.id}")
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


async def month_at_the_desk(house: DeskHouse, visitor: Visitor) -> None:
    """The calendar, as it is looked at all day and as a process meets it that was just started."""
    month, missing = f"/desk/calendar?month={CLOSING:%Y-%m}", list[bool]()

    async def anew(_: int) -> ClientResponse:
        house.wait(minutes=3)  # what is older than two is not shown any more
        answer = await visitor.get(month)
        missing.append("…" in await answer.text())
        return answer

    await visitor.get(month)
    await asyncio.sleep(5)  # nobody ever looked at it; that is read beside the page
    await measured("a month, not remembered", anew)
    print(f"  of these, {sum(missing)} pages came before the figures were there")
    await measured("a month, remembered", lambda _: visitor.get(month))
    await measured("a day, 200 of 400 booked", lambda _: visitor.get(f"/desk/calendar/{CLOSING}"))
    change = f"/desk/calendar/{CLOSING}/change?step=closed&reason=Banjir&move=yes"
    await measured("the effect of closing it", lambda _: visitor.get(change))


async def applicants(street: Street) -> None:
    """What everybody opens; where a page shows what was found a moment ago, also without that."""
    async with street.passer_by() as browser:

        def after(minutes: int, path: str) -> Callable[[int], Awaitable[ClientResponse]]:
            async def ask(_: int) -> ClientResponse:
                street.clock.wait(minutes=minutes)
                return await browser.get(path)

            return ask

        await measured("all offices", after(0, "/"))
        await measured("all offices, not remembered", after(3, "/"))
        await measured("an office's dates", after(0, f"/offices/{OFFICE}"))
        await measured("an office's dates, not remembered", after(3, f"/offices/{OFFICE}"))
        await measured("a date", after(0, f"/offices/{OFFICE}/{CLOSING}"))

        def card(number: int) -> Awaitable[ClientResponse]:
            fields = {"code": _code(number + 1, CLOSING), "name": f"PEMOHON {number + 1}"}
            street.clock.wait(minutes=5)  # a wrong code a minute is what one address may try
            return browser.post("/booking", **fields)

        await browser.get("/booking")
        await measured("a booking's card, by code", card)


async def main() -> None:
    """Fill, and measure."""
    here = office()
    async with embedded() as database:
        stores = await stores_in(database)
        kept = await desk_stores_in(database)
        await fill(database, here)
        booked = DAYS * A_DAY - (DAYS // 2 - 1) * FREE - (A_DAY - HIT)
        print(f"{booked} bookings stored")
        async with open_house(stores, kept, offices=Offices([here])) as house:
            async with house.visitor("counter") as visitor:
                await day_at_the_counter(visitor)
            async with house.visitor("supervisor") as visitor:
                await month_at_the_desk(house, visitor)
        async with open_street(stores) as street:
            await applicants(street)


if __name__ == "__main__":
    asyncio.run(main())
