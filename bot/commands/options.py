"""Options that many commands have."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import Clock, moment_of, shifted_clock, system_clock
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
    return shifted_clock(start) if (start := moment_at(now)) else system_clock


def moment_at(now: str) -> datetime | None:
    """The moment of ``--now``; ``None`` where it is empty.

    Raises:
        ConfigError: it is no moment with its zone.
    """
    try:
        return moment_of(now) if now else None
    except ValueError as error:
        raise ConfigError(f"--now: {error}") from None
