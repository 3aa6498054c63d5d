"""Proofs of numbers, in memory and in MongoDB: :class:`bot.dialogue.proving.ProofStore`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from bot.dialogue.fields import fields_of
from bot.dialogue.proving import Pending, Proof
from bot.dialogue.store import Proven
from storage.driver import Database, Document
from storage.moments import milliseconds

WEB = "web:"
NUMBERS = ("proven.address", "pending.address")


def _next(proof: Proof) -> Proof:
    """As it is written."""
    pending = proof.pending and replace(proof.pending, until=milliseconds(proof.pending.until))
    return replace(
        proof,
        pending=pending,
        proven_at=milliseconds(proof.proven_at),
        at=milliseconds(proof.at),
        revision=proof.revision + 1,
    )


class MemoryProofs:
    """In this process's memory."""

    def __init__(self) -> None:
        self._proofs: dict[str, Proof] = {}

    async def load(self, visitor: str) -> Proof:
        """See the Protocol."""
        return self._proofs.get(visitor, Proof(visitor))

    async def save(self, proof: Proof) -> bool:
        """See the Protocol."""
        if self._proofs.get(proof.visitor, Proof(proof.visitor)).revision != proof.revision:
            return False
        self._proofs[proof.visitor] = _next(proof)
        return True

    async def of(self, address: str) -> Sequence[Proof]:
        """See the Protocol."""
        return [each for each in self._proofs.values() if _is_of(each, address)]

    async def forget(self, address: str) -> int:
        """See the Protocol."""
        return self._drop([name for name, each in self._proofs.items() if _is_of(each, address)])

    async def purge(self, before: datetime) -> int:
        """See the Protocol."""
        return self._drop([name for name, each in self._proofs.items() if each.at < before])

    def _drop(self, names: list[str]) -> int:
        for name in names:
            del self._proofs[name]
        return len(names)


class MongoProofs:
    """In the collection ``proofs``, a document a visitor."""

    def __init__(self, database: Database) -> None:
        self._proofs = database.collection("proofs")

    async def prepare(self) -> None:
        """Make the indexes; safe to repeat."""
        for field in (*NUMBERS, "at"):
            await self._proofs.ensure_index(field)

    async def load(self, visitor: str) -> Proof:
        """See the Protocol."""
        found = await self._proofs.find_one({"_id": visitor})
        return _proof(found) if found else Proof(visitor)

    async def save(self, proof: Proof) -> bool:
        """See the Protocol."""
        document = _document(_next(proof))
        this: Document = {"_id": proof.visitor}
        if proof.revision:
            this["revision"] = proof.revision
            return await self._proofs.update_one(this, {"$set": document})
        try:
            await self._proofs.insert_one({**this, **document})
        except DuplicateKeyError:
            return False
        return True

    async def of(self, address: str) -> Sequence[Proof]:
        """See the Protocol."""
        if address.startswith(WEB):
            found = await self._proofs.find({"_id": address.removeprefix(WEB)})
        else:
            by_field = [await self._proofs.find({field: address}) for field in NUMBERS]
            found = [each for some in by_field for each in some]
        return list({each["_id"]: _proof(each) for each in found}.values())

    async def forget(self, address: str) -> int:
        """See the Protocol."""
        if address.startswith(WEB):
            return await self._proofs.delete_many({"_id": address.removeprefix(WEB)})
        gone = 0
        for field in NUMBERS:
            gone += await self._proofs.delete_many({field: address})
        return gone

    async def purge(self, before: datetime) -> int:
        """See the Protocol."""
        return await self._proofs.delete_many({"at": {"$lt": before}})


def _is_of(proof: Proof, address: str) -> bool:
    proven = proof.proven.address if proof.proven else ""
    pending = proof.pending.address if proof.pending else ""
    return address in {f"{WEB}{proof.visitor}", proven, pending}


def _document(proof: Proof) -> Document:
    return {
        "proven": proof.proven and fields_of(proof.proven),
        "pending": proof.pending and fields_of(proof.pending),
        "proven_at": proof.proven_at,
        "at": proof.at,
        "revision": proof.revision,
    }


def _proof(found: Document) -> Proof:
    proven, pending = found["proven"], found["pending"]
    return Proof(
        found["_id"],
        proven and Proven(**proven),
        pending and Pending(**pending),
        found["proven_at"],
        found["at"],
        found["revision"],
    )
