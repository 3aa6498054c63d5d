"""All stores of the desk, together: in memory, or in one database."""

from __future__ import annotations

from bot.desk.kept import DeskStores
from storage.accounts import MemoryAccounts, MongoAccounts
from storage.attempts import MemoryAttempts, MongoAttempts
from storage.audit import MemoryAudit, MongoAudit
from storage.driver import Database
from storage.sessions import MemorySessions, MongoSessions


def desk_stores_in_memory() -> DeskStores:
    """Empty stores in this process's memory."""
    return DeskStores(MemoryAccounts(), MemorySessions(), MemoryAttempts(), MemoryAudit())


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
    return DeskStores(MongoAccounts(database), sessions, attempts, audit)
