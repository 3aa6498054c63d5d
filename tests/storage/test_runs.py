"""Replays of drafts, over every store."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.drafting.replayed import Covered, Exercised, Missed, Replayed, Row, Trouble
from bot.drafting.runs import SHOWN_WHOLE, Run, RunStore
from storage.driver import open_database
from storage.runs import MemoryRuns, MongoRuns
from tests.storage.conftest import STORES

NOW = datetime(2026, 11, 23, 2, 0, 0, 123_000, tzinfo=UTC)
TROUBLE = Trouble("the answer differs", 9, (Row("≠", "two", "dua"),), ("state: a.b",), 2)
RUN = Run(
    "a1b2c3d4e5f6",
    "f" * 24,
    NOW,
    2,
    (Replayed("a.yml", "A", 0.25), Replayed("b.yml", "B", 0.5, trouble=TROUBLE)),
    Covered(50.0, (Exercised("talk.yml", 1, 2),), (Missed("talk.yml", 8, "step", "a: b"),)),
)


@pytest.fixture(params=STORES)
async def runs(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[RunStore]:
    """An empty store of each kind."""
    if request.param == "memory":
        yield MemoryRuns()
        return
    uri = request.getfixturevalue("embedded_mongo")
    database = open_database(uri, database_name, request.param)
    yield MongoRuns(database)
    await database.close()


async def test_kept(runs: RunStore) -> None:
    """A run comes back as it was; the next takes its place, and old ones are let go."""
    assert await runs.load(RUN.draft) is None
    await runs.put(RUN)
    assert await runs.load(RUN.draft) == RUN
    later = replace(RUN, at=NOW + timedelta(seconds=1), covered=None, results=())
    await runs.put(later)
    assert await runs.load(RUN.draft) == later
    await runs.purge(NOW)
    assert await runs.load(RUN.draft) == later
    await runs.purge(NOW + timedelta(seconds=2))
    assert await runs.load(RUN.draft) is None


def test_no_document_is_too_large() -> None:
    """Of many that differ only the first are shown whole."""
    run = Run("a", "b", NOW)
    for at in range(SHOWN_WHOLE + 5):
        run = run.after(Replayed(f"{at}.yml", "", 0.1, trouble=TROUBLE), NOW)
    assert [bool(each.trouble and each.trouble.rows) for each in run.results].count(True) == (
        SHOWN_WHOLE
    )
    assert len(run.differing) == SHOWN_WHOLE + 5
