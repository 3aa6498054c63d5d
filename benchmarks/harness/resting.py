"""REST doors, ours and Rasa's, each in processes of its own."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from harness.contest import Contestant, bookings
from harness.doors import Rest
from harness.offices import START_SECONDS, script_running

from tests.support.service import environment, free_port

HERE = Path(__file__).parent
PEERS = HERE.parent / "peers"
FORM = PEERS / "rasa_form"
SECONDS_AT_MOST = ClientTimeout(total=60)
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "SANIC_HOST": "127.0.0.1",
    "PYTHONPATH": os.pathsep.join([str(PEERS), str(FORM)]),
}


@asynccontextmanager
async def over_rest() -> AsyncIterator[Contestant]:
    """Ours, on stores in memory."""
    async with _served("Antre", "rest_server.py") as ours:
        yield ours


@asynccontextmanager
async def over_nothing() -> AsyncIterator[Contestant]:
    """Aiohttp with an answer at hand: what nobody on it can be faster than."""
    async with _served("aiohttp alone", "rest_floor.py") as least:
        yield least


@asynccontextmanager
async def _served(name: str, script: str) -> AsyncIterator[Contestant]:
    port = free_port()
    async with (
        script_running([str(HERE / script), str(port)], f":{port}") as process,
        _door(port) as door,
    ):
        yield bookings(name, door, {"bot": process, "client": None}, process)


@asynccontextmanager
async def over_rasa(python: str, models: Path, how: str) -> AsyncIterator[Contestant]:
    """Rasa with its form, and its action server.

    Args:
        python: of Rasa's environment.
        how: ``stock``, or ``unchecked`` without the re-check of what its action server answers.
    """
    port, actions_port = free_port(), free_port()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        endpoints = folder / "endpoints.yml"
        endpoints.write_text(
            f"action_endpoint: {{url: 'http://127.0.0.1:{actions_port}/webhook'}}\n"
        )
        actions = await stack.enter_async_context(
            script_running(
                ["-m", "rasa_sdk", "--actions", "actions", "--port", str(actions_port)],
                "up and running", python, QUIET,
            )
        )  # fmt: skip
        serve = [
            str(PEERS / "rasa_serve.py"), how, "run", "--model", str(models / "peer.tar.gz"),
            "--endpoints", str(endpoints), "--credentials", str(FORM / "credentials.yml"),
            "--port", str(port), "--interface", "127.0.0.1", "--log-file", str(folder / "log"),
        ]  # fmt: skip
        rasa = await stack.enter_async_context(
            script_running(serve, "Starting Rasa server", python, QUIET)
        )
        await _answers(port)
        door = await stack.enter_async_context(_door(port))
        parts = {"Rasa": rasa, "its actions": actions, "client": None}
        yield bookings(f"Rasa {how}", door, parts, rasa)


async def train_rasa(python: str, models: Path) -> None:
    """Train it; half a minute.

    Raises:
        RuntimeError: it failed; the text is what it said.
    """
    train = [
        str(PEERS / "rasa_serve.py"), "stock", "train", "--config", str(FORM / "config.yml"),
        "--domain", str(FORM / "domain.yml"), "--data", str(FORM / "data"),
        "--out", str(models), "--fixed-model-name", "peer",
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        python, *train, env=environment(**QUIET), cwd=FORM, stdout=PIPE, stderr=STDOUT
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(said.decode())


async def _answers(port: int) -> None:
    """Wait until a server does."""
    async with asyncio.timeout(START_SECONDS), ClientSession() as session:
        while True:
            with suppress(ClientError):
                async with session.get(f"http://127.0.0.1:{port}/"):
                    return
            await asyncio.sleep(0.5)


@asynccontextmanager
async def _door(port: int) -> AsyncIterator[Rest]:
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    connector = TCPConnector(limit=0)
    async with ClientSession(connector=connector, timeout=SECONDS_AT_MOST) as session:
        yield Rest(session, url)
