"""Busy hours and weekdays: a table whose cells are darker the more there is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.reports.report import Report

SHADES: Final = 6
"""Above none at all; the style sheet has them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one weekday, summed over the range; ``shade`` from 0, nothing, to the most."""

    value: int
    shade: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Hours across, weekdays down.

    Args:
        hours: from the first to the last in which there was anything.
        rows: by weekday, 1 for Monday, an hour each.
        by_weekday, by_hour: sums.
    """

    column: str
    hours: Sequence[int]
    rows: Mapping[int, Sequence[Cell]]
    by_weekday: Mapping[int, int]
    by_hour: Sequence[int]
    total: int


def heat_map(report: Report, column: str) -> HeatMap:
    """Of a report by weekday and hour."""
    values = {
        (int(weekday), int(hour[:2])): int(row.figures[column])
        for row in report.rows
        for weekday, _, hour in [row.key.partition(" ")]
    }
    busy = [hour for (_, hour), value in values.items() if value]
    hours = list(range(min(busy), max(busy) + 1)) if busy else []
    most = max(values.values(), default=0)
    rows = {
        weekday: [_cell(values.get((weekday, hour), 0), most) for hour in hours]
        for weekday in range(1, 8)
    }
    return HeatMap(
        column,
        hours,
        rows,
        {weekday: sum(cell.value for cell in cells) for weekday, cells in rows.items()},
        [sum(rows[weekday][at].value for weekday in rows) for at in range(len(hours))],
        int(report.total.figures[column]),
    )


def _cell(value: Any, most: int) -> Cell:
    return Cell(value, -(-value * SHADES // most) if most else 0)
