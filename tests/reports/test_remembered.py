"""What a process remembers of days: read once, read again when it may have changed."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.errors import StorageUnavailable
from bot.reports import remembered
from bot.reports.ranges import Range
from bot.reports.remembered import FRESH, FRESH_TODAY, OUT_OF_DATE, Known, Remembered
from bot.reports.report import added_up, report_on
from bot.reports.sums import SETTLED, sum_up
from bot.stores import Stores
from storage.stores import stores_in_memory
from tests.reports.test_attendance import OFFICE
from tests.support.month import Month

FIRST, TODAY = date(2026, 11, 2), date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
ALL = Range(FIRST, TODAY)


class Asked:
    """Seats of stores, that count what is asked of them and can be away."""

    def __init__(self, stores: Stores) -> None:
        self._seats = stores.seats
        self.days: Counter[date] = Counter()
        self.away = False
        self.gate = asyncio.Event()
        self.gate.set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._seats, name)

    async def of_day(self, office: str, day: date) -> Any:
        if self.away:
            raise StorageUnavailable("down")
        await asyncio.sleep(0)
        if office == OFFICE.id:
            self.days[day] += 1
        await self.gate.wait()
        return await self._seats.of_day(office, day)


@pytest.fixture
async def asked() -> tuple[Remembered, Asked, Stores]:
    """Three weeks, the first ones kept as sums."""
    stores = stores_in_memory()
    await Month(OFFICE, stores, Random(2)).play(FIRST, TODAY)
    while await sum_up(OFFICE, stores, ends=(), now=NOW):
        pass
    asked = Asked(stores)
    watched = replace(stores, seats=asked)  # type: ignore[arg-type] # as seats are asked
    return Remembered(watched, frozenset), asked, stores


async def known(memory: Remembered, now: datetime, patience: float | None = None) -> Known:
    """What it knows of all days."""
    found = await memory.of_days(OFFICE, ALL, now, patience)
    assert found
    return found


async def test_the_figures_are_the_same(asked: tuple[Remembered, Asked, Stores]) -> None:
    """What it remembers adds up to what is read anew; settled days are not counted again."""
    memory, seats, stores = asked
    found = await known(memory, NOW)
    for by in ("day", "staff", "session"):
        wanted = await report_on(OFFICE, stores, FIRST, TODAY, by, ends=(), now=NOW)
        assert added_up(OFFICE, found.days, FIRST, TODAY, by) == wanted
    assert found.as_of == NOW
    assert min(seats.days) == TODAY - SETTLED + timedelta(days=1)


async def test_what_is_fresh_is_not_read_again(asked: tuple[Remembered, Asked, Stores]) -> None:
    """Today counts for half a minute, days that are past for a quarter of an hour; meanwhile the
    page gets what is known, at once.
    """
    memory, seats, _ = asked
    await known(memory, NOW)
    await known(memory, NOW + FRESH_TODAY)
    assert set(seats.days.values()) == {1}
    later = NOW + FRESH_TODAY + timedelta(seconds=1)
    shown = await known(memory, later, patience=0)
    assert shown.as_of == NOW
    await known(memory, later)
    assert (seats.days[TODAY], seats.days[TODAY - timedelta(days=1)]) == (2, 1)
    await known(memory, NOW + FRESH + timedelta(seconds=1))
    assert seats.days[TODAY - timedelta(days=1)] == 2


async def test_what_is_out_of_date_is_not_shown(asked: tuple[Remembered, Asked, Stores]) -> None:
    """Rather than old figures the page says that it counts."""
    memory, seats, _ = asked
    await known(memory, NOW)
    much_later = NOW + FRESH_TODAY + OUT_OF_DATE + timedelta(seconds=1)
    seats.gate.clear()
    assert await memory.of_days(OFFICE, ALL, much_later, 0.01) is None
    seats.gate.set()
    assert (await known(memory, much_later)).as_of == NOW  # of yesterday, which is still fresh


async def test_many_ask_and_it_is_counted_once(asked: tuple[Remembered, Asked, Stores]) -> None:
    """However many look at once, each day is read once."""
    memory, seats, _ = asked
    await asyncio.gather(*(known(memory, NOW) for _ in range(5)))
    assert set(seats.days.values()) == {1}
    one = await memory.of_days(OFFICE, Range(TODAY, TODAY), NOW)
    assert one
    assert set(one.days) == {TODAY}
    assert seats.days[TODAY] == 1


async def test_a_database_that_is_away(asked: tuple[Remembered, Asked, Stores]) -> None:
    """Who waits is told; who is shown older figures is not, but the log is."""
    memory, seats, _ = asked
    seats.away = True
    with pytest.raises(StorageUnavailable):
        await known(memory, NOW)
    seats.away = False
    await known(memory, NOW)
    seats.away = True
    with capture_logs() as logged:
        assert (await known(memory, NOW + timedelta(minutes=1), patience=0)).as_of == NOW
        await asyncio.gather(*memory._tasks.values(), return_exceptions=True)
        await asyncio.sleep(0)
    assert [line["event"] for line in logged] == ["report_not_counted"]


async def test_it_forgets(
    asked: tuple[Remembered, Asked, Stores], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more days are remembered than there is room for, but a long range that was counted is
    there whole when the page looks again, whoever else looked at one meanwhile.
    """
    memory, seats, _ = asked
    monkeypatch.setattr(remembered, "KEPT", 4)
    assert len((await known(memory, NOW)).days) == ALL.days
    assert len(memory._known) == 4
    one = await memory.of_days(OFFICE, Range(FIRST, FIRST), NOW)
    assert one
    seats.gate.clear()
    again = await known(memory, NOW, patience=0.01)
    assert len(again.days) == ALL.days
    assert set(seats.days.values()) == {1}
