"""The database is away: Meta is told to come again, and what it brings again is handled once."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from aiohttp import ClientSession

from storage.driver import open_database
from storage.embedded import EmbeddedMongo
from storage.mongo import MongoConversations, MongoSeats
from tests.end_to_end.conftest import House
from tests.support.applicant import (
    Applicant,
    approval_code_in,
    booking_in,
    dates_in,
    fictional_name,
)
from tests.support.webhooks import APPLICANT, text

CONVERSATION = f"whatsapp:jakarta_pusat:{APPLICANT}"
AWAY_SECONDS = 20
QUEUES = 8
PATIENCE_SECONDS = 120


@pytest.fixture
async def mongo(data: Path) -> AsyncIterator[EmbeddedMongo]:
    """A database that may be stopped: this test's alone."""
    database = EmbeddedMongo(data)
    await database.start()
    yield database
    await database.stop()


async def test_503_until_it_is_back(
    house: House,
    mongo: EmbeddedMongo,
    applicant: Callable[..., Applicant],
    session: ClientSession,
) -> None:
    """503 after the seconds of retrying; a later message does not overtake; then each once."""
    uri = mongo.uri
    service = await house.serve(MONGODB_URI=uri)
    rina = applicant(lambda: service.url)
    await rina.say("Pagi, Pak")
    await rina.hears("Cara mendaftar")
    await mongo.stop()

    dates = rina.body(text("wamid.dates", "#tgllayanan"), text("wamid.help", "#bantuan"))
    assert await rina.deliver(dates) == 503
    async with asyncio.timeout(20):  # one after the other these would take over a minute
        assert set(await asyncio.gather(*(rina.deliver(dates) for _ in range(20)))) == {503}
    async with session.get(f"{service.url}/readyz") as answer:
        assert answer.status == 503
    async with session.get(f"{service.url}/healthz") as answer:
        assert answer.status == 200

    await mongo.start()
    assert mongo.uri == uri
    await asyncio.gather(*(rina.insist(dates) for _ in range(3)))
    await rina.hears("Tanggal layanan yang masih tersedia")
    await rina.hears("Bantuan")
    async with session.get(f"{service.url}/readyz") as answer:
        assert answer.status == 200

    database = open_database(uri, "antre")
    stored = await MongoConversations(database).load(CONVERSATION)
    await database.close()
    assert stored
    assert stored.handled == (f"wamid.{APPLICANT}.1", "wamid.dates", "wamid.help")


async def stopped(mongo: EmbeddedMongo) -> None:
    """Stop it, and start it again later."""
    await mongo.stop()
    await asyncio.sleep(AWAY_SECONDS)
    await mongo.start()


async def unable_to_write(mongo: EmbeddedMongo) -> None:
    """Let it write nothing more, as with a full disk, until it has been started again by itself;
    it answers meanwhile, with errors.
    """
    resource, broken = pytest.importorskip("resource"), mongo.process_id
    resource.prlimit(broken, resource.RLIMIT_FSIZE, (1, 1))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while mongo.process_id == broken:  # noqa: ASYNC110 - its watch tells nobody
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("outage_of", [stopped, unable_to_write])
async def test_away_under_load(
    house: House,
    mongo: EmbeddedMongo,
    applicant: Callable[..., Applicant],
    outage_of: Callable[[EmbeddedMongo], Awaitable[None]],
) -> None:
    """Twenty seconds away, or with its disk full, while eight people at a time book: the same
    process goes on by itself, what was taken is kept, and everybody gets one seat.
    """
    service = await house.serve(MONGODB_URI=mongo.uri)
    people: list[Applicant] = []
    cards: dict[str, str] = {}
    numbers, answered, over = count(), asyncio.Event(), asyncio.Event()

    async def queue() -> None:
        while not over.is_set():
            number = next(numbers)
            person = applicant(lambda: service.url, sender=f"62812000{number:05d}")
            people.append(person)
            await person.say("Pagi, Pak")
            await person.say("#tgllayanan")
            offered = await person.hears("Tanggal layanan yang", seconds=PATIENCE_SECONDS)
            day = dates_in(offered)[number % 5]
            await person.say(f"#{fictional_name(number)}#17081990#{day:%d%m%Y}")
            asked = await person.hears("balas dengan kode", seconds=PATIENCE_SECONDS)
            await person.say(approval_code_in(asked))
            card = booking_in(await person.hears("Kode booking:", seconds=PATIENCE_SECONDS))
            cards[person.sender] = card.code
            answered.set()

    async def outage() -> None:
        await asyncio.sleep(3)
        await outage_of(mongo)
        back = time.monotonic()
        answered.clear()
        await answered.wait()
        sys.stdout.write(f"answers again {time.monotonic() - back:.1f} s after the database\n")
        await asyncio.sleep(3)
        over.set()

    await asyncio.gather(outage(), *(queue() for _ in range(QUEUES)))
    assert len(cards) == len(people) > QUEUES

    database = open_database(mongo.uri, "antre")
    conversations = MongoConversations(database)
    for person in people:
        stored = await conversations.load(f"whatsapp:jakarta_pusat:{person.sender}")
        assert stored
        assert stored.handled == tuple(f"wamid.{person.sender}.{n}" for n in (1, 2, 3, 4))
    days = {
        date.fromisoformat(each["day"])
        for each in await database.collection("seats").find({}, only=["day"])
    }
    seats = [s for day in days for s in await MongoSeats(database).of_day("jakarta_pusat", day)]
    await database.close()
    assert sorted(seat.booking_code for seat in seats if seat.booking_code) == sorted(
        cards.values()
    )
