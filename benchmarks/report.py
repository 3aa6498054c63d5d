"""What ``antre report`` costs on the embedded database: days read anew, and a year of kept sums.

Run it with ``python benchmarks/report.py``. An office of 250 bookings a day, twelve messages each.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import world

from bot.booking.calendar import WorkingCalendar
from bot.booking.life import Event, SeatState, Step
from bot.booking.office import Office
from bot.booking.plan import seats_of
from bot.definitions import load_definitions
from bot.reports.columns import COUNTED
from bot.reports.report import report_on
from bot.reports.sums import days_of, sum_up, sums_of
from bot.settings import Flows
from storage.driver import Database
from storage.records import KeptRecord
from storage.seat_documents import event_document, free_seat_document
from storage.stores import stores_in

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
MESSAGES, MEASURED_DAYS = 12, 5
TRAIL = (Step.HELD, Step.APPROVED, Step.CHECKED_IN, Step.CALLED, Step.SERVED)


async def write_day(database: Database, office: Office, day: date) -> None:
    """A day on which every seat was booked, and every booking took twelve messages."""
    opened = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    seats = []
    for seat in seats_of(office, day):
        came, by = opened + timedelta(minutes=seat.number), f"staff:s{seat.number % 8}"
        events = [
            Event(step, came + timedelta(minutes=9 * at), by, f"k{at}")
            for at, step in enumerate(TRAIL)
        ]
        written = {"state": SeatState.SERVED.value, "trail": [event_document(e) for e in events]}
        seats.append(free_seat_document(seat) | written)
    await database.collection("seats").insert_missing(seats)
    await database.collection("days").insert_missing(
        [{"_id": f"{office.id}:{day.isoformat()}", "last": len(seats)}]
    )
    turns = [
        _turn(office.id, day, opened, person, turn)
        for person in range(len(seats))
        for turn in range(MESSAGES)
    ]
    for at in range(0, len(turns), 1000):
        await database.collection("journal").insert_missing(turns[at : at + 1000])


async def write_conversations(database: Database, office: str, day: date, people: int) -> None:
    """Conversations whose person wrote last on a day, the last four turns still in them."""
    opened = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    documents = [
        {
            "_id": f"whatsapp:{office}:{day}:{person}",
            "contact": {
                "channel": "whatsapp",
                "sender": f"62812{person:08d}",
                "office": office,
                "heard_at": opened + timedelta(minutes=person),
            },
            "journal": [
                KeptRecord.of({**record, "_id": f"open|{record['_id']}"}).document()
                for turn in range(4)
                for record in [_turn(office, day, opened, person, -4 + turn)]
            ],
        }
        for person in range(people)
    ]
    await database.collection("conversations").insert_missing(documents)


def _turn(office: str, day: date, opened: datetime, person: int, turn: int) -> dict[str, Any]:
    return {
        "_id": f"{day}|{person}|{turn}",
        "conversation": f"whatsapp:{office}:{person}",
        "office": office,
        "turn": turn + 1,
        "at": opened + timedelta(seconds=person * 60 + turn * 20),
        "before": ["passport_guided.welcome"],
        "after": [f"passport_guided.{'booked' if turn == MESSAGES - 1 else 'identifying'}"],
        "message": {"kind": "text", "text": "nama saya Pemohon Umpama lahir 17 agustus 1990"},
        "understood": {"intent": "submit_identity", "entities": []},
        "actions": [{"action": "approve_hold", "outcome": "approved"}] * (turn == MESSAGES - 1),
        "replies": [{"text": "x" * 400}],
    }


async def main() -> None:
    """Measure."""
    offices = load_definitions(Flows(folder=world.ROOT / "flows")).offices
    found = next(office for office in offices if office.id == world.OFFICE)
    sessions = [session.model_copy(update={"seats": 125}) for session in found.sessions[:2]]
    office = found.model_copy(update={"sessions": tuple(sessions), "seasons": (), "quotas": {}})
    opened = (day for day in days_of(FIRST, LAST) if WorkingCalendar(office).is_open(day))
    days = list(islice(opened, MEASURED_DAYS))
    async with world.embedded() as database:
        stores = await stores_in(database)
        for day in days:
            await write_day(database, office, day)
        for by in ("staff", "day"):
            began = time.perf_counter()
            made = await report_on(office, stores, days[0], days[-1], by, ends=(), now=NOW)
            took = (time.perf_counter() - began) / MEASURED_DAYS
            print(f"read anew, by {by}: {took:6.2f} s a day; {made.total.figures['served']} served")
        began = time.perf_counter()
        await sum_up(
            office,
            stores,
            ends=(),
            now=datetime.combine(days[-1], NOW.timetz()) + timedelta(days=9),
        )
        print(f"summed up, once:    {(time.perf_counter() - began) / MEASURED_DAYS:6.2f} s a day")
        one = await sums_of(office, stores, days[0], days[0], COUNTED, ends=(), now=NOW)
        for day in days_of(FIRST, LAST):
            for by in COUNTED:
                await stores.sums.keep(office.id, day, by, one[by, days[0]])
        for by in COUNTED:
            began = time.perf_counter()
            await report_on(office, stores, FIRST, LAST, by, ends=(), now=NOW)
            print(f"a year, by {by:8} {time.perf_counter() - began:6.2f} s")


if __name__ == "__main__":
    asyncio.run(main())
