"""Locks by key."""

import asyncio
from contextlib import suppress

import pytest

from bot.locks import Locks


async def test_one_at_a_time() -> None:
    """Who asks for a key waits for those before, in their order; other keys do not wait."""
    locks, order = Locks(), []

    async def work(name: str, key: str) -> None:
        async with locks.hold(key):
            order.append(f"{name} in")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            order.append(f"{name} out")

    await asyncio.gather(work("a", "x"), work("b", "x"), work("c", "y"), work("d", "x"))
    of_x = [step for step in order if step[0] != "c"]
    assert of_x == ["a in", "a out", "b in", "b out", "d in", "d out"]
    assert order.index("c in") < order.index("a out")


async def test_nothing_is_left() -> None:
    """Locks nobody holds or wants are forgotten, also after errors and cancelled waits."""
    locks = Locks()
    with suppress(RuntimeError):
        async with locks.hold("x"):
            assert len(locks) == 1
            raise RuntimeError
    async with locks.hold("x"):
        waiting = asyncio.create_task(locks.hold("x").__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert len(locks) == 1
    assert len(locks) == 0
