"""A hundred people, ten seats, two processes, one database: ten bookings, and an answer for all."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

from bot.booking.seats import SeatState
from storage.driver import Database
from storage.mongo import MongoSeats
from tests.end_to_end.conftest import House
from tests.support.applicant import (
    Applicant,
    Booking,
    approval_code_in,
    booking_in,
    dates_in,
    fictional_name,
    words_of,
)
from tests.support.one_day import OFFICE, flows_of_one_day

APPLICANTS = 100
SEATS = 10
PATIENCE_SECONDS = 90


async def test_ten_seats_for_a_hundred(
    on_mongo: House, applicant: Callable[..., Applicant], database: Database, tmp_path: Path
) -> None:
    """Ten different numbers are given out, once each; ninety people read that it is full."""
    day = datetime.now(UTC).date() + timedelta(days=3)
    flows = flows_of_one_day(tmp_path / "flows", day, {"pagi": SEATS})
    on_mongo.variables["ANTRE_FLOWS_FOLDER"] = str(flows)
    on_mongo.variables["ANTRE_OUTBOX_LEASE_SECONDS"] = "45"  # nobody dies here
    services = [await on_mongo.serve() for _ in range(2)]
    everybody_has_the_list = asyncio.Barrier(APPLICANTS)

    async def try_to_book(number: int) -> Booking | None:
        doors = cycle([*services, *reversed(services)][number % 2 :])
        person = applicant(lambda: next(doors).url, sender=f"62812000{number:05d}")
        await person.say("#tgllayanan")
        offered = await person.hears("Tanggal layanan yang masih", seconds=PATIENCE_SECONDS)
        assert dates_in(offered) == [day]
        await everybody_has_the_list.wait()
        await person.say(f"#{fictional_name(number)}#{17 + number % 10}081990#{day:%d%m%Y}")
        answer = await person.hears(
            "balas dengan kode persetujuan", "sudah penuh", seconds=PATIENCE_SECONDS
        )
        if "sudah penuh" in words_of(answer):
            return None
        await person.say(approval_code_in(answer))
        return booking_in(await person.hears("Kode booking:", seconds=PATIENCE_SECONDS))

    results = await asyncio.gather(*map(try_to_book, range(APPLICANTS)))

    bookings = [booking for booking in results if booking]
    assert sorted(booking.number for booking in bookings) == list(range(1, SEATS + 1))
    assert len({booking.code for booking in bookings}) == SEATS
    seats = await MongoSeats(database).of_day(OFFICE, day)
    assert [seat.state for seat in seats] == [SeatState.BOOKED] * SEATS
    assert {(seat.number, seat.booking_code) for seat in seats} == {
        (booking.number, booking.code) for booking in bookings
    }
    assert len({seat.claim.applicant.sender for seat in seats if seat.claim}) == SEATS
    assert len(await database.collection("conversations").find({}, only=["_id"])) == APPLICANTS
