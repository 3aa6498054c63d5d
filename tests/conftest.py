"""What tests of several parts share: a real database, started once and only if asked for."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import structlog
from hypothesis import HealthCheck, settings

from bot.acting import Acting
from bot.booking.seats import SeatStore
from bot.dialogue.actions import Doing
from bot.dialogue.events import Outcome
from bot.dialogue.store import ConversationStore
from nlu.local import LocalClassifier, ready
from storage.driver import open_database
from storage.embedded import EmbeddedMongo
from storage.folder import Folder
from storage.memory import MemoryConversations, MemorySeats
from storage.mongo import MongoConversations, MongoSeats
from tests.support.declared import only_declared
from tests.support.shell import Bot, Clock, MakeBot, Numbers

# On a busy machine everything is slow; what is tested says nothing about time.
settings.register_profile("antre", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("antre")


def pytest_configure(config: pytest.Config) -> None:
    """Pass over the one leak that is not ours.

    PyMongo Async leaves a socket to the garbage collector when a client is closed while its
    monitor connects, as happens to a client that lives for one short test.
    """
    leak = "Exception ignored in. <socket.socket"
    config.addinivalue_line(
        "filterwarnings", f"ignore:{leak}:pytest.PytestUnraisableExceptionWarning"
    )


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """Logging is configured for the process, on a stream that ends with the test: put it back."""
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _only_declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An action that looks at what it does not declare fails its test, wherever it is run."""
    act = Acting._act
    refused: list[str] = []

    async def strictly(self: Acting, name: str, doing: Doing) -> Outcome:
        return await act(self, name, only_declared(self._actions[name], doing, refused))

    monkeypatch.setattr(Acting, "_act", strictly)
    yield
    assert refused == []


@pytest.fixture(scope="session")
def embedded_mongo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URI of an embedded database shared by all tests of the run."""
    mongo = EmbeddedMongo(tmp_path_factory.mktemp("mongo"))
    # A loop and a thread of its own: the loops of tests come and go, and the database dies with
    # the thread that started it.
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="embedded database")
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(mongo.start(), loop).result()
        yield mongo.uri
        asyncio.run_coroutine_threadsafe(mongo.stop(), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


TRAINING = Path(__file__).parents[1] / "nlu" / "data"


@pytest.fixture(scope="session")
def models(pytestconfig: pytest.Config) -> Path:
    """The folder with what was learnt from the repository's training data: once for all workers
    of a run, and again only when data or code have changed.
    """
    assert pytestconfig.cache is not None
    path = Path(pytestconfig.cache.mkdir("nlu"))
    folder = Folder(path)
    while not folder.take():
        time.sleep(0.1)
    try:
        asyncio.run(ready(TRAINING, path, print))
    finally:
        folder.give_back()
    return path


@pytest.fixture(scope="session")
def classifier(models: Path) -> LocalClassifier:
    """The embedded classifier, as it is delivered."""
    classifier = LocalClassifier.stored(TRAINING, models)
    classifier.load()
    return classifier


@pytest.fixture
def database_name() -> str:
    """Name of a database that no other test uses."""
    return f"test_{uuid4().hex}"


Stores = tuple[ConversationStore, SeatStore]


@pytest.fixture(params=["memory", "embedded"])
async def stores(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[Stores]:
    """Empty stores, in memory and in the embedded database."""
    if request.param == "memory":
        yield MemoryConversations(), MemorySeats()
        return
    database = open_database(request.getfixturevalue("embedded_mongo"), database_name)
    conversations, seats = MongoConversations(database), MongoSeats(database)
    await conversations.prepare()
    await seats.prepare()
    yield conversations, seats
    await database.close()


@pytest.fixture
def make(stores: Stores, tmp_path: Path) -> MakeBot:
    """Bots over the same store, clock and service; name each by its owner."""
    clock, numbers = Clock(), Numbers()

    def bot(owner: str = "a", **more: Any) -> Bot:
        return Bot(stores[0], tmp_path, clock=clock, numbers=numbers, owner=owner, **more)

    return bot
