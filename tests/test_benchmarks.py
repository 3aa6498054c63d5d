"""What the benchmarks measure with is right, lest their figures are not."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from bot.clock import system_clock
from storage.driver import open_database

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def harness(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Imports modules of ``benchmarks/harness``, whose folder is no package of ours."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    before = set(sys.modules)
    yield lambda name: import_module(f"harness.{name}")
    for name in set(sys.modules) - before:
        if str(BENCHMARKS) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.fixture
def loops(harness: Callable[[str], ModuleType]) -> ModuleType:
    """The loops of ``benchmarks/harness``."""
    return harness("loops")


async def test_an_open_loop_times_from_when_a_message_was_due(loops: ModuleType) -> None:
    """A server that stands still makes those wait who come meanwhile, and that is counted."""
    line = asyncio.Lock()

    async def stands_still() -> None:
        async with line:
            await asyncio.sleep(0.01)

    async def talk(timed: object) -> None:
        await timed.time("asked", stands_still)

    took = (await loops.opened([talk] * 20, rate=10_000)).took["asked"]
    assert len(took) == 20
    assert max(took) > 100, "who was last in line waited for all before"


async def test_a_closed_loop_has_so_many_at_once(loops: ModuleType) -> None:
    """No more are under way, and all are had."""
    under_way: set[object] = set()
    most = 0

    async def talk(_: object) -> None:
        nonlocal most
        me = object()
        under_way.add(me)
        most = max(most, len(under_way))
        await asyncio.sleep(0)
        under_way.discard(me)

    await loops.closed([talk] * 30, at_once=8)
    assert (most, under_way) == (8, set())


async def test_a_run_lasts(loops: ModuleType) -> None:
    """Who is quick has more than so many conversations, who is slow has all of them."""

    async def quick(_: object) -> None:
        await asyncio.sleep(0)

    began = []
    talks = loops.in_a_run(lambda: began.append(quick) or quick, at_least=3, seconds=0.05)
    await loops.closed(talks, at_once=2)
    assert len(began) > 3
    began.clear()
    await loops.closed(loops.in_a_run(lambda: began.append(quick) or quick, 3, 0.0), at_once=2)
    assert len(began) == 3


async def test_a_late_message_is_later_than_it_took(loops: ModuleType) -> None:
    """What an open loop was late by counts for the first message alone."""

    async def nothing() -> None:
        return

    timed = loops.Timed(late=500.0)
    await timed.time("first", nothing)
    await timed.time("second", nothing)
    assert timed.took["first"][0] >= 500 > timed.took["second"][0]


async def test_a_soak_sees_what_is_wrong(
    harness: Callable[[str], ModuleType],
    embedded_mongo: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was acknowledged and is nowhere, what came twice, and seats that are not as was told."""
    judging = harness("judging")
    monkeypatch.setattr(judging, "PATIENCE_SECONDS", 0.0)
    meta = harness("meta").Meta(None)
    crowd = harness("crowd").Crowd(meta, "")
    database = open_database(embedded_mongo, "judged", "pymongo")
    assert await judging.judged(database, crowd, meta) == []
    crowd.taken["whatsapp:jakarta_pusat:62812"].append("wamid.1")
    crowd.booked["62812"] = "JKP-TOLD"
    await database.collection("seats").insert_one({"_id": "a", "booking_code": "JKP-UNTOLD"})
    meta.sent["whatsapp:jakarta_pusat:62812|wamid.1/0|0"] = 2
    wrong = await judging.judged(database, crowd, meta)
    await database.drop()
    await database.close()
    assert wrong == [
        "acknowledged and lost: wamid.1 of whatsapp:jakarta_pusat:62812",
        "sent 2 times: whatsapp:jakarta_pusat:62812|wamid.1/0|0",
        "told, and not booked: JKP-TOLD",
        "booked, and nobody was told: JKP-UNTOLD",
    ]


def test_a_clock_that_jumps(harness: Callable[[str], ModuleType], tmp_path: Path) -> None:
    """The clock of a soak shows what was set last, and runs."""
    server, file = harness("jumping_server"), tmp_path / "clock"
    server.set_clock(file, timedelta())
    with server.jumping_clock(file) as now:
        assert abs(now() - system_clock()) < timedelta(seconds=5)
        for ahead in (timedelta(hours=1), timedelta(minutes=-10)):
            server.set_clock(file, ahead)
            assert abs(now() - ahead - system_clock()) < timedelta(seconds=5)


def test_memory_that_grows_is_told(harness: Callable[[str], ModuleType]) -> None:
    """From a quarter of the way on a leak fails the run; what comes before does not."""
    harness("kept")
    memory = import_module("memory")
    flat, leak = ([(turn, 100.0) for turn in range(1, 21)] for _ in range(2))
    flat[:4] = [(turn, 20.0 * turn) for turn in range(1, 5)]
    leak[10:] = [(turn, 100.0 + 2 * turn) for turn in range(11, 21)]

    def watch(name: str, seen: list[tuple[int, float]]) -> object:
        return memory.Watch(name, 1, 20, 1.0, seen=seen)

    memory._judge([watch("flat", flat)])
    with pytest.raises(SystemExit, match="leak"):
        memory._judge([watch("flat", flat), watch("leak", leak)])
