"""Pages that follow what happens, by server-sent events.

What a page follows is a *topic* with a look at it: a function that returns what the page shows.
One task a topic looks every second, however many pages follow it, and only while some do; so a
change made in another process is seen as well. Each page gets the latest, never a backlog: who
reads slowly misses what is outdated anyway.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, TypeAlias

import orjson
import structlog
from aiohttp import web

from bot.errors import StorageUnavailable

Look: TypeAlias = Callable[[], Awaitable[Any]]
"""What a topic shows now, JSON-like."""

PAUSE_SECONDS: Final = 1.0
HEARTBEAT_SECONDS: Final = 10.0
"""So often a line is written, so that a dead connection is noticed, and asked who is there."""

SLOW_SECONDS: Final = 30.0
"""A page that takes nothing for so long is let go of; it comes back by itself."""

MOST: Final = 500
"""Streams of one process."""

HEADERS: Final = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would collect it
}

log = structlog.get_logger(__name__)


class Mailbox:
    """The latest of a topic that one page has not been told."""

    def __init__(self) -> None:
        self._news = asyncio.Event()
        self._latest: bytes | None = None

    def put(self, latest: bytes | None) -> None:
        """Replace what was not taken; ``None`` ends the stream."""
        self._latest = latest
        self._news.set()

    async def take(self, patience: float) -> bytes | None:
        """The latest, once there is something new.

        Raises:
            TimeoutError: nothing new for ``patience`` seconds.
        """
        async with asyncio.timeout(patience):
            await self._news.wait()
        self._news.clear()
        return self._latest


class _Watch:
    """One topic while it is followed."""

    def __init__(self, topic: str, look: Look, pause: float) -> None:
        self._topic = topic
        self._look = look
        self._pause = pause
        self._latest: bytes | None = None
        self._nudged = asyncio.Event()
        self.mailboxes: set[Mailbox] = set()
        self.task = asyncio.create_task(self._run(), name=f"stream {topic}")

    def add(self, mailbox: Mailbox) -> None:
        self.mailboxes.add(mailbox)
        if self._latest is not None:
            mailbox.put(self._latest)

    def nudge(self) -> None:
        self._nudged.set()

    async def _run(self) -> None:
        while True:
            self._nudged.clear()
            try:
                seen = orjson.dumps(await self._look())
            except StorageUnavailable as down:
                log.warning("stream_waits", topic=self._topic, reason=str(down))
            except Exception:  # our bug in one page must not end the others' streams
                log.exception("stream_failed", topic=self._topic, alarm=True)
            else:
                if seen != self._latest:
                    self._latest = seen
                    for mailbox in self.mailboxes:
                        mailbox.put(seen)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause):
                    await self._nudged.wait()


class Streams:
    """All streams of a process.

    Args:
        pause: seconds between two looks at a topic.
        heartbeat: seconds between two checks of who is there.
        most: at once; who comes then is asked to come back.
    """

    def __init__(
        self,
        pause: float = PAUSE_SECONDS,
        heartbeat: float = HEARTBEAT_SECONDS,
        most: int = MOST,
    ) -> None:
        self._pause = pause
        self._heartbeat = heartbeat
        self._most = most
        self._watches: dict[str, _Watch] = {}
        self._closed = False

    @property
    def open(self) -> int:
        """How many pages follow."""
        return sum(len(watch.mailboxes) for watch in self._watches.values())

    def nudge(self, topic: str) -> None:
        """Look at once: something was changed here."""
        if topic in self._watches:
            self._watches[topic].nudge()

    async def serve(
        self,
        request: web.Request,
        topic: str,
        look: Look,
        may_stay: Callable[[], Awaitable[bool]],
    ) -> web.StreamResponse:
        """Stream a topic until the page leaves, may not stay, or the server stops.

        Args:
            topic: names what is looked at; the same name, the same look.
            may_stay: asked with every heartbeat; a page that may not is told ``ended`` first.

        Raises:
            web.HTTPServiceUnavailable: too many streams, or the server stops.
        """
        if self._closed or self.open >= self._most:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"})
        response = web.StreamResponse(headers=HEADERS)
        await response.prepare(request)
        mailbox = Mailbox()
        watch = self._watches.get(topic)
        if watch is None:
            watch = self._watches[topic] = _Watch(topic, look, self._pause)
        watch.add(mailbox)
        try:
            with suppress(ConnectionError, TimeoutError):
                await self._pump(response, mailbox, may_stay)
        finally:
            await self._leave(topic, watch, mailbox)
        return response

    async def _pump(
        self,
        response: web.StreamResponse,
        mailbox: Mailbox,
        may_stay: Callable[[], Awaitable[bool]],
    ) -> None:
        clock = asyncio.get_running_loop().time
        check_at = clock() + self._heartbeat
        await _write(response, b"retry: 2000\n\n")
        while True:
            try:
                latest = await mailbox.take(max(0.0, check_at - clock()))
            except TimeoutError:
                if not await may_stay():
                    await _write(response, b"event: ended\ndata: {}\n\n")
                    return
                await _write(response, b": here\n\n")
                check_at = clock() + self._heartbeat
                continue
            if latest is None:
                return
            await _write(response, b"data: " + latest + b"\n\n")

    async def _leave(self, topic: str, watch: _Watch, mailbox: Mailbox) -> None:
        watch.mailboxes.discard(mailbox)
        if not watch.mailboxes and self._watches.get(topic) is watch:
            del self._watches[topic]
            watch.task.cancel()

    async def close(self, _: object = None) -> None:
        """End all streams, so that the server need not wait for pages to leave."""
        self._closed = True
        tasks = [watch.task for watch in self._watches.values()]
        for watch in self._watches.values():
            for mailbox in watch.mailboxes:
                mailbox.put(None)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _write(response: web.StreamResponse, line: bytes) -> None:
    async with asyncio.timeout(SLOW_SECONDS):
        await response.write(line)
