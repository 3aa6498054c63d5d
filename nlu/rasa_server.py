"""Rasa beside the bot: trained when what it learns from has changed, started, stopped.

    python -m nlu.rasa_server validate          rasa data validate
    python -m nlu.rasa_server train             train, if there is anything new
    python -m nlu.rasa_server serve             train, serve until stopped
    python -m nlu.rasa_server run -- COMMAND    serve while COMMAND runs, which is told where

To be run in the project's folder. The server listens on this machine alone and wants a token:
who may call its API may replace its model, and a model is code (CVE-2024-49375).
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Annotated, Final, Self

import aiohttp
import typer

from nlu.rasa_home import RasaHome, RasaUnavailable, Trained, end, last_lines
from nlu.rasa_main import TOKEN

LOOPBACK: Final = "127.0.0.1"
START_SECONDS: Final = 180.0
POLL_SECONDS: Final = 0.25

BOTS_TOKEN: Final = "ANTRE_RASA_TOKEN"  # noqa: S105 - the variable that holds it


class RasaServer:
    """A Rasa server of this process; ``async with`` stops it at the end.

    Args:
        port: of the loopback; 0 is a free one.
        token: that it wants; drawn, if there is none.
    """

    def __init__(self, home: RasaHome, port: int = 0, token: str = "") -> None:
        self._home = home
        self._process: Process | None = None
        self.url = f"http://{LOOPBACK}:{port or _free_port()}"
        self.token = token or secrets.token_urlsafe()

    @property
    def variables(self) -> dict[str, str]:
        """What tells a bot to use it."""
        return {
            "ANTRE_NLU_PROVIDER": "rasa",
            "ANTRE_NLU_RASA_URL": self.url,
            BOTS_TOKEN: self.token,
        }

    @property
    def process_id(self) -> int | None:
        """Of the server, once it is started."""
        return self._process.pid if self._process else None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process:
            await end(self._process)

    async def start(self, model: Path) -> float:
        """Serve ``model``; the seconds until it answered.

        Raises:
            RasaUnavailable: it ended, or did not answer; the text has its log's last lines.
        """
        began = time.monotonic()
        log = self._home.models / "rasa.log"
        self._home.models.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            self._process = await self._home.start(
                *("run", "--enable-api", "--model", model),
                *("--interface", LOOPBACK, "--port", self.url.rpartition(":")[2]),
                output=output,
                **{TOKEN: self.token},
            )
        async with aiohttp.ClientSession() as session:
            while not await self._answers(session):
                if self._process.returncode is not None:
                    reason = f"ended with code {self._process.returncode}"
                elif time.monotonic() - began > START_SECONDS:
                    reason = f"does not answer after {START_SECONDS:.0f} s"
                else:
                    await asyncio.sleep(POLL_SECONDS)
                    continue
                said = last_lines(log.read_text(encoding="utf-8", errors="replace"))
                raise RasaUnavailable(f"Rasa {reason}; its log {log} ends:\n{said}")
        return time.monotonic() - began

    async def wait(self) -> None:
        """Until it ends, which it does when it is stopped or dies."""
        if self._process:
            await self._process.wait()

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        patience = aiohttp.ClientTimeout(total=5)
        try:
            async with session.get(
                f"{self.url}/status", params={"token": self.token}, timeout=patience
            ) as answer:
                return answer.status == 200  # noqa: PLR2004 - OK
        except (aiohttp.ClientError, TimeoutError):
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


async def run_beside(home: RasaHome, command: Sequence[str], *, wait: bool) -> int:
    """Run a command with a Rasa server beside it; the command's exit code.

    Args:
        wait: until Rasa answers; else the command begins at once and Rasa joins when it is ready.

    Raises:
        RasaUnavailable: it was waited for, and did not come.
    """
    async with RasaServer(home) as server:
        coming = asyncio.create_task(_come(home, server), name="rasa comes")
        try:
            if wait:
                await coming
            else:
                coming.add_done_callback(_explain)
                say("Until Rasa is ready, the embedded classifier understands alone.")
            process = await asyncio.create_subprocess_exec(
                *command, env=os.environ | server.variables
            )
            with _handing_on(process):
                return await process.wait()
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


async def _come(home: RasaHome, server: RasaServer) -> None:
    """Train if need be, and start."""
    if not home.model.exists():
        say(f"Rasa learns from {home.data}; this is done once, and takes a minute or two …")
    trained = await home.train()
    say(_told(trained))
    say("Rasa is loading, which takes half a minute …")
    say(f"Rasa answers at {server.url} after {await server.start(trained.model):.0f} s")


def _told(trained: Trained) -> str:
    """What became of training, in words."""
    size = f"{trained.model} ({trained.model.stat().st_size / 1e3:.0f} kB)"
    if not trained.seconds:
        return f"Rasa's model is there: {size}"
    return "\n".join([*trained.complaints, f"Rasa has learnt in {trained.seconds:.0f} s: {size}"])


def _explain(coming: asyncio.Task[None]) -> None:
    """Tell why Rasa did not come; the bot does without."""
    if not coming.cancelled() and (error := coming.exception()):
        if not isinstance(error, RasaUnavailable):
            raise error
        say(str(error))


@contextmanager
def _handing_on(process: Process) -> Iterator[None]:
    """Whoever asks us to stop, asks the process; we stop after it."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, process.send_signal, number)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def say(words: str) -> None:
    """Tell whoever started us."""
    typer.echo(words, err=True)


cli = typer.Typer(help="Rasa beside the bot.", no_args_is_help=True, add_completion=False)


@cli.command()
def validate() -> None:
    """Have Rasa check config.yml and the training data; exit 1 when it finds something."""
    home = RasaHome(Path())
    if complaints := asyncio.run(home.validate()):
        raise RasaUnavailable("\n".join(complaints))
    typer.echo(f"Rasa finds nothing wrong with {home.config} and {home.data}")


@cli.command()
def train() -> None:
    """Train, unless there is a model of just these files."""
    typer.echo(_told(asyncio.run(RasaHome(Path()).train())))


@cli.command()
def serve(
    port: Annotated[int, typer.Option(help="Of this machine; else a free one.")] = 5005,
) -> None:
    """Serve until stopped; says what to set for a bot to use it.

    Where ANTRE_RASA_TOKEN is set, that is the token; else one is drawn.
    """

    async def keep() -> None:
        home = RasaHome(Path())
        async with RasaServer(home, port, os.environ.get(BOTS_TOKEN, "")) as server:
            await _come(home, server)
            for name, text in server.variables.items():
                typer.echo(f"export {name}={text}")
            await server.wait()

    with suppress(KeyboardInterrupt):
        asyncio.run(keep())


@cli.command()
def run(
    command: Annotated[list[str], typer.Argument(help="What to run, after --.")],
    *,
    wait: Annotated[bool, typer.Option("--wait", help="Begin when Rasa answers.")] = False,
) -> None:
    """Serve while a command runs; it finds Rasa by its environment."""
    raise typer.Exit(asyncio.run(run_beside(RasaHome(Path()), command, wait=wait)))


def main() -> None:
    """Run a command; what is wrong is told in words."""
    try:
        cli()
    except RasaUnavailable as error:
        say(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
