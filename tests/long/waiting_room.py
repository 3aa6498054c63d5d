"""Five hundred people, on five days, who have checked in at an office, some with a booking."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.booking.counter import walk_in_seats
from bot.booking.office import Office
from bot.booking.plan import seats_of
from bot.booking.seats import Claim, Seat
from bot.dialogue.store import NEVER
from storage.driver import Database, Document
from storage.seat_documents import WAITS, free_seat_document, held_fields
from storage.seat_writes import waits_in
from tests.support.counter import person
from tests.support.desk import OFFICE, shipped_offices

DAYS, BOOKED, BY_HAND = 5, 20, 80
"""So many of each on each of so many days."""

NOONS = [datetime(2026, 11, 23 + n, 5, 0, tzinfo=UTC) for n in range(DAYS)]
"""Of each day, in Jakarta."""


def office() -> Office:
    """An office with so many seats, and as many numbers for who comes without booking."""
    shipped = shipped_offices().get(OFFICE)
    assert shipped
    session = shipped.sessions[0].model_copy(update={"seats": BOOKED})
    return shipped.model_copy(
        update={"sessions": (session,), "walk_in_seats": BY_HAND, "walk_in_after": 1}
    )


async def fill(database: Database) -> None:
    """Everybody is there and waits."""
    here, seats = office(), []
    for noon in NOONS:
        seats += [*seats_of(here, noon.date()), *walk_in_seats(here, noon.date())]
    await database.collection("seats").insert_missing([_waiting(seat) for seat in seats])


def _waiting(seat: Seat) -> Document:
    free = free_seat_document(seat)
    came = {"state": "checked_in", "claimable_from": NEVER, WAITS: waits_in(free)}
    if seat.office == OFFICE:
        who = person(seat.number)
        marks = f"sender {seat.id}", f"person {seat.id}"
        return free | held_fields(Claim(f"key {seat.id}", who, "0" * 8, NOONS[0], *marks)) | came
    return free | came | {"claim_key": f"key {seat.id}", "walk_in": "elderly"}
