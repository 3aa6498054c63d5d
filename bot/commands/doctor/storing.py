"""Whether the database takes, keeps and gives back."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.app import database_of
from bot.commands.doctor.told import Told, error, ok, warning
from bot.errors import AntreError
from bot.settings import Settings
from storage.driver import Database
from storage.stores import stores_in

SECONDS: Final = 20.0
SLOW_MILLISECONDS: Final = 150.0
CLOCKS_APART_SECONDS: Final = 30.0


async def of_storage(settings: Settings) -> AsyncIterator[Told]:
    """Ask it, write a document, read it, delete it; make indexes that are missing."""
    embedded = not settings.secrets.mongodb_uri
    try:
        async with asyncio.timeout(SECONDS + 60 * embedded), database_of(settings) as database:
            hello = await database.ask_server("hello")
            yield _kind(hello, await database.ask_server("buildInfo"), embedded=embedded)
            yield _clock(hello)
            yield await _probe(database)
            await stores_in(database)
            yield ok("storage", "all indexes are there")
    except TimeoutError:
        said = f"the database took longer than {SECONDS:g} s"
        yield error("storage", said, "look at its load and its log")
    except AntreError as wrong:
        yield error("storage", str(wrong).partition("\n")[0], "see that it runs and may be reached")


def _kind(hello: Mapping[str, Any], about: Mapping[str, Any], *, embedded: bool) -> Told:
    version = about.get("version", "of unknown version")
    if embedded:
        said = (
            f"the embedded database (SecantusDB, speaks MongoDB {version}): beta, not for an office"
        )
        return warning("storage", said, "set MONGODB_URI to a MongoDB replica set")
    if "setName" in hello or hello.get("msg") == "isdbgrid":
        return ok("storage", f"MongoDB {version}, a replica set")
    said = f"MongoDB {version}, a single server: it is gone when its machine is"
    return warning("storage", said, "run it as a replica set of three")


def _clock(hello: Mapping[str, Any]) -> Told:
    told = hello.get("localTime")
    if not isinstance(told, datetime):
        return ok("storage", "the database does not tell its time")
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    apart = abs((datetime.now(UTC) - told).total_seconds())
    if apart > CLOCKS_APART_SECONDS:
        said = f"its clock and this machine's are {apart:.0f} s apart"
        return error("storage", said, "have both machines set theirs by NTP")
    return ok("storage", "its clock agrees with this machine's")


async def _probe(database: Database) -> Told:
    probe, began = {"_id": f"doctor-{secrets.token_hex(8)}"}, time.perf_counter()
    collection = database.collection("doctor")
    await collection.insert_one({**probe, "at": datetime.now(UTC)})
    found = await collection.find_one(probe)
    deleted = await collection.delete_many(probe)
    took = 1000 * (time.perf_counter() - began)
    if found is None or deleted != 1:
        said = "what was written was not there a moment later"
        return error("storage", said, "look at the database's log before anything else")
    said = f"a document was written, read and deleted in {took:.0f} ms"
    if took > SLOW_MILLISECONDS:
        return warning(
            "storage", said, "it should take a few milliseconds: look at its disk and load"
        )
    return ok("storage", said)
