"""``antre report``: numbers for the office."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.clock import system_clock
from bot.commands.options import CONFIG, Config, Data
from bot.errors import ConfigError
from bot.reports.ranges import Range, month_end

if TYPE_CHECKING:
    from bot.reports.report import Report
    from bot.settings import Settings

By = Literal[
    "day", "session", "hour", "staff", "reason", "state", "week", "month", "weekday", "weekday_hour"
]
Format = Literal["table", "csv", "excel", "json", "png", "svg"]

WIDEST = 200
"""Columns of a table that is not written to a terminal."""


def report(
    office: Annotated[str, typer.Argument(help="Id of the office.")],
    *,
    first: Annotated[str, typer.Option("--from", help="First day, as 2026-11-01.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last day; else the first day's month.")] = "",
    by: Annotated[By, typer.Option(help="What has a row each.")] = "day",
    compare: Annotated[bool, typer.Option(help="Beside the period before.")] = False,
    form: Annotated[Format, typer.Option("--format", help="How it is written.")] = "table",
    theme: Annotated[
        Literal["light", "dark"], typer.Option(help="Of a picture, for paper or a dark screen.")
    ] = "light",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file.")] = None,
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """Count bookings, shows, times and the dialogue of an office; nothing personal."""
    from bot.command_settings import stored_settings  # noqa: PLC0415 - `--help` need not load it all

    if form in {"png", "svg"} and output is None:
        raise ConfigError(f"--format {form}: say where to write it, as -o laporan.{form}")
    settings = stored_settings(config, os.environ, data=data)
    made = asyncio.run(_made(settings, office, first, last, by, compare=compare))
    written = _written(made, form, theme, to_file=output is not None)
    if output is None:
        sys.stdout.write(written.decode())
        return
    try:
        output.write_bytes(written)
    except OSError as error:
        raise ConfigError(f"{output}: cannot be written: {error.strerror}") from None
    typer.echo(f"{output}: written")


async def _made(
    settings: Settings, office_id: str, first: str, last: str, by: By, *, compare: bool
) -> Report:
    from bot.app import stored_bot  # noqa: PLC0415
    from bot.document import meant  # noqa: PLC0415
    from bot.reports.funnel import ends_of  # noqa: PLC0415
    from bot.reports.report import compared, report_on  # noqa: PLC0415

    now = system_clock()
    async with stored_bot(settings, lambda: now) as bot:
        office = bot.offices.get(office_id)
        if office is None:
            known = [each.id for each in bot.offices]
            raise ConfigError(f"no office {office_id!r}{meant(office_id, known)}")
        asked = days_asked(first, last, office.today(now))
        ends = ends_of(bot.library.current.flows)

        async def on(days: Range) -> Report:
            return await report_on(
                office, bot.stores, days.first, days.last, by, ends=ends, now=now
            )

        made = await on(asked)
        return compared(made, await on(asked.before())) if compare else made


def days_asked(first: str, last: str, today: date) -> Range:
    """The range meant: this month when nothing is said, else to the end of the first day's month.

    Raises:
        ConfigError: a day cannot be read, or they are the wrong way round.
    """
    begin = _date(first, "--from") if first else today.replace(day=1)
    end = _date(last, "--to") if last else month_end(begin)
    if end < begin:
        raise ConfigError(f"--to: {end} is before --from {begin}")
    return Range(begin, end)


def _date(written: str, where: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ConfigError(f"{where}: write a date as 2026-12-31, not {written!r}") from None


def _written(
    made: Report, form: Format, theme: Literal["light", "dark"], *, to_file: bool
) -> bytes:
    from bot.reports.writing import csv_of, excel_of, json_of  # noqa: PLC0415

    match form:
        case "csv":
            return csv_of(made).encode()
        case "excel":
            return excel_of(made).encode()
        case "json":
            return json_of(made).encode()
        case "png" | "svg":
            from bot.reports.plotting import picture  # noqa: PLC0415

            return picture(made, form, theme)
        case _:
            return _tables(made, to_file=to_file)


def _tables(made: Report, *, to_file: bool) -> bytes:
    from bot.console import Console  # noqa: PLC0415
    from bot.reports.writing import tables_of  # noqa: PLC0415

    plain = to_file or not sys.stdout.isatty()
    console = Console(width=WIDEST if plain else None, no_color=plain or None)
    with console.capture() as captured:
        for table in tables_of(made, console.width):
            console.print(table)
    return captured.get().encode()
