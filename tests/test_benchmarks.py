"""What the benchmarks measure with is right, lest their figures are not."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The loops of ``benchmarks/harness``."""
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "benchmarks")
    from harness import loops  # noqa: PLC0415 - its folder is no package of ours

    yield loops
    for name in [name for name in sys.modules if name.partition(".")[0] == "harness"]:
        del sys.modules[name]


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


async def test_a_late_message_is_later_than_it_took(loops: ModuleType) -> None:
    """What an open loop was late by counts for the first message alone."""

    async def nothing() -> None:
        return

    timed = loops.Timed(late=500.0)
    await timed.time("first", nothing)
    await timed.time("second", nothing)
    assert timed.took["first"][0] >= 500 > timed.took["second"][0]
