"""The command ``antre record``: a live conversation, made into a recording."""

from __future__ import annotations

import asyncio
import os
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import CONFIG, Config, Data
from bot.commands.people import whatsapp_address
from bot.errors import AntreError, ConfigError

if TYPE_CHECKING:
    from bot.replay.recorder import Recorded
    from bot.settings import Settings


Conversation = Annotated[
    str, typer.Argument(help="Its id, as whatsapp:jakarta_pusat:62812…; or --phone, --office.")
]
Phone = Annotated[str, typer.Option(help="The WhatsApp number, as 0812… or +62812…")]
Office = Annotated[str, typer.Option(help="Id of the office, with --phone.")]


def conversation_named(conversation: str, phone: str, office: str) -> str:
    """The id of the conversation that somebody names by its id, or by number and office.

    Raises:
        ConfigError: neither is given, or both.
    """
    if phone:
        if conversation or not office:
            raise ConfigError("give the conversation's id, or --phone together with --office")
        conversation = whatsapp_address(phone).replace(":", f":{office}:", 1)
    if not conversation:
        raise ConfigError("which conversation? Give its id, or --phone and --office")
    return conversation


def record(
    conversation: Conversation = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file to write.")
    ] = None,
    *,
    phone: Phone = "",
    office: Office = "",
    since: Annotated[
        str, typer.Option(help="Only episodes that were not over by this day, as 2026-11-23.")
    ] = "",
    last: Annotated[
        int | None, typer.Option(help="Only so many episodes, the last ones.", min=1)
    ] = None,
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Make a recording of a live conversation, with nobody's name, number, code or birth date.

    It replays green at once. Refuses to write where something personal would stay.
    """
    from bot.command_settings import stored_settings  # noqa: PLC0415 - `--help` need not load it all

    conversation = conversation_named(conversation, phone, office)
    settings = stored_settings(config, os.environ, data=data)
    write_recording(settings, conversation, output, _day(since), last)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise ConfigError(f"--since: write a date as 2026-11-23, not {written!r}") from None


def write_recording(
    settings: Settings,
    conversation: str,
    output: Path | None,
    since: date | None = None,
    last: int | None = None,
) -> None:
    """Make the recording of a stored conversation and write it, to the terminal without a file.

    Args:
        since: the day, at the office, from which on episodes are taken.
        last: how many episodes are, at most.

    Raises:
        AntreError: there is no such conversation, or it cannot be recorded or written.
    """
    made = asyncio.run(_recorded(settings, conversation, since, last))
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


async def _recorded(
    settings: Settings, conversation: str, since: date | None, last: int | None
) -> Recorded:
    from bot.app import stored_stores  # noqa: PLC0415
    from bot.rehearsing.studio import studio  # noqa: PLC0415
    from bot.rehearsing.taking import taken  # noqa: PLC0415
    from bot.replay.extent import Extent  # noqa: PLC0415
    from bot.replay.recorder import public_text, recorded  # noqa: PLC0415

    async with stored_stores(settings) as stores:
        found = await taken(stores, conversation)
    public = public_text(settings.flows.folder)
    async with studio(settings) as here:
        zone = here.definitions.venue_of(found.contact).zone
        extent = Extent(datetime.combine(since, time.min, zone) if since else None, last)
        parts = here.definitions, here.stage, public, found.seats, extent
        return await recorded(found.contact, found.records, *parts)
