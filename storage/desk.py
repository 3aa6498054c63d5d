"""All stores of the desk, together: in memory, or in one database."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.handles import Handles
from bot.desk.kept import DeskStores
from storage.accounts import MemoryAccounts, MongoAccounts
from storage.attempts import MemoryAttempts, MongoAttempts
from storage.audit import MemoryAudit, MongoAudit
from storage.drafts import MemoryDrafts, MongoDrafts
from storage.driver import Database
from storage.pseudonym import kept_key
from storage.recordings import MemoryRecordings, MongoRecordings
from storage.runs import MemoryRuns, MongoRuns
from storage.sessions import MemorySessions, MongoSessions


def desk_stores_in_memory() -> DeskStores:
    """Empty stores in this process's memory."""
    return DeskStores(
        MemoryAccounts(),
        MemorySessions(),
        MemoryAttempts(),
        MemoryAudit(),
        MemoryDrafts(),
        MemoryRecordings(),
        MemoryRuns(),
    )


def desk_stores_in_demo(database: Database) -> DeskStores:
    """In memory, but for what editors work on: that is still there after the next start."""
    drafts, recordings = MongoDrafts(database), MongoRecordings(database)
    return replace(
        desk_stores_in_memory(), drafts=drafts, recordings=recordings, runs=MongoRuns(database)
    )


async def desk_stores_in(database: Database) -> DeskStores:
    """The stores in a database, indexes made; safe to repeat.

    Raises:
        AntreError: an older index of another kind stands in the way.
    """
    sessions, attempts, audit = (
        MongoSessions(database),
        MongoAttempts(database),
        MongoAudit(database),
    )
    for store in (sessions, attempts, audit):
        await store.prepare()
    drafts, recordings = MongoDrafts(database), MongoRecordings(database)
    handles = Handles(await kept_key(database, "handles"))
    accounts = MongoAccounts(database)
    runs = MongoRuns(database)
    return DeskStores(accounts, sessions, attempts, audit, drafts, recordings, runs, handles)
