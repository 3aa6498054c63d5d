"""A report: rows of figures about one office, made by reading what the stores have, day by day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.booking.calendar import WorkingCalendar
from bot.booking.counter import walk_in_line
from bot.booking.office import Office
from bot.booking.plan import seats_of
from bot.reports.attendance import count_quota, count_visits
from bot.reports.columns import COLUMNS, By
from bot.reports.funnel import Funnel
from bot.reports.tally import TOTAL, Column, Tallies, figures
from bot.stores import Stores

ONE_DAY = timedelta(days=1)


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
    stores: Stores,
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
    if by != "state":
        for day in days_of(first, last):
            await _count_day(tallies, by, office, stores, day)
    if by in {"day", "hour", "state"}:
        funnel = Funnel(tallies, by, office, ends)
        since, until = _midnight(office, first), _midnight(office, last + ONE_DAY)
        async for heard in stores.conversations.heard(office.id, since, until, now):
            funnel.hear(heard)
        funnel.finish()
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


def days_of(first: date, last: date) -> Iterator[date]:
    """Each day, both ends included."""
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)


async def _count_day(tallies: Tallies, by: By, office: Office, stores: Stores, day: date) -> None:
    seats = await stores.seats.of_day(office.id, day)
    planned = seats or (seats_of(office, day) if WorkingCalendar(office).is_open(day) else [])
    count_quota(tallies, by, day, planned)
    if seats:
        count_visits(tallies, by, office, seats)
        # Seats of a smaller quota have a past too.
        count_visits(tallies, by, office, await stores.seats.withdrawn(office.id, day))
    count_visits(tallies, by, office, await stores.seats.of_day(walk_in_line(office), day))


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


def _midnight(office: Office, day: date) -> datetime:
    return datetime.combine(day, time(), office.zone)
