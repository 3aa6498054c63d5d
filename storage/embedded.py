"""A database of our own when there is no ``MONGODB_URI``: SecantusDB in a process beside the bot.

One process a folder can serve any number of bots. The first bot takes the folder's lock, starts the
database and watches it; a later one finds it and shares it. When the database dies its owner starts
it again on the same port; when the owner dies, killed or stopped, one of the others takes the lock
and does so. Until then, some two seconds, calls raise ``StorageUnavailable``; what was acknowledged
is kept, since the database syncs before it answers. A database that could not write, because its
disk was full, answers nothing but errors ever after: it is ended and started again, too, until
there is space.

On Linux the database dies with its owner, ``kill -9`` included: with the *thread* that started it,
so start it from one that lives as long as the bot. Elsewhere a killed bot leaves it running, and
the next owner of the folder ends it before it starts its own.

SecantusDB is GPL software: it is run as a program of its own and never imported.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import structlog
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from bot.errors import StorageUnavailable
from bot.tied import dies_with_parent
from storage.folder import Folder, Listening

LOOPBACK: Final = "127.0.0.1"
START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 8.0
POLL_SECONDS: Final = 0.1
PAUSE_SECONDS_AT_MOST: Final = 5.0
ASK_EVERY_SECONDS: Final = 2.0
"""How often a database that runs is asked whether it still can do anything."""

INTERNAL_ERROR: Final = 1
STARTS_AT_ONCE: Final = 3

log = structlog.get_logger(__name__)


class EmbeddedMongo:
    """The database of one data folder; ``async with`` starts and stops it.

    Args:
        data: its folder; two bots that name the same one share its database.
    """

    def __init__(self, data: Path) -> None:
        self._data = data.absolute()
        self._folder: Folder | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._watcher: asyncio.Task[None] | None = None
        self._ask_at = 0.0

    @property
    def uri(self) -> str:
        """Where to connect; stays the same while this object is started."""
        return f"mongodb://{LOOPBACK}:{self._port}/"

    @property
    def process_id(self) -> int | None:
        """Of the database, when this process owns it."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the folder's database, or find it running; it answers when this returns.

        Raises:
            StorageUnavailable: it does not start; the text ends with its log's last lines.
        """
        self._folder = folder = Folder(self._data)
        try:
            async with asyncio.timeout(START_SECONDS):
                while not folder.take():
                    listening = folder.listening
                    if listening and await _server_process(listening.port) == listening.process_id:
                        self._port = listening.port
                        break
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            raise StorageUnavailable(
                f"Another bot owns the database in {self._data}, but it does not answer. Stop that "
                f"bot, or use another data folder. Its log ends:\n{folder.log_tail()}"
            ) from None
        if folder.owned:
            try:
                await self._launch(folder)
            except BaseException:
                await self.stop()
                raise
        self._watcher = asyncio.create_task(self._watch(folder), name="embedded database")

    async def stop(self) -> None:
        """Stop the database if this process owns it; it closes its files within 4 s."""
        if self._watcher is not None:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher
            self._watcher = None
        if self._process is not None:
            await _end(self._process)
            self._process = None
        if self._folder is not None:
            self._folder.give_back()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def _watch(self, folder: Folder) -> None:
        """Start the database again whenever it, or the bot that owns it, has ended."""
        failures = 0
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self._tend(folder)
                failures = 0
            except (StorageUnavailable, OSError) as error:  # a full disk fails whatever is written
                failures += 1
                log.error("embedded database does not start", error=str(error))
                await asyncio.sleep(min(2**failures * POLL_SECONDS, PAUSE_SECONDS_AT_MOST))

    async def _tend(self, folder: Folder) -> None:
        """Look once, and start the database if that is ours to do."""
        if not folder.take():
            return
        if self._process is not None and self._process.poll() is None:
            folder.bound_log()
            if asyncio.get_running_loop().time() < self._ask_at:
                return
            self._ask_at = asyncio.get_running_loop().time() + ASK_EVERY_SECONDS
            if not await asyncio.to_thread(_is_broken, self._port):
                return
            log.warning("embedded database cannot go on, ending it", folder=str(self._data))
            await _end(self._process)
        log.warning("embedded database ended, starting it again", folder=str(self._data))
        await self._launch(folder)

    async def _launch(self, folder: Folder) -> None:
        """Start the database on the port its clients know, if it ever had one."""
        last = folder.listening
        if last and await _server_process(last.port) == last.process_id:
            # Left behind by a bot that was killed; it syncs every write, so nothing is lost.
            os.kill(last.process_id, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
            for _ in range(50):
                if _is_free(last.port):
                    break
                await asyncio.sleep(POLL_SECONDS)
        if not self._port:
            self._port = last.port if last and _is_free(last.port) else _free_port()
        for attempt in range(1, STARTS_AT_ONCE + 1):
            self._process = _spawn(folder, self._port)
            try:
                server = await _answers(self._process, self._port)
                folder.listening = Listening(self._port, server)
            except (StorageUnavailable, OSError) as error:
                await _end(self._process)
                # Its predecessor may still be letting go of the folder or the port.
                if attempt == STARTS_AT_ONCE:
                    raise StorageUnavailable(
                        f"The embedded database does not start in {self._data}: {error} "
                        f"{folder.free_mb:,.0f} MB are free there. "
                        f"Its log {folder.log} ends:\n{folder.log_tail()}"
                    ) from None
                await asyncio.sleep(POLL_SECONDS * 2**attempt)
            else:
                return


def _spawn(folder: Folder, port: int) -> subprocess.Popen[bytes]:
    program = Path(sys.executable).with_name("secantusd-py")
    # Its own empty settings file, lest it picks up one that lies around.
    settings = folder.path / "secantusd.toml"
    settings.touch()
    command = [
        *([str(program)] if program.exists() else [sys.executable, "-m", "secantus"]),
        *("--config", str(settings), "--host", LOOPBACK, "--port", str(port)),
        *("--storage-path", str(folder.path), "--cache-size", "256M"),
        # As a member of a replica set it would log each write for others, and remember the last
        # 10,000 answers, sorted anew at each write: twice the work, for nobody.
        *("--standalone", "--sync-on-commit", "--log-level", "WARNING"),
    ]
    with folder.log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own program and arguments
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder.path,
            start_new_session=True,  # Ctrl-C is for the bot, which stops the database last
            preexec_fn=dies_with_parent(),  # noqa: PLW1509 - one system call, loaded before
        )


async def _answers(process: subprocess.Popen[bytes], port: int) -> int:
    """Wait until the database answers; the process id it says it has.

    That is not always the started one's: on Windows a launcher stands in between.
    """
    try:
        async with asyncio.timeout(START_SECONDS):
            while True:
                server = await _server_process(port)
                if process.poll() is not None:
                    raise StorageUnavailable(f"it ended with code {process.returncode}.")
                if server is not None:
                    return server
                await asyncio.sleep(POLL_SECONDS / 2)
    except TimeoutError:
        raise StorageUnavailable(f"no answer within {START_SECONDS:.0f} s.") from None


async def _server_process(port: int) -> int | None:
    """The process id a database on this port says it has; ``None`` when none answers."""
    # In a thread, which closes its connections whatever becomes of the task that waits for it.
    return await asyncio.to_thread(_ask_server_process, port)


def _ask_server_process(port: int) -> int | None:
    if _is_free(port):
        return None
    try:
        with _client(port) as client:
            process_id = client.admin.command("serverStatus").get("pid")
    except PyMongoError:
        return None
    return process_id if isinstance(process_id, int) else None


def _is_broken(port: int) -> bool:
    """Whether a database on this port answers, and cannot even look into a collection. One that
    does not answer may be busy.
    """
    try:
        with _client(port) as client:
            client.admin.command("find", "antre", limit=1)
    except OperationFailure as error:
        return error.code == INTERNAL_ERROR
    except PyMongoError:
        return False
    return False


def _client(port: int) -> MongoClient[dict[str, Any]]:
    limits = "serverSelectionTimeoutMS=2000&connectTimeoutMS=2000&socketTimeoutMS=2000"
    return MongoClient(f"mongodb://{LOOPBACK}:{port}/?{limits}")


async def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        await asyncio.to_thread(process.wait, STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _is_free(port: int) -> bool:
    """Whether nothing listens on this port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) != 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
