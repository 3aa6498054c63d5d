"""``antre serve`` that kills itself with SIGKILL right after a call of one's choosing.

A call is one to the database's driver or to Graph, so a process dies between any two of them,
inside a store's method too. Each life is a process forked from one that has everything imported:
it begins in a tenth of a second.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import wraps
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from bot.channels.whatsapp.graph import GraphClient
from bot.clock import system_clock
from bot.command_settings import serve_settings
from bot.serving import serve
from storage import driver
from tests.support.service import ROOT, free_port

CALLS: Final = ("find_one", "find", "aggregate", "insert_one", "insert_missing", "update_one")
GRAPH_CALLS: Final = ("send", "upload", "mark_read")
BESIDE: Final = frozenset({"sweeper", "caretaker", "library", "days", "keeper", "lookout"})
"""Tasks that do as they please; what they begin for a conversation is a task of its own."""

BEGIN_SECONDS: Final = 60.0

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.support.warm", "motor.motor_asyncio"])


class Mortal:
    """One life of a bot.

    Attributes:
        url: where it answers.
        calls: ``collection.method`` or ``graph.method`` of each call it began since it was ready,
            except what is done beside the turns at any time: looking for what is due, upkeep,
            retention.
    """

    def __init__(self, process: Any, told: Connection, left: Any, last: Any, url: str) -> None:
        self.url = url
        self._left = left
        self._last = last
        self._process = process
        self._told = told
        self._calls: list[str] = []

    @classmethod
    async def born(
        cls,
        variables: Mapping[str, str],
        *,
        log: Path,
        ahead: timedelta = timedelta(),
    ) -> Mortal:
        """Start one and wait until it is ready.

        Args:
            ahead: of the real time, by its own clock.
            log: file it writes to in place of standard error.
        """
        port = free_port()
        told, telling = _processes.Pipe(duplex=False)
        left = _processes.Value("i", 0)
        last = _processes.Array("c", 64)
        arguments = (telling, left, last, dict(variables), port, log, ahead)
        process = _processes.Process(target=_live, args=arguments)
        await asyncio.to_thread(process.start)
        telling.close()
        mortal = cls(process, told, left, last, f"http://127.0.0.1:{port}")
        await asyncio.to_thread(told.poll, BEGIN_SECONDS)
        if mortal.calls[:1] != ["ready"]:
            await mortal.kill()
            raise RuntimeError(await asyncio.to_thread(log.read_text))
        mortal._calls.clear()
        return mortal

    def dies_after(self, calls: int) -> None:
        """Let it make so many calls more, and die right after the last of them."""
        with self._left.get_lock():
            self._left.value = calls

    def dies_after_call(self, name: str, times: int = 1) -> None:
        """Let it die right after so many calls more of this name, those beside the turns too."""
        self._last.value = name.encode()
        self.dies_after(times)

    @property
    def calls(self) -> list[str]:
        """See above."""
        try:
            while self._told.poll():
                self._calls.append(self._told.recv())
        except (EOFError, OSError):
            pass
        return self._calls

    @property
    def is_dead(self) -> bool:
        """Whether it has ended."""
        return self._process.exitcode is not None

    @property
    def killed_itself(self) -> bool:
        """Whether it ended by SIGKILL."""
        return bool(self.exit_code == -signal.SIGKILL)

    @property
    def exit_code(self) -> int | None:
        """How it ended, as :attr:`multiprocessing.Process.exitcode` has it."""
        code: int | None = self._process.exitcode
        return code

    async def dies(self, seconds: float = 10) -> bool:
        """Wait for its end; whether it killed itself in time."""
        await asyncio.to_thread(self._process.join, seconds)
        return self.killed_itself

    async def kill(self) -> None:
        """End it if it still lives."""
        self._process.kill()
        await asyncio.to_thread(self._process.join)
        self._told.close()


def _live(
    telling: Connection,
    left: Any,
    last: Any,
    variables: Mapping[str, str],
    port: int,
    log: Path,
    ahead: timedelta,
) -> None:
    """What the process does."""
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), sys.stderr.fileno())
    threading.Thread(target=_follow_parent, daemon=True).start()
    ready = False

    def begins(name: str, *, beside: bool) -> Callable[[], None]:
        if not ready:
            return _nothing
        if not beside:
            telling.send(name)
        if beside if not last.value else name.encode() != last.value:
            return _nothing
        with left.get_lock():
            left.value -= 1
            return _die if left.value == 0 else _nothing

    def is_ready(_: str) -> None:
        nonlocal ready
        telling.send("ready")
        ready = True

    for name in CALLS:
        setattr(driver.Collection, name, _told(getattr(driver.Collection, name), begins))
    for name in GRAPH_CALLS:
        setattr(GraphClient, name, _told(getattr(GraphClient, name), begins))
    settings = serve_settings(ROOT / "config.yml", variables, port=port)
    asyncio.run(serve(settings, lambda: system_clock() + ahead, demo=False, ready=is_ready))


def _told(
    method: Callable[..., Awaitable[Any]], begins: Callable[..., Callable[[], None]]
) -> Callable[..., Awaitable[Any]]:
    @wraps(method)
    async def call(self: Any, *arguments: Any, **options: Any) -> Any:
        task = asyncio.current_task()
        beside = task is not None and task.get_name() in BESIDE
        called = "graph" if isinstance(self, GraphClient) else self._raw.name
        ends = begins(f"{called}.{method.__name__}", beside=beside)
        try:
            return await method(self, *arguments, **options)
        finally:
            ends()

    return call


def _follow_parent() -> None:
    """End when the tests do, however they end."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        _die()


def _nothing() -> None:
    """A call that lets the process live."""


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
