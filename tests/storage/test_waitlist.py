"""Stores of the waitlist: the same holds in memory and in MongoDB."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.booking.waitlist import Wait, WaitlistStore, WaitState
from storage.driver import open_database
from storage.waitlist import MemoryWaitlist, MongoWaitlist
from tests.storage.conftest import STORES
from tests.support.talk import NOW

NEW = Wait("kota", date(2026, 11, 24), "whatsapp:6281200000001", "c1", NOW)
WAIT = NEW.to(WaitState.WAITING, NOW, "applicant", "k1")


@pytest.fixture(params=STORES)
async def waits(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[WaitlistStore]:
    """An empty store of each kind."""
    if request.param == "memory":
        yield MemoryWaitlist()
        return
    database = open_database(
        request.getfixturevalue("embedded_mongo"), database_name, request.param
    )
    store = MongoWaitlist(database)
    await store.prepare()
    yield store
    await database.close()


async def test_round_trip(waits: WaitlistStore) -> None:
    """A wait comes back as it was, one write on, for a day and for any."""
    anything = replace(WAIT, day=None, until=NOW + timedelta(minutes=30), seat="s", key="k")
    for wait in (WAIT, anything):
        assert await waits.load(wait.id) is None
        assert await waits.save(wait)
        assert await waits.load(wait.id) == replace(wait, revision=1)


async def test_one_of_two_saves(waits: WaitlistStore) -> None:
    """Who read an older revision saves nothing, nor who makes it a second time."""
    assert await waits.save(WAIT)
    assert not await waits.save(WAIT)
    first = replace(WAIT, revision=1)
    assert await waits.save(first.to(WaitState.LEFT, NOW, "applicant", "k2"))
    assert not await waits.save(first.to(WaitState.OFFERED, NOW, "system", "k3"))
    found = await waits.load(WAIT.id)
    assert found
    assert found.state is WaitState.LEFT


async def test_open_by_place(waits: WaitlistStore) -> None:
    """The list has those who wait or are offered a seat, who came first first."""
    later = replace(WAIT, sender="whatsapp:6281200000000", joined_at=NOW + timedelta(seconds=1))
    other = replace(WAIT, office="desa", state=WaitState.OFFERED)
    left = replace(WAIT, sender="whatsapp:6281200000009", state=WaitState.LEFT)
    for wait in (later, left, other, WAIT):
        assert await waits.save(wait)
    assert [wait.id for wait in await waits.open("kota")] == [WAIT.id, later.id]
    assert len(await waits.open()) == 3


async def test_of_a_number(waits: WaitlistStore) -> None:
    """All waits of a number, those that ended too, and nobody else's."""
    left = replace(WAIT, day=None, state=WaitState.LEFT)
    for wait in (left, WAIT, replace(WAIT, sender="whatsapp:6281200000009")):
        assert await waits.save(wait)
    assert {wait.id for wait in await waits.of_sender(WAIT.sender)} == {left.id, WAIT.id}
    assert await waits.of_sender("whatsapp:628999") == []


async def test_aged(waits: WaitlistStore) -> None:
    """Those whose latest step was before the moment, at most so many."""
    later = NOW + timedelta(days=2)
    again = replace(WAIT, office="desa").to(WaitState.OFFERED, later, "system", "k2")
    for wait in (WAIT, again, replace(WAIT, day=None)):
        assert await waits.save(wait)
    assert await waits.aged(NOW, 9) == []
    assert len(await waits.aged(NOW + timedelta(seconds=1), 9)) == 2
    assert len(await waits.aged(later + timedelta(seconds=1), 2)) == 2


async def test_forgotten_as_it_was_read(waits: WaitlistStore) -> None:
    """Only the revision that was read is erased, once; who joins then begins anew."""
    assert await waits.save(WAIT)
    first = replace(WAIT, revision=1)
    assert await waits.save(first.to(WaitState.LEFT, NOW, "applicant", "k2"))
    assert not await waits.forget(first)
    assert await waits.forget(replace(first, revision=2))
    assert not await waits.forget(replace(first, revision=2))
    assert await waits.load(WAIT.id) is None
    assert await waits.save(WAIT)


async def test_touched(waits: WaitlistStore) -> None:
    """What took a step at a moment or after it, open or not, by place."""
    old = replace(WAIT, sender="whatsapp:6281200000005")
    moment = NOW + timedelta(minutes=1)
    joined = replace(WAIT, joined_at=moment, trail=()).to(WaitState.WAITING, moment, "a", "k")
    left = old.to(WaitState.LEFT, moment + timedelta(seconds=1), "a", "k2")
    left = replace(left, sender="whatsapp:6281200000006")
    for wait in (joined, old, left):
        assert await waits.save(wait)
    assert [wait.id for wait in await waits.touched(moment)] == [left.id, joined.id]
    assert [wait.id for wait in await waits.touched(left.touched_at)] == [left.id]
    assert len(await waits.touched(NOW)) == 3
