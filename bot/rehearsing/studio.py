"""Where recordings are played: definitions, a classifier, and empty stores for each of them."""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Literal, TypeAlias
from uuid import uuid4

from bot.app import Bot, Hearing, rehearsal
from bot.classifiers import chosen_classifier
from bot.clock import Clock
from bot.definitions import Definitions, load_definitions
from bot.errors import ConfigError
from bot.metrics import Metrics
from bot.replay.coverage import Watch
from bot.replay.points import Atlas
from bot.replay.scene import Rehearse
from bot.replay.suite import Result, Stage, replay_file
from bot.settings import Settings
from bot.stores import Stores
from nlu.classifier import Classifier
from nlu.rasa import RasaClassifier
from storage.driver import open_database
from storage.embedded import EmbeddedMongo
from storage.stores import stores_in

Storage: TypeAlias = Literal["memory", "mongo"]
"""On what recordings are played."""


@dataclass(frozen=True, slots=True)
class Studio:
    """Replays recordings one after the other.

    Args:
        watch: of the flows; ``None`` when nobody asks what is passed.
        live: whether actions are run also where a journal says how they ended.
    """

    definitions: Definitions
    stage: Stage
    watch: Watch | None = None
    live: bool = False

    async def replay(self, path: Path, *, updating: bool = False) -> Result:
        """Replay one file; see :func:`bot.replay.suite.replay_file`."""
        return await replay_file(
            path,
            self.definitions,
            self.stage,
            updating=updating,
            watch=self.watch,
            live=self.live,
        )


@asynccontextmanager
async def studio(
    settings: Settings, mongo_uri: str = "", *, coverage: bool = False, live: bool = False
) -> AsyncIterator[Studio]:
    """A studio with the bot's own definitions and classifier.

    Args:
        mongo_uri: of the database recordings are played on; in memory without.

    Raises:
        FlowError: the definitions have mistakes.
        ConfigError: Rasa is wanted and is not there.
    """
    definitions = load_definitions(settings.flows)
    async with chosen_classifier(settings, Metrics(), tell) as classifier:
        if isinstance(classifier, RasaClassifier) and (error := await classifier.check()):
            raise ConfigError(f"Rasa at {settings.nlu.rasa_url} cannot be asked: {error.detail}")
        stage = (
            on_mongo(settings, classifier, mongo_uri)
            if mongo_uri
            else in_memory(settings, classifier)
        )
        atlas = Atlas(definitions.flows, settings.flows.folder) if coverage else None
        yield Studio(definitions, stage, Watch(definitions, atlas) if atlas else None, live)


def keep_what_is_loaded() -> None:
    """Have the garbage collector pass over all there is by now: what was loaded stays until this
    process ends, and looking through it again and again takes a fifth of the time of a replay.
    """
    gc.collect()
    gc.freeze()


def in_memory(settings: Settings, classifier: Classifier | None) -> Stage:
    """Recordings are played in this process's memory."""

    @asynccontextmanager
    async def stage() -> AsyncIterator[Rehearse]:
        yield rehearse_with(settings, classifier)

    return stage


def on_mongo(settings: Settings, classifier: Classifier | None, uri: str) -> Stage:
    """Each recording is played on a database of its own, which is dropped afterwards."""

    @asynccontextmanager
    async def stage() -> AsyncIterator[Rehearse]:
        database = open_database(uri, f"replay_{uuid4().hex}", settings.storage.driver)
        try:
            yield rehearse_with(settings, classifier, await stores_in(database))
            await database.drop()
        finally:
            await database.close()

    return stage


@asynccontextmanager
async def database_for(storage: Storage) -> AsyncIterator[str]:
    """The URI of an empty database of our own, gone afterwards; nothing for memory."""
    if storage == "memory":
        yield ""
        return
    with TemporaryDirectory(prefix="antre-replay-") as folder:
        async with EmbeddedMongo(Path(folder)) as mongo:
            yield mongo.uri


def rehearse_with(
    settings: Settings,
    classifier: Classifier | None,
    stores: Stores | None = None,
    hearing: Hearing = lambda interpreter: interpreter,
) -> Rehearse:
    """Makes the bots that recordings are played on.

    Args:
        hearing: as :func:`bot.app.assemble` takes it.
    """

    def rehearse(definitions: Definitions, clock: Clock, random: Random) -> Bot:
        return rehearsal(definitions, settings, clock, random, classifier, stores, hearing)

    return rehearse


def tell(line: str) -> None:
    """Say something to who is at this terminal."""
    print(line, file=sys.stderr)  # noqa: T201 - for who is at this terminal
