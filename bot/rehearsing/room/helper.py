"""A process beside the one that serves: begun at the first need, ended when it is not needed."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import structlog

from bot.desk.room import RoomError, Superseded
from bot.rehearsing.room.frames import HEAD, LONGEST, CutError, framed, length_of, piece_of
from bot.tied import dies_with_parent

log = structlog.get_logger(__name__)

UNUSED: Final = timedelta(minutes=5)
"""So long a process without work is kept: it holds some 150 MB."""

START_SECONDS: Final = 90.0
"""Beside the time of the first job: modules and what is learnt are loaded, on a busy machine."""

LEAVES_SECONDS: Final = 0.5
"""For one that is not needed any more; it is doing nothing that must be finished."""

ENV: Final = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "PYTHONPATH")
"""All a helper is told of the environment: none of the variables that hold secrets."""

ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

_HOUSE: Final = Path(__file__).parents[3]


class Helper:
    """One such process, and the line to it. It does one job after the other.

    Args:
        settings: what :class:`bot.settings.Settings` dumps, without secrets.
        unused: so long without work it is kept.
        main: the module it runs.
    """

    def __init__(
        self,
        settings: Mapping[str, Any],
        unused: timedelta = UNUSED,
        main: str = "bot.rehearsing.room.main",
    ) -> None:
        self._settings = settings
        self._unused = unused
        self._main = main
        self._process: Process | None = None
        self._folder: TemporaryDirectory[str] | None = None
        self._turn = asyncio.Lock()
        self._newest: dict[str, int] = {}
        self._running: tuple[str, int] | None = None
        self._numbers = count(1)
        self._ending: asyncio.TimerHandle | None = None
        self._left: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        return self._process.pid if self._process else None

    async def ask(
        self, key: str, job: Mapping[str, Any], seconds: float
    ) -> AsyncGenerator[Mapping[str, Any], None]:
        """Have a job done; what it says comes piece by piece.

        Whoever asks again under the same key has the older job dropped. Whoever stops listening has
        theirs dropped.

        Args:
            seconds: between two pieces at most.

        Raises:
            Superseded: a newer job with this key has come.
            RoomError: the process ended or hung over it, or the job cannot be done.
        """
        number = next(self._numbers)
        self._newest[key] = number
        if self._running and self._running[0] == key:
            self._cancel(self._running[1])
        try:
            async with self._turn:
                if self._closed:
                    raise RoomError("the server is stopping")
                self._check_newest(key, number)
                self._running, over = (key, number), False
                try:
                    async for piece in self._done({**job, "id": number}, number, seconds):
                        self._check_newest(key, number)
                        yield piece
                    over = True
                finally:
                    self._running = None
                    if not over:
                        self._cancel(number)
                    self._end_when_unused()
        finally:
            if self._newest.get(key) == number:
                del self._newest[key]

    async def close(self) -> None:
        """End the process; nothing is asked any more."""
        self._closed = True
        await self._end()

    def _check_newest(self, key: str, number: int) -> None:
        if self._newest.get(key) != number:
            raise Superseded("a newer question took this one's place")

    async def _done(
        self, job: Mapping[str, Any], number: int, seconds: float
    ) -> AsyncGenerator[Mapping[str, Any], None]:
        patience = seconds if self._alive() else seconds + START_SECONDS
        process = self._alive() or await self._begin()
        try:
            await self._send(process, job)
            while True:
                async with asyncio.timeout(patience):
                    piece = await self._heard(process, number)
                patience = seconds
                match piece:
                    case {"part": dict(part)}:
                        yield part
                    case {"failed": str(why)}:
                        raise RoomError(why)
                    case {"cancelled": _}:
                        raise Superseded("it was dropped")
                    case _:
                        return
        except TimeoutError:
            log.error("rehearsal_hung", job=job.get("job"), seconds=seconds)
            await self._end()
            raise RoomError(
                f"after {seconds:.0f} seconds there was no answer, so the process was ended; "
                "look for what goes round for ever in what you changed last"
            ) from None
        except (CutError, ConnectionError, asyncio.IncompleteReadError):
            code = await self._end()
            log.error("rehearsal_died", job=job.get("job"), code=code)
            raise RoomError(
                f"the process that tries drafts out ended over it (exit code {code}); try again, "
                "and look at what you changed last if it ends once more"
            ) from None

    async def _heard(self, process: Process, number: int) -> Mapping[str, Any]:
        """The next piece about a job; what still comes about earlier ones is passed over."""
        assert process.stdout  # noqa: S101 - it was begun with one
        while True:
            length = length_of(await process.stdout.readexactly(HEAD))
            piece = piece_of(await process.stdout.readexactly(length))
            if piece.get("id") == number:
                return piece

    async def _begin(self) -> Process:
        env = {name: os.environ[name] for name in ENV if name in os.environ}
        path = os.pathsep.join([str(_HOUSE), *filter(None, [env.get("PYTHONPATH")])])
        await self._end()  # of one that is gone its folder is still there
        self._folder = TemporaryDirectory(prefix="antre-room-")  # its own, however it ends
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", self._main),
            env={**env, **ONE_THREAD, "PYTHONPATH": path, "TMPDIR": self._folder.name},
            stdin=PIPE,
            stdout=PIPE,
            limit=LONGEST,
            start_new_session=True,  # Ctrl-C is for the parent
            preexec_fn=dies_with_parent(),
        )
        self._process = process
        log.info("rehearsal_begun", process=process.pid)
        await self._send(process, {"settings": self._settings})
        return process

    async def _send(self, process: Process, piece: Mapping[str, Any]) -> None:
        assert process.stdin  # noqa: S101 - it was begun with one
        process.stdin.write(framed(piece))
        await process.stdin.drain()

    def _cancel(self, number: int) -> None:
        """Have a job dropped, if it is still going on."""
        process = self._alive()
        if process and process.stdin:
            process.stdin.write(framed({"cancel": number}))

    def _alive(self) -> Process | None:
        return self._process if self._process and self._process.returncode is None else None

    def _end_when_unused(self) -> None:
        if self._ending:
            self._ending.cancel()
        loop = asyncio.get_running_loop()
        self._ending = loop.call_later(self._unused.total_seconds(), self._unused_end)

    def _unused_end(self) -> None:
        async def end() -> None:
            async with self._turn:
                if self._ending is due:
                    await self._end()

        due = self._ending
        if not self._turn.locked():
            self._left = asyncio.create_task(end())

    async def _end(self) -> int | None:
        """End the process; its exit code."""
        if self._ending:
            self._ending.cancel()
        process, self._process = self._process, None
        folder, self._folder = self._folder, None
        code = await _ended(process) if process else None
        if folder:
            await asyncio.to_thread(folder.cleanup)
        return code


async def _ended(process: Process) -> int:
    """The exit code of a process whose input ends, or that is killed if it goes on."""
    if process.stdin:
        process.stdin.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(LEAVES_SECONDS):
            return await process.wait()
    with suppress(ProcessLookupError):
        process.kill()
    return await process.wait()
