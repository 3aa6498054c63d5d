"""Options that many commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CONFIG = Path("config.yml")

PAGE = 110
"""Columns of what is not written to a terminal."""

Config = Annotated[Path, typer.Option("--config", help="The settings file.")]
Data = Annotated[Path | None, typer.Option("--data", help="Folder of the embedded database.")]
Note = Annotated[str, typer.Option(help="Why, for those who read the history.")]
Author = Annotated[str, typer.Option(help="Who does it; else who is logged in here.")]
