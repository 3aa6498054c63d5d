"""Lists of conversations, in memory and in MongoDB, over the conversations' own documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.dialogue.inbox import Overview
from bot.dialogue.store import LONG_AGO
from storage.directory import Directory
from storage.documents import CARE, MISSED, care_from, contact_from
from storage.driver import Database
from storage.memory import MemoryConversations
from storage.moments import milliseconds

SHOWN: Final = ("contact", "conversation", CARE, MISSED, "revision")
"""Fields of a conversation's document that lists show."""


class MemoryInbox:
    """:class:`bot.dialogue.inbox.InboxStore` over the conversations in memory."""

    def __init__(self, conversations: MemoryConversations) -> None:
        self._conversations = conversations

    async def prepare(self) -> None:
        """Nothing to prepare; here so that every store is opened alike."""

    async def cared(self, office: str) -> Sequence[Overview]:
        """See the Protocol."""
        return _longest_first(each for each in self._of(office) if each.care.wanted)

    async def missed(self, office: str, since: datetime, until: datetime) -> Sequence[Overview]:
        """See the Protocol."""
        since, until = milliseconds(since), milliseconds(until)
        found = [
            (each.missed_at, each)
            for each in self._of(office)
            if each.missed_at and since <= each.missed_at < until
        ]
        return [each for _, each in sorted(found, key=lambda pair: pair[0], reverse=True)]

    async def heard(self, office: str, since: datetime, until: datetime) -> Sequence[Overview]:
        """See the Protocol."""
        since, until = milliseconds(since), milliseconds(until)
        found = [each for each in self._of(office) if since <= each.contact.heard_at < until]
        return sorted(found, key=lambda each: each.contact.heard_at, reverse=True)

    def _of(self, office: str) -> Sequence[Overview]:
        found = map(overview_from, self._conversations.documents())
        return [each for each in found if each.contact.office == office]


class MongoInbox:
    """:class:`bot.dialogue.inbox.InboxStore` in ``conversations`` and their directory, whose
    indexes it uses.
    """

    def __init__(self, database: Database) -> None:
        self._directory = Directory(database)
        self._conversations = database.collection("conversations")

    async def prepare(self) -> None:
        """Nothing to prepare; here so that every store is opened alike."""

    async def cared(self, office: str) -> Sequence[Overview]:
        """See the Protocol."""
        return _longest_first(map(overview_from, await self._directory.cared(office, SHOWN)))

    async def missed(self, office: str, since: datetime, until: datetime) -> Sequence[Overview]:
        """See the Protocol."""
        found = await self._directory.missed(office, since, until, SHOWN)
        overviews = map(overview_from, found)
        return sorted(overviews, key=lambda each: each.missed_at or LONG_AGO, reverse=True)

    async def heard(self, office: str, since: datetime, until: datetime) -> Sequence[Overview]:
        """See the Protocol."""
        within = {"$gte": milliseconds(since), "$lt": milliseconds(until)}
        where = {"contact.office": office, "contact.heard_at": within}
        found = await self._conversations.find(where, only=SHOWN)
        overviews = map(overview_from, found)
        return sorted(overviews, key=lambda each: each.contact.heard_at, reverse=True)


def overview_from(document: Mapping[str, Any]) -> Overview:
    """What lists show of a conversation's document."""
    frames, missed = document["conversation"]["frames"], document.get(MISSED)
    return Overview(
        contact=contact_from(document["contact"]),
        where=f"{frames[-1]['flow']}.{frames[-1]['state']}" if frames else "",
        care=care_from(document.get(CARE)),
        missed_at=missed["at"] if missed else None,
        revision=document["revision"],
    )


def _longest_first(found: Iterable[Overview]) -> Sequence[Overview]:
    """Those that wait before those that somebody has, each the longest first."""
    return sorted(found, key=lambda each: (bool(each.care.by), each.care.since or LONG_AGO))
