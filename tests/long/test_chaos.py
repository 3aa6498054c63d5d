"""People book while bots and their database are killed again and again: none is lost or doubled."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from itertools import count
from pathlib import Path
from random import Random

from bot.booking.seats import SeatState
from bot.errors import StorageUnavailable
from storage.driver import Database, open_database
from storage.embedded import EmbeddedMongo
from storage.folder import Folder
from storage.mongo import MongoConversations, MongoSeats
from tests.end_to_end.conftest import House
from tests.support.applicant import (
    Applicant,
    Booking,
    approval_code_in,
    booking_in,
    dates_in,
    fictional_name,
)
from tests.support.service import Service

QUEUES = 4
"""People who book at the same time."""

DEATHS = 20
"""How often something is killed before the last people come."""

PATIENCE_SECONDS = 90
OFFICE = "jakarta_pusat"


class Chaos:
    """Two bots that share a data folder, and one hand that kills.

    Attributes:
        deaths: of what, how often.
    """

    def __init__(self, house: House, data: Path, random: Random) -> None:
        self._house = house
        self._data = data
        self._random = random
        self._services: list[Service] = []
        self.deaths: Counter[str] = Counter()

    @property
    def door(self) -> str:
        """Of one of the bots, dead or alive."""
        return self._random.choice(self._services).url

    async def begin(self) -> None:
        """Start both."""
        self._services = [await self._born(), await self._born()]

    async def rage(self) -> None:
        """Kill one thing after the other; the time a bot takes to come back paces it."""
        while True:
            victim = self._random.choice(["first bot", "second bot", "database"])
            self.deaths[victim] += 1
            if victim == "database":
                listening = Folder(self._data).listening
                assert listening
                with suppress(ProcessLookupError):  # dead already, with its owner
                    os.kill(listening.process_id, signal.SIGKILL)
                await self._answers(listening.port)
            else:
                at = 0 if victim == "first bot" else 1
                await self._services[at].kill()
                self._services[at] = await self._born()

    async def _born(self) -> Service:
        return await self._house.serve("--data", str(self._data))

    async def _answers(self, port: int) -> None:
        """Wait until the database is back; it keeps its port."""
        database = open_database(f"mongodb://127.0.0.1:{port}/", "antre")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await self._is_there(database):
                pass
        await database.close()

    async def _is_there(self, database: Database) -> bool:
        try:
            await database.ask_server("ping")
        except StorageUnavailable:
            return False
        return True


async def book(person: Applicant, number: int) -> tuple[date, Booking]:
    """As :meth:`Applicant.book`, patiently, on any of the five dates."""
    await person.say("Pagi, Pak")
    await person.hears("Cara mendaftar", seconds=PATIENCE_SECONDS)
    await person.say("#tgllayanan")
    listed = await person.hears("Tanggal layanan yang masih", seconds=PATIENCE_SECONDS)
    day = dates_in(listed)[number % 5]
    await person.say(f"#{fictional_name(number)}#17081990#{day:%d%m%Y}")
    asked = await person.hears("balas dengan kode persetujuan", seconds=PATIENCE_SECONDS)
    await person.say(approval_code_in(asked))
    return day, booking_in(await person.hears("Kode booking:", seconds=PATIENCE_SECONDS))


async def test_everybody_books_all_the_same(
    house: House, applicant: Callable[..., Applicant], data: Path
) -> None:
    """Each person has exactly one seat, the one on their card; each message was one turn."""
    chaos = Chaos(house, data, Random(20261124))
    await chaos.begin()
    people: list[Applicant] = []
    numbers = count()

    async def queue() -> list[tuple[date, Booking]]:
        booked = []
        while chaos.deaths.total() < DEATHS:
            number = next(numbers)
            person = applicant(lambda: chaos.door, sender=f"62812000{number:05d}")
            people.append(person)
            booked.append(await book(person, number))
        return booked

    raging = asyncio.create_task(chaos.rage())
    cards = await asyncio.gather(*(queue() for _ in range(QUEUES)))
    assert not raging.done()
    raging.cancel()
    await asyncio.gather(raging, return_exceptions=True)
    for service in house.services:
        await service.kill()

    async with EmbeddedMongo(data) as mongo:
        database = open_database(mongo.uri, "antre")
        try:
            await check(database, [card for each in cards for card in each], people)
        finally:
            await database.close()


async def check(
    database: Database, cards: list[tuple[date, Booking]], people: list[Applicant]
) -> None:
    """Compare what people read with what the database knows."""
    seats, conversations = MongoSeats(database), MongoConversations(database)
    days = {day for day, _ in cards}
    taken = [
        seat
        for day in days
        for seat in await seats.of_day(OFFICE, day)
        if seat.state is not SeatState.FREE
    ]
    assert {seat.state for seat in taken} == {SeatState.BOOKED}
    found = Counter((seat.day, seat.number, seat.booking_code) for seat in taken)
    assert found == Counter((day, card.number, card.code) for day, card in cards)
    assert len(cards) == len(people) >= DEATHS
    for person in people:
        conversation = f"whatsapp:{OFFICE}:{person.sender}"
        stored = await conversations.load(conversation)
        records = await conversations.transcript(conversation)
        assert stored
        assert stored.handled == tuple(f"wamid.{person.sender}.{n}" for n in (1, 2, 3, 4))
        assert [record["turn"] for record in records] == [1, 2, 3, 4]
