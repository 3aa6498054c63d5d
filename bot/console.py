"""Terminals, as commands write to them."""

from __future__ import annotations

from typing import Any

from rich import console


class Console(console.Console):
    """Prints what it is given: rich's own makes 💯 of the line in ``flows/cancel.yml:100:7``."""

    def __init__(self, **more: Any) -> None:
        super().__init__(emoji=False, **more)
