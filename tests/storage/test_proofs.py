"""Proofs of numbers, over every store."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.proving import Pending, Proof, ProofStore
from bot.dialogue.store import Proven
from storage.driver import open_database
from storage.proofs import MemoryProofs, MongoProofs
from tests.storage.conftest import STORES

NOW = datetime(2026, 11, 23, 2, 0, 0, 123_000, tzinfo=UTC)
ADDRESS = "whatsapp:6281200000001"
PENDING = Pending("hash", "6281200000001", ADDRESS, "bogor", NOW + timedelta(minutes=10))
PROOF = Proof("v1", Proven(ADDRESS, "6281200000001"), PENDING, NOW, NOW)


@pytest.fixture(params=STORES)
async def proofs(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[ProofStore]:
    """Empty stores of each kind."""
    if request.param == "memory":
        yield MemoryProofs()
        return
    database = open_database(
        request.getfixturevalue("embedded_mongo"), database_name, request.param
    )
    store = MongoProofs(database)
    await store.prepare()
    yield store
    await database.close()


async def test_a_proof_is_saved_over_what_was_read(proofs: ProofStore) -> None:
    """Of two tries counted at once, one is refused and counted anew."""
    assert await proofs.load("v1") == Proof("v1")
    assert await proofs.save(PROOF)
    assert not await proofs.save(PROOF)
    found = await proofs.load("v1")
    assert found == replace(PROOF, revision=1)
    assert await proofs.save(replace(found, pending=None))
    assert not await proofs.save(replace(found, proven=None))
    assert await proofs.load("v1") == replace(PROOF, pending=None, revision=2)


async def test_whose_proofs_are_found(proofs: ProofStore) -> None:
    """Of a browser, and of a number: who has proven it, and who is just doing so; each once."""
    other = Proof("v2", None, PENDING, at=NOW)
    for proof in (PROOF, other, Proof("v3")):
        assert await proofs.save(proof)
    assert [each.visitor for each in await proofs.of("web:v2")] == ["v2"]
    assert {each.visitor for each in await proofs.of(ADDRESS)} == {"v1", "v2"}
    assert await proofs.of("whatsapp:6281200000009") == []
    assert await proofs.of("web:v9") == []


async def test_proofs_are_forgotten(proofs: ProofStore) -> None:
    """By browser, by the number that was proven or is being proven, and in time."""
    for proof in (
        PROOF,
        replace(PROOF, visitor="v2", proven=None),
        replace(PROOF, visitor="v3", pending=None),
        replace(PROOF, visitor="v4", proven=None, pending=None),
        replace(PROOF, visitor="v5", proven=None, pending=None, at=NOW - timedelta(days=1)),
    ):
        assert await proofs.save(proof)
    assert await proofs.forget(ADDRESS) == 3
    assert await proofs.forget("web:v4") == 1
    assert await proofs.forget("web:v4") == 0
    assert await proofs.purge(NOW) == 1
    assert await proofs.load("v5") == Proof("v5")
