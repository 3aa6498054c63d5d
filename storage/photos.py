"""Photos, in memory and in MongoDB: one document each, well below what a document may hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.booking.photos import LOOK_AFTER, Photo
from storage.driver import Database
from storage.moments import milliseconds


class MemoryPhotos:
    """:class:`bot.booking.photos.PhotoStore` in memory."""

    def __init__(self) -> None:
        self._photos: dict[str, Photo] = {}
        self._due: dict[str, datetime] = {}

    async def prepare(self) -> None:
        """Nothing to prepare; here so that every store is opened alike."""

    async def put(self, photo: Photo) -> None:
        """See the Protocol."""
        self._photos[photo.sha256] = replace(photo, at=milliseconds(photo.at))
        self._due[photo.sha256] = milliseconds(photo.at + LOOK_AFTER)

    async def has(self, sha256: str) -> bool:
        """See the Protocol."""
        return sha256 in self._photos

    async def get(self, sha256: str) -> Photo | None:
        """See the Protocol."""
        return self._photos.get(sha256)

    async def due(self, now: datetime, limit: int) -> Sequence[str]:
        """See the Protocol."""
        overdue = sorted((at, sha256) for sha256, at in self._due.items() if at < milliseconds(now))
        return [sha256 for _, sha256 in overdue][:limit]

    async def look_again(self, sha256: str, at: datetime) -> None:
        """See the Protocol."""
        if sha256 in self._due:
            self._due[sha256] = milliseconds(at)

    async def drop(self, sha256: str) -> None:
        """See the Protocol."""
        self._photos.pop(sha256, None)
        self._due.pop(sha256, None)


class MongoPhotos:
    """:class:`bot.booking.photos.PhotoStore` in ``photos``."""

    def __init__(self, database: Database) -> None:
        self._photos = database.collection("photos")

    async def prepare(self) -> None:
        """Make the index; safe to repeat."""
        await self._photos.ensure_index("due_at")

    async def put(self, photo: Photo) -> None:
        """See the Protocol."""
        at, due_at = milliseconds(photo.at), milliseconds(photo.at + LOOK_AFTER)
        kept = {"mime": photo.mime, "content": photo.content, "at": at, "due_at": due_at}
        await self._photos.update_one({"_id": photo.sha256}, {"$set": kept}, upsert=True)

    async def has(self, sha256: str) -> bool:
        """See the Protocol."""
        return await self._photos.find_one({"_id": sha256}, only=("mime",)) is not None

    async def get(self, sha256: str) -> Photo | None:
        """See the Protocol."""
        found = await self._photos.find_one({"_id": sha256})
        if found is None:
            return None
        return Photo(sha256, found["mime"], bytes(found["content"]), found["at"])

    async def due(self, now: datetime, limit: int) -> Sequence[str]:
        """See the Protocol."""
        overdue = {"due_at": {"$lt": now}}
        found = await self._photos.find(overdue, only=["due_at"], sort=[("due_at", 1)], limit=limit)
        return [each["_id"] for each in found]

    async def look_again(self, sha256: str, at: datetime) -> None:
        """See the Protocol."""
        await self._photos.update_one({"_id": sha256}, {"$set": {"due_at": milliseconds(at)}})

    async def drop(self, sha256: str) -> None:
        """See the Protocol."""
        await self._photos.delete_many({"_id": sha256})
