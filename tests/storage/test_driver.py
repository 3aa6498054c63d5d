import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
    WTimeoutError,
)

from bot.dialogue.conversation import Conversation
from bot.dialogue.store import Contact, Stored
from bot.errors import AntreError, ConfigError, StorageUnavailable
from storage.answering import Answering
from storage.driver import Database, Driver, open_database
from storage.mongo import MongoConversations, MongoSeats


@pytest.fixture
async def silent_server() -> AsyncIterator[int]:
    """A port that takes connections and never says a word."""
    hung: list[asyncio.StreamWriter] = []

    async def hang(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hung.append(writer)

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await asyncio.sleep(0.1)  # a driver's monitor may just be connecting
    for writer in hung:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    await server.wait_closed()


async def test_times_are_aware_utc(database: Database) -> None:
    """A time comes back in UTC, to the millisecond."""
    times = database.collection("times")
    await times.insert_one({"_id": 1, "at": datetime(2026, 1, 2, 3, 4, 5, 678_900, UTC)})
    found = await times.find_one({"_id": 1})
    assert found == {"_id": 1, "at": datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC)}
    assert found["at"].tzinfo is UTC


async def test_the_calls(database: Database) -> None:
    """What the drivers do differently is done alike."""
    things = database.collection("things")
    await things.insert_missing([{"_id": n, "of": n % 2} for n in range(4)])
    await things.insert_missing([{"_id": 3, "of": "changed"}, {"_id": 4, "of": 0}])
    await things.insert_missing([])
    count = [{"$group": {"_id": "$of", "count": {"$sum": 1}}}, {"$sort": {"_id": 1}}]
    assert await things.aggregate(count) == [{"_id": 0, "count": 3}, {"_id": 1, "count": 2}]
    assert await things.find({}, only=["_id"], sort=[("_id", -1)], limit=2) == [
        {"_id": 4},
        {"_id": 3},
    ]
    assert await things.update_one({"_id": 1}, {"$set": {"of": 7}})
    assert not await things.update_one({"_id": 9}, {"$set": {"of": 7}})
    with pytest.raises(DuplicateKeyError):
        await things.insert_one({"_id": 1})
    assert (await database.ask_server("ping"))["ok"] == 1


async def test_insert_missing_hides_no_other_failure(database: Database) -> None:
    """Only what is there already is passed over."""
    await database._raw.create_collection("things", validator={"n": {"$gt": 0}})
    things = database.collection("things")
    with pytest.raises(BulkWriteError, match="validation"):
        await things.insert_missing([{"_id": 1, "n": 1}, {"_id": 2, "n": 0}, {"_id": 3, "n": 1}])
    assert await things.find({}, only=["_id"]) == [{"_id": 1}, {"_id": 3}]


async def test_preparing_repeats(database: Database) -> None:
    """Indexes are made once, by however many processes start at once."""
    for store in (MongoConversations(database), MongoSeats(database)):
        await asyncio.gather(*(store.prepare() for _ in range(3)))
        await store.prepare()


async def test_an_older_index_in_the_way(database: Database) -> None:
    """An index of another kind is named, with the command that drops it."""
    await database.collection("seats").ensure_index("claim_key")
    with pytest.raises(AntreError, match=r"db\.seats\.dropIndex\('claim_key_1'\)"):
        await MongoSeats(database).prepare()


async def test_documents_that_break_an_index(database: Database) -> None:
    """Documents that are the same where they must differ are named."""
    things = database.collection("things")
    await things.insert_missing([{"_id": 1, "code": "A"}, {"_id": 2, "code": "A"}])
    with pytest.raises(AntreError, match="holds the same code twice"):
        await things.ensure_index("code", unique=True, sparse=True)


@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_no_server(driver: Driver) -> None:
    """When nothing listens, the error says where and what to do, and keeps the password."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        uri = f"mongodb://antre:rahasia@127.0.0.1:{port}/?serverSelectionTimeoutMS=100"
        database = open_database(uri, "antre", driver)
        with pytest.raises(StorageUnavailable, match=rf"127\.0\.0\.1:{port} did not") as error:
            await MongoConversations(database).load("x")
        await database.close()
    assert "rahasia" not in str(error.value)
    assert "Topology" not in str(error.value)
    assert "MONGODB_URI" in str(error.value)


@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_a_silent_server(driver: Driver, silent_server: int) -> None:
    """A server that takes the connection and never answers is unavailable too."""
    limits = "serverSelectionTimeoutMS=200&connectTimeoutMS=100"
    database = open_database(f"mongodb://127.0.0.1:{silent_server}/?{limits}", "antre", driver)
    with pytest.raises(StorageUnavailable):
        await MongoConversations(database).load("x")
    await database.close()


@pytest.mark.parametrize(
    "uri",
    ["", "localhost", "http://localhost", "mongodb://u:ra/ha@sia@host", "mongodb://rahasia:99999/"],
)
def test_a_wrong_uri(uri: str) -> None:
    """A URI that cannot be used is a setting to mend; what it holds is not repeated."""
    with pytest.raises(ConfigError, match="MONGODB_URI") as error:
        open_database(uri, "antre", "pymongo")
    assert "sia" not in str(error.value)


WRITE_CONCERN = {"writeErrors": [], "writeConcernErrors": [{"code": 91, "errmsg": "down"}]}


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect("gone"),
        ServerSelectionTimeoutError("none"),
        NetworkTimeout("slow"),
        NotPrimaryError("stepped down"),
        WTimeoutError("members behind"),
        ExecutionTimeout("too slow", 50),
        OperationFailure("interrupted", 11600),
        OperationFailure("The server is in quiesce mode: shutdown in progress", 91),
        OperationFailure("shutdown in progress"),
        OperationFailure("internal server error", 1),
        OperationFailure("available disk space is less than required minimum", 14031),
        BulkWriteError(WRITE_CONCERN),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_that_pass(error: Exception) -> None:
    """Whatever may be better in a moment becomes ``StorageUnavailable``."""
    with pytest.raises(StorageUnavailable), Answering("host"):
        raise error


def test_errors_that_stay() -> None:
    """A refused user is a setting; our own mistakes keep their shape."""
    with pytest.raises(ConfigError), Answering("host"):
        raise OperationFailure("bad auth", 18)
    with pytest.raises(OperationFailure), Answering("host"):
        raise OperationFailure("unknown operator", 2)


async def test_the_uri_goes_before_our_options(embedded_mongo: str) -> None:
    """What the URI says holds; what it does not say is set short."""
    database = open_database(f"{embedded_mongo}?maxPoolSize=3", "antre", "pymongo")
    assert database._client.options.pool_options.max_pool_size == 3
    assert database._client.options.server_selection_timeout == 1
    await database.close()


async def test_the_name_is_free(embedded_mongo: str) -> None:
    """Two databases of one server know nothing of each other."""
    one, other = (open_database(embedded_mongo, f"test_{uuid4().hex}") for _ in range(2))
    contact = Contact("web", "visitor", "batam")
    fresh = Stored(Conversation(contact.conversation_id, "passport_guided"), contact)
    await one.collection("conversations").insert_one({"_id": fresh.conversation.id})
    assert await MongoConversations(other).load(fresh.conversation.id) is None
    await one.close()
    await other.close()
