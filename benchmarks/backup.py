"""How fast a backup and a restore are, and how large: real bookings, and many copies of them.

Python benchmarks/backup.py [BOOKINGS] [COPIES]
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import assemble
from storage.backing_up import back_up, restore
from storage.backup_file import checked
from storage.driver import Database, open_database
from storage.embedded import EmbeddedMongo
from storage.stores import prepared, stores_in
from tests.support.town import Town, repository

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PATIENCE = timedelta(minutes=5)


async def main(bookings: int, copies: int) -> None:
    """Measure both."""
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedMongo(Path(folder) / "data") as mongo:
            source = open_database(mongo.uri, "source", patience=PATIENCE)
            await fill(source, bookings)
            print(f"{bookings} bookings: {await once(mongo.uri, source, Path(folder))}")
            await copy(source, copies)
            print(f"and {copies} conversations: {await once(mongo.uri, source, Path(folder))}")
            await source.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"at most {peak:.0f} MB of memory in all")


async def fill(database: Database, bookings: int) -> None:
    """Applicants register, some a day."""
    town = Town()
    definitions, settings = repository()
    stores = await stores_in(database)
    town.bot = assemble(
        definitions, settings, stores=stores, clock=lambda: town.now, random=town.random
    )
    for number in range(bookings):
        day = f"{24 + number // 100 % 4}112026"
        born = f"{number % 28 + 1:02}{number // 28 % 12 + 1:02}{1960 + number // 336 % 40}"
        card = await town.caller(100 + number).books("BUDI SANTOSA", born, day)
        if "Kode booking" not in card:
            sys.exit(card)


async def copy(database: Database, copies: int) -> None:
    """More conversations, as they stand after a booking."""
    conversations = database.collection("conversations")
    one = await conversations.find_one({}) or {}
    for begin in range(0, copies, 500):
        await conversations.insert_missing(
            [
                {
                    **one,
                    "_id": f"copy {n}",
                    "contact": {
                        **one["contact"],
                        "sender": f"copy {n}",
                        "heard_at": NOW - timedelta(seconds=n),
                    },
                    "due_at": NOW + timedelta(days=9999, seconds=n),
                }
                for n in range(begin, min(begin + 500, copies))
            ]
        )


async def once(uri: str, source: Database, folder: Path) -> str:
    """Back up and restore; the figures."""
    file, began = folder / "x.backup", time.perf_counter()
    with file.open("wb") as output:
        held = await back_up(source, output, version="0", now=NOW, tell=lambda _: None)
    backed_up = time.perf_counter()
    size, packed = sum(each.size for each in held) / 1e6, file.stat().st_size / 1e6
    target = open_database(uri, f"target_{file.stat().st_size}", patience=PATIENCE)
    with file.open("rb") as opened:
        found = checked(opened)
        verified = time.perf_counter()
        opened.seek(0)
        await restore(
            target,
            opened,
            found,
            prepare=prepared,
            replace=True,
            keep_waiting=True,
            now=NOW,
        )
    restored = time.perf_counter()
    await target.close()
    return (
        f"{found.documents} documents, {size:.1f} MB, packed {packed:.2f} MB; "
        f"backup {size / (backed_up - began):.1f} MB/s, check {size / (verified - backed_up):.0f} "
        f"MB/s, restore {size / (restored - verified):.1f} MB/s with indexes"
    )


if __name__ == "__main__":
    asyncio.run(main(*(int(each) for each in (*sys.argv[1:], "400", "10000")[:2])))
