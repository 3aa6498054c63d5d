"""``antre inspect``: a conversation's way, turn by turn, in the terminal."""

from __future__ import annotations

import asyncio
import json
import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.options import CONFIG, Config, Data
from bot.commands.recording import Conversation, Office, Phone, conversation_named
from bot.errors import AntreError

if TYPE_CHECKING:
    from bot.settings import Settings


def inspect(
    conversation: Conversation = "",
    *,
    phone: Phone = "",
    office: Office = "",
    turn: Annotated[int | None, typer.Option(help="This one, at length.", min=1)] = None,
    hide: Annotated[bool, typer.Option(help="With nobody in it, as editors see it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As the page's JSON.")] = False,
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Show a conversation's way over the flows: what was said, understood, decided, done.

    Shows what people wrote, unless --hide.
    """
    from bot.command_settings import stored_settings  # noqa: PLC0415 - `--help` need not load it all
    from bot.inspecting.telling import at_length, in_short  # noqa: PLC0415

    named = conversation_named(conversation, phone, office)
    settings = stored_settings(config, os.environ, data=data)
    told = asyncio.run(_told(settings, named, turn, hide=hide))
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2, default=str))
    elif turn is None:
        for each in told["turns"]:
            typer.echo(in_short(each))
    else:
        for line in at_length(told["turn"]):
            typer.echo(line)


async def _told(
    settings: Settings, named: str, number: int | None, *, hide: bool
) -> dict[str, Any]:
    """All turns in short, and the one that is asked for, else the last, at length."""
    from bot.app import stored_bot  # noqa: PLC0415
    from bot.clock import system_clock  # noqa: PLC0415
    from bot.inspecting.showing import shown, summary  # noqa: PLC0415
    from bot.staff_door import inspector_of  # noqa: PLC0415

    async with stored_bot(settings, system_clock) as bot:
        inspector = inspector_of(bot, settings)
        found = await inspector.find(named)
        if found is None:
            raise AntreError(f"no conversation {named!r}; an id is CHANNEL:OFFICE:NUMBER")
        turn = found.journey.turn(number)
        if turn is None:
            raise AntreError(f"{named} has no turn {number}; see them all without --turn")
        zone = bot.library.venue_of(found.contact).zone
        listed = [summary(each, zone) for each in found.journey.turns]
        one = await shown(found.journey, turn, inspector.leaves, zone)
        if hide:
            hiding = inspector.hiding(found)
            listed, one = [hiding(each) for each in listed], hiding(one)
        return {"conversation": "" if hide else named, "hidden": hide, "turns": listed, "turn": one}
