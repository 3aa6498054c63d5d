"""Waiting messages and dead letters, in memory and in MongoDB, beside the conversations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.dialogue.letters import Waiting
from bot.dialogue.store import NEVER, Outgoing
from storage.documents import contact_from, outgoing_document, outgoing_from
from storage.driver import Database, Document
from storage.memory import MemoryConversations
from storage.moments import milliseconds

DEAD: Final = "undelivered.since"
"""Stands in dead letters that nobody has seen to; a sparse index finds them."""


class MemoryLetters:
    """:class:`bot.dialogue.letters.LetterStore` beside the conversations in memory."""

    def __init__(self, conversations: MemoryConversations) -> None:
        self._conversations = conversations

    async def prepare(self) -> None:
        """Nothing to prepare; here so that every store is opened alike."""

    async def requeue(self, conversation: str, item: Outgoing, due_at: datetime) -> bool:
        """See the Protocol."""
        return self._conversations.requeue(conversation, item, due_at)

    async def waiting(self) -> Sequence[Waiting]:
        """See the Protocol."""
        found = [
            Waiting(stored.contact, stored.outbox, stored.due_at)
            for stored in self._conversations.all()
            if stored.outbox and stored.due_at < NEVER
        ]
        return sorted(found, key=lambda each: each.due_at)

    async def dead(self) -> Sequence[Mapping[str, Any]]:
        """See the Protocol."""
        records = (record for record in self._conversations.journal())
        found = [each for each in records if "since" in each.get("undelivered", {})]
        return sorted(found, key=lambda record: record["undelivered"]["since"])

    async def settle(self, letter: str, how: Mapping[str, Any]) -> bool:
        """See the Protocol."""
        for record in await self.dead():
            if record["_id"] == letter:
                left = {k: v for k, v in record["undelivered"].items() if k != "since"}
                self._conversations.rewrite({**record, "undelivered": {**left, "settled": how}})
                return True
        return False


class MongoLetters:
    """:class:`bot.dialogue.letters.LetterStore` in ``conversations`` and ``journal``."""

    def __init__(self, database: Database) -> None:
        self._conversations = database.collection("conversations")
        self._journal = database.collection("journal")

    async def prepare(self) -> None:
        """Make the index; safe to repeat. That of ``due_at`` is the conversations' own."""
        await self._journal.ensure_index(DEAD, sparse=True)

    async def requeue(self, conversation: str, item: Outgoing, due_at: datetime) -> bool:
        """See the Protocol."""
        document = outgoing_document(item)
        put: Document = {
            "$push": {"outbox": document},
            "$inc": {"revision": 1},
            "$min": {"due_at": milliseconds(due_at)},
        }
        absent = {"_id": conversation, "outbox.id": {"$ne": item.id}}
        if await self._conversations.update_one(absent, put):
            return True
        return await self._conversations.find_one({"_id": conversation}, only=["_id"]) is not None

    async def waiting(self) -> Sequence[Waiting]:
        """See the Protocol."""
        found = await self._conversations.find(
            {"due_at": {"$lt": NEVER}}, only=["contact", "outbox", "due_at"], sort=[("due_at", 1)]
        )
        return [waiting_from(document) for document in found if document["outbox"]]

    async def dead(self) -> Sequence[Mapping[str, Any]]:
        """See the Protocol."""
        return await self._journal.find({DEAD: {"$lt": NEVER}}, sort=[(DEAD, 1)])

    async def settle(self, letter: str, how: Mapping[str, Any]) -> bool:
        """See the Protocol."""
        change = {"$unset": {DEAD: ""}, "$set": {"undelivered.settled": dict(how)}}
        return await self._journal.update_one({"_id": letter, DEAD: {"$exists": True}}, change)


def waiting_from(document: Mapping[str, Any]) -> Waiting:
    """What waits, of a conversation's document."""
    outbox = tuple(outgoing_from(item) for item in document["outbox"])
    return Waiting(contact_from(document["contact"]), outbox, document["due_at"])
