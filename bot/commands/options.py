"""Options that many commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CONFIG = Path("config.yml")

Config = Annotated[Path, typer.Option("--config", help="The settings file.")]
Data = Annotated[Path | None, typer.Option("--data", help="Folder of the embedded database.")]
Author = Annotated[str, typer.Option(help="Who does it; else who is logged in here.")]
