"""Backup and restore of an office that goes on working meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import bson
import pytest
from bson import Binary, Decimal128, Int64, ObjectId

from bot.app import assemble
from bot.errors import AntreError, StorageUnavailable
from storage.backing_up import MARK, Restored, back_up, filled, in_order, restore
from storage.backup_file import checked
from storage.driver import Collection, Database, open_database
from storage.stores import prepared, stores_in
from tests.support.town import Town, code_in, repository

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
DAY = date(2026, 11, 24)


@pytest.fixture
async def source(embedded_mongo: str) -> AsyncIterator[Database]:
    """An empty database to fill and to back up."""
    opened = open_database(embedded_mongo, f"backed_up_{uuid4().hex}")
    yield opened
    await opened.close()


@pytest.fixture
async def other(embedded_mongo: str) -> AsyncIterator[Database]:
    """An empty database to restore into."""
    opened = open_database(embedded_mongo, f"restored_{uuid4().hex}")
    yield opened
    await opened.close()


async def town_on(database: Database) -> Town:
    """The repository's own offices on a database; everything is the real bot."""
    town = Town()
    definitions, settings = repository()
    stores = await stores_in(database)
    town.bot = assemble(
        definitions, settings, stores=stores, clock=lambda: town.now, random=town.random
    )
    town.stores = stores
    return town


async def backed_up(database: Any) -> bytes:
    """A backup's bytes."""
    output = BytesIO()
    await back_up(database, output, version="1", now=NOW, tell=lambda _: None)
    return output.getvalue()


async def restored(file: bytes, database: Database, **options: Any) -> Restored:
    """The whole restore, as the command does it."""
    backup = checked(BytesIO(file))
    told = {"replace": False, "keep_waiting": True, "now": NOW, "prepare": prepared, **options}
    return await restore(database, BytesIO(file), backup, **told)


async def contents(database: Database) -> dict[str, dict[Any, bytes]]:
    """Every document of every collection that holds any."""
    found = {}
    for name in await filled(database):
        raws = [raw async for raw in database.raw_documents(name, 100)]
        found[name] = {str(bson.decode(raw)["_id"]): raw for raw in raws}
    return found


class Interrupted:
    """A database in which something happens before each collection is read."""

    def __init__(self, database: Database, between: Callable[[], Awaitable[None]]) -> None:
        self.name = database.name
        self._database = database
        self._between = between
        self.collection_names = database.collection_names
        self.collection = database.collection

    async def raw_documents(self, name: str, batch: int) -> AsyncIterator[bytes]:
        """They are read after something happened."""
        await self._between()
        async for raw in self._database.raw_documents(name, batch):
            yield raw


async def test_of_an_office_at_work(source: Database, other: Database) -> None:
    """People register between any two collections read; the restored office knows
    every booking anybody was told of by then, holds each seat once, and goes on.
    """
    town = await town_on(source)
    codes = {n: await books(town, n) for n in range(3)}
    people = iter(range(3, 28))
    told: dict[int, str] = {}

    async def somebody_comes() -> None:
        if len(told) == 8:
            return
        number = next(people)
        told[number] = await books(town, number)

    file = await backed_up(Interrupted(source, somebody_comes))
    assert len(told) == 8

    again = await town_on_restored(file, other, town)
    for number in range(3):  # told before the backup began: known after it
        assert code_in(await again.caller(number).says("#status")) == codes[number]
    seats = await again.stores.seats.of_day("jakarta_timur", DAY)
    taken = Counter(seat.booking_code for seat in seats if seat.booking_code)
    assert set(taken.values()) == {1}
    for id_ in await again.stores.conversations.idle(again.now + timedelta(days=1), 100):
        said = [
            reply["text"]
            for record in await again.stores.conversations.transcript(id_)
            for reply in record["replies"]
        ]
        cards = [text for text in said if "Kode booking: *" in text]
        if cards:
            assert code_in(cards[-1]) in taken  # told, so done
    free = min(seat.number for seat in seats if not seat.key)
    code = code_in(await again.caller(70).books("SITI NURHALIZA"))
    booked = await again.stores.seats.by_code(code)
    assert booked
    assert booked.number == free


async def books(town: Town, number: int) -> str:
    """A person of their own registers; the booking code."""
    return code_in(await town.caller(number).books("BUDI SANTOSA", f"{number % 28 + 1:02}081990"))


async def town_on_restored(file: bytes, database: Database, town: Town) -> Town:
    """The office on a restored database, its clock as it was."""
    await restored(file, database)
    again = await town_on(database)
    again.now, again.count = town.now, 10_000
    return again


async def test_the_same_documents(database: Database, other: Database) -> None:
    """All types BSON knows come back, byte for byte, in every collection."""
    odd = {
        "_id": "odd",
        "at": NOW,
        "whole": Int64(5),
        "binary": Binary(b"\x00\xff", 5),
        "bytes": b"\x01",
        "decimal": Decimal128("1.10"),
        "id": ObjectId(),
        "none": None,
        "nested": [{"a": {"b": [1.5, True, "é🙂"]}}],
    }
    await database.collection("odd").insert_one(odd)
    many = [{"_id": f"n{n}", "text": "x" * n} for n in range(1203)]
    await database.collection("anything").insert_missing(many)
    await restored(await backed_up(database), other)
    before, after = await contents(database), await contents(other)
    assert {name: after[name] for name in before} == before
    assert len(after["anything"]) == 1203


async def test_only_into_an_empty_one(source: Database, other: Database) -> None:
    """What is there already is not touched, unless it shall be replaced; then nothing is left."""
    await source.collection("seats").insert_one({"_id": "a"})
    await other.collection("people").insert_one({"_id": "b"})
    file = await backed_up(source)
    with pytest.raises(AntreError, match=r"holds documents already \(people\)"):
        await restored(file, other)
    assert list(await contents(other)) == ["people"]
    await restored(file, other, replace=True)
    assert list((await contents(other))["seats"]) == ["a"]
    assert "people" not in await contents(other)


async def test_broken_off(
    source: Database, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody serves a part of it; the same restore goes on, another one is refused."""
    many = [{"_id": f"n{n:04}"} for n in range(600)]
    await source.collection("journal").insert_missing(many)
    file = await backed_up(source)
    await source.collection("journal").insert_one({"_id": "later"})
    newer = await backed_up(source)
    insert_missing = Collection.insert_missing
    batches = 0

    async def breaking(self: Collection, documents: Sequence[Mapping[str, Any]]) -> None:
        nonlocal batches
        batches += len(documents) >= 100
        if batches == 2:
            raise StorageUnavailable("gone")
        await insert_missing(self, documents)

    with monkeypatch.context() as patched:
        patched.setattr(Collection, "insert_missing", breaking)
        with pytest.raises(StorageUnavailable):
            await restored(file, other)
    assert 0 < len((await contents(other))["journal"]) < 600
    with pytest.raises(AntreError, match="was not finished"):
        await stores_in(other)
    with pytest.raises(AntreError, match="was not finished"):
        await backed_up(other)
    with pytest.raises(AntreError, match="holds documents already"):
        await restored(newer, other)
    await restored(file, other)
    assert len((await contents(other))["journal"]) == 600
    await stores_in(other)


async def test_broken_off_while_emptying(
    source: Database, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What should be replaced and is still there goes when the restore is made again."""
    await source.collection("seats").insert_one({"_id": "new"})
    for name in ("journal", "people", "seats"):
        await other.collection(name).insert_one({"_id": "old"})
    file = await backed_up(source)
    emptied = 0
    delete_many = Collection.delete_many

    async def breaking(self: Collection, where: Any) -> int:
        nonlocal emptied
        emptied += not where
        if emptied == 2:
            raise StorageUnavailable("gone")
        return await delete_many(self, where)

    with monkeypatch.context() as patched:
        patched.setattr(Collection, "delete_many", breaking)
        with pytest.raises(StorageUnavailable):
            await restored(file, other, replace=True)
    assert MARK in await contents(other)
    with pytest.raises(AntreError, match="was not finished"):
        await stores_in(other)
    await restored(file, other)
    found = await contents(other)
    assert list(found["seats"]) == ["new"]
    assert {"journal", "people", "keys", MARK}.isdisjoint(found)


async def test_messages_that_waited(source: Database, other: Database) -> None:
    """They are sent after a restore, or left out; nothing else of the conversation changes."""
    town = await town_on(source)
    await town.caller(1).says("Pagi")
    message = {"id": "i", "reply": {"text": "Halo"}, "attempts": 2}
    (id_,) = await town.stores.conversations.idle(town.now + timedelta(days=1), 9)
    where, waiting = {"_id": id_}, {"$set": {"outbox": [message]}}
    assert await source.collection("conversations").update_one(where, waiting)
    file = await backed_up(source)
    assert await restored(file, other, keep_waiting=True) == Restored(0, {})
    kept = await other.collection("conversations").find_one(where)
    assert kept
    assert kept["outbox"] == [message]
    assert await restored(file, other, keep_waiting=False, replace=True) == Restored(1, {})
    dropped = await other.collection("conversations").find_one(where)
    assert dropped == {**kept, "outbox": []}


async def test_nothing_there(source: Database) -> None:
    """An empty database is no backup to rely on."""
    with pytest.raises(AntreError, match="nothing to back up"):
        await backed_up(source)


def test_order() -> None:
    """What is told is read before what is done; a restore's own mark and the server's are not."""
    names = ["photos", "seats", "aliases", "system.views", MARK, "versions", "pictures", "days"]
    names += ["conversations", "erasures"]
    assert in_order(names) == [
        *("erasures", "conversations", "days", "seats"),
        *("aliases", "versions", "pictures", "photos"),
    ]


async def test_clashes_are_told(source: Database, other: Database) -> None:
    """Two documents that may not stand side by side: one does, and the other is counted."""
    for number in (1, 2):
        await source.collection("seats").insert_one({"_id": str(number), "booking_code": "A"})
    assert await restored(await backed_up(source), other) == Restored(0, {"seats": 1})


async def test_one_moment(source: Database) -> None:
    """What moves from one document to another while they are read is seen once, or not at all."""
    seats = source.collection("seats")
    await seats.insert_missing([{"_id": f"{n:05}", "text": "x" * 400} for n in range(3000)])

    async def moves() -> None:
        there, here = "00003", "02990"
        while True:
            await seats.update_one({"_id": there}, {"$unset": {"of": ""}})
            await seats.update_one({"_id": here}, {"$set": {"of": "P"}})
            there, here = here, there

    moving = asyncio.create_task(moves())
    for _ in range(5):
        documents = [bson.decode(raw) async for raw in source.raw_documents("seats", 100)]
        assert (len(documents), sum("of" in each for each in documents) <= 1) == (3000, True)
    moving.cancel()
    with suppress(asyncio.CancelledError):
        await moving
