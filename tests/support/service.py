"""The command ``antre`` as a process of its own, as an office runs it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.graph_stub.server import TOKEN
from tests.support.webhooks import APP_SECRET, VERIFY_TOKEN

ROOT: Final = Path(__file__).parents[2]
ANTRE: Final = Path(sys.executable).with_name("antre")
START_SECONDS: Final = 120
OURS: Final = re.compile("ANTRE_|WHATSAPP_|MONGODB_")


def environment(**variables: str) -> dict[str, str]:
    """This process's environment, with ``variables`` in place of every setting of the bot's."""
    return {name: text for name, text in os.environ.items() if not OURS.match(name)} | variables


def office_variables(graph_url: str, **variables: str) -> dict[str, str]:
    """What ``antre serve`` needs, its Graph API at ``graph_url``; ``variables`` on top."""
    return {
        "WHATSAPP_APP_SECRET": APP_SECRET,
        "WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
        "WHATSAPP_ACCESS_TOKEN": TOKEN,
        "WHATSAPP_GRAPH_URL": graph_url,
        **variables,
    }


def free_port() -> int:
    """A port of the loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def resident_mb(process_id: int) -> float:
    """Resident memory of a process, in MB."""
    status = Path(f"/proc/{process_id}/status").read_text("ascii")
    kilobytes = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert kilobytes, status
    return int(kilobytes[1]) / 1024


async def run(*arguments: str, **variables: str) -> tuple[int, str]:
    """Run ``antre`` to its end: the exit code, and all it said."""
    code, output, errors = await ran(*arguments, **variables)
    return code, output + errors


async def ran(*arguments: str, **variables: str) -> tuple[int, str, str]:
    """Run ``antre`` to its end: the exit code, what it wrote to standard output and error."""
    process = await asyncio.create_subprocess_exec(
        ANTRE, *arguments, cwd=ROOT, env=environment(**variables), stdout=PIPE, stderr=PIPE
    )
    output, errors = await process.communicate()
    return process.returncode or 0, output.decode(), errors.decode()


class Service:
    """A running ``antre serve`` or ``antre demo``.

    Attributes:
        url: where it answers.
        output: the lines it wrote to standard error so far.
    """

    def __init__(self, process: Process, url: str) -> None:
        self.url = url
        self.output: list[str] = []
        self._process = process
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    async def start(
        cls, command: str, *options: str, variables: Mapping[str, str], port: int = 0
    ) -> Service:
        """Start it and wait until it says that it is ready.

        Raises:
            RuntimeError: it ended instead; the text is what it said.
        """
        port = port or free_port()
        process = await asyncio.create_subprocess_exec(
            ANTRE,
            *(command, *options, "--port", str(port)),
            cwd=ROOT,
            env=environment(**variables),
            stderr=PIPE,
        )
        service = cls(process, f"http://127.0.0.1:{port}")
        try:
            async with asyncio.timeout(START_SECONDS):
                await service._read(until=f":{port}")
        except BaseException:
            await service.kill()
            raise
        service._reading = asyncio.create_task(service._read())
        return service

    @property
    def process_id(self) -> int:
        """Of the bot."""
        return self._process.pid

    @property
    def resident_mb(self) -> float:
        """Resident memory of the bot's process, in MB; the embedded database is another one."""
        return resident_mb(self.process_id)

    async def kill(self) -> None:
        """``kill -9``, which nothing can prepare for."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """Ask it to stop, as an operator does; its exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> int:
        if self._process.returncode is None:
            with suppress(ProcessLookupError):  # it ended by itself just now
                os.kill(self.process_id, number)
        if self._reading:
            await self._reading
        return await self._process.wait()

    async def _read(self, until: str | None = None) -> None:
        assert self._process.stderr
        async for line in self._process.stderr:
            self.output.append(line.decode().rstrip("\n"))
            if until and until in self.output[-1]:
                return
        if until:
            raise RuntimeError("\n".join(self.output))
