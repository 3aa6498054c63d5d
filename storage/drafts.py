"""Drafts of flows in memory and in MongoDB: :class:`bot.desk.drafts.DraftStore`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, Final

from pymongo.errors import DuplicateKeyError

from bot.desk.drafts import Draft, DraftHead
from bot.dialogue.fields import fields_of
from storage.driver import Database
from storage.moments import milliseconds

OF_HEADS: Final = tuple(each.name for each in fields(DraftHead) if each.name != "id")
TEXTS: Final = ("files", "recordings")


class MemoryDrafts:
    """In this process's memory."""

    def __init__(self) -> None:
        self._drafts: dict[str, Draft] = {}

    async def heads(self) -> Sequence[DraftHead]:
        """See the Protocol."""
        found = sorted(self._drafts.values(), key=lambda each: (each.saved_at, each.id))
        heads = [{name: getattr(each, name) for name in ("id", *OF_HEADS)} for each in found]
        return [DraftHead(**head) for head in reversed(heads)]

    async def load(self, draft_id: str) -> Draft | None:
        """See the Protocol."""
        return self._drafts.get(draft_id)

    async def save(self, draft: Draft) -> bool:
        """See the Protocol."""
        draft.check_size()
        found = self._drafts.get(draft.id)
        if draft.revision != (found.revision if found else 0):
            return False
        self._drafts[draft.id] = replace(
            draft,
            files=dict(draft.files),
            recordings=dict(draft.recordings),
            saved_at=milliseconds(draft.saved_at),
            revision=draft.revision + 1,
        )
        return True

    async def delete(self, draft_id: str, revision: int) -> bool:
        """See the Protocol."""
        found = self._drafts.get(draft_id)
        if found is None or found.revision != revision:
            return False
        del self._drafts[draft_id]
        return True


class MongoDrafts:
    """In the collection ``drafts``, a document a draft; few, so that a list reads them all."""

    def __init__(self, database: Database) -> None:
        self._drafts = database.collection("drafts")

    async def heads(self) -> Sequence[DraftHead]:
        """See the Protocol."""
        newest = [("saved_at", -1), ("_id", -1)]
        found = await self._drafts.find({}, only=OF_HEADS, sort=newest)
        return [DraftHead(id=each.pop("_id"), **each) for each in found]

    async def load(self, draft_id: str) -> Draft | None:
        """See the Protocol."""
        found = await self._drafts.find_one({"_id": draft_id})
        if found is None:
            return None
        for name in TEXTS:
            found[name] = {each["name"]: each["text"] for each in found[name]}
        return Draft(id=found.pop("_id"), **found)

    async def save(self, draft: Draft) -> bool:
        """See the Protocol."""
        draft.check_size()
        document = _document(draft)
        if draft.revision:
            this = {"_id": draft.id, "revision": draft.revision}
            return await self._drafts.update_one(this, {"$set": document})
        try:
            await self._drafts.insert_one({"_id": draft.id, **document})
        except DuplicateKeyError:
            return False
        return True

    async def delete(self, draft_id: str, revision: int) -> bool:
        """See the Protocol."""
        return bool(await self._drafts.delete_many({"_id": draft_id, "revision": revision}))


def _document(draft: Draft) -> dict[str, Any]:
    """What is kept beside the id, one revision on; paths are values, since they have dots."""
    document = dict(fields_of(draft))
    del document["id"]
    texts = {
        name: [{"name": path, "text": text} for path, text in document[name].items()]
        for name in TEXTS
    }
    now = {"revision": draft.revision + 1, "saved_at": milliseconds(draft.saved_at)}
    return {**document, **texts, **now}
