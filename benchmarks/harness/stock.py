"""Stores filled with conversations of other people, as many as are wanted."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.dialogue.store import NEVER, Contact, Stored, TurnSave
from bot.stores import Stores
from storage.directory import NAME as DIRECTORY
from storage.directory import entry_of
from storage.documents import conversation_document
from storage.driver import Database

BATCH = 500

Put = Callable[[Sequence[Stored]], Awaitable[None]]


class Stock:
    """Copies of one conversation, each somebody else's.

    Args:
        there: how many conversations there are already.
        put: stores several.
    """

    def __init__(self, model: Stored, there: int, put: Put) -> None:
        self._model = model
        self.size = there
        self._put = put

    async def fill(self, size: int, seconds: float) -> bool:
        """Store copies until there are so many; ``False`` when the time did not suffice."""
        until = time.monotonic() + seconds
        while self.size < size:
            if time.monotonic() > until:
                return False
            several = min(BATCH, size - self.size)
            await self._put([_copy(self._model, self.size + at) for at in range(several)])
            self.size += several
        return True


def into_database(database: Database) -> Put:
    """Puts several with one call."""
    conversations, entries = database.collection("conversations"), database.collection(DIRECTORY)

    async def put(several: Sequence[Stored]) -> None:
        documents = [conversation_document(each) for each in several]
        await conversations.insert_missing(documents)
        await entries.insert_missing([entry_of(each) for each in documents])

    return put


def into_memory(stores: Stores) -> Put:
    """Puts one after the other; each keeps its last record alone."""

    async def put(several: Sequence[Stored]) -> None:
        for each in several:
            record = {**each.journal[-1], "_id": each.conversation.id}
            new = replace(each, revision=0, handled=(), journal=())
            save = TurnSave(
                new, each.conversation, each.contact, "m0", (), record, NEVER, "", each.due_at
            )
            if not await stores.conversations.save(save):
                raise RuntimeError("it is there already")

    return put


def _copy(model: Stored, number: int) -> Stored:
    contact: Contact = replace(model.contact, sender=f"62813{number:08d}")
    conversation = replace(model.conversation, id=contact.conversation_id)
    half = model.journal[len(model.journal) // 2 :]  # as many as a conversation has on average
    return replace(model, conversation=conversation, contact=contact, journal=half)
