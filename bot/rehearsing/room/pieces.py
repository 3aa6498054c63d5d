"""What the processes say, as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeAlias

from bot.drafting.checking import Checked, Found
from bot.drafting.drawing import Drawing

Piece: TypeAlias = Mapping[str, Any]


def checked_piece(checked: Checked) -> Piece:
    """What a check came to."""
    return asdict(checked)


def checked_from(piece: Piece) -> Checked:
    """The same again."""
    findings = tuple(Found(**each) for each in piece["findings"])
    return Checked(findings, piece["version"], Drawing(**piece["drawing"]))
