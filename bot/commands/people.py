"""``antre people``: what is known about a number, and the blacklist."""

from __future__ import annotations

import asyncio
import getpass
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.booking.conduct import Conduct
from bot.booking.people import Person
from bot.booking.phone import office_number
from bot.clock import system_clock
from bot.commands.options import CONFIG, Author, Config, Data
from bot.errors import ConfigError

people = typer.Typer(help="Numbers: marks, strikes, the blacklist.", no_args_is_help=True)

Phone = Annotated[str, typer.Option(help="The WhatsApp number, as 0812… or +62812…")]
Why = Annotated[str, typer.Option(help="Why; the applicant reads it.")]

Change = Callable[[Conduct, str, datetime], Awaitable[Person]]


@people.command()
def show(phone: Phone, config: Config = CONFIG, data: Data = None) -> None:
    """Show what is known about a number, the audit trail last."""
    _change(phone, config, data, lambda conduct, address, _: conduct.of(address))


@people.command()
def mark(
    phone: Phone,
    note: Annotated[str, typer.Option(help="What the counter shall know.")],
    author: Author = "",
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Note something for the counter to see."""
    _change(
        phone,
        config,
        data,
        lambda conduct, address, now: conduct.mark(address, note, staff_member(author), now),
    )


@people.command()
def clear(phone: Phone, author: Author = "", config: Config = CONFIG, data: Data = None) -> None:
    """Take the mark and the block away; strikes until now count no more."""
    _change(
        phone,
        config,
        data,
        lambda conduct, address, now: conduct.clear(address, staff_member(author), now),
    )


@people.command()
def block(
    phone: Phone,
    reason: Why,
    days: Annotated[int | None, typer.Option(help="How long; else for ever.", min=1)] = None,
    author: Author = "",
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Put a number on the blacklist: it gets no seat, and is told why."""
    _change(
        phone,
        config,
        data,
        lambda conduct, address, now: conduct.block(
            address, reason, staff_member(author), now, days
        ),
    )


@people.command()
def unblock(phone: Phone, author: Author = "", config: Config = CONFIG, data: Data = None) -> None:
    """Take a number off the blacklist; strikes until now count no more."""
    _change(
        phone,
        config,
        data,
        lambda conduct, address, now: conduct.unblock(address, staff_member(author), now),
    )


def whatsapp_address(phone: str) -> str:
    """``whatsapp:6281234567890`` of a number in any usual spelling.

    Raises:
        ConfigError: it is no telephone number.
    """
    number = office_number(phone)
    if number is None:
        raise ConfigError(f"--phone: {phone} is not a telephone number; write it like 0812…")
    return f"whatsapp:{number}"


def staff_member(author: str) -> str:
    """``staff:ID`` of who gives the command."""
    return f"staff:{author or getpass.getuser()}"


def _change(phone: str, config: Path, data: Path | None, change: Change) -> None:
    from bot.app import stored_bot  # noqa: PLC0415 - `--help` need not load it all
    from bot.command_settings import stored_settings  # noqa: PLC0415

    address, now = whatsapp_address(phone), system_clock()
    settings = stored_settings(config, os.environ, data=data)

    async def changed() -> Person:
        async with stored_bot(settings, system_clock) as bot:
            person, *_ = await bot.identities.addresses(*address.split(":", 1))
            return await change(Conduct(bot.stores.people), person, now)

    for line in _told(asyncio.run(changed()), now):
        typer.echo(line)


def _told(person: Person, now: datetime) -> list[str]:
    """What is known, in lines; times in UTC."""
    block = person.blocked(now)
    stopped = f"until {block.until:%Y-%m-%d} by {block.by}: {block.reason}" if block else "no"
    return [
        person.address,
        f"mark: {person.mark or '-'}",
        f"blocked: {stopped}",
        *(f"strike: {each.at:%Y-%m-%d %H:%M} {each.kind.value}" for each in person.strikes),
        *(f"trail: {e.at:%Y-%m-%d %H:%M} {e.step} by {e.by} {e.note}" for e in person.trail),
    ]
