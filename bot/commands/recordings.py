"""``antre recordings``: those that editors keep in the database, and the folder's."""

from __future__ import annotations

import asyncio
import getpass
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import CONFIG, Author, Config, Data, Note
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.settings import Settings

recordings = typer.Typer(
    help="Recordings that editors keep in the database, over those of the folder.",
    no_args_is_help=True,
)


@recordings.command(name="list")
def list_(config: Config = CONFIG, data: Data = None) -> None:
    """List those that are kept in the database: path, who, when, why."""
    for line in asyncio.run(_listed(_settings(config, data))):
        typer.echo(line)


@recordings.command()
def export(
    folder: Annotated[
        Path | None, typer.Argument(help="Where to; else flows.recordings of the settings.")
    ] = None,
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave them in the database, where they go on counting.")
    ] = False,
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Write them into the folder, for who keeps recordings in a repository. From then on the
    folder's count, and those that editors took away are gone from it.
    """
    settings = _settings(config, data)
    for line in asyncio.run(_exported(settings, folder or settings.flows.recordings, keep=keep)):
        typer.echo(line)


@recordings.command(name="import")
def import_(
    folder: Annotated[
        Path | None, typer.Argument(help="Where from; else flows.recordings of the settings.")
    ] = None,
    note: Note = "",
    author: Author = "",
    *,
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Keep a folder's recordings in the database, for an office that has no such folder."""
    settings = _settings(config, data)
    done = _imported(settings, folder or settings.flows.recordings, author, note)
    typer.echo(asyncio.run(done))


def _settings(config: Path, data: Path | None) -> Settings:
    from bot.command_settings import stored_settings  # noqa: PLC0415 - `--help` need not load it all

    return stored_settings(config, os.environ, data=data)


async def _listed(settings: Settings) -> list[str]:
    from bot.app import stored_recordings  # noqa: PLC0415

    async with stored_recordings(settings) as store:
        kept = await store.all()
    lines = []
    for each in kept:
        when = f"{each.at.astimezone():%Y-%m-%d %H:%M}"
        away = "" if each.text else "  (taken away)"
        lines.append(f"{each.path}  {when}  {each.by}  {each.note}{away}".rstrip())
    return lines or ["the database keeps none; those of the folder count"]


async def _exported(settings: Settings, folder: Path, *, keep: bool) -> list[str]:
    from bot.app import stored_recordings  # noqa: PLC0415
    from bot.recordings import write_in  # noqa: PLC0415

    lines = []
    async with stored_recordings(settings) as store:
        for each in await store.all():
            try:
                if each.text:
                    lines.append(f"{write_in(folder, each.path, each.text)}: written")
                else:
                    (folder / each.path).unlink(missing_ok=True)
                    lines.append(f"{folder / each.path}: taken away")
            except OSError as error:
                why = f"{folder / each.path}: cannot be written: {error.strerror}"
                raise ConfigError(why) from None
            # Only now, and only what was written: who dies in between writes it again.
            if not keep and not await store.forget(each):
                lines.append(f"{each.path}: changed meanwhile; export again")
    return lines or ["the database keeps none"]


async def _imported(settings: Settings, folder: Path, author: str, note: str) -> str:
    from bot.app import stored_recordings  # noqa: PLC0415
    from bot.recordings import KeptRecording, texts_in  # noqa: PLC0415

    by, now = author or getpass.getuser(), datetime.now(UTC)
    texts = texts_in(folder)
    if not texts:
        raise ConfigError(f"{folder}: this folder holds no recording (*.yml)")
    kept = [KeptRecording(path, text, by, now, note) for path, text in texts.items()]
    async with stored_recordings(settings) as store:
        await store.put(kept)
    return f"{len(kept)} recordings of {folder} are kept in the database"
