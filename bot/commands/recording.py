"""The command ``antre record``: a live conversation, made into a recording."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import CONFIG, Config, Data
from bot.commands.people import whatsapp_address
from bot.errors import AntreError, ConfigError

if TYPE_CHECKING:
    from bot.replay.recorder import Recorded
    from bot.settings import Settings


def record(
    conversation: Annotated[
        str, typer.Argument(help="Its id, as whatsapp:jakarta_pusat:62812…; or --phone, --office.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file to write.")
    ] = None,
    *,
    phone: Annotated[str, typer.Option(help="The WhatsApp number, as 0812… or +62812…")] = "",
    office: Annotated[str, typer.Option(help="Id of the office, with --phone.")] = "",
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Make a recording of a live conversation, with nobody's name, number, code or birth date.

    It replays green at once. Refuses to write where something personal would stay.
    """
    from bot.command_settings import stored_settings  # noqa: PLC0415 - `--help` need not load it all

    if phone:
        if conversation or not office:
            raise ConfigError("give the conversation's id, or --phone together with --office")
        conversation = whatsapp_address(phone).replace(":", f":{office}:", 1)
    if not conversation:
        raise ConfigError("which conversation? Give its id, or --phone and --office")
    write_recording(stored_settings(config, os.environ, data=data), conversation, output)


def write_recording(settings: Settings, conversation: str, output: Path | None) -> None:
    """Make the recording of a stored conversation and write it, to the terminal without a file.

    Raises:
        AntreError: there is no such conversation, or it cannot be recorded or written.
    """
    made = asyncio.run(_recorded(settings, conversation))
    for line in made.left_out:
        typer.echo(f"left out: {line}", err=True)
    for line in made.differs:
        typer.echo(f"goes otherwise than it went then: {line}", err=True)
    if output is None:
        typer.echo(made.text, nl=False)
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(made.text, encoding="utf-8")
    except OSError as error:
        raise AntreError(f"{output}: cannot be written: {error.strerror}") from None
    typer.echo(f"{output}: written, {made.turns} turns; read it before others do", err=True)


async def _recorded(settings: Settings, conversation: str) -> Recorded:
    from bot.app import stored_stores  # noqa: PLC0415
    from bot.rehearsing.studio import studio  # noqa: PLC0415
    from bot.replay.recorder import public_text, recorded  # noqa: PLC0415

    async with stored_stores(settings) as stores:
        stored = await stores.conversations.load(conversation)
        records = await stores.conversations.transcript(conversation)
    if stored is None:
        raise AntreError(f"no conversation {conversation!r}; an id is CHANNEL:OFFICE:NUMBER")
    public = public_text(settings.flows.folder)
    async with studio(settings) as here:
        return await recorded(stored.contact, records, here.definitions, here.stage, public)
