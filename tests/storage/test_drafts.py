"""Drafts of flows, over every store: nothing an editor saved is ever overwritten unseen."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.drafts import (
    LARGEST_DRAFT,
    LARGEST_FILE,
    Draft,
    DraftHead,
    DraftStore,
    DraftTooLarge,
    new_draft_id,
)
from storage.drafts import MemoryDrafts, MongoDrafts
from storage.driver import open_database
from tests.storage.conftest import STORES

NOW = datetime(2026, 11, 23, 2, 0, 0, 123_000, tzinfo=UTC)
DRAFT = Draft(
    "a1b2c3d4e5f6",
    "Salam baru",
    "tiur",
    "0123456789ab",
    saved_by="tiur",
    saved_at=NOW,
    files={"shop.yml": "flow: shop\n", "replies/id.yml": "halo: Halo. 👋\n"},
    recordings={"shop/buys.yml": "turns: []\n"},
)


@pytest.fixture(params=STORES)
async def drafts(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[DraftStore]:
    """An empty store of each kind."""
    if request.param == "memory":
        yield MemoryDrafts()
        return
    uri = request.getfixturevalue("embedded_mongo")
    database = open_database(uri, database_name, request.param)
    yield MongoDrafts(database)
    await database.close()


async def test_a_draft_comes_back_as_it_was(drafts: DraftStore) -> None:
    """With its texts by path, in their order; one that is not there is told so."""
    assert await drafts.load(DRAFT.id) is None
    assert await drafts.save(DRAFT)
    found = await drafts.load(DRAFT.id)
    assert found == replace(DRAFT, revision=1)
    assert list(found.files) == list(DRAFT.files)


async def test_of_two_who_save_the_second_is_refused(drafts: DraftStore) -> None:
    """What was saved stands, whoever read an older revision of it, or none."""
    assert await drafts.save(DRAFT)
    first = await drafts.load(DRAFT.id)
    assert first
    texts = [{"shop.yml": f"flow: shop{n}\n"} for n in range(6)]
    saved = await asyncio.gather(*(drafts.save(replace(first, files=each)) for each in texts))
    assert sum(saved) == 1
    assert not await drafts.save(replace(DRAFT, title="another of this id"))
    now = await drafts.load(DRAFT.id)
    assert now == replace(first, files=texts[saved.index(True)], revision=2)


async def test_a_draft_is_deleted_as_it_was_read(drafts: DraftStore) -> None:
    """Not if somebody saved it in between; and what is deleted is not saved back."""
    assert await drafts.save(DRAFT)
    assert await drafts.save(replace(DRAFT, revision=1, title="changed"))
    assert not await drafts.delete(DRAFT.id, 1)
    assert await drafts.delete(DRAFT.id, 2)
    assert not await drafts.delete(DRAFT.id, 2)
    assert await drafts.load(DRAFT.id) is None
    assert not await drafts.save(replace(DRAFT, revision=2))
    assert await drafts.heads() == []


async def test_the_list_has_no_texts(drafts: DraftStore) -> None:
    """Heads alone, the one saved last first."""
    for number, title in enumerate(["first", "second"]):
        at = NOW + timedelta(minutes=number)
        assert await drafts.save(replace(DRAFT, id=f"{number:012}", title=title, saved_at=at))
    heads = await drafts.heads()
    assert [(each.title, each.revision) for each in heads] == [("second", 1), ("first", 1)]
    assert {type(each) for each in heads} == {DraftHead}


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"a.yml": "x" * LARGEST_FILE, "b.yml": "é" * (LARGEST_FILE // 2 + 1)}, "b.yml"),
        ({f"{n}.yml": "x" * LARGEST_FILE for n in range(LARGEST_DRAFT // LARGEST_FILE)}, ""),
    ],
    ids=["one file", "all together"],
)
async def test_too_much_is_refused(drafts: DraftStore, files: dict[str, str], named: str) -> None:
    """A text, or all of them, over what is allowed in bytes; nothing is kept."""
    with pytest.raises(DraftTooLarge) as refused:
        await drafts.save(replace(DRAFT, files=files))
    assert refused.value.name == named
    assert await drafts.load(DRAFT.id) is None


def test_ids_are_their_own() -> None:
    """Nobody's draft gets another's address."""
    assert len({new_draft_id() for _ in range(100)}) == 100
