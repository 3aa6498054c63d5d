"""A report: rows of figures about one office, added up from what each of its days came to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.booking.office import Office
from bot.reports.columns import COLUMNS, By
from bot.reports.sums import Kept, days_of, gaps, sums_of
from bot.reports.tally import TOTAL, Column, Tallies, figures


@dataclass(frozen=True, slots=True)
class Row:
    """A group's figures by column name."""

    key: str
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of an office from ``first`` to ``last``, both included, on the office's clock.

    Args:
        rows: a group each; days, hours, staff and reasons in order, states with the most reached
            first, sessions in the order of the day.
        total: of all groups; what spans several of them (a dialogue that reached two states)
            counts once.
    """

    office: str
    name: str
    zone: str
    first: date
    last: date
    by: By
    rows: tuple[Row, ...]
    total: Row

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its figures, in order."""
        return COLUMNS[self.by]


async def report_on(
    office: Office,
    stores: Kept,
    first: date,
    last: date,
    by: By,
    *,
    ends: Collection[str],
    now: datetime,
) -> Report:
    """Count what happened to the bookings for ``first`` to ``last``, and the dialogues of then.

    Args:
        office: as it is now, changed days included.
        ends: states in which a dialogue asks for nothing more.
    """
    tallies = Tallies()
    if by == "day":
        for day in days_of(first, last):
            tallies.of(day.isoformat())
    kept = await stores.sums.kept(office.id, by, first, last)
    for day, sums in kept.items():
        sums.add_to(tallies, by, office, day)
    for begin, end in gaps(first, last, kept):
        made = await sums_of(office, stores, begin, end, (by,), ends=ends, now=now)
        for (_, day), sums in made.items():
            sums.add_to(tallies, by, office, day)
    columns = COLUMNS[by]
    order = _order(by, tallies, office)
    return Report(
        office=office.id,
        name=office.name,
        zone=office.zone_name,
        first=first,
        last=last,
        by=by,
        rows=tuple(Row(key, figures(columns, tallies.groups[key])) for key in order),
        total=Row(TOTAL, figures(columns, tallies.total)),
    )


def _order(by: By, tallies: Tallies, office: Office) -> list[str]:
    groups = tallies.groups
    if by == "session":
        known = [session.id for session in office.sessions]
        return sorted(groups, key=lambda key: (known.index(key) if key in known else 99, key))
    if by == "state":
        return sorted(groups, key=lambda key: (-groups[key].counts["dialogues"], key))
    if by == "reason":
        return sorted(groups, key=lambda key: (-sum(groups[key].counts.values()), key))
    return sorted(groups)
