"""``antre serve --workers N``: one parent, N processes that serve one address together.

The parent opens the address once and the workers inherit it, so whoever has time takes the next
connection, what waits to be taken is not lost with a worker that dies, and the address stays ours
while one is started anew. (With a socket each, ``SO_REUSEPORT``, the system deals connections out
blindly, to a busy worker or a dying one too.) The parent serves nothing itself. It owns the
embedded database when there is no ``MONGODB_URI``; the workers find it running.

The first worker starts alone: mistakes in settings and flows are told once, and what is learnt and
laid out at a start is there for the others. A worker that dies is started anew after a pause that
grows while it goes on dying. Workers die with the parent: on Linux the system sees to it, elsewhere
they notice that the line to it is cut.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from bot.command_settings import address_of, cannot_listen
from bot.errors import AntreError, ConfigError
from bot.logs import configure_logs
from bot.settings import Settings
from bot.share import METRICS_FOLDER
from bot.tied import dies_with_parent
from storage.embedded import EmbeddedMongo

START_SECONDS: Final = 120.0
"""For one worker; the first may have to learn what messages mean."""

STOP_SECONDS: Final = 60.0
"""Beyond ``server.leave_seconds``: a worker ends what it is sending, or it is killed."""

LAST_WORDS_SECONDS: Final = 15.0
"""For one that did not start, until it has ended: the database beside it is let go of first."""

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0
WELL_SECONDS: Final = 60.0
"""Of a worker that lived this long, earlier deaths do not count any more."""

_HOUSE: Final = Path(__file__).parents[1]

log = structlog.get_logger(__name__)


class WorkerFailed(AntreError):
    """A worker did not start; it has said itself why."""


@dataclass(frozen=True, slots=True)
class Command:
    """``antre serve`` as it was called: what each worker reads again.

    Args:
        workers: how many.
    """

    workers: int
    config: Path
    host: str | None = None
    port: int | None = None
    data: Path | None = None


async def serve_together(
    settings: Settings, command: Command, ready: Callable[[str], None]
) -> None:
    """Serve with several processes until SIGINT or SIGTERM.

    Args:
        settings: what the command comes to.
        ready: called with the address once all workers answer.

    Raises:
        ConfigError: the address cannot be used, or this system cannot share one.
        WorkerFailed: one of them did not start.
    """
    if os.name == "nt":
        raise ConfigError("--workers: processes cannot share an address on Windows; leave it out")
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="antre-metrics-"))
        os.environ[METRICS_FOLDER] = folder
        from bot.metrics import Metrics, forget_process  # noqa: PLC0415 - it looks at the variable

        configure_logs(settings.log.level, settings.log.format, Metrics().alarmed)
        listening = stack.enter_context(_opened(settings))
        if not settings.secrets.mongodb_uri:
            await stack.enter_async_context(EmbeddedMongo(settings.storage.data))
        crew = Crew(command, listening, lambda process: forget_process(process, folder))
        stack.push_async_callback(crew.stop, STOP_SECONDS + settings.server.leave_seconds)
        stopping = asyncio.create_task(stop.wait())
        starting = asyncio.create_task(crew.start())
        await asyncio.wait([stopping, starting], return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            ready(address_of(settings))
        await stopping
        starting.cancel()


@contextmanager
def _opened(settings: Settings) -> Iterator[socket.socket]:
    """The address, ours from now on; connections are taken once a worker listens."""
    host, port = settings.server.host, settings.server.port
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.socket(family, kind, protocol)
    except OSError as error:
        raise cannot_listen(settings, error) from None
    with opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind(address)
        except OSError as error:
            raise cannot_listen(settings, error) from None
        yield opened


class Crew:
    """The workers, and what becomes of them.

    Args:
        listening: the address; closed when they are to stop, so that nobody waits in vain.
        ended: called with the id of every process that ended.
    """

    def __init__(
        self, command: Command, listening: socket.socket, ended: Callable[[int], None]
    ) -> None:
        self._command = command
        self._listening = listening
        self._ended = ended
        self._processes: dict[int, Process] = {}
        self._kept: list[asyncio.Task[None]] = []
        self._leaving = asyncio.Event()

    async def start(self) -> None:
        """Start the first, then the others; returns when all are ready.

        Raises:
            WorkerFailed: one did not start.
        """
        await self._begin(0)
        await asyncio.gather(*(self._begin(index) for index in range(1, self._command.workers)))

    async def stop(self, seconds: float) -> None:
        """Have all of them end what they are at, and wait for it; then kill who is left."""
        self._leaving.set()
        self._listening.close()
        self._signal(signal.SIGTERM)
        if self._kept:
            _, left = await asyncio.wait(self._kept, timeout=seconds)
            if left:
                log.error("workers_killed", alarm=True, workers=len(self._processes))
                self._signal(signal.SIGKILL)
                await asyncio.wait(left)

    def _signal(self, number: signal.Signals) -> None:
        for process in self._processes.values():
            with suppress(ProcessLookupError):
                process.send_signal(number)

    async def _begin(self, index: int) -> None:
        """Start a worker that is kept alive from now on."""
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._kept.append(asyncio.create_task(self._keep(index, ready), name=f"worker {index}"))
        await ready

    async def _keep(self, index: int, ready: asyncio.Future[None]) -> None:
        """Start a worker, and start it anew whenever it has died.

        Args:
            ready: done once it is ready for the first time, or has failed to be.
        """
        deaths = 0
        while not self._leaving.is_set():
            began = time.monotonic()
            code = await self._live(index, ready)
            if self._leaving.is_set():
                break
            if not ready.done():
                of = self._command.workers
                reason = f"worker {index + 1} of {of} did not start ({_how(code)})"
                ready.set_exception(WorkerFailed(f"{reason}; what it said stands above"))
                break
            deaths = 1 if time.monotonic() - began > WELL_SECONDS else deaths + 1
            pause = min(FIRST_PAUSE * 2 ** (deaths - 1), LONGEST_PAUSE)
            log.error("worker_died", alarm=True, worker=index, how=_how(code), pause=pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), pause)
        if not ready.done():
            ready.cancel()

    async def _live(self, index: int, ready: asyncio.Future[None]) -> int:
        """One life of a worker; its exit code."""
        ours, its = socket.socketpair()
        with its:
            process = self._processes[index] = await self._spawn(index, its)
        reader, writer = await asyncio.open_connection(sock=ours)
        try:
            if await _says_ready(reader):
                log.info("worker_ready", worker=index, process=process.pid)
                if not ready.done():
                    ready.set_result(None)
                return await process.wait()
            return await _ended(process)
        finally:
            writer.close()
            del self._processes[index]
            self._ended(process.pid)

    async def _spawn(self, index: int, line: socket.socket) -> Process:
        command = self._command
        post = {
            "config": str(command.config),
            "host": command.host,
            "port": command.port,
            "data": str(command.data) if command.data else None,
            "index": index,
            "of": command.workers,
            "listening": self._listening.fileno(),
            "line": line.fileno(),
        }
        path = os.pathsep.join([str(_HOUSE), *filter(None, [os.environ.get("PYTHONPATH")])])
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "bot.worker", json.dumps(post)),
            env={**os.environ, "PYTHONPATH": path},
            stdin=DEVNULL,
            pass_fds=(self._listening.fileno(), line.fileno()),
            start_new_session=True,  # Ctrl-C is for the parent, which passes it on
            preexec_fn=dies_with_parent(),
        )


async def _says_ready(reader: asyncio.StreamReader) -> bool:
    """Whether a worker became ready; not if it ended, or takes too long."""
    try:
        async with asyncio.timeout(START_SECONDS):
            return bool(await reader.readline())
    except (TimeoutError, ConnectionError):
        return False


async def _ended(process: Process) -> int:
    """The exit code of a worker that cut its line, or was too slow: it may say why first."""
    try:
        async with asyncio.timeout(LAST_WORDS_SECONDS):
            return await process.wait()
    except TimeoutError:
        process.kill()
        return await process.wait()


def _how(code: int) -> str:
    """How a process ended: ``exit code 1``, ``SIGKILL``."""
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
