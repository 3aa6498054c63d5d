"""A process beside the serving one: what it is told, and what becomes of it."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.room import RoomError, Superseded
from bot.rehearsing.room.helper import Helper

MAIN = "tests.support.stubborn"
SECONDS = 30.0


@pytest.fixture
async def helper() -> AsyncIterator[Helper]:
    """One that is ended with the test."""
    helper = Helper({"a": 1}, main=MAIN)
    yield helper
    await helper.close()


async def pieces(
    helper: Helper, job: str, key: str = "page", seconds: float = SECONDS
) -> list[Any]:
    """All that a job says."""
    return [piece async for piece in helper.ask(key, {"job": job}, seconds)]


async def alive(pid: int) -> bool:
    """Whether a process is there, after a while in which it may go."""
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        await asyncio.sleep(0.01)
    return True


async def test_it_is_told_no_secret(helper: Helper, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the environment it has only what a program needs to run; variables of secrets are none."""
    monkeypatch.setenv("WHATSAPP_ACCESS_TOKEN", "never to be seen")
    monkeypatch.setenv("MONGODB_URI", "mongodb://never.example")
    (told,) = await pieces(helper, "tell")
    assert told["settings"] == {"a": 1}
    assert "never" not in str(told["environment"])


async def test_begun_once(helper: Helper) -> None:
    """No process before somebody asks; then one for all who do."""
    assert helper.pid is None
    await pieces(helper, "tell")
    first = helper.pid
    await pieces(helper, "tell")
    assert helper.pid == first


@pytest.mark.parametrize("job", ["die", "babble"])
async def test_its_end_is_a_sentence(helper: Helper, job: str) -> None:
    """A process that dies, or says what nobody understands, is an error to whoever asked; the next
    finds a new one.
    """
    with pytest.raises(RoomError, match="ended over it"):
        await pieces(helper, job)
    assert await pieces(helper, "tell")


async def test_a_hang_is_a_sentence(helper: Helper) -> None:
    """One that says nothing for too long is killed; the next finds a new one."""
    await pieces(helper, "tell")
    pid = helper.pid
    assert pid
    with pytest.raises(RoomError, match="no answer"):
        await pieces(helper, "hang", seconds=0.05)
    assert not await alive(pid)
    assert await pieces(helper, "tell")


async def test_refused(helper: Helper) -> None:
    """What a job cannot do is told in its words, and the process goes on."""
    with pytest.raises(RoomError, match="this will not do"):
        await pieces(helper, "refuse")
    assert await pieces(helper, "tell")


async def test_the_newest_counts(helper: Helper) -> None:
    """Of questions of one page the newest is answered; one that runs and those that wait are
    dropped.
    """
    await pieces(helper, "tell")
    running = asyncio.create_task(pieces(helper, "count"))
    await asyncio.sleep(0.02)
    waiting = asyncio.create_task(pieces(helper, "count"))
    await asyncio.sleep(0)
    assert await pieces(helper, "tell")
    for older in (running, waiting):
        with pytest.raises(Superseded):
            await older


async def test_pages_do_not_drop_each_other(helper: Helper) -> None:
    """Questions of different pages are answered one after the other."""
    answers = await asyncio.gather(*(pieces(helper, "tell", f"page {n}") for n in range(4)))
    assert all(answers)


async def test_who_stops_listening(helper: Helper) -> None:
    """A job nobody listens to any more is dropped, and the next is done."""
    async with aclosing(helper.ask("page", {"job": "count"}, SECONDS)) as said:
        assert await anext(said) == {"at": 0}
    assert await pieces(helper, "tell")


async def test_ended_when_unused() -> None:
    """Nobody asks for a while: it is ended; who asks then finds a new one."""
    helper = Helper({}, unused=timedelta(milliseconds=20), main=MAIN)
    await pieces(helper, "tell")
    pid = helper.pid
    assert pid
    assert not await alive(pid)
    assert await pieces(helper, "tell")
    assert helper.pid != pid
    await helper.close()


async def test_closed(helper: Helper) -> None:
    """A server that stops takes it along, whatever it is at."""
    await pieces(helper, "tell")
    running = asyncio.create_task(pieces(helper, "hang"))
    await asyncio.sleep(0.02)
    pid = helper.pid
    assert pid
    await helper.close()
    assert not await alive(pid)
    with pytest.raises(RoomError):
        await running
    with pytest.raises(RoomError, match="stopping"):
        await pieces(helper, "tell")
