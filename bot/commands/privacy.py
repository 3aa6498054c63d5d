"""``antre privacy``: what is kept about one number, given out or erased; and retention."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.clock import system_clock
from bot.commands.options import CONFIG, Author, Config, Data
from bot.commands.people import staff_member, whatsapp_address
from bot.errors import AntreError, ConfigError

if TYPE_CHECKING:
    from bot.app import Bot
    from bot.privacy.erasing import Eraser

privacy = typer.Typer(help="One person's data: export, erase; retention.", no_args_is_help=True)

Phone = Annotated[str, typer.Option(help="The number, as 0812… or +62812…")]
Address = Annotated[
    list[str] | None,
    typer.Option(
        "--address",
        help="An address without a telephone number, such as whatsapp:ID.1234; may be repeated.",
    ),
]

COUNTED = 1_000_000
"""What a dry run counts to."""


@privacy.command()
def export(
    phone: Phone = "",
    address: Address = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="The file to write.")] = None,
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Write everything that is kept about a number, as JSON; photos as files beside it."""
    _run(_exported(config, data, _addresses(phone, address), out))


@privacy.command()
def erase(
    phone: Phone = "",
    address: Address = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; else only show.")] = False,
    cancel_bookings: Annotated[
        bool, typer.Option("--cancel-bookings", help="Cancel bookings still to come first.")
    ] = False,
    author: Author = "",
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Erase everything about a number that is not needed; without --yes only show it."""
    by = staff_member(author)
    addresses = _addresses(phone, address)
    _run(_erased(config, data, addresses, by, yes=yes, cancel=cancel_bookings))


@privacy.command()
def sweep(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Let go now of what is past its time (`retention` in the settings)."""
    _run(_swept(config, data, dry=dry_run))


def _addresses(phone: str, others: list[str] | None) -> list[str]:
    from bot.privacy.subject import CHANNELS  # noqa: PLC0415 - `--help` need not load it all

    found = list(others or ())
    if phone:
        number = whatsapp_address(phone).partition(":")[2]
        found += [f"{channel}:{number}" for channel in CHANNELS]
    if not found:
        raise ConfigError("say whose data: --phone 0812… or --address whatsapp:…")
    for each in found:
        if not all(each.partition(":")):
            raise ConfigError(f"--address: {each} is no address; write it like whatsapp:ID.1234")
    return found


async def _followed(bot: Bot, addresses: list[str]) -> list[str]:
    """By what the data of whoever has these addresses is kept."""
    names = (each.partition(":") for each in addresses)
    found = [await bot.identities.addresses(channel, name) for channel, _, name in names]
    return list(dict.fromkeys(address for each in found for address in each))


def _run(doing: Coroutine[Any, Any, list[str]]) -> None:
    for line in asyncio.run(doing):
        typer.echo(line)


@asynccontextmanager
async def _opened(config: Path, data: Path | None) -> AsyncIterator[tuple[Bot, Eraser]]:
    from bot.app import eraser_of, stored_bot  # noqa: PLC0415
    from bot.command_settings import stored_settings  # noqa: PLC0415

    settings = stored_settings(config, os.environ, data=data)
    async with stored_bot(settings, system_clock) as bot:
        yield bot, eraser_of(bot)


async def _exported(
    config: Path, data: Path | None, addresses: list[str], out: Path | None
) -> list[str]:
    from bot.privacy.exporting import exported, picture_name  # noqa: PLC0415

    lines: list[str] = []
    async with _opened(config, data) as (bot, eraser):
        addresses = await _followed(bot, addresses)
        subjects = [await eraser.subject(address) for address in addresses]
        known = [found for found in subjects if found.is_known]
        whole = [exported(found, system_clock()) for found in known]
        text = json.dumps(whole, ensure_ascii=False, indent=2)
        if not known:
            lines.append(f"nothing is kept about {', '.join(addresses)}")
        if out is None:
            return [text]
        hashes = [sha256 for found in known for sha256 in found.photos]
        photos = [await bot.stores.photos.get(sha256) for sha256 in hashes]
    files = {out: (text + "\n").encode()}
    files |= {out.with_name(picture_name(photo)): photo.content for photo in photos if photo}
    _write(files)
    return [*lines, f"{out}: written, with {len(files) - 1} photos beside it"]


def _write(files: Mapping[Path, bytes]) -> None:
    """Write files that only their owner may read."""
    for file, content in files.items():
        try:
            file.touch(mode=0o600)
            file.chmod(0o600)
            file.write_bytes(content)
        except OSError as error:
            raise AntreError(f"{file}: cannot be written: {error.strerror}") from None


async def _erased(
    config: Path, data: Path | None, addresses: list[str], by: str, *, yes: bool, cancel: bool
) -> list[str]:
    lines, refused = [], False
    async with _opened(config, data) as (bot, eraser):
        now = system_clock()
        for address in await _followed(bot, addresses):
            found = await eraser.subject(address)
            if not found.is_known:
                lines.append(f"{address}: nothing is kept")
                continue
            counts = (
                f"{len(found.seats)} seats, {len(found.conversations)} conversations, "
                f"{len(found.records)} records of messages, {len(found.notices)} notices, "
                f"{len(found.photos)} photos, {len(found.waits)} waits, "
                f"{len(found.deliveries)} reports of deliveries, "
                f"{'a' if found.person.revision else 'no'} conduct"
            )
            lines.append(f"{address}: {counts}")
            waiting = eraser.in_the_way(found, now)
            lines += [
                f"  still to come: {seat.booking_code}, {seat.office}, {seat.day}"
                for seat in waiting
            ]
            if not yes:
                continue
            done = await eraser.erase(address, now, cancel=cancel, by=by)
            refused |= bool(done.in_the_way)
            if done.in_the_way:
                lines.append("  NOT erased: the counter needs the name of a booking still to come")
                continue
            lines.append(f"  erased; {done.cancelled} bookings cancelled")
            lines.append("  kept: trails and counts under pseudonyms")
            if done.kept and done.kept.ends:
                lines.append(
                    f"  kept: what still counts against the number, until "
                    f"{done.kept.ends:%Y-%m-%d}: {len(done.kept.strikes)} strikes, "
                    f"{len(done.kept.taken)} holds, {'a' if done.kept.block else 'no'} block"
                )
    if not yes:
        lines.append("nothing is erased yet; say --yes to do it")
    if refused:
        lines.append("add --cancel-bookings to cancel first what is still to come")
    return lines


async def _swept(config: Path, data: Path | None, *, dry: bool) -> list[str]:
    from bot.app import keeper_of, retention_of, stored_bot  # noqa: PLC0415
    from bot.command_settings import stored_settings  # noqa: PLC0415
    from bot.privacy.retiring import Retiring  # noqa: PLC0415

    settings = stored_settings(config, os.environ, data=data)
    async with stored_bot(settings, system_clock) as bot:
        if dry:
            retiring = Retiring(bot.stores, retention_of(settings), dry=True)
            counts = await retiring.step(system_clock(), COUNTED)
        else:
            counts = await keeper_of(bot, settings, system_clock).sweep()
    done = "would go" if dry else "gone"
    return [f"{kind}: {number} {done}" for kind, number in asdict(counts).items()]
