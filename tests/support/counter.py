"""A queue as the applicants of one office meet it."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from bot.booking.office import Office, Offices
from bot.booking.queue import Queue, Refused
from bot.booking.seats import Applicant, Seat, SeatState, SeatStore
from tests.support.talk import NOW

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)


def one_a_day(make_office: Any, **changes: Any) -> Office:
    """An office with one seat a day."""
    session = {"id": "pagi", "name": {"id": "Pagi"}, "from": "08:00", "until": "09:00", "seats": 1}
    office: Office = make_office(sessions=[session], **changes)
    return office


def person(number: int = 1, *, sender: int = 0, office: str = "kota_contoh") -> Applicant:
    """A person, registered from their own number unless another is given."""
    address = f"62812000000{sender or number:02d}"
    return Applicant(
        f"PEMOHON {number}",
        date(1990, 1, 1),
        f"whatsapp:{address}",
        f"whatsapp:{office}:{address}",
    )


class Counter:
    """A queue as its office's applicants meet it, with chance and a clock."""

    def __init__(self, seats: SeatStore, office: Office, *others: Office) -> None:
        self.queue = Queue(Offices([office, *others]), seats)
        self.seats, self.office = seats, office
        self.now = NOW
        self.random = Random(7)
        self.keys = 0

    async def hold(
        self, who: Applicant, day: date = TUESDAY, key: str = "", office: Office | None = None
    ) -> Seat | Refused | None:
        """Hold a seat, with a new key unless one is given."""
        self.keys += 1
        return await self.queue.hold(
            office or self.office, day, who, key or f"k{self.keys}", self.random, self.now
        )

    async def book(self, who: Applicant, day: date = TUESDAY, office: Office | None = None) -> Seat:
        """Hold and approve."""
        held = await self.hold(who, day, office=office)
        assert isinstance(held, Seat)
        booked = await self.approve(held, office)
        assert booked
        return booked

    async def approve(self, held: Seat, office: Office | None = None) -> Seat | None:
        """Approve a hold, with a key that belongs to it."""
        key = held.claim.key
        return await self.queue.approve(
            office or self.office, held.id, key, f"a-{key}", self.random, self.now
        )

    async def taken(self, day: date = TUESDAY) -> list[int]:
        """Numbers of the day's seats that are held or booked."""
        seats = await self.seats.of_day(self.office.id, day)
        return [seat.number for seat in seats if seat.state is not SeatState.FREE]
