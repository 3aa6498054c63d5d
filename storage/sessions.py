"""Staff's sessions in memory and in MongoDB: :class:`bot.desk.sessions.SessionStore`."""

from __future__ import annotations

from datetime import datetime

from bot.desk.sessions import SessionRecord
from bot.dialogue.fields import fields_of
from storage.driver import Database, Document
from storage.moments import milliseconds


class MemorySessions:
    """In this process's memory."""

    def __init__(self) -> None:
        self._sessions: dict[str, SessionRecord] = {}

    async def load(self, key: str) -> SessionRecord | None:
        """See the Protocol."""
        return self._sessions.get(key)

    async def begin(self, record: SessionRecord) -> None:
        """See the Protocol."""
        self._sessions[record.key] = record

    async def keep(self, record: SessionRecord) -> bool:
        """See the Protocol."""
        if record.key not in self._sessions:
            return False
        self._sessions[record.key] = record
        return True

    async def end(self, key: str) -> None:
        """See the Protocol."""
        self._sessions.pop(key, None)

    async def end_all(self, login: str) -> int:
        """See the Protocol."""
        return self._drop([k for k, each in self._sessions.items() if each.login == login])

    async def purge(self, unseen_since: datetime) -> int:
        """See the Protocol."""
        old = [key for key, each in self._sessions.items() if each.seen_at < unseen_since]
        return self._drop(old)

    def _drop(self, keys: list[str]) -> int:
        for key in keys:
            del self._sessions[key]
        return len(keys)


class MongoSessions:
    """In the collection ``sessions``, a document a session, under the hash of its id."""

    def __init__(self, database: Database) -> None:
        self._sessions = database.collection("sessions")

    async def prepare(self) -> None:
        """Make the indexes; safe to repeat."""
        await self._sessions.ensure_index("login")
        await self._sessions.ensure_index("seen_at")

    async def load(self, key: str) -> SessionRecord | None:
        """See the Protocol."""
        found = await self._sessions.find_one({"_id": key})
        return SessionRecord(key=found.pop("_id"), **found) if found else None

    async def begin(self, record: SessionRecord) -> None:
        """See the Protocol."""
        await self._sessions.insert_one({"_id": record.key, **_document(record)})

    async def keep(self, record: SessionRecord) -> bool:
        """See the Protocol."""
        return await self._sessions.update_one({"_id": record.key}, {"$set": _document(record)})

    async def end(self, key: str) -> None:
        """See the Protocol."""
        await self._sessions.delete_many({"_id": key})

    async def end_all(self, login: str) -> int:
        """See the Protocol."""
        return await self._sessions.delete_many({"login": login})

    async def purge(self, unseen_since: datetime) -> int:
        """See the Protocol."""
        return await self._sessions.delete_many({"seen_at": {"$lt": unseen_since}})


def _document(record: SessionRecord) -> Document:
    document = dict(fields_of(record))
    del document["key"]
    times = {name: milliseconds(document[name]) for name in ("began_at", "seen_at")}
    return {**document, **times}
