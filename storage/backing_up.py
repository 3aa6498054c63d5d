"""Backup and restore of a whole database, document by document.

**How a backup fits together though the bot runs on.** Collections are read one after the other,
each as it is at the moment when its reading begins. The order is such that what was *told* is never
newer than what was *done*: conversations first, seats later, just as a turn takes the seat before
it saves the conversation. A restored database then looks like one whose process died between the
two, which the bot is made for: seats are the truth, actions know their keys, what was half done is
finished.
What points to something else is read before it (versions before pictures), what empties itself into
something else too (conversations before the journal), and requests to erase before all.

**A restore that breaks off can be made again**: its mark stays in ``restores`` until all is there,
nobody serves a database that has one, and documents that are there already are left as they are.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final

from bson.raw_bson import RawBSONDocument

from bot.errors import AntreError
from storage.backup_file import Backup, BackupWriter, Held, documents
from storage.driver import Database

FIRST: Final = ("erasures", "conversations", "journal", "waitlist", "days", "calendar", "seats")
LAST: Final = ("pictures", "photos")
MARK: Final = "restores"
DERIVED: Final = frozenset({"months", "directory"})
"""Made anew from the others when it is missing; in a backup it would be of another moment."""

BATCH_DOCUMENTS: Final = 500
BATCH_BYTES: Final = 4 * 2**20

Tell = Callable[[Held], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was not taken as it stands in the backup.

    Args:
        dropped: messages that waited to be sent.
        left_out: documents by collection that clash with others in it.
    """

    dropped: int
    left_out: Mapping[str, int]


def in_order(names: Iterable[str]) -> list[str]:
    """Collections in the order they are read; see above."""
    ours = {name for name in names if not name.startswith("system.")}
    there = ours - {MARK, *DERIVED}
    between = sorted(there - {*FIRST, *LAST})
    return [*(name for name in FIRST if name in there), *between, *(n for n in LAST if n in there)]


async def back_up(
    database: Database, output: IO[bytes], *, version: str, now: datetime, tell: Tell
) -> tuple[Held, ...]:
    """Write everything in the database into a file; a batch at a time is in memory.

    Args:
        version: of the program, for who reads the file later.
        tell: called when a collection is done.

    Raises:
        AntreError: there is nothing to back up, or a restore into it is not finished.
    """
    await refuse_half_restored(database)
    writer = BackupWriter(output, {"version": version, "database": database.name, "begun": now})
    names = in_order(await database.collection_names())
    for name in names:
        writer.collection(name)
        async for raw in database.raw_documents(name, BATCH_DOCUMENTS):
            writer.document(raw)
    held = writer.close()
    for each in held:
        tell(each)
    if not any(each.documents for each in held):
        raise AntreError(
            "the database is empty: there is nothing to back up. Is it the right one? "
            "It is that of MONGODB_URI, else the embedded one in the folder of --data"
        )
    return held


async def restore(
    database: Database,
    source: IO[bytes],
    backup: Backup,
    *,
    prepare: Callable[[Database], Awaitable[object]],
    replace: bool,
    keep_waiting: bool,
    now: datetime,
) -> Restored:
    """Fill the database with a backup that was checked.

    Args:
        source: the file, read from its beginning.
        prepare: makes the indexes. While the database is empty: building one over what is there
            costs the embedded database 5 ms a document.
        replace: delete first what the database holds.
        keep_waiting: whether messages that waited to be sent shall be sent now.

    Raises:
        AntreError: the database holds something else, and it shall not be replaced.
        BackupError: the file is not what it was when it was checked.
    """
    await _make_room(database, backup, prepare, replace=replace, now=now)
    dropped = 0
    for name, batch in _batches(documents(source)):
        raw: list[Any] = [RawBSONDocument(each) for each in batch]
        if name == "conversations" and not keep_waiting:
            dropped += sum(len(each["outbox"]) for each in raw)
            raw = [{**each, "outbox": []} if each["outbox"] else each for each in raw]
        await database.collection(name).insert_missing(raw)
    left_out = {}
    for held in backup.held:
        if missing := held.documents - await database.collection(held.name).count():
            left_out[held.name] = missing
    await database.collection(MARK).delete_many({"_id": backup.digest})
    return Restored(dropped, left_out)


async def _make_room(
    database: Database,
    backup: Backup,
    prepare: Callable[[Database], Awaitable[object]],
    *,
    replace: bool,
    now: datetime,
) -> None:
    """Set the mark, and empty the database if that is allowed; also what is left of a try before.

    The mark comes first and says when the database was emptied: a process that dies in the middle
    leaves nothing that a bot would serve, or that would be mixed with the backup.
    """
    marks = database.collection(MARK)
    mark = await marks.find_one({"_id": backup.digest})
    there = [] if mark else await filled(database)
    if there and not replace:
        raise AntreError(
            f"the database {database.name} holds documents already ({', '.join(there)}). Restore "
            "into an empty one: another --data folder or ANTRE_STORAGE_DATABASE; or delete what "
            "is there with --replace"
        )
    await marks.insert_missing([{"_id": backup.digest, "begun": now, "emptied": False}])
    if mark and mark["emptied"]:
        return
    await marks.delete_many({"_id": {"$ne": backup.digest}})
    await prepare(database)
    for name in await filled(database):  # what making the indexes put there, too
        if name != MARK:
            # Documents, not the collection: dropping that is twenty times slower when embedded.
            await database.collection(name).delete_many({})
    await marks.update_one({"_id": backup.digest}, {"$set": {"emptied": True}})


async def filled(database: Database) -> list[str]:
    """Names of the collections that hold anything, an unfinished restore's mark too."""
    names = [name for name in await database.collection_names() if not name.startswith("system.")]
    return [name for name in sorted(names) if await database.collection(name).find_one({})]


async def refuse_half_restored(database: Database) -> None:
    """Nobody works on a part of an office.

    Raises:
        AntreError: a restore into this database was begun and not finished.
    """
    if await database.collection(MARK).find_one({}):
        raise AntreError(
            f"a restore into the database {database.name} was not finished: run the same "
            "antre restore again (it goes on where it stopped), or another one with --replace"
        )


def _batches(found: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, list[bytes]]]:
    """Documents of one collection, as many as fit into one write."""
    batch: list[bytes] = []
    size, name = 0, ""
    for of, raw in found:
        full = len(batch) >= BATCH_DOCUMENTS or size + len(raw) > BATCH_BYTES
        if batch and (full or of != name):
            yield name, batch
            batch, size = [], 0
        name = of
        batch.append(raw)
        size += len(raw)
    if batch:
        yield name, batch
