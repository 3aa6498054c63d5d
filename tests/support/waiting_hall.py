"""People with a booking for today at the desk's office, and an office that takes walk-ins."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from bot.booking.office import Offices
from bot.booking.seats import Applicant, Seat
from tests.support.desk import NOW, OFFICE, DeskHouse, shipped_offices

PEOPLE = ("RINA CONTOH", "BUDI CONTOH", "SITI CONTOH", "AGUS CONTOH")
TODAY = NOW.date()


def offices_with_walk_ins(numbers: int = 2) -> Offices:
    """The project's; :data:`~tests.support.desk.OFFICE` gives so many walk-in numbers."""
    return Offices(
        office.model_copy(update={"walk_in_seats": numbers}) if office.id == OFFICE else office
        for office in shipped_offices()
    )


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
