"""Every store, so that the same tests run over all of them."""

from collections.abc import AsyncIterator

import pytest

from bot.booking.seats import SeatStore
from bot.dialogue.store import ConversationStore
from storage.driver import Database, open_database
from storage.memory import MemoryConversations, MemorySeats
from storage.mongo import MongoConversations, MongoSeats

STORES = ["memory", "motor", "pymongo"]


@pytest.fixture(params=["motor", "pymongo"])
async def database(
    request: pytest.FixtureRequest, embedded_mongo: str, database_name: str
) -> AsyncIterator[Database]:
    """An empty database through each driver."""
    database = open_database(embedded_mongo, database_name, request.param)
    yield database
    await database.close()


@pytest.fixture(params=STORES)
async def conversations(
    request: pytest.FixtureRequest, database_name: str
) -> AsyncIterator[ConversationStore]:
    """An empty store of conversations of each kind."""
    if request.param == "memory":
        yield MemoryConversations()
        return
    uri = request.getfixturevalue("embedded_mongo")
    database = open_database(uri, database_name, request.param)
    store = MongoConversations(database)
    await store.prepare()
    yield store
    await database.close()


@pytest.fixture(params=STORES)
async def seats(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[SeatStore]:
    """An empty store of seats of each kind."""
    if request.param == "memory":
        yield MemorySeats()
        return
    uri = request.getfixturevalue("embedded_mongo")
    database = open_database(uri, database_name, request.param)
    store = MongoSeats(database)
    await store.prepare()
    yield store
    await database.close()
