"""MongoDB through motor or PyMongo Async: the few calls the stores make, and their errors.

The two drivers differ in what has to be awaited (``aggregate``, ``close``; also sessions,
transactions and ``watch``, which no store uses). That is seen to here and nowhere else.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import AsyncMongoClient, WriteConcern
from pymongo.errors import BulkWriteError, ConfigurationError, InvalidURI, OperationFailure

from bot.errors import AntreError, ConfigError
from storage.answering import Answering, Observe, unobserved

Document: TypeAlias = dict[str, Any]
Driver: TypeAlias = Literal["motor", "pymongo"]

DURABLE: Final = WriteConcern(w="majority", j=True, wtimeout=5000)
"""What is acknowledged survives a crash, and on a replica set the loss of a member."""

OPTIONS: Final[Mapping[str, Any]] = {
    "appname": "antre",
    "connectTimeoutMS": 2000,
    "serverSelectionTimeoutMS": 1000,
    "socketTimeoutMS": 10_000,
    "maxPoolSize": 32,
}
"""For what the URI itself does not say. A turn retries for 3 s, so a dead server is told early."""

DUPLICATE: Final = 11000
INDEX_CONFLICTS: Final = frozenset({85, 86})

_PLAIN: Final = (str, int, datetime)
"""Values that equal one another as :func:`_guarded` puts it; ``None`` and arrays mean more."""


class Collection:
    """One collection; all its writes are durable when they return.

    Every method raises ``StorageUnavailable`` when the database does not answer, and writes may
    raise :class:`pymongo.errors.DuplicateKeyError`.
    """

    def __init__(self, raw: Any, server: str, observe: Observe = unobserved) -> None:
        self._raw = raw
        self._server = server
        self._observe = observe

    async def find_one(
        self,
        where: Mapping[str, Any],
        *,
        only: Sequence[str] | None = None,
        sort: Sequence[tuple[str, int]] | None = None,
    ) -> Document | None:
        """The first match; ``only`` names the fields wanted beside ``_id``."""
        with self._answering("find_one"):
            found: Document | None = await self._raw.find_one(where, only, sort=sort)
        return found

    async def find(
        self,
        where: Mapping[str, Any],
        *,
        only: Sequence[str] | None = None,
        sort: Sequence[tuple[str, int]] | None = None,
        limit: int = 0,
    ) -> list[Document]:
        """All matches, or the first ``limit``."""
        with self._answering("find"):
            cursor = self._raw.find(where, only, sort=sort, limit=limit)
            found: list[Document] = await cursor.to_list(None)
        return found

    async def count(self) -> int:
        """How many documents there are."""
        with self._answering("count"):
            return int(await self._raw.count_documents({}))

    async def aggregate(self, pipeline: Sequence[Mapping[str, Any]]) -> list[Document]:
        """Run a pipeline. ``$unwind`` arrays first: the embedded database misreads paths
        through arrays of documents.
        """
        with self._answering("aggregate"):
            cursor = await _settled(self._raw.aggregate(pipeline))
            found: list[Document] = await cursor.to_list(None)
        return found

    async def insert_one(self, document: Mapping[str, Any]) -> None:
        """Insert one document."""
        with self._answering("insert_one"):
            await self._raw.insert_one(document)

    async def insert_missing(self, documents: Sequence[Mapping[str, Any]]) -> None:
        """Insert those whose ``_id`` is not there yet; leave the others as they are."""
        if not documents:
            return
        with self._answering("insert_missing"):
            try:
                await self._raw.insert_many(documents, ordered=False)
            except BulkWriteError as error:
                codes = {each["code"] for each in error.details["writeErrors"]}
                if codes != {DUPLICATE} or error.details["writeConcernErrors"]:
                    raise

    async def update_one(
        self,
        where: Mapping[str, Any],
        change: Mapping[str, Any],
        *,
        array_filters: Sequence[Mapping[str, Any]] | None = None,
        upsert: bool = False,
    ) -> bool:
        """Change one match; whether there was one."""
        with self._answering("update_one"):
            result = await self._raw.update_one(
                where if upsert else _guarded(where),
                change,
                array_filters=array_filters,
                upsert=upsert,
            )
        return bool(result.matched_count)

    async def delete_many(self, where: Mapping[str, Any]) -> int:
        """Delete all matches; how many there were."""
        with self._answering("delete_many"):
            result = await self._raw.delete_many(_guarded(where))
        return int(result.deleted_count)

    async def ensure_index(self, *fields: str, unique: bool = False, sparse: bool = False) -> None:
        """Make an ascending index, unless it is there.

        Raises:
            AntreError: there is another index of these fields, or the data break its uniqueness.
        """
        options = {name: True for name, on in (("unique", unique), ("sparse", sparse)) if on}
        with self._answering("ensure_index"):
            try:
                await self._raw.create_index([(field, 1) for field in fields], **options)
            except OperationFailure as error:
                name = "_".join(f"{field}_1" for field in fields)
                if error.code in INDEX_CONFLICTS:
                    raise AntreError(
                        f"Collection {self._raw.full_name} has an index {name} of another kind. "
                        f"Drop it (db.{self._raw.name}.dropIndex({name!r})) and start again; it "
                        f"is made anew{' with ' if options else ''}{' and '.join(options)}."
                    ) from error
                if error.code == DUPLICATE:
                    # The driver's own text repeats the value, which may be a telephone number.
                    raise AntreError(
                        f"Collection {self._raw.full_name} holds the same {', '.join(fields)} "
                        f"twice, so index {name} cannot be made. Mend the documents and start "
                        "again."
                    ) from None
                raise

    def _answering(self, op: str) -> Answering:
        return Answering(self._server, op, self._observe)


class Database:
    """A database, whichever driver speaks to it. Get one with :func:`open_database`."""

    def __init__(self, client: Any, name: str, server: str, observe: Observe = unobserved) -> None:
        self.name = name
        self._client = client
        self._observe = observe
        self._raw = client.get_database(
            name,
            codec_options=CodecOptions[Document](tz_aware=True, tzinfo=UTC),
            write_concern=DURABLE,
        )
        self._server = server

    def collection(self, name: str) -> Collection:
        """A collection of this database."""
        return Collection(self._raw[name], self._server, self._observe)

    async def collection_names(self) -> list[str]:
        """Of all collections that are there."""
        with Answering(self._server):
            names: list[str] = await self._raw.list_collection_names()
        return names

    async def raw_documents(self, name: str, batch: int) -> AsyncIterator[bytes]:
        """Every document of a collection as BSON, all as they are at one moment; ``batch`` of
        them are in memory at a time.

        In the collection's own order: a sorted cursor costs the embedded database all memory.

        Raises:
            AntreError: the database does not remember that moment for so long.
        """
        options = CodecOptions[RawBSONDocument](document_class=RawBSONDocument)
        raw = self._raw.with_options(codec_options=options)[name]
        # The embedded database reads a collection at one go whoever asks, and has no such sessions.
        at_one_go = "secantusVersion" in await self.ask_server("buildInfo")
        async with await _settled(self._client.start_session(snapshot=not at_one_go)) as session:
            with Answering(self._server):
                async for document in raw.find({}, batch_size=batch, session=session):
                    yield document.raw

    async def ask_server(self, command: str) -> Document:
        """Run a parameterless server command, such as ``ping``."""
        with Answering(self._server):
            answer: Document = await self._client.admin.command(command)
        return answer

    async def now(self) -> datetime:
        """What time it is by the server's clock, aware UTC."""
        told: datetime = (await self.ask_server("hello"))["localTime"]
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told

    async def drop(self) -> None:
        """Delete the database with all that is in it."""
        with Answering(self._server):
            await self._client.drop_database(self._raw.name)

    async def close(self) -> None:
        """Give the connections back."""
        await _settled(self._client.close())


def open_database(
    uri: str,
    name: str,
    driver: Driver = "motor",
    observe: Observe = unobserved,
    *,
    patience: timedelta | None = None,
) -> Database:
    """Open a database; nothing is sent until the first call.

    Args:
        uri: ``mongodb://…`` or ``mongodb+srv://…``; its own options go before :data:`OPTIONS`.
        name: of the database.
        observe: told of every call of a collection.
        patience: how long one answer may take, where that is longer than a turn would wait.

    Raises:
        ConfigError: the URI cannot be used.
    """
    if not uri.startswith(("mongodb://", "mongodb+srv://")):
        raise _unusable("it names no MongoDB")
    try:
        parts = urlsplit(uri)
        said = {option.lower() for option, _ in parse_qsl(parts.query)}
        ours = {**OPTIONS, "socketTimeoutMS": _milliseconds(patience)} if patience else OPTIONS
        options = {option: value for option, value in ours.items() if option.lower() not in said}
        client = _client_of(driver)(uri, tz_aware=True, **options)
    except (InvalidURI, ConfigurationError, ValueError) as error:
        raise _unusable(type(error).__name__) from None
    return Database(client, name, parts.netloc.rpartition("@")[2], observe)


def _milliseconds(time: timedelta) -> int:
    return round(time.total_seconds() * 1000)


def _client_of(driver: Driver) -> Any:
    if driver == "pymongo":
        return AsyncMongoClient
    # Only when asked for: motor is deprecated and its support ends in May 2027.
    from motor.motor_asyncio import AsyncIOMotorClient  # noqa: PLC0415

    return AsyncIOMotorClient


def _guarded(where: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same condition, with what must hold of the document named by its ``_id`` put as ``$all``.

    For each plain clause the embedded database looks through all indexes of the collection, though
    ``_id`` is there: with four clauses and seven indexes that is a third of an update.
    """
    if "_id" not in where:
        return where
    return {
        field: {"$all": [value]} if field != "_id" and isinstance(value, _PLAIN) else value
        for field, value in where.items()
    }


async def _settled(result: Any) -> Any:
    """The result of a call that one driver awaits and the other does not."""
    return await result if inspect.isawaitable(result) else result


def _unusable(reason: str) -> ConfigError:
    # The driver's own text may repeat a part of the URI, which holds the password.
    return ConfigError(
        f"MONGODB_URI cannot be used ({reason}): it should read "
        "mongodb://user:password@host:port/?options, user and password percent-encoded."
    )
