"""Servers in processes of their own: ``antre serve`` as an office runs it, and the floor."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.meta import SECRET

from storage.embedded import EmbeddedMongo
from tests.support.service import Service, environment, free_port

ROOT = Path(__file__).parents[2]
START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Server:
    """A process that answers.

    Args:
        url: where messages are delivered.
    """

    url: str
    process_id: int


@asynccontextmanager
async def mongodb() -> AsyncIterator[tuple[str, int | None]]:
    """The database of ``MONGODB_URI``, or an embedded one; its address and process if known."""
    if uri := os.environ.get("MONGODB_URI"):
        yield uri, None
        return
    with TemporaryDirectory() as folder:
        async with EmbeddedMongo(Path(folder)) as embedded:
            yield embedded.uri, embedded.process_id


def office_variables(uri: str, graph_port: int) -> dict[str, str]:
    """What an office that is measured runs with. Meta's rates are lifted, for they are what would
    be measured otherwise: 80 messages a second from a number.
    """
    return {
        "MONGODB_URI": uri,
        "WHATSAPP_APP_SECRET": SECRET,
        "WHATSAPP_VERIFY_TOKEN": SECRET,
        "WHATSAPP_ACCESS_TOKEN": SECRET,
        "WHATSAPP_GRAPH_URL": f"http://127.0.0.1:{graph_port}/v26.0",
        "ANTRE_LOG_LEVEL": "error",
        "ANTRE_TURN_MESSAGES_A_MINUTE": "1000",
        "ANTRE_WHATSAPP_MESSAGES_A_SECOND": "1000",
        "ANTRE_STORAGE_DATABASE": f"bench_{free_port()}",
    }


@asynccontextmanager
async def office(
    uri: str, graph_port: int, *, workers: int = 1, checkout: Path | None = None
) -> AsyncIterator[Server]:
    """``antre serve`` on that database, of another checkout if one is given."""
    variables = office_variables(uri, graph_port)
    if checkout:
        variables["PYTHONPATH"] = str(checkout)
        variables["ANTRE_FLOWS_FOLDER"] = str(checkout / "flows")
        variables["ANTRE_FLOWS_TRAINING"] = str(checkout / "nlu" / "data")
    with TemporaryDirectory() as data:
        options = ["--data", data, *(["--workers", str(workers)] if workers > 1 else [])]
        service = await Service.start("serve", *options, variables=variables)
        try:
            yield Server(f"{service.url}/webhooks/whatsapp", service.process_id)
        finally:
            await service.stop()


@asynccontextmanager
async def floor(uri: str) -> AsyncIterator[Server]:
    """The floor on that database."""
    port = free_port()
    script = Path(__file__).with_name("floor.py")
    async with script_running([str(script), str(port), uri, SECRET], f":{port}") as process_id:
        yield Server(f"http://127.0.0.1:{port}/webhooks/whatsapp", process_id)


@asynccontextmanager
async def script_running(
    arguments: Sequence[str],
    ready: str,
    python: str = sys.executable,
    variables: Mapping[str, str] | None = None,
) -> AsyncIterator[int]:
    """A script in a process of its own, from when it has said that it is ready; its id."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "benchmarks")])
    process = await asyncio.create_subprocess_exec(
        python, *arguments,
        cwd=ROOT, stderr=PIPE, env=environment(**{"PYTHONPATH": path, **(variables or {})}),
    )  # fmt: skip
    said_by = process.stderr
    if said_by is None:
        raise RuntimeError("it was started without a pipe")
    reading: asyncio.Task[bytes] | None = None
    try:
        async with asyncio.timeout(START_SECONDS):
            said: list[str] = []
            while not said or ready not in said[-1]:
                line = await said_by.readline()
                if not line:
                    raise RuntimeError("".join(said))
                said.append(line.decode())
        reading = asyncio.create_task(said_by.read())
        yield process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        if reading is not None:
            await reading
