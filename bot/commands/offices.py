"""The commands about offices: ``antre days`` and ``antre office``."""

from __future__ import annotations

import asyncio
import getpass
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from bot.clock import system_clock
from bot.commands.options import CONFIG, Config, Data
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.booking.office import Offices
    from bot.day_desk import DayDesk
    from bot.settings import Settings

office = typer.Typer(help="Offices: how people reach and find them.", no_args_is_help=True)

Office = Annotated[str, typer.Argument(help="Id of the office.")]
MONTH: Final = timedelta(days=30)
"""How far the days are shown when nobody says."""


def days(
    office: Office,
    action: Annotated[
        Literal["show", "close", "open", "quota", "fit"],
        typer.Argument(help="Show the days, or change one."),
    ] = "show",
    day: Annotated[str, typer.Argument(help="The day to change, as 2026-12-31.")] = "",
    *,
    first: Annotated[str, typer.Option("--from", help="First day shown or fitted.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last day shown or fitted.")] = "",
    reason: Annotated[str, typer.Option(help="Why it is closed; applicants read it.")] = "",
    move: Annotated[
        bool, typer.Option("--move", help="Move bookings to the nearest free seats.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Close without asking.")] = False,
    names: Annotated[bool, typer.Option("--names", help="Show names, not only codes.")] = False,
    seats: Annotated[
        list[str] | None, typer.Option(help="For quota: session=seats, as pagi=60.")
    ] = None,
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """See an office's days, with taken seats; close and open days, change quotas."""
    from bot.command_settings import stored_settings  # noqa: PLC0415 - `--help` need not load it all

    settings = stored_settings(config, os.environ, data=data)
    now = system_clock()

    async def work() -> None:
        async with _desk(settings, office) as desk:
            if action in {"show", "fit"}:
                begin = _date(first, "--from") if first else desk.today(now)
                end = _date(last, "--to") if last else begin + MONTH
                do = desk.show if action == "show" else desk.fit
                _print(await do(begin, end, now))
            else:
                await _change(desk, action, _date(day, "DAY"))

    async def _change(desk: DayDesk, action: str, on: date) -> None:
        from bot.day_desk import Staff  # noqa: PLC0415

        staff = Staff(getpass.getuser(), now)
        if action == "open":
            _print(await desk.open(on, staff))
        elif action == "quota":
            _print(await desk.reseat(on, _seats(seats or []), staff))
        elif not reason.strip():
            raise ConfigError('--reason: say why the day is closed, as --reason "Stock opname"')
        else:
            hit = await desk.hit_by_closing(on, now)
            for seat in hit:
                who = f"  {seat.claim.applicant.name}" if names and seat.claim else ""
                told = seat.booking_code or "held"
                typer.echo(f"{told}  number {seat.number}  {seat.hour:%H.%M}{who}")
            if hit and not yes:
                typer.confirm(f"{len(hit)} seats are taken on {on}. Close it?", abort=True)
            _print(await desk.close(on, reason.strip(), staff, move=move))

    asyncio.run(work())


@office.command()
def card(
    office_id: Office,
    output: Annotated[Path, typer.Option("-o", "--output", help="A folder.")] = Path(),
    config: Config = CONFIG,
) -> None:
    """Write an office's contact card, and for each number the QR code of its chat link."""
    from bot.booking.office_card import write_cards  # noqa: PLC0415

    found = _offices(config).get(office_id)
    if found is None:
        raise ConfigError(f"no office {office_id!r}; antre office find shows what there is")
    for line in write_cards(found, output):
        typer.echo(line)


@office.command()
def find(
    text: Annotated[str, typer.Argument(help="What people write, as: kantor jaktim dimana")],
    config: Config = CONFIG,
) -> None:
    """Show which offices a text is about, as the bot finds them."""
    from bot.booking.finding import find_offices  # noqa: PLC0415

    found = find_offices(_offices(config), text)
    _print([f"{each.id}: {each.name}" for each in found] or ["no office"])


@asynccontextmanager
async def _desk(settings: Settings, office_id: str) -> AsyncIterator[DayDesk]:
    """The desk for an office's days."""
    from bot.app import stored_stores  # noqa: PLC0415
    from bot.booking.office import load_offices  # noqa: PLC0415
    from bot.day_desk import LOOKS, DayDesk  # noqa: PLC0415

    offices = load_offices(settings.flows.folder / "offices.yml")
    settle = timedelta(seconds=LOOKS * settings.outbox.sweep_seconds)
    async with stored_stores(settings) as stores:
        yield DayDesk(offices, office_id, stores, SystemRandom(), settle=settle)


def _offices(config: Path) -> Offices:
    from bot.booking.office import load_offices  # noqa: PLC0415
    from bot.settings import load_settings  # noqa: PLC0415

    return load_offices(load_settings(config, os.environ).flows.folder / "offices.yml")


def _date(written: str, where: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ConfigError(f"{where}: write a date as 2026-12-31, not {written!r}") from None


def _seats(written: Sequence[str]) -> dict[str, int]:
    pairs = [each.partition("=") for each in written]
    if not pairs or not all(name and seats.isdecimal() for name, _, seats in pairs):
        raise ConfigError("--seats: write a session and its seats, as --seats pagi=60")
    return {name: int(seats) for name, _, seats in pairs}


def _print(lines: Sequence[str]) -> None:
    for line in lines:
        typer.echo(line)
