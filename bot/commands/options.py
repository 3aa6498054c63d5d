"""Options that many commands have."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import Clock, shifted_clock, system_clock
from bot.errors import ConfigError

CONFIG = Path("config.yml")

PAGE = 110
"""Columns of what is not written to a terminal."""

Config = Annotated[Path, typer.Option("--config", help="The settings file.")]
Data = Annotated[Path | None, typer.Option("--data", help="Folder of the embedded database.")]
Note = Annotated[str, typer.Option(help="Why, for those who read the history.")]
Author = Annotated[str, typer.Option(help="Who does it; else who is logged in here.")]


def clock_at(now: str) -> Clock:
    """The clock of ``--now``: that moment and on from there; the system's where it is empty.

    Raises:
        ConfigError: it is no moment with its zone.
    """
    if not now:
        return system_clock
    try:
        start = datetime.fromisoformat(now)
    except ValueError:
        start = None
    if start is None or start.tzinfo is None:
        raise ConfigError(
            f"--now: write a moment with its zone, as 2017-08-04T09:00+07:00, not {now}"
        )
    return shifted_clock(start)
