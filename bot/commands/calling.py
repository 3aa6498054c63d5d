"""``antre call``: a number, or whoever is next, to the counter."""

from __future__ import annotations

import asyncio
import getpass
import os
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from bot.commands.options import CONFIG, Config, Data, clock_at
from bot.errors import AntreError, ConfigError

if TYPE_CHECKING:
    from datetime import datetime

    from bot.app import Bot
    from bot.booking.calling import Calls
    from bot.booking.office import Office
    from bot.clock import Clock
    from bot.settings import Settings


def call(
    office: Annotated[str, typer.Argument(help="Id of the office.")],
    number: Annotated[
        int | None, typer.Argument(help="The queue number that is called now.", min=1)
    ] = None,
    *,
    next_one: Annotated[
        bool, typer.Option("--next", help="Whoever is next of those who have checked in.")
    ] = False,
    counter: Annotated[
        int | None, typer.Option(help="With --next: to this counter; else to none.", min=1, max=99)
    ] = None,
    config: Config = CONFIG,
    data: Data = None,
    now: Annotated[str, typer.Option(help="At this moment, as 2017-08-04T09:00+07:00.")] = "",
) -> None:
    """Call a number, or whoever is next, to the counter.

    A running bot tells those nearly up, or that it runs late.
    """
    from bot.command_settings import stored_settings  # noqa: PLC0415 - `--help` need not load it all

    if (number is None) is not next_one:
        raise ConfigError("call a NUMBER, or whoever is next with --next")
    if counter is not None and not next_one:
        raise ConfigError("--counter goes with --next; the desk calls a number to a counter")
    settings = stored_settings(config, os.environ, data=data)
    typer.echo(asyncio.run(_call(settings, clock_at(now), office, number, counter or 0)))


async def _call(
    settings: Settings, clock: Clock, office_id: str, number: int | None, counter: int
) -> str:
    """Call ``number``, or whoever is next; what that led to, in words."""
    from bot.app import stored_bot  # noqa: PLC0415
    from bot.booking.calling import Calls  # noqa: PLC0415
    from bot.logs import configure_logs  # noqa: PLC0415

    configure_logs("warning", "console")
    async with stored_bot(settings, clock) as bot:
        office = _office(bot, office_id)
        calls = Calls(bot.stores.seats, bot.stores.calls, bot.stores.notices)
        if number is None:
            return await next_called(calls, office, counter, clock())
        return await _number_called(calls, office, number, clock())


def _office(bot: Bot, office_id: str) -> Office:
    from bot.document import meant  # noqa: PLC0415

    office = bot.offices.get(office_id)
    if office is None:
        known = [known.id for known in bot.offices]
        raise ConfigError(f"no office {office_id!r}{meant(office_id, known)}")
    return office


async def _number_called(calls: Calls, office: Office, number: int, now: datetime) -> str:
    from bot.booking.life import staff  # noqa: PLC0415

    called = await calls.call(office, number, now, staff(getpass.getuser()))
    told = f"{called.nearly} told that they are nearly up, {called.late} that it runs late"
    return f"{office.short_name}: number {called.board.number} is called; {told}"


async def next_called(calls: Calls, office: Office, counter: int, now: datetime) -> str:
    """Call whoever is next, as the desk does; that, in words.

    Args:
        counter: its number, from 1; 0 is none in particular.

    Raises:
        AntreError: nobody waits, or the last one called there is not done.
    """
    from bot.booking.calling import Busy  # noqa: PLC0415
    from bot.booking.life import Act, staff  # noqa: PLC0415

    act = Act(f"call|{uuid4().hex}", staff(getpass.getuser()))
    called = await calls.next(office, counter, act, now)
    if called is None:
        raise AntreError(f"{office.short_name}: nobody who has checked in waits to be called")
    if isinstance(called, Busy):
        raise AntreError(
            f"{office.short_name}: number {called.seat.label} is still at counter {counter}; "
            "say at the desk (/desk/queue) what became of them, then call again"
        )
    where = f" to counter {counter}" if counter else ""
    return f"{office.short_name}: number {called.label} is called{where}"
