"""Stores of notices and of calls: the same holds in memory and in MongoDB."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.booking.calling import Board, CallStore
from bot.booking.notices import FOR_EVER, Notice, NoticeStore
from storage.driver import open_database
from storage.memory_notices import MemoryCalls, MemoryNotices
from storage.mongo_notices import MongoCalls, MongoNotices
from tests.storage.conftest import STORES
from tests.support.talk import NOW

DAY = date(2026, 11, 24)
REMINDER = Notice(
    id="k1/reminder/morning",
    conversation="whatsapp:kota_contoh:6281200000001",
    name="notice_reminder",
    values={"booking_code": "KCN-00000-00000", "number": 3},
    due_at=NOW,
    until=NOW + timedelta(hours=2),
    about="k1",
)


@pytest.fixture(params=STORES)
async def both(
    request: pytest.FixtureRequest, database_name: str
) -> AsyncIterator[tuple[NoticeStore, CallStore]]:
    """Empty stores of each kind."""
    if request.param == "memory":
        yield MemoryNotices(), MemoryCalls()
        return
    uri = request.getfixturevalue("embedded_mongo")
    database = open_database(uri, database_name, request.param)
    notices = MongoNotices(database)
    await notices.prepare()
    yield notices, MongoCalls(database)
    await database.close()


@pytest.fixture
def notices(both: tuple[NoticeStore, CallStore]) -> NoticeStore:
    """An empty store of notices."""
    return both[0]


@pytest.fixture
def calls(both: tuple[NoticeStore, CallStore]) -> CallStore:
    """An empty store of calls."""
    return both[1]


class TestNotices:
    async def test_round_trip(self, notices: NoticeStore) -> None:
        """A notice comes back as it was, to the millisecond."""
        odd = replace(REMINDER, id="k2", due_at=NOW - timedelta(microseconds=1), until=FOR_EVER)
        await notices.add([REMINDER, odd])
        cut = replace(odd, due_at=NOW - timedelta(milliseconds=1))
        assert await notices.due(NOW, 10) == [cut, REMINDER]

    async def test_nothing_to_add(self, notices: NoticeStore) -> None:
        """Adding nothing is no mistake."""
        await notices.add([])
        assert await notices.due(FOR_EVER, 10) == []

    async def test_the_same_id_is_the_same_notice(self, notices: NoticeStore) -> None:
        """Added again it stays as it was first; others beside it are added."""
        await notices.add([REMINDER])
        later = replace(REMINDER, due_at=NOW + timedelta(hours=1), values={})
        await notices.add([later, replace(REMINDER, id="k2", due_at=NOW + timedelta(minutes=1))])
        found = await notices.due(NOW + timedelta(days=1), 10)
        assert [notice.id for notice in found] == [REMINDER.id, "k2"]
        assert found[0] == REMINDER

    async def test_due(self, notices: NoticeStore) -> None:
        """Due are those whose moment has come, the most overdue first, up to the limit."""
        moments = {"c": 1, "b": -1, "a": -2, "d": 0}
        await notices.add(
            [replace(REMINDER, id=i, due_at=NOW + timedelta(seconds=s)) for i, s in moments.items()]
        )
        assert [notice.id for notice in await notices.due(NOW, 10)] == ["a", "b", "d"]
        assert [notice.id for notice in await notices.due(NOW, 2)] == ["a", "b"]

    async def test_done(self, notices: NoticeStore) -> None:
        """What is done is forgotten; doing so again changes nothing."""
        await notices.add([REMINDER, replace(REMINDER, id="k2")])
        await notices.done(REMINDER.id)
        await notices.done(REMINDER.id)
        assert [notice.id for notice in await notices.due(NOW, 10)] == ["k2"]

    async def test_withdraw(self, notices: NoticeStore) -> None:
        """All notices about one thing go, those about others stay."""
        other = replace(REMINDER, id="k10", about="k10")
        await notices.add([REMINDER, replace(REMINDER, id="k1/x", due_at=FOR_EVER), other])
        await notices.withdraw("k1")
        assert [notice.id for notice in await notices.due(FOR_EVER, 10)] == ["k10"]

    async def test_postpone(self, notices: NoticeStore) -> None:
        """A notice put off is due later and knows how often it failed; one gone stays so."""
        await notices.add([REMINDER])
        later = NOW + timedelta(seconds=30)
        await notices.postpone(REMINDER.id, 2, later)
        await notices.postpone("gone", 1, later)
        assert await notices.due(NOW, 10) == []
        assert await notices.due(later, 10) == [replace(REMINDER, attempts=2, due_at=later)]


class TestCalls:
    async def test_before_the_first(self, calls: CallStore) -> None:
        """Nothing is called yet."""
        assert await calls.board("kota_contoh", DAY) == Board()

    async def test_forward_only(self, calls: CallStore) -> None:
        """The board shows the highest number called; each office and day has its own."""
        await calls.show("kota_contoh", DAY, 3, NOW, 12)
        await calls.show("kota_contoh", DAY, 2, NOW + timedelta(minutes=1), 0)
        assert await calls.board("kota_contoh", DAY) == Board(3, NOW, 12)
        assert await calls.board("batam", DAY) == Board()
        assert await calls.board("kota_contoh", DAY + timedelta(days=1)) == Board()

    async def test_told_late(self, calls: CallStore) -> None:
        """That it runs late was told, whatever is called after that."""
        await calls.show("kota_contoh", DAY, 3, NOW, 40)
        await calls.told_late("kota_contoh", DAY)
        await calls.show("kota_contoh", DAY, 4, NOW, 35)
        assert await calls.board("kota_contoh", DAY) == Board(4, NOW, 35, late_told=True)
