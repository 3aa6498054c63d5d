"""By what conversations are found beside their ids: a document each, beside the conversation's.

A turn writes its conversation twice, and the embedded database then writes the entries of all its
indexes anew, whatever was changed. What is asked for seldom lies here instead and is written where
it changes: *before* the conversation, so that it says too much rather than too little. Who asks is
given the conversations themselves and believes these. The directory can be made anew from them, so
a backup leaves it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from bot.dialogue.store import TurnSave
from storage.documents import CARE, MISSED, contact_from, names_of
from storage.driver import Database, Document
from storage.moments import milliseconds

T = TypeVar("T")

NAME: Final = "directory"

UNFINISHED: Final = ""
"""Id of an entry that is there while the directory is being made from the conversations."""

AT_ONCE: Final = 500
"""Conversations read, or entries written, in one call."""

BEING_BORN: Final = timedelta(minutes=1)
"""A conversation follows its entry within that time, or never."""


class Directory:
    """The entries of all conversations: ``names``, ``silent_since`` (at the latest), and where it
    applies ``cared`` (office, and the revision it was asked for with), ``missed`` (office and when)
    and ``said`` (the last turn's record, and ``said_at`` by the database's clock).
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._entries = database.collection(NAME)
        self._conversations = database.collection("conversations")

    async def prepare(self) -> None:
        """Make the indexes, and the entries where they are missing; safe to repeat."""
        await self._entries.ensure_index("names")
        await self._entries.ensure_index("silent_since")
        await self._entries.ensure_index("said_at", sparse=True)
        await self._entries.ensure_index("cared.office", sparse=True)
        await self._entries.ensure_index("missed.office", "missed.at", sparse=True)
        there = await self._entries.find_one({}, only=["_id"])
        if there is None or await self._entries.find_one({"_id": UNFINISHED}):
            await self._make()

    async def _make(self) -> None:
        fields = ("contact", CARE, MISSED, "revision")
        found = await self._conversations.find({}, only=fields)
        await self._entries.insert_missing([{"_id": UNFINISHED}] if found else [])
        for some in _parts(found):
            await self._entries.insert_missing([entry_of(each) for each in some])
        await self._entries.delete_many({"_id": UNFINISHED})

    async def announce(self, save: TurnSave, beside: Mapping[str, Any]) -> None:
        """Write what a turn that is about to be saved changes of its conversation's entry; most
        change nothing.

        Args:
            beside: :func:`storage.documents.beside_of` it.
        """
        before, contact, change = save.before, save.contact, dict[str, Any]()
        names = names_of(contact)
        if not before.revision:
            change["$min"] = {"silent_since": milliseconds(contact.heard_at)}
            change["$currentDate"] = {"born": True}
        if not before.revision or names != names_of(before.contact):
            change["$addToSet"] = {"names": {"$each": names}}
        put: Document = {}
        if CARE in beside and not before.care.wanted:
            put["cared"] = {"office": contact.office, "revision": before.revision + 1}
        if MISSED in beside:
            put["missed"] = beside[MISSED]
        if put:
            change["$set"] = put
        if change:
            await self._entries.update_one({"_id": save.conversation.id}, change, upsert=True)

    async def told(self, conversation_id: str, record_id: str) -> None:
        """Write that a turn was saved where people look at a page."""
        told = {"$set": {"said": record_id}, "$currentDate": {"said_at": True}}
        await self._entries.update_one({"_id": conversation_id}, told)

    async def told_lately(self, within: timedelta) -> Mapping[str, str]:
        """The last record of every conversation in which one was, by the database's clock."""
        since = {"said_at": {"$gt": await self._database.now() - within}}
        found = await self._entries.find(since, only=["said"])
        return {entry["_id"]: entry["said"] for entry in found}

    async def named(self, name: str) -> Sequence[Document]:
        """Ids and contacts of the conversations whose person has or had an address."""
        found = await self._entries.find({"names": name}, only=["_id"])
        documents = await self._read((entry["_id"] for entry in found), ["contact"])
        return [each for each in documents if name in names_of(contact_from(each["contact"]))]

    async def cared(self, office: str, only: Sequence[str]) -> Sequence[Document]:
        """The conversations that a person has or should have."""
        found = await self._entries.find({"cared.office": office}, only=["cared"])
        documents = await self._read((each["_id"] for each in found), [*only, CARE, "revision"])
        revisions = {each["_id"]: each["revision"] for each in documents if CARE not in each}
        for entry in found:
            asked = entry["cared"]["revision"]
            if revisions.get(entry["_id"], 0) >= asked:  # it was saved, and nobody is wanted now
                ended = {"_id": entry["_id"], "cared.revision": asked}
                await self._entries.update_one(ended, {"$unset": {"cared": ""}})
        return [each for each in documents if CARE in each]

    async def missed(
        self, office: str, since: datetime, until: datetime, only: Sequence[str]
    ) -> Sequence[Document]:
        """The conversations in which something was last not understood in that time."""
        within = {"$gte": milliseconds(since), "$lt": milliseconds(until)}
        where = {"missed.office": office, "missed.at": within}
        found = await self._entries.find(where, only=["_id"])
        documents = await self._read((each["_id"] for each in found), [*only, MISSED])
        return [
            each
            for each in documents
            if MISSED in each and within["$gte"] <= each[MISSED]["at"] < within["$lt"]
        ]

    async def silent(self, before: datetime, limit: int) -> Sequence[str]:
        """Ids of conversations last heard before then, those found silent longest ago first. What
        turns out to have been heard since is found later from now on.
        """
        while True:
            due, order = {"silent_since": {"$lt": before}}, [("silent_since", 1)]
            entries = await self._entries.find(due, only=["born"], sort=order, limit=limit)
            documents = await self._read((each["_id"] for each in entries), ["contact.heard_at"])
            heard = {each["_id"]: each["contact"]["heard_at"] for each in documents}
            changed = await self._strike_gone(
                [each for each in entries if each["_id"] not in heard]
            )
            for id_, at in heard.items():
                if at >= before:
                    await self._entries.update_one({"_id": id_}, {"$max": {"silent_since": at}})
                    changed += 1
            if not changed:
                return [each["_id"] for each in entries if each["_id"] in heard]

    async def birth(self, conversation_id: str) -> datetime | None:
        """When its first turn was announced; :meth:`strike` wants to know it from before the
        conversation was deleted.
        """
        entry = await self._entries.find_one({"_id": conversation_id}, only=["born"])
        return entry.get("born") if entry else None

    async def strike(self, conversation_id: str, born: datetime | None) -> bool:
        """Delete the entry of a conversation that is gone, unless it was announced anew."""
        return await self._entries.delete_many({"_id": conversation_id, "born": born}) > 0

    async def _strike_gone(self, entries: Sequence[Document]) -> int:
        """Delete entries without a conversation, unless it may be about to come; how many."""
        if not entries:
            return 0
        since = await self._database.now() - BEING_BORN
        births = {each["_id"]: each.get("born") for each in entries}
        gone = [(id_, born) for id_, born in births.items() if born is None or born < since]
        return sum([await self.strike(id_, born) for id_, born in gone])

    async def _read(self, ids: Iterable[str], only: Sequence[str]) -> Sequence[Document]:
        """Those conversations that are there, in the order of their ids as given."""
        wanted, found = list(ids), dict[str, Document]()
        for some in _parts(wanted):
            documents = await self._conversations.find({"_id": {"$in": some}}, only=only)
            found |= {each["_id"]: each for each in documents}
        return [found[id_] for id_ in wanted if id_ in found]


def entry_of(document: Mapping[str, Any]) -> Document:
    """The entry of a conversation's document."""
    contact = contact_from(document["contact"])
    entry = {
        "_id": document["_id"],
        "names": names_of(contact),
        "silent_since": milliseconds(contact.heard_at),
    }
    if CARE in document:
        entry["cared"] = {"office": contact.office, "revision": document["revision"]}
    if MISSED in document:
        entry["missed"] = document[MISSED]
    return entry


def _parts(several: Sequence[T]) -> Iterator[Sequence[T]]:
    return (several[at : at + AT_ONCE] for at in range(0, len(several), AT_ONCE))
