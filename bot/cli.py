"""The command ``antre``."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot import __version__
from bot.clock import Clock, shifted_clock, system_clock
from bot.errors import AntreError, ConfigError

cli = typer.Typer(
    help="Antre: a conversational state-machine bot, and the passport queue over WhatsApp.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
flows = typer.Typer(help="Flows: what staff edit.", no_args_is_help=True)
cli.add_typer(flows, name="flows")

say = Console(stderr=True, soft_wrap=True)

Config = Annotated[Path, typer.Option("--config", help="The settings file.")]
Data = Annotated[Path | None, typer.Option("--data", help="Folder of the embedded database.")]
CONFIG = Path("config.yml")


def main() -> None:
    """Run a command; a mistake of the user's is a line of text, never a traceback."""
    try:
        cli()
    except AntreError as error:
        say.print(str(error), markup=False, highlight=False, style="red")
        sys.exit(1)


@cli.callback(invoke_without_command=True)
def about(
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Antre: a conversational state-machine bot, and the passport queue over WhatsApp."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


@cli.command()
def demo(
    config: Config = CONFIG,
    port: Annotated[int | None, typer.Option(help="Where to listen.", min=1, max=65535)] = None,
    data: Data = None,
    now: Annotated[str, typer.Option(help="Begin at this moment, as 2017-08-04T09:00+07:00.")] = "",
) -> None:
    """Serve the bot on this machine only: web chat and REST, no secrets needed."""
    from bot.serving import demo_settings, serve  # noqa: PLC0415 - `--help` need not load it all

    settings = demo_settings(config, os.environ, port=port, data=data)
    _run(serve(settings, _clock(now), demo=True, ready=_demo_ready))


@cli.command(name="serve")
def serve_(
    config: Config = CONFIG,
    host: Annotated[str | None, typer.Option(help="Where to listen.")] = None,
    port: Annotated[int | None, typer.Option(help="Where to listen.", min=1, max=65535)] = None,
    data: Data = None,
) -> None:
    """Serve an office over WhatsApp. Secrets come from the environment."""
    from bot.serving import serve, serve_settings  # noqa: PLC0415

    settings = serve_settings(config, os.environ, host=host, port=port, data=data)
    _run(serve(settings, system_clock, demo=False, ready=_serve_ready))


@cli.command()
def chat(
    office: Annotated[str, typer.Option(help="Id of the office, such as jakarta_pusat.")],
    config: Config = CONFIG,
    data: Data = None,
    now: Annotated[str, typer.Option(help="Begin at this moment, as 2017-08-04T09:00+07:00.")] = "",
) -> None:
    """Chat with the bot in this terminal."""
    from bot.serving import chat_here, demo_settings  # noqa: PLC0415

    settings = demo_settings(config, os.environ, data=data)
    _run(chat_here(settings, _clock(now), office))


@cli.command()
def replay(
    paths: Annotated[list[Path], typer.Argument(help="Recordings, or folders of them.")],
    *,
    update: Annotated[
        bool, typer.Option("--update", help="Write what the bot says into the recordings.")
    ] = False,
    junit: Annotated[
        Path | None, typer.Option("--junit", help="Write the results as JUnit XML.")
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Show how much of the flows was exercised.")
    ] = False,
    config: Config = CONFIG,
) -> None:
    """Replay recorded conversations; exit 1 when the bot answers differently."""
    from bot.serving import demo_settings, replay_here  # noqa: PLC0415

    settings = demo_settings(config, os.environ)
    console = Console(soft_wrap=True, highlight=False)
    passed = asyncio.run(
        replay_here(settings, paths, console, update=update, coverage=coverage, junit=junit)
    )
    if not passed:
        raise typer.Exit(1)


@flows.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="The flows; else as settings say.")] = None,
    config: Config = CONFIG,
) -> None:
    """Check flows, replies and offices; exit 1 with a line for each mistake."""
    from bot.definitions import load_definitions  # noqa: PLC0415
    from bot.settings import load_settings  # noqa: PLC0415

    settings = load_settings(config, os.environ).flows
    if folder:
        settings = settings.model_copy(update={"folder": folder})
    definitions = load_definitions(settings)
    counted = f"{len(definitions.flows.flows)} flows, {len(definitions.offices)} offices"
    typer.echo(f"{settings.folder}: {counted}, no mistakes")


def _clock(now: str) -> Clock:
    if not now:
        return system_clock
    try:
        start = datetime.fromisoformat(now)
    except ValueError:
        start = None
    if start is None or start.tzinfo is None:
        raise ConfigError(
            f"--now: write a moment with its zone, as 2017-08-04T09:00+07:00, not {now}"
        )
    return shifted_clock(start)


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        import uvloop  # noqa: PLC0415 - not there on Windows
    except ImportError:
        asyncio.run(work)
    else:
        uvloop.run(work)


def _demo_ready(url: str) -> None:
    say.print(f"\n  Antre is ready. Open [bold]{url}[/bold] and say hello.")
    say.print("  Stop it with Ctrl-C.\n")


def _serve_ready(url: str) -> None:
    say.print(f"Antre serves WhatsApp at {url}/webhooks/whatsapp")
