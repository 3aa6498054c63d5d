"""Stores in this process's memory: for the terminal, recordings and tests.

They behave as the MongoDB ones do, to the millisecond and the type: what a conversation holds is
kept as the BSON that MongoDB would hold. No method waits for anything, so each is atomic under
asyncio.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

import bson

from bot.dialogue.store import LONG_AGO, WATCHED, Contact, Outgoing, Standing, Stored, TurnSave
from bot.dialogue.traffic import Heard, heard_from
from bot.dialogue.versions import Files, Publication
from storage.documents import (
    files_from,
    names_of,
    publication_document,
    publication_from,
    standing_from,
)
from storage.kept import KeptConversation
from storage.memory_seats import MemorySeats
from storage.moments import milliseconds
from storage.records import AWARE, KeptRecord

__all__ = ["MemoryConversations", "MemorySeats", "MemoryVersions"]


_NAMED = attrgetter("sender", "ids", "left", "proven")
"""What the names of a contact come from."""


class MemoryConversations:
    """:class:`bot.dialogue.store.ConversationStore` in memory."""

    def __init__(self) -> None:
        self._conversations: dict[str, KeptConversation] = {}
        self._journal: dict[str, bytes] = {}
        self._redacted: set[str] = set()
        self._said: dict[str, tuple[float, str]] = {}
        self._named: dict[str, set[str]] = {}

    async def prepare(self) -> None:
        """Nothing to prepare; here so that every store is opened alike."""

    async def load(self, conversation_id: str) -> Stored | None:
        """See the Protocol."""
        found = self._conversations.get(conversation_id)
        return None if found is None else found.stored()

    async def save(self, save: TurnSave) -> bool:
        """See the Protocol."""
        before = save.before
        found = self._conversations.get(before.conversation.id)
        if found is None:
            if before.revision:
                return False
            found = KeptConversation.new(before)
        elif (before.revision, before.leased_by, milliseconds(before.leased_until)) != (
            found.revision,
            found.leased_by,
            found.leased_until,
        ):
            return False
        new = before.conversation.id not in self._conversations
        found.add(save)
        self._conversations[before.conversation.id] = found
        if before.revision and save.contact.channel in WATCHED:
            self._said[before.conversation.id] = time.monotonic(), save.journal["_id"]
        if new or _NAMED(save.contact) != _NAMED(before.contact):
            self._rename(before.conversation.id, [] if new else names_of(before.contact), save)
        return True

    def _rename(self, conversation_id: str, old: Sequence[str], save: TurnSave) -> None:
        self._unname(conversation_id, old)
        for name in names_of(save.contact):
            self._named.setdefault(name, set()).add(conversation_id)

    def _unname(self, conversation_id: str, names: Sequence[str]) -> None:
        for name in names:
            there = self._named[name]
            there.discard(conversation_id)
            if not there:
                del self._named[name]

    async def lease(self, conversation_id: str, owner: str, now: datetime, until: datetime) -> bool:
        """See the Protocol."""
        found = self._conversations.get(conversation_id)
        if found is None or (found.leased_until > now and found.leased_by != owner):
            return False
        found.set_lease(owner, until, found.due_at)
        return True

    async def keep(
        self, conversation_id: str, owner: str, revision: int, until: datetime, due_at: datetime
    ) -> None:
        """See the Protocol."""
        found = self._conversations.get(conversation_id)
        if found and (found.revision, found.leased_by) == (revision, owner):
            found.set_lease(owner, until, due_at)

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
        found = self._conversations.get(conversation_id)
        if found is None:
            return False
        found.pull(sent, journalled)
        unchanged = (found.revision, found.leased_by) == (revision, owner)
        if unchanged:
            found.set_lease("", LONG_AGO, due_at)
        return unchanged

    async def take_out(
        self, conversation_id: str, items: Sequence[str], journalled: Sequence[str]
    ) -> bool:
        """See the Protocol."""
        found = self._conversations.get(conversation_id)
        if found is None or found.leased_by or items[0] not in [item.id for item in found.outbox]:
            return False
        found.pull(items, journalled)
        return True

    async def postpone(
        self, conversation_id: str, owner: str, item: Outgoing, retry_at: datetime
    ) -> None:
        """See the Protocol."""
        found = self._conversations.get(conversation_id)
        if found is None or found.leased_by != owner:
            return
        found.attempted(item)
        found.set_lease("", LONG_AGO, retry_at)

    async def due(self, now: datetime, limit: int) -> Sequence[str]:
        """See the Protocol."""
        kept = self._conversations.items()
        overdue = sorted((each.due_at, id_) for id_, each in kept if each.due_at <= now)
        return [conversation_id for _, conversation_id in overdue[:limit]]

    async def copy_journal(self, records: Sequence[Mapping[str, Any]]) -> None:
        """See the Protocol."""
        for record in records:
            self._journal.setdefault(record["_id"], KeptRecord.of(record).encoded)

    async def journalled(self, record_id: str) -> bool:
        """See the Protocol."""
        return record_id in self._journal

    async def transcript(self, conversation_id: str) -> Sequence[Mapping[str, Any]]:
        """See the Protocol."""
        found = self._conversations.get(conversation_id)
        copied = [bson.decode(record, AWARE) for record in self._journal.values()]
        wanted = [record for record in copied if record["conversation"] == conversation_id]
        records = {record["_id"]: record for record in wanted}
        for record in found.journal if found else ():
            records.setdefault(record["_id"], bson.decode(record.encoded, AWARE))
        return sorted(records.values(), key=lambda record: (record["at"], record.get("turn", 0)))

    async def said_lately(self, within: timedelta) -> Mapping[str, str]:
        """See the Protocol."""
        since = time.monotonic() - within.total_seconds()
        return {id_: record for id_, (at, record) in self._said.items() if at > since}

    async def of_sender(self, channel: str, sender: str) -> Sequence[str]:
        """See the Protocol."""
        contacts = [(id_, stored.contact) for id_, stored in self._all()]
        return [id_ for id_, each in contacts if (each.channel, each.sender) == (channel, sender)]

    async def known_as(self, channel: str, address: str) -> Sequence[Contact]:
        """See the Protocol."""
        ids = self._named.get(f"{channel}:{address}", ())
        return [self._conversations[id_].stored().contact for id_ in sorted(ids)]

    async def idle(self, before: datetime, limit: int) -> Sequence[str]:
        """See the Protocol."""
        heard = sorted((stored.contact.heard_at, id_) for id_, stored in self._all())
        return [id_ for at, id_ in heard if at < milliseconds(before)][:limit]

    async def forget(self, conversation_id: str, revision: int) -> bool:
        """See the Protocol."""
        found = self._conversations.get(conversation_id)
        if found is None or found.revision != revision:
            return False
        contact = found.stored().contact
        del self._conversations[conversation_id]
        self._said.pop(conversation_id, None)
        self._unname(conversation_id, names_of(contact))
        return True

    async def aged(self, before: datetime, limit: int) -> Sequence[Mapping[str, Any]]:
        """See the Protocol."""
        kept = (id_ for id_ in self._journal if id_ not in self._redacted)
        records = (bson.decode(self._journal[id_], AWARE) for id_ in kept)
        return [record for record in records if record["at"] < milliseconds(before)][:limit]

    async def redact(self, records: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """See the Protocol."""
        for old, record in records:
            self._journal.pop(old, None)
            self._journal.setdefault(record["_id"], bson.encode(record))
            self._redacted.add(record["_id"])

    def requeue(self, conversation_id: str, item: Outgoing, due_at: datetime) -> bool:
        """See :class:`bot.dialogue.letters.LetterStore`."""
        found = self._conversations.get(conversation_id)
        if found is not None:
            found.put(item, due_at)
        return found is not None

    def journal(self) -> Iterator[dict[str, Any]]:
        """All records copied out."""
        return (dict(bson.decode(record, AWARE)) for record in self._journal.values())

    def rewrite(self, record: Mapping[str, Any]) -> None:
        """Put another record in the place of the one with its id."""
        self._journal[record["_id"]] = bson.encode(record)

    def all(self) -> Iterator[Stored]:
        """All conversations."""
        return (stored for _, stored in self._all())

    def documents(self) -> Iterator[Mapping[str, Any]]:
        """All conversations, as MongoDB would hold them."""
        return (kept.document() for kept in self._conversations.values())

    def _all(self) -> Iterator[tuple[str, Stored]]:
        for id_, kept in self._conversations.items():
            yield id_, kept.stored()

    async def heard(
        self, office: str, since: datetime, until: datetime, now: datetime
    ) -> AsyncIterator[Heard]:
        """See the Protocol."""
        records = {key: bson.decode(record, AWARE) for key, record in self._journal.items()}
        for kept in self._conversations.values():
            records |= {each["_id"]: bson.decode(each.encoded, AWARE) for each in kept.journal}
        for record in records.values():
            if record["office"] == office and since <= record["at"] < until and record["at"] <= now:
                heard = heard_from(record)
                if heard is not None:
                    yield heard

    async def standing(self) -> Mapping[Standing, int]:
        """See the Protocol."""
        kept = self._conversations.values()
        return Counter(standing_from(each.document()) for each in kept)


class MemoryVersions:
    """:class:`bot.dialogue.versions.VersionStore` in memory."""

    def __init__(self) -> None:
        self._publications: dict[int, bytes] = {}
        self._pictures: dict[str, bytes] = {}

    async def prepare(self) -> None:
        """Nothing to prepare."""

    async def newest(self, after: int = 0) -> Publication | None:
        """See the Protocol."""
        number = max(self._publications, default=0)
        if number <= after:
            return None
        return publication_from(bson.decode(self._publications[number], AWARE))

    async def add(self, publication: Publication, files: Files) -> bool:
        """See the Protocol."""
        if publication.number in self._publications:
            return False
        document = bson.encode(publication_document(publication, files))
        self._publications[publication.number] = document
        return True

    async def files(self, version: str) -> Files | None:
        """See the Protocol."""
        for document in self._newest_first():
            if document["version"] == version:
                return files_from(document)
        return None

    async def keep_picture(self, sha256: str, content: bytes) -> None:
        """See the Protocol."""
        self._pictures.setdefault(sha256, content)

    async def picture(self, sha256: str) -> bytes | None:
        """See the Protocol."""
        return self._pictures.get(sha256)

    async def history(self) -> Sequence[Publication]:
        """See the Protocol."""
        return [publication_from(document) for document in self._newest_first()]

    def _newest_first(self) -> Iterator[Mapping[str, Any]]:
        for _, document in sorted(self._publications.items(), reverse=True):
            yield bson.decode(document, AWARE)
