"""People in memory and in MongoDB: :class:`bot.booking.people.PeopleStore`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pymongo.errors import DuplicateKeyError

from bot.booking.people import Block, Entry, Person, Strike, StrikeKind, Taken
from bot.dialogue.fields import fields_of
from bot.dialogue.store import NEVER
from storage.driver import Database
from storage.moments import milliseconds
from storage.pseudonym import Pseudonym, kept_key, new_key, pseudonym_of

KNOWN_AS: Final = "pseudonym:"
"""Begins the ids of documents; no channel is called so."""


def person_document(person: Person) -> dict[str, Any]:
    """The document of a person, one write on."""
    block, until = person.block, person.matters_until
    return {
        "taken": [_at(each) for each in person.taken],
        "strikes": [_at(each) | {"kind": each.kind.value} for each in person.strikes],
        "mark": person.mark,
        "block": _at(block) | {"until": milliseconds(block.until)} if block else None,
        "trail": [_at(each) for each in person.trail],
        "ends": milliseconds(person.ends) if person.ends else NEVER,
        "revision": person.revision + 1,
        **({"matters_until": milliseconds(until)} if until else {}),
    }


def person_from(address: str, document: Mapping[str, Any]) -> Person:
    """The inverse of :func:`person_document`."""
    block, ends = document["block"], document["ends"]
    return Person(
        address=address,
        taken=tuple(Taken(**each) for each in document["taken"]),
        strikes=tuple(
            Strike(**{**each, "kind": StrikeKind(each["kind"])}) for each in document["strikes"]
        ),
        mark=document["mark"],
        block=Block(**block) if block else None,
        trail=tuple(Entry(**each) for each in document["trail"]),
        ends=None if ends == NEVER else ends,
        revision=document["revision"],
    )


def _at(event: Taken | Strike | Block | Entry) -> dict[str, Any]:
    """Something that happened; when, as BSON keeps it."""
    return {**fields_of(event), "at": milliseconds(event.at)}


def _id_of(address: str, pseudonym: Pseudonym) -> str:
    return address if address.startswith(KNOWN_AS) else KNOWN_AS + pseudonym(address)


class MemoryPeople:
    """In this process's memory."""

    def __init__(self) -> None:
        self._people: dict[str, dict[str, Any]] = {}
        self._pseudonym = pseudonym_of(new_key())

    async def prepare(self) -> None:
        """Nothing to prepare; here so that every store is opened alike."""

    async def load(self, address: str) -> Person:
        """See the Protocol."""
        found = self._people.get(_id_of(address, self._pseudonym))
        return Person(address) if found is None else person_from(address, found)

    async def load_all(self, addresses: Sequence[str]) -> Sequence[Person]:
        """See the Protocol."""
        return [await self.load(address) for address in addresses]

    async def save(self, person: Person) -> bool:
        """See the Protocol."""
        if not self._is_unchanged(person):
            return False
        self._people[_id_of(person.address, self._pseudonym)] = person_document(person)
        return True

    async def save_all(self, people: Sequence[Person]) -> Sequence[bool]:
        """See the Protocol."""
        return [await self.save(person) for person in people]

    async def past(self, before: datetime, now: datetime, limit: int) -> Sequence[Person]:
        """See the Protocol."""
        before, now = milliseconds(before), milliseconds(now)
        return [
            person_from(id_, document)
            for id_, document in self._people.items()
            if document.get("matters_until", NEVER) < before or document["ends"] < now
        ][:limit]

    async def forget(self, person: Person) -> bool:
        """See the Protocol."""
        if not self._is_unchanged(person):
            return False
        return self._people.pop(_id_of(person.address, self._pseudonym), None) is not None

    def _is_unchanged(self, person: Person) -> bool:
        found = self._people.get(_id_of(person.address, self._pseudonym))
        return person.revision == (found["revision"] if found else 0)


class MongoPeople:
    """In the collection ``people``, a document an address, under its pseudonym."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._people = database.collection("people")

    async def prepare(self) -> None:
        """Make the indexes, and read the key of pseudonyms; safe to repeat."""
        await self._people.ensure_index("matters_until", sparse=True)
        await self._people.ensure_index("ends")
        self._pseudonym = pseudonym_of(await kept_key(self._database))
        # Of before there were pseudonyms: numbers in clear, which nobody finds any more.
        await self._people.delete_many({"_id": {"$lt": KNOWN_AS}})
        await self._people.delete_many({"_id": {"$gt": KNOWN_AS + "g"}})  # beyond every digit

    async def load(self, address: str) -> Person:
        """See the Protocol."""
        found = await self._people.find_one({"_id": _id_of(address, self._pseudonym)})
        return Person(address) if found is None else person_from(address, found)

    async def load_all(self, addresses: Sequence[str]) -> Sequence[Person]:
        """See the Protocol; side by side."""
        return await asyncio.gather(*map(self.load, addresses))

    async def save(self, person: Person) -> bool:
        """See the Protocol."""
        id_, document = _id_of(person.address, self._pseudonym), person_document(person)
        if person.revision:
            this = {"_id": id_, "revision": person.revision}
            return await self._people.update_one(this, {"$set": document})
        try:
            await self._people.insert_one({"_id": id_, **document})
        except DuplicateKeyError:
            return False
        return True

    async def save_all(self, people: Sequence[Person]) -> Sequence[bool]:
        """See the Protocol; side by side."""
        return await asyncio.gather(*map(self.save, people))

    async def past(self, before: datetime, now: datetime, limit: int) -> Sequence[Person]:
        """See the Protocol."""
        # Two finds, not an $or: for that the embedded database reads everybody.
        old = await self._people.find({"matters_until": {"$lt": before}}, limit=limit)
        over = await self._people.find({"ends": {"$lt": now}}, limit=limit)
        found = {each["_id"]: each for each in old + over}
        return [person_from(id_, each) for id_, each in found.items()]

    async def forget(self, person: Person) -> bool:
        """See the Protocol."""
        this = {"_id": _id_of(person.address, self._pseudonym), "revision": person.revision}
        return await self._people.delete_many(this) > 0
