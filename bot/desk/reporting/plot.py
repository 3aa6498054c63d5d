"""Bars and lines over time as numbers that a template writes as SVG: places, lengths, words.

Drawn by ourselves, for what a library draws has its own style sheet in it, which the content policy
forbids and themes cannot reach: here colours are the page's, and words are text that scales.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any, Final

HEIGHT: Final = 270
TOP: Final = 24
BOTTOM: Final = 44
LEFT: Final = 46
RIGHT: Final = 12
WIDEST_STEP: Final = 64
NARROWEST_STEP: Final = 9
WIDTH: Final = 560
"""In the page's pixels: what fits twice beside each other on an office PC."""

LETTER: Final = 6.6
"""Pixels of a letter under the axis."""

TICKS: Final = 4


@dataclass(frozen=True, slots=True)
class Group:
    """One place on the axis of time.

    Args:
        short: its name on the axis.
        long: its name where there is room.
    """

    short: str
    long: str
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Series:
    """A figure of every group.

    Args:
        name: of its column; what it looks like goes by it.
        label: in the reader's language.
        drawn: how: parts of bars, stacked in this order; lines over them.
    """

    name: str
    label: str
    is_line: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a bar, or a mark of a line, in pixels from the top left."""

    name: str
    x: float
    y: float
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Column:
    """All of one group: its parts, and where a pointer finds them.

    Args:
        said: the group and its figures.
        label: its name on the axis; empty where there is no room.
    """

    x: float
    width: float
    middle: float
    parts: Sequence[Block]
    marks: Sequence[Block]
    said: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line through the figures that there are; a gap where there is none.

    Args:
        path: as SVG has it.
    """

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A level that is named."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot.

    Args:
        name: unique on its page.
        floor: where the axis of time is.
    """

    name: str
    width: float
    height: float
    left: float
    right: float
    floor: float
    columns: Sequence[Column]
    lines: Sequence[Line]
    ticks: Sequence[Tick]
    series: Sequence[Series]
    groups: Sequence[Group]
    total: Mapping[str, Any]


def plot_of(
    name: str,
    groups: Sequence[Group],
    series: Sequence[Series],
    total: Mapping[str, Any],
    number: Callable[[float | None], str],
) -> Plot:
    """Lay out bars and lines.

    Args:
        total: figures of all groups.
        number: how the reader's language writes a figure, ``None`` included.
    """
    bars = [each for each in series if not each.is_line]
    lines = [each for each in series if each.is_line]
    count = max(1, len(groups))
    step = min(WIDEST_STEP, max(NARROWEST_STEP, (WIDTH - LEFT - RIGHT) / count))
    width = max(WIDTH, LEFT + RIGHT + step * count)
    bottom = HEIGHT - BOTTOM
    highest = max([0.0, *(_height(group, bars, lines) for group in groups)])
    top, every = _scale(highest)
    unit = (bottom - TOP) / top
    named = _every(groups, step)
    columns = []
    for at, group in enumerate(groups):
        x = LEFT + at * step
        columns.append(
            Column(
                x=round(x, 2),
                width=round(step, 2),
                middle=round(x + step / 2, 2),
                parts=_stacked(group, bars, x + step * 0.14, step * 0.72, bottom, unit),
                marks=[
                    Block(each.name, round(x + step / 2, 2), round(bottom - value * unit, 2))
                    for each in lines
                    if (value := group.figures[each.name]) is not None
                ],
                said=_said(group, series, number),
                label="" if at % named else group.short,
            )
        )
    ticks = [
        Tick(round(bottom - level * every * unit, 2), number(round(level * every, 2)))
        for level in range(round(top / every) + 1)
    ]
    return Plot(
        name=name,
        width=width,
        height=HEIGHT,
        left=LEFT,
        right=width - RIGHT,
        floor=bottom,
        columns=columns,
        lines=[Line(each.name, _path(columns, each.name)) for each in lines],
        ticks=ticks,
        series=series,
        groups=groups,
        total=total,
    )


def _height(group: Group, bars: Sequence[Series], lines: Sequence[Series]) -> float:
    stacked = sum(float(group.figures[each.name] or 0) for each in bars)
    return max([stacked, *(float(group.figures[each.name] or 0) for each in lines)])


def _stacked(
    group: Group, bars: Sequence[Series], x: float, width: float, bottom: float, unit: float
) -> list[Block]:
    parts, y = [], bottom
    for each in bars:
        height = float(group.figures[each.name] or 0) * unit
        y -= height
        if height:
            parts.append(
                Block(each.name, round(x, 2), round(y, 2), round(width, 2), round(height, 2))
            )
    return parts


def _scale(highest: float) -> tuple[float, float]:
    """The highest level named and the step between levels: 1, 2 or 5 of some power of ten."""
    least = max(highest, 1.0) / TICKS
    power = 10.0 ** floor(log10(least))
    every = next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))
    every = max(every, 1.0)
    levels = max(1, -int(-highest // every))
    return levels * every, every


def _every(groups: Sequence[Group], step: float) -> int:
    """Every how many groups there is room for a name."""
    longest = max((len(group.short) for group in groups), default=1)
    return max(1, -int(-(longest + 1) * LETTER // step))


def _said(group: Group, series: Sequence[Series], number: Callable[[float | None], str]) -> str:
    told = (f"{each.label} {number(group.figures[each.name])}" for each in series)
    return f"{group.long}: {', '.join(told)}"


def _path(columns: Sequence[Column], name: str) -> str:
    path, pen = [], "M"
    for column in columns:
        mark = next((each for each in column.marks if each.name == name), None)
        if mark is None:
            pen = "M"
            continue
        path.append(f"{pen}{mark.x} {mark.y}")
        pen = "L"
    return " ".join(path)
