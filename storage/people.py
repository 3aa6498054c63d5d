"""People in memory and in MongoDB: :class:`bot.booking.people.PeopleStore`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from bot.booking.people import Block, Entry, Person, Strike, StrikeKind, Taken
from bot.dialogue.store import NEVER
from storage.documents import milliseconds
from storage.driver import Database


def person_document(person: Person) -> dict[str, Any]:
    """The document of a person, one write on."""
    fields: dict[str, Any] = _kept(asdict(person))
    until = person.matters_until
    matters = {"matters_until": milliseconds(until)} if until else {}
    bare = person.block if person == person.only_block else None
    matters["block_ends"] = milliseconds(bare.until) if bare else NEVER
    return {"_id": fields.pop("address"), **fields, **matters, "revision": person.revision + 1}


def person_from(document: Mapping[str, Any]) -> Person:
    """The inverse of :func:`person_document`."""
    block = document["block"]
    return Person(
        address=document["_id"],
        taken=tuple(Taken(**each) for each in document["taken"]),
        strikes=tuple(
            Strike(**{**each, "kind": StrikeKind(each["kind"])}) for each in document["strikes"]
        ),
        mark=document["mark"],
        block=Block(**block) if block else None,
        trail=tuple(Entry(**each) for each in document["trail"]),
        revision=document["revision"],
    )


def _kept(value: Any) -> Any:
    """As BSON keeps it: plain strings, milliseconds, lists."""
    if isinstance(value, dict):
        return {key: _kept(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_kept(each) for each in value]
    if isinstance(value, datetime):
        return milliseconds(value)
    return value.value if isinstance(value, StrikeKind) else value


class MemoryPeople:
    """In this process's memory."""

    def __init__(self) -> None:
        self._people: dict[str, Person] = {}

    async def prepare(self) -> None:
        """Nothing to prepare; here so that every store is opened alike."""

    async def load(self, address: str) -> Person:
        """See the Protocol."""
        return self._people.get(address, Person(address))

    async def save(self, person: Person) -> bool:
        """See the Protocol."""
        if person.revision != self._people.get(person.address, Person(person.address)).revision:
            return False
        self._people[person.address] = person_from(person_document(person))
        return True

    async def past(self, before: datetime, now: datetime, limit: int) -> Sequence[Person]:
        """See the Protocol."""
        found = [(person_document(each), each) for each in self._people.values()]
        before, now = milliseconds(before), milliseconds(now)
        return [
            person
            for document, person in found
            if document.get("matters_until", NEVER) < before or document["block_ends"] < now
        ][:limit]

    async def forget(self, person: Person) -> bool:
        """See the Protocol."""
        if person.revision != self._people.get(person.address, Person(person.address)).revision:
            return False
        return self._people.pop(person.address, None) is not None


class MongoPeople:
    """In the collection ``people``, a document an address."""

    def __init__(self, database: Database) -> None:
        self._people = database.collection("people")

    async def prepare(self) -> None:
        """Make the index; safe to repeat."""
        await self._people.ensure_index("matters_until", sparse=True)
        await self._people.ensure_index("block_ends")

    async def load(self, address: str) -> Person:
        """See the Protocol."""
        found = await self._people.find_one({"_id": address})
        return Person(address) if found is None else person_from(found)

    async def save(self, person: Person) -> bool:
        """See the Protocol."""
        document = person_document(person)
        if person.revision:
            this = {"_id": person.address, "revision": person.revision}
            fields = {key: value for key, value in document.items() if key != "_id"}
            return await self._people.update_one(this, {"$set": fields})
        try:
            await self._people.insert_one(document)
        except DuplicateKeyError:
            return False
        return True

    async def past(self, before: datetime, now: datetime, limit: int) -> Sequence[Person]:
        """See the Protocol."""
        # Two finds, not an $or: for that the embedded database reads everybody.
        old = await self._people.find({"matters_until": {"$lt": before}}, limit=limit)
        over = await self._people.find({"block_ends": {"$lt": now}}, limit=limit)
        return [person_from(each) for each in {each["_id"]: each for each in old + over}.values()]

    async def forget(self, person: Person) -> bool:
        """See the Protocol."""
        this = {"_id": person.address, "revision": person.revision}
        return await self._people.delete_many(this) > 0
