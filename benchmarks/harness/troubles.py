"""What is done to a service while people write: each is entered before they do, and left after."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from harness.jumping_server import set_clock
from harness.meta import Fault, Meta

from bot.errors import StorageUnavailable
from storage.driver import Database
from storage.folder import Folder

HEADERS = "POST /webhooks/whatsapp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nX-A: "
FAULTS = (Fault(), Fault(500, 1), Fault(503, 131016))
FAILS = 0.2
THROTTLED = Fault(429, 130429)
THROTTLES = 0.005
"""Seldom: nothing is sent to anybody for some seconds after it."""
HERE = ZoneInfo("Asia/Jakarta")
DISK_MB = 400
FULL_SECONDS = 12.0
BALLAST = 64 * 1024
FAILURES = 3
"""In a row, and nothing can be written any more: once may be a connection that was cut before."""


@dataclass(slots=True)
class Over:
    """When a trouble was over, monotonic; 0 while it is not, or where nothing has to come back."""

    at: float = 0.0


@asynccontextmanager
async def nothing() -> AsyncIterator[Over]:
    """As on any day."""
    yield Over()


@asynccontextmanager
async def idle(url: str, connections: int) -> AsyncIterator[Over]:
    """So many connections on which nothing is said."""
    parts = urlsplit(url)
    writers: list[asyncio.StreamWriter] = []
    try:
        for _ in range(connections):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port)
            writers.append(writer)
        yield Over()
    finally:
        for writer in writers:
            writer.close()


@asynccontextmanager
async def slow_loris(url: str, connections: int) -> AsyncIterator[Over]:
    """So many requests that never come to an end: a byte a second each."""
    parts = urlsplit(url)

    async def drip() -> None:
        with suppress(OSError):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port)
            writer.write(HEADERS.encode())
            while True:
                writer.write(b"a")
                await writer.drain()
                await asyncio.sleep(1)

    tasks = [asyncio.create_task(drip()) for _ in range(connections)]
    try:
        yield Over()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def slow_graph(meta: Meta, seconds: float) -> AsyncIterator[Over]:
    """Each call takes so long."""
    meta.delay = seconds
    yield Over()
    meta.delay = 0.0


@asynccontextmanager
async def failing_graph(meta: Meta) -> AsyncIterator[Over]:
    """One message in five is refused or cut off, one in two hundred throttled; none is taken."""
    chance = random.Random(1)

    def fault() -> Fault | None:
        drawn = chance.random()
        if drawn < THROTTLES:
            return THROTTLED
        return chance.choice(FAULTS) if drawn < FAILS else None

    meta.fault = fault
    yield Over()
    meta.fault = lambda: None


@asynccontextmanager
async def clock_jumps(
    clock: Path, jumps: Sequence[timedelta], every: float, meta: Meta
) -> AsyncIterator[Over]:
    """The service's clock is so far ahead of the time, one after the other; then it is right.
    Graph fails meanwhile, so that there is something to be tried again by that clock.
    """

    async def jump(over: Over) -> None:
        for ahead in jumps:
            await asyncio.sleep(every)
            set_clock(clock, ahead)
        await asyncio.sleep(every)
        set_clock(clock, timedelta())
        over.at = time.monotonic()

    async with failing_graph(meta), _beside(jump) as over:
        yield over


@asynccontextmanager
async def days_pass(clock: Path, meta: Meta, every: float) -> AsyncIterator[Over]:
    """Midnight comes in the middle, with new quotas, and then 23 hours in a moment: a whole day
    would close Meta's window on answers that are on their way. Meta's clock says the same. At last
    it is today again.
    """

    async def pass_by(over: Over) -> None:
        now = datetime.now(UTC)
        midnight = (now.astimezone(HERE) + timedelta(days=1)).replace(hour=0, minute=0, second=0)
        before = midnight - now - timedelta(seconds=every)
        for ahead in (before, before + timedelta(hours=23)):
            meta.ahead = ahead
            set_clock(clock, ahead)
            await asyncio.sleep(2 * every)
        meta.ahead = timedelta()
        set_clock(clock, timedelta())
        over.at = time.monotonic()

    async with _beside(pass_by) as over:
        yield over


@asynccontextmanager
async def database_killed(data: Path, times: int, every: float) -> AsyncIterator[Over]:
    """``kill -9``, and again."""

    async def kill(over: Over) -> None:
        for _ in range(times):
            await asyncio.sleep(every)
            listening = Folder(data).listening
            if listening is None:
                raise RuntimeError("there is no database to kill")
            os.kill(listening.process_id, signal.SIGKILL)
        over.at = time.monotonic()

    async with _beside(kill) as over:
        yield over


@asynccontextmanager
async def disk_full(disk: Path, database: Database) -> AsyncIterator[Over]:
    """Not a byte is left where the database is, for some seconds; what was set aside is filled too,
    so that writes do fail.
    """
    ballast, stuff = disk / "ballast", b"x" * BALLAST

    def fill() -> None:
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(stuff)

    async def full(over: Over) -> None:
        await asyncio.sleep(2)
        fill()
        failures = 0
        while failures < FAILURES:
            try:
                await database.collection("ballast").insert_one({"stuff": stuff})
                failures = 0
            except StorageUnavailable:
                failures += 1
        await asyncio.sleep(FULL_SECONDS)
        ballast.unlink()
        over.at = time.monotonic()

    async with _beside(full) as over:
        yield over


@contextmanager
def small_disk(folder: Path) -> Iterator[str]:
    """A file system of its own there, in memory; why not, where that is not allowed."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "none", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)  # noqa: S603 - nothing of it comes from outside
    except FileNotFoundError as error:
        yield str(error)
        return
    if done.returncode:
        yield f"{done.stderr.strip()}; try: unshare --map-root-user --mount make soak"
        return
    try:
        yield ""
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607 - as above


@asynccontextmanager
async def _beside(
    work: Callable[[Over], Coroutine[Any, Any, None]],
) -> AsyncIterator[Over]:
    """Done while something else is; awaited in the end."""
    over = Over()
    task = asyncio.create_task(work(over))
    try:
        yield over
        await task
    finally:
        task.cancel()
