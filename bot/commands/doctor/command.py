"""``antre doctor``."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

import typer

from bot.commands.options import CONFIG, Config, Data
from bot.console import Console
from bot.logs import configure_logs


def doctor(
    config: Config = CONFIG,
    data: Data = None,
    *,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nobody but the database.")
    ] = False,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="For people, or for programs.")
    ] = "text",
) -> None:
    """Check settings, secrets, flows, database, clock, and what Meta knows of us; exit 1 on errors.

    No secret is ever printed.
    """
    from bot.commands.doctor.examining import examined  # noqa: PLC0415 - `--help` needs it not
    from bot.commands.doctor.told import as_json, show  # noqa: PLC0415

    configure_logs("error", "console")
    told = asyncio.run(examined(config, data, offline=offline))
    if form == "json":
        typer.echo(as_json(told))
    else:
        show(told, Console(soft_wrap=True, highlight=False))
    if any(each.state == "error" for each in told):
        raise typer.Exit(1)
