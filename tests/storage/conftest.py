"""Every store, so that the same tests run over all of them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest

from bot.booking.days import CalendarStore
from bot.booking.people import PeopleStore
from bot.booking.seats import SeatStore
from bot.dialogue.store import ConversationStore
from bot.dialogue.versions import VersionStore
from storage.driver import Database, open_database
from storage.memory import MemoryConversations, MemorySeats, MemoryVersions
from storage.memory_calendar import MemoryCalendar
from storage.mongo import MongoConversations, MongoSeats, MongoVersions
from storage.mongo_calendar import MongoCalendar
from storage.people import MemoryPeople, MongoPeople

STORES = ["memory", "motor", "pymongo"]


@pytest.fixture(params=["motor", "pymongo"])
async def database(
    request: pytest.FixtureRequest, embedded_mongo: str, database_name: str
) -> AsyncIterator[Database]:
    """An empty database through each driver."""
    database = open_database(embedded_mongo, database_name, request.param)
    yield database
    await database.close()


Prepared = TypeVar(
    "Prepared", MongoCalendar, MongoConversations, MongoSeats, MongoPeople, MongoVersions
)


@asynccontextmanager
async def in_mongo(
    request: pytest.FixtureRequest, name: str, store_in: Callable[[Database], Prepared]
) -> AsyncIterator[Prepared]:
    """An empty, prepared store through the driver the fixture is parametrised with."""
    uri = request.getfixturevalue("embedded_mongo")
    database = open_database(uri, name, request.param)
    store = store_in(database)
    await store.prepare()
    yield store
    await database.close()


Kept = TypeVar("Kept")


@asynccontextmanager
async def store_of(
    request: pytest.FixtureRequest,
    name: str,
    in_memory: Callable[[], Kept],
    store_in: Callable[[Database], Prepared],
) -> AsyncIterator[Kept | Prepared]:
    """An empty store of the kind the fixture is parametrised with."""
    if request.param == "memory":
        yield in_memory()
        return
    async with in_mongo(request, name, store_in) as store:
        yield store


@pytest.fixture(params=STORES)
async def conversations(
    request: pytest.FixtureRequest, database_name: str
) -> AsyncIterator[ConversationStore]:
    """An empty store of conversations of each kind."""
    async with store_of(request, database_name, MemoryConversations, MongoConversations) as store:
        yield store


@pytest.fixture(params=STORES)
async def seats(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[SeatStore]:
    """An empty store of seats of each kind."""
    async with store_of(request, database_name, MemorySeats, MongoSeats) as store:
        yield store


@pytest.fixture(params=STORES)
async def people(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[PeopleStore]:
    """An empty store of people of each kind."""
    async with store_of(request, database_name, MemoryPeople, MongoPeople) as store:
        yield store


@pytest.fixture(params=STORES)
async def calendar(
    request: pytest.FixtureRequest, database_name: str
) -> AsyncIterator[CalendarStore]:
    """An empty store of changed days of each kind."""
    async with store_of(request, database_name, MemoryCalendar, MongoCalendar) as store:
        yield store


@pytest.fixture(params=STORES)
async def versions(
    request: pytest.FixtureRequest, database_name: str
) -> AsyncIterator[VersionStore]:
    """An empty store of publications of each kind."""
    async with store_of(request, database_name, MemoryVersions, MongoVersions) as store:
        yield store
