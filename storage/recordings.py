"""Recordings in memory and in MongoDB: :class:`bot.recordings.RecordingStore`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from pymongo.errors import DuplicateKeyError

from bot.recordings import KeptRecording
from storage.driver import Database
from storage.moments import milliseconds

FIELDS: Final = ("text", "by", "at", "note")


class MemoryRecordings:
    """In this process's memory."""

    def __init__(self) -> None:
        self._kept: dict[str, KeptRecording] = {}

    async def all(self) -> Sequence[KeptRecording]:
        """See the Protocol."""
        return [self._kept[path] for path in sorted(self._kept)]

    async def load(self, path: str) -> KeptRecording | None:
        """See the Protocol."""
        return self._kept.get(path)

    async def add(self, recording: KeptRecording) -> bool:
        """See the Protocol."""
        if recording.path in self._kept:
            return False
        await self.put([recording])
        return True

    async def put(self, recordings: Iterable[KeptRecording]) -> None:
        """See the Protocol."""
        for each in recordings:
            self._kept[each.path] = replace(each, at=milliseconds(each.at))

    async def forget(self, recording: KeptRecording) -> bool:
        """See the Protocol."""
        if self._kept.get(recording.path) != recording:
            return False
        del self._kept[recording.path]
        return True


class MongoRecordings:
    """In the collection ``recordings``, a document each under its path; a few hundred at most, so
    that all of them are read at once.
    """

    def __init__(self, database: Database) -> None:
        self._recordings = database.collection("recordings")

    async def all(self) -> Sequence[KeptRecording]:
        """See the Protocol."""
        return [_recording(each) for each in await self._recordings.find({}, sort=[("_id", 1)])]

    async def load(self, path: str) -> KeptRecording | None:
        """See the Protocol."""
        found = await self._recordings.find_one({"_id": path})
        return _recording(found) if found else None

    async def add(self, recording: KeptRecording) -> bool:
        """See the Protocol."""
        try:
            await self._recordings.insert_one({"_id": recording.path, **_document(recording)})
        except DuplicateKeyError:
            return False
        return True

    async def put(self, recordings: Iterable[KeptRecording]) -> None:
        """See the Protocol."""
        for each in recordings:
            if not await self.add(each):
                await self._recordings.update_one({"_id": each.path}, {"$set": _document(each)})

    async def forget(self, recording: KeptRecording) -> bool:
        """See the Protocol."""
        this = {"_id": recording.path, **_document(recording)}
        return bool(await self._recordings.delete_many(this))


def _document(recording: KeptRecording) -> dict[str, Any]:
    document = {name: getattr(recording, name) for name in FIELDS}
    return {**document, "at": milliseconds(recording.at)}


def _recording(document: Any) -> KeptRecording:
    return KeptRecording(document["_id"], **{name: document[name] for name in FIELDS})
