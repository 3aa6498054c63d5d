"""Five hundred people who have checked in at an office, some of them with a booking."""

from __future__ import annotations

from datetime import UTC, date, datetime

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

BOOKED, BY_HAND = 100, 400
DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
"""In Jakarta."""


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
    here = office()
    seats = [*seats_of(here, DAY), *walk_in_seats(here, DAY)]
    await database.collection("seats").insert_missing([_waiting(seat) for seat in seats])


def _waiting(seat: Seat) -> Document:
    free = free_seat_document(seat)
    came = {"state": "checked_in", "claimable_from": NEVER, WAITS: waits_in(free)}
    if seat.office == OFFICE:
        who = person(seat.number)
        marks = f"sender {seat.number}", f"person {seat.number}"
        return free | held_fields(Claim(f"key {seat.id}", who, "00000000", NOON, *marks)) | came
    return free | came | {"claim_key": f"key {seat.id}", "walk_in": "elderly"}
