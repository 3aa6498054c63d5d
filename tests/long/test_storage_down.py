"""The database is away: Meta is told to come again, and what it brings again is handled once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import ClientSession

from storage.driver import open_database
from storage.embedded import EmbeddedMongo
from storage.mongo import MongoConversations
from tests.end_to_end.conftest import House
from tests.support.applicant import Applicant
from tests.support.webhooks import APPLICANT, text

CONVERSATION = f"whatsapp:jakarta_pusat:{APPLICANT}"


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
