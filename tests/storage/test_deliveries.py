"""Reports of how far messages got, over every store."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.deliveries import DeliveryStore, Report
from storage.deliveries import MemoryDeliveries, MongoDeliveries
from storage.driver import open_database
from tests.storage.conftest import STORES

NOW = datetime(2026, 11, 23, 2, 0, 0, 123_000, tzinfo=UTC)
ID = "whatsapp:jakarta_pusat:6281200000001"
SENT = Report("wamid.1", "sent", NOW, ID, "m1/0")
FAILED = replace(SENT, state="failed", code=131000, reason="at Meta", again=True, part=2)


@pytest.fixture(params=STORES)
async def deliveries(
    request: pytest.FixtureRequest, database_name: str
) -> AsyncIterator[DeliveryStore]:
    """An empty store of each kind."""
    if request.param == "memory":
        yield MemoryDeliveries()
        return
    uri = request.getfixturevalue("embedded_mongo")
    database = open_database(uri, database_name, request.param)
    store = MongoDeliveries(database)
    await store.prepare()
    yield store
    await database.close()


async def test_once(deliveries: DeliveryStore) -> None:
    """A report is kept once, as it came first, whole."""
    await deliveries.add([SENT, FAILED])
    await deliveries.add([replace(SENT, at=NOW + timedelta(days=1))])
    await deliveries.add([])
    assert list(await deliveries.of_conversation(ID)) == [SENT, FAILED]
    assert await deliveries.has("wamid.1|failed")
    assert not await deliveries.has("wamid.1|read")
    assert await deliveries.of_conversation("whatsapp:jakarta_pusat:62812") == []


async def test_order(deliveries: DeliveryStore) -> None:
    """They come by when they happened, whenever they were told."""
    read, delivered = (
        replace(SENT, state=state, at=NOW + timedelta(seconds=at))
        for state, at in (("read", 9), ("delivered", 4))
    )
    for report in (read, SENT, delivered):
        await deliveries.add([report])
    states = [report.state for report in await deliveries.of_conversation(ID)]
    assert states == ["sent", "delivered", "read"]


async def test_a_thousand(deliveries: DeliveryStore) -> None:
    """A whole webhook of them is one call."""
    many = [replace(SENT, id=f"wamid.{n}") for n in range(1000)]
    await deliveries.add(many)
    assert len(await deliveries.of_conversation(ID)) == 1000


async def test_forgetting(deliveries: DeliveryStore) -> None:
    """Those of a person go, and those past their time."""
    other = replace(SENT, id="wamid.2", conversation="whatsapp:jakarta_pusat:6281200000002")
    old = replace(other, id="wamid.3", at=NOW - timedelta(days=91))
    await deliveries.add([SENT, other, old])
    assert await deliveries.forget(ID) == 1
    assert await deliveries.of_conversation(ID) == []
    assert await deliveries.aged(NOW - timedelta(days=90)) == 1
    await deliveries.drop(NOW - timedelta(days=90))
    assert list(await deliveries.of_conversation(other.conversation)) == [other]
