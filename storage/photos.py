"""Photos, in memory and in MongoDB: one document each, well below what a document may hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.booking.photos import Photo
from storage.documents import milliseconds
from storage.driver import Database


class MemoryPhotos:
    """:class:`bot.booking.photos.PhotoStore` in memory."""

    def __init__(self) -> None:
        self._photos: dict[str, Photo] = {}

    async def prepare(self) -> None:
        """Nothing to prepare; here so that every store is opened alike."""

    async def put(self, photo: Photo) -> None:
        """See the Protocol."""
        self._photos[photo.sha256] = replace(photo, at=milliseconds(photo.at))

    async def has(self, sha256: str) -> bool:
        """See the Protocol."""
        return sha256 in self._photos

    async def get(self, sha256: str) -> Photo | None:
        """See the Protocol."""
        return self._photos.get(sha256)

    async def purge(self, before: datetime) -> int:
        """See the Protocol."""
        old = [sha256 for sha256, photo in self._photos.items() if photo.at < milliseconds(before)]
        for sha256 in old:
            del self._photos[sha256]
        return len(old)


class MongoPhotos:
    """:class:`bot.booking.photos.PhotoStore` in ``photos``."""

    def __init__(self, database: Database) -> None:
        self._photos = database.collection("photos")

    async def prepare(self) -> None:
        """Make the index; safe to repeat."""
        await self._photos.ensure_index("at")

    async def put(self, photo: Photo) -> None:
        """See the Protocol."""
        kept = {"mime": photo.mime, "content": photo.content, "at": milliseconds(photo.at)}
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

    async def purge(self, before: datetime) -> int:
        """See the Protocol."""
        return await self._photos.delete_many({"at": {"$lt": milliseconds(before)}})
