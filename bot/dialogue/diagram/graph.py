"""What the layout works on: boxes with a size, edges with a label of some size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
"""Pixels to the right and down."""


@dataclass(frozen=True, slots=True)
class Size:
    """The room something needs, in pixels, around the line that edges meet it on.

    Args:
        left: room to the left of that line.
        right: room to the right of it.
        inset: how far within that room, from its top and bottom, the borders lie.
    """

    left: float
    right: float
    height: float
    inset: float = 0.0

    @classmethod
    def centred(cls, width: float, height: float) -> Size:
        """As much to the left as to the right."""
        return cls(width / 2, width / 2, height)


@dataclass(frozen=True, slots=True)
class Edge:
    """From one node to another one.

    Args:
        label: the room its label needs.
    """

    source: str
    target: str
    label: Size
