"""The command ``antre flows publish``."""

from __future__ import annotations

import asyncio
import getpass
import os
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import CONFIG, PAGE, Author, Config, Data, Note
from bot.console import Console
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.dialogue.vocabulary import Vocabulary
    from bot.settings import Settings


def publish(
    note: Note,
    author: Author = "",
    *,
    require_replay: Annotated[
        bool,
        typer.Option(
            "--require-replay",
            help="Replay recordings and stored conversations first, and refuse where they differ.",
        ),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Publish though they differ; the note says why.")
    ] = False,
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Check the flows and replies and make them what counts, for every bot on this database."""
    from bot.command_settings import stored_settings  # noqa: PLC0415 - `--help` need not load it all
    from bot.settings import REPLAYED  # noqa: PLC0415
    from nlu.known import vocabulary_of  # noqa: PLC0415

    if force and not note.strip():
        raise ConfigError("--force: say with --note why, for those who read the history")
    settings = stored_settings(config, os.environ, data=data)
    required = settings.flows.publish_requires or (REPLAYED if require_replay else ())
    vocabulary = vocabulary_of(settings.flows.training)
    author = author or getpass.getuser()
    done = _published(settings, required, author, note, vocabulary, force=force)
    typer.echo(asyncio.run(done))


async def _published(
    settings: Settings,
    required: tuple[str, ...],
    author: str,
    note: str,
    vocabulary: Vocabulary,
    *,
    force: bool,
) -> str:
    from bot.clock import system_clock  # noqa: PLC0415
    from bot.serving import publish_here  # noqa: PLC0415

    if not required:
        return await publish_here(settings, author, note, vocabulary)
    from bot.rehearsing.gate import replayed  # noqa: PLC0415

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PAGE
    found = await replayed(settings, required, console, system_clock())
    forced = found.allow(force=force)
    return await publish_here(settings, author, note, vocabulary, found.version, forced)
