"""People with a booking for today at the desk's office, and an office that takes walk-ins."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from bot.booking.calling import Calls
from bot.booking.codes import booking_code
from bot.booking.hall import Hall
from bot.booking.office import Offices
from bot.booking.seats import Applicant, Claim, Seat, seat_id
from tests.support.desk import NOW, OFFICE, DeskHouse, shipped_offices

PEOPLE = ("RINA CONTOH", "BUDI CONTOH", "SITI CONTOH", "AGUS CONTOH")
TODAY = NOW.date()


def offices_with_walk_ins(numbers: int = 2) -> Offices:
    """The project's; :data:`~tests.support.desk.OFFICE` gives so many walk-in numbers."""
    return Offices(
        office.model_copy(update={"walk_in_seats": numbers}) if office.id == OFFICE else office
        for office in shipped_offices()
    )


async def book_number(house: DeskHouse, number: int, name: str) -> Seat:
    """Somebody has this number of today at the desk's office."""
    queue, before = house.desk.queue(), NOW - timedelta(days=1)
    await queue.lay_out(queue.office(OFFICE), TODAY)
    who = Applicant(name, date(1990, 8, 17), f"whatsapp:{name}", f"c:{name}")
    key, until = f"hold {name}", before + timedelta(minutes=15)
    claim = Claim(key, who, "00002681", until, f"sender {name}", f"person {name}")
    held = await house.stores.seats.claim_seat(seat_id(OFFICE, TODAY, number), claim, before)
    assert held
    code = booking_code(queue.office(OFFICE).prefix, Random(name))
    booked = await house.stores.seats.approve(held.id, key, f"yes {name}", code, before)
    assert booked
    return booked


async def book(house: DeskHouse, name: str = PEOPLE[0], office: str = OFFICE) -> Seat:
    """Somebody books for today, a day before, by the rules of chat."""
    queue, before = house.desk.queue(), NOW - timedelta(days=1)
    here = queue.office(office)
    sender = f"whatsapp:62812000{abs(hash((name, office))) % 100000:05d}"
    who = Applicant(name, date(1990, 8, 17), sender, f"c:{name}:{office}")
    held = await queue.hold(here, TODAY, who, f"hold {name} {office}", Random(name), before)
    assert isinstance(held, Seat), held
    booked = await queue.approve(here, held.id, held.key, f"yes {name}", Random(name), before)
    assert booked
    return booked


def hall_of(house: DeskHouse) -> Hall:
    """The hall of the desk's office, for what others do there."""
    stores, queue = house.stores, house.desk.queue()
    calls = Calls(stores.seats, stores.calls, stores.notices)
    return Hall(queue, calls, stores.calls, queue.office(OFFICE))
