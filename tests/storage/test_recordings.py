"""Recordings in the database, over every store."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.recordings import KeptRecording, RecordingStore, keep_new
from storage.driver import open_database
from storage.recordings import MemoryRecordings, MongoRecordings
from tests.storage.conftest import STORES

NOW = datetime(2026, 11, 23, 2, 0, 0, 123_000, tzinfo=UTC)
LATE = KeptRecording("family/late.yml", "title: Terlambat\n", "tiur", NOW, "baru")


@pytest.fixture(params=STORES)
async def recordings(
    request: pytest.FixtureRequest, database_name: str
) -> AsyncIterator[RecordingStore]:
    """An empty store of each kind."""
    if request.param == "memory":
        yield MemoryRecordings()
        return
    uri = request.getfixturevalue("embedded_mongo")
    database = open_database(uri, database_name, request.param)
    yield MongoRecordings(database)
    await database.close()


async def test_kept(recordings: RecordingStore) -> None:
    """What is kept comes back as it was, by path; put again it stands in for the older."""
    assert await recordings.all() == []
    early = replace(LATE, path="early.yml", text="")
    await recordings.put([LATE, early])
    assert await recordings.all() == [early, LATE]
    assert await recordings.load(LATE.path) == LATE
    newer = replace(LATE, text="title: Lagi\n", by="rina")
    await recordings.put([newer])
    assert await recordings.load(LATE.path) == newer
    assert await recordings.load("nobody.yml") is None


async def test_a_new_one(recordings: RecordingStore) -> None:
    """Two of the same name do not overwrite each other."""
    told = {"by": "tiur", "now": NOW}
    first = await keep_new(recordings, "Terlambat, lagi!", "title: a\n", **told)
    second = await keep_new(recordings, "Terlambat, lagi!", "title: b\n", **told)
    assert (first, second) == ("saved/terlambat_lagi.yml", "saved/terlambat_lagi_2.yml")
    assert [each.text for each in await recordings.all()] == ["title: a\n", "title: b\n"]


async def test_let_go(recordings: RecordingStore) -> None:
    """Only what somebody has seen is let go."""
    await recordings.put([LATE])
    newer = replace(LATE, note="anew")
    await recordings.put([newer])
    assert not await recordings.forget(LATE)
    assert await recordings.forget(newer)
    assert not await recordings.forget(newer)
    assert await recordings.all() == []
