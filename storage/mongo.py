"""Stores in MongoDB: every step is one conditional write on one document.

Written for MongoDB and for the embedded SecantusDB alike, so they never use
``find_one_and_update`` (there it reads the whole collection) nor partial indexes (there lookups
do not use them). Unique *sparse* indexes do the same work: a field that does not apply is absent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pymongo.errors import DuplicateKeyError

from bot.dialogue.store import (
    HANDLED_KEPT,
    LONG_AGO,
    WATCHED,
    Contact,
    Outgoing,
    Standing,
    Stored,
    TurnSave,
)
from bot.dialogue.traffic import Heard
from bot.dialogue.versions import Files, Publication
from storage.directory import Directory
from storage.documents import (
    CARE,
    beside_of,
    contact_document,
    contact_from,
    conversation_document,
    files_from,
    outgoing_document,
    publication_document,
    publication_from,
    standing_from,
    state_document,
    stored_from,
)
from storage.driver import Database, Document
from storage.mongo_seats import MongoSeats
from storage.mongo_traffic import heard_by
from storage.records import KeptRecord

__all__ = ["MongoConversations", "MongoSeats", "MongoVersions"]

LEASE_FREE: Final[Mapping[str, Any]] = {"leased_by": "", "leased_until": LONG_AGO}

UNREDACTED: Final = "unredacted"
"""When a record of the journal was made that still holds an identity; a sparse index finds it."""

_OF_PUBLICATIONS: Final = ("version", "author", "note", "at", "forced")
"""Fields of a publication without its files."""


class MongoConversations:
    """:class:`bot.dialogue.store.ConversationStore` in ``conversations`` and ``journal``."""

    def __init__(self, database: Database) -> None:
        self._directory = Directory(database)
        self._conversations = database.collection("conversations")
        self._journal = database.collection("journal")

    async def prepare(self) -> None:
        """Make the indexes; safe to repeat.

        Raises:
            AntreError: an older index of another kind stands in the way.
        """
        # No more than these two: each costs every turn; see storage/directory.py.
        await self._conversations.ensure_index("due_at")
        await self._conversations.ensure_index("contact.office", "contact.heard_at")
        await self._directory.prepare()
        await self._journal.ensure_index("conversation", "at")
        await self._journal.ensure_index("office", "at")
        await self._journal.ensure_index(UNREDACTED, sparse=True)

    async def load(self, conversation_id: str) -> Stored | None:
        """See the Protocol."""
        document = await self._conversations.find_one({"_id": conversation_id})
        return None if document is None else stored_from(document)

    async def save(self, save: TurnSave) -> bool:
        """See the Protocol.

        A save that is made again after ``StorageUnavailable`` returns ``False`` when the first
        one did arrive: the reloaded document then shows the message as handled.
        """
        before, beside = save.before, beside_of(save)
        await self._directory.announce(save, beside)
        if not before.revision:
            document = {**conversation_document(save.applied()), **beside}
            try:
                await self._conversations.insert_one(document)
            except DuplicateKeyError:
                return False
            return True
        push: Document = {
            "handled": {"$each": [save.handled], "$slice": -HANDLED_KEPT},
            "journal": KeptRecord.of(save.journal).document(),
        }
        if save.outbox:
            push["outbox"] = {"$each": [outgoing_document(item) for item in save.outbox]}
        saved = await self._conversations.update_one(
            {
                "_id": before.conversation.id,
                "revision": before.revision,
                "leased_by": before.leased_by,
                "leased_until": before.leased_until,
            },
            {
                "$set": {
                    "revision": before.revision + 1,
                    "conversation": state_document(save.conversation),
                    "contact": contact_document(save.contact),
                    "leased_by": save.leased_by,
                    "leased_until": save.leased_until,
                    "due_at": save.due_at,
                    **beside,
                },
                "$push": push,
                **_let_go(save),
            },
        )
        if saved and save.contact.channel in WATCHED:
            await self._directory.told(before.conversation.id, save.journal["_id"])
        return saved

    async def lease(self, conversation_id: str, owner: str, now: datetime, until: datetime) -> bool:
        """See the Protocol."""
        taken = {"$set": {"leased_by": owner, "leased_until": until}}
        # Two writes, not an $or: for that the embedded database reads every conversation.
        return await self._conversations.update_one(
            {"_id": conversation_id, "leased_until": {"$lte": now}}, taken
        ) or await self._conversations.update_one(
            {"_id": conversation_id, "leased_by": owner}, taken
        )

    async def keep(
        self, conversation_id: str, owner: str, revision: int, until: datetime, due_at: datetime
    ) -> None:
        """See the Protocol."""
        await self._conversations.update_one(
            {"_id": conversation_id, "revision": revision, "leased_by": owner},
            {"$set": {"leased_until": until, "due_at": due_at}},
        )

    async def mark_sent(
        self,
        conversation_id: str,
        owner: str,
        revision: int,
        sent: Sequence[str],
        journalled: Sequence[str],
        due_at: datetime,
    ) -> bool:
        """See the Protocol."""
        change = _pulling(sent, journalled)
        if await self._conversations.update_one(
            {"_id": conversation_id, "revision": revision, "leased_by": owner},
            {**change, "$set": {**LEASE_FREE, "due_at": due_at}},
        ):
            return True
        if change:
            await self._conversations.update_one({"_id": conversation_id}, change)
        return False

    async def take_out(
        self, conversation_id: str, items: Sequence[str], journalled: Sequence[str]
    ) -> bool:
        """See the Protocol."""
        return await self._conversations.update_one(
            {"_id": conversation_id, "leased_by": "", "outbox.id": items[0]},
            _pulling(items, journalled),
        )

    async def postpone(
        self, conversation_id: str, owner: str, item: Outgoing, retry_at: datetime
    ) -> None:
        """See the Protocol."""
        failed = outgoing_document(item)
        await self._conversations.update_one(
            {"_id": conversation_id, "leased_by": owner},
            {"$set": {"outbox.$[failed]": failed, **LEASE_FREE, "due_at": retry_at}},
            array_filters=[{"failed.id": item.id}],
        )

    async def due(self, now: datetime, limit: int) -> Sequence[str]:
        """See the Protocol."""
        found = await self._conversations.find(
            {"due_at": {"$lte": now}}, only=["due_at"], sort=[("due_at", 1)], limit=limit
        )
        return [document["_id"] for document in found]

    async def copy_journal(self, records: Sequence[Mapping[str, Any]]) -> None:
        """See the Protocol."""
        await self._journal.insert_missing([{**each, UNREDACTED: each["at"]} for each in records])

    async def journalled(self, record_id: str) -> bool:
        """See the Protocol."""
        return await self._journal.find_one({"_id": record_id}, only=["_id"]) is not None

    async def transcript(self, conversation_id: str) -> Sequence[Mapping[str, Any]]:
        """See the Protocol."""
        # The document first: a record copied out in between is then found twice, never lost.
        found = await self.load(conversation_id)
        copied = await self._journal.find({"conversation": conversation_id}, sort=[("at", 1)])
        records: dict[str, Mapping[str, Any]] = {
            record["_id"]: {name: value for name, value in record.items() if name != UNREDACTED}
            for record in copied
        }
        for record in found.journal if found else ():
            records.setdefault(record["_id"], record)
        return sorted(records.values(), key=lambda record: (record["at"], record.get("turn", 0)))

    async def said_lately(self, within: timedelta) -> Mapping[str, str]:
        """See the Protocol."""
        return await self._directory.told_lately(within)

    async def of_sender(self, channel: str, sender: str) -> Sequence[str]:
        """See the Protocol."""
        found = await self._directory.named(f"{channel}:{sender}")
        return [each["_id"] for each in found if each["contact"]["sender"] == sender]

    async def known_as(self, channel: str, address: str) -> Sequence[Contact]:
        """See the Protocol."""
        found = await self._directory.named(f"{channel}:{address}")
        return [contact_from(each["contact"]) for each in found]

    async def idle(self, before: datetime, limit: int) -> Sequence[str]:
        """See the Protocol."""
        return await self._directory.silent(before, limit)

    async def forget(self, conversation_id: str, revision: int) -> bool:
        """See the Protocol."""
        unchanged = {"_id": conversation_id, "revision": revision}
        born = await self._directory.birth(conversation_id)
        if not await self._conversations.delete_many(unchanged):
            return False
        await self._directory.strike(conversation_id, born)
        return True

    async def aged(self, before: datetime, limit: int) -> Sequence[Mapping[str, Any]]:
        """See the Protocol."""
        old = {UNREDACTED: {"$lt": before}}
        return await self._journal.find(old, sort=[(UNREDACTED, 1)], limit=limit)

    async def redact(self, records: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """See the Protocol."""
        await self._journal.insert_missing([record for _, record in records])
        for old, _ in records:
            await self._journal.delete_many({"_id": old})

    def heard(
        self, office: str, since: datetime, until: datetime, now: datetime
    ) -> AsyncIterator[Heard]:
        """See the Protocol."""
        return heard_by(self._conversations, self._journal, office, since, until, now)

    async def standing(self) -> Mapping[Standing, int]:
        """See the Protocol."""
        # Counted here: the embedded database misreads paths through arrays of documents.
        found = await self._conversations.find({}, only=["conversation"])
        return Counter(map(standing_from, found))


def _pulling(sent: Sequence[str], journalled: Sequence[str]) -> Document:
    """The change that takes items and records out by id; nothing where there are none."""
    pull: Document = {}
    if sent:
        pull["outbox"] = {"id": {"$in": list(sent)}}
    if journalled:
        pull["journal"] = {"_id": {"$in": list(journalled)}}
    return {"$pull": pull} if pull else {}


def _let_go(save: TurnSave) -> Document:
    """The field is absent where nobody is wanted, so its sparse index holds few."""
    ends = save.care is not None and not save.care.wanted and save.before.care.wanted
    return {"$unset": {CARE: ""}} if ends else {}


class MongoVersions:
    """:class:`bot.dialogue.versions.VersionStore` in ``versions``, a publication a document, and
    ``pictures``, a picture a document: a file of 5 MB at most is well below what one may hold.
    """

    def __init__(self, database: Database) -> None:
        self._versions = database.collection("versions")
        self._pictures = database.collection("pictures")

    async def prepare(self) -> None:
        """Make the index; safe to repeat."""
        await self._versions.ensure_index("version")

    async def newest(self, after: int = 0) -> Publication | None:
        """See the Protocol."""
        later = {"_id": {"$gt": after}}
        found = await self._versions.find_one(later, only=_OF_PUBLICATIONS, sort=[("_id", -1)])
        return None if found is None else publication_from(found)

    async def add(self, publication: Publication, files: Files) -> bool:
        """See the Protocol."""
        try:
            await self._versions.insert_one(publication_document(publication, files))
        except DuplicateKeyError:
            return False
        return True

    async def files(self, version: str) -> Files | None:
        """See the Protocol."""
        found = await self._versions.find_one({"version": version})
        return None if found is None else files_from(found)

    async def keep_picture(self, sha256: str, content: bytes) -> None:
        """See the Protocol."""
        if await self._pictures.find_one({"_id": sha256}, only=("_id",)) is None:
            kept = {"$set": {"content": content}}
            await self._pictures.update_one({"_id": sha256}, kept, upsert=True)

    async def picture(self, sha256: str) -> bytes | None:
        """See the Protocol."""
        found = await self._pictures.find_one({"_id": sha256})
        return None if found is None else bytes(found["content"])

    async def history(self) -> Sequence[Publication]:
        """See the Protocol."""
        found = await self._versions.find({}, only=_OF_PUBLICATIONS, sort=[("_id", -1)])
        return [publication_from(document) for document in found]
