"""What the processes say, as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from bot.desk.room import Checked, Drawing
from bot.errors import Finding, Place

Piece: TypeAlias = Mapping[str, Any]


def checked_piece(checked: Checked) -> Piece:
    """What a check came to."""
    drawing = checked.drawing
    return {
        "findings": [_finding(each) for each in checked.findings],
        "version": checked.version,
        "drawing": drawing
        and {
            "svg": drawing.svg,
            "places": {state: _place(at) for state, at in drawing.places.items()},
        },
    }


def checked_from(piece: Piece) -> Checked:
    """The same again."""
    drawn = piece["drawing"]
    places = {state: Place(*at) for state, at in drawn["places"].items()} if drawn else {}
    return Checked(
        tuple(map(_finding_from, piece["findings"])),
        piece["version"],
        Drawing(drawn["svg"], places) if drawn else None,
    )


def _finding(finding: Finding) -> Piece:
    return {
        "message": finding.message,
        "place": _place(finding.place),
        "warning": finding.warning,
    }


def _finding_from(piece: Piece) -> Finding:
    return Finding(piece["message"], Place(*piece["place"]), warning=piece["warning"])


def _place(place: Place) -> tuple[str, int, int]:
    return place.file, place.line, place.column
