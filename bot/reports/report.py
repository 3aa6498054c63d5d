"""A report: rows of figures about one office, added up from what each of its days came to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeAlias

from bot.booking.office import Office
from bot.reports.columns import COLUMNS, FROM, By, Counted
from bot.reports.sums import Kept, Sums, days_of, gaps, sums_of
from bot.reports.tally import TOTAL, Column, Tallies, figures

Days: TypeAlias = Mapping[date, Mapping[Counted, Sums]]
"""What days came to, by what they are counted by."""


@dataclass(frozen=True, slots=True)
class Row:
    """A group's figures by column name."""

    key: str
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Before:
    """The figures of all groups in the days that a report is compared with, both ends included."""

    first: date
    last: date
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of an office from ``first`` to ``last``, both included, on the office's clock.

    Args:
        rows: a group each; days, hours, staff and reasons in order, states with the most reached
            first, sessions in the order of the day.
        total: of all groups; what spans several of them (a dialogue that reached two states)
            counts once.
        before: what it is compared with, if it is.
    """

    office: str
    name: str
    zone: str
    first: date
    last: date
    by: By
    rows: tuple[Row, ...]
    total: Row
    before: Before | None = None

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
    counted = FROM[by]
    days: dict[date, Mapping[Counted, Sums]] = {
        day: {counted: sums}
        for day, sums in (await stores.sums.kept(office.id, counted, first, last)).items()
    }
    for begin, end in list(gaps(first, last, days)):
        made = await sums_of(office, stores, begin, end, (counted,), ends=ends, now=now)
        days |= {day: {counted: sums} for (_, day), sums in made.items()}
    return added_up(office, days, first, last, by)


def added_up(office: Office, days: Days, first: date, last: date, by: By) -> Report:
    """The report that days come to.

    Args:
        days: every one from ``first`` to ``last``, with what :data:`FROM` says for ``by``.
    """
    tallies = Tallies()
    for day in days_of(first, last):
        if by in {"day", "week", "month"}:
            tallies.of(_regrouped(by, day)(""))
        of_day = Tallies()
        days[day][FROM[by]].add_to(of_day, FROM[by], office, day)
        tallies.add(of_day, _regrouped(by, day))
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


def compared(report: Report, before: Report) -> Report:
    """A report with the figures of another one, of the days before, to compare it with."""
    figures_then = before.total.figures
    return replace(report, before=Before(before.first, before.last, figures_then))


def _regrouped(by: By, day: date) -> Callable[[str], str]:
    """How the groups of one day are called."""
    year, week, weekday = day.isocalendar()
    match by:
        case "day":
            return lambda _: day.isoformat()
        case "week":
            return lambda _: f"{year}-W{week:02d}"
        case "month":
            return lambda _: f"{day:%Y-%m}"
        case "weekday":
            return lambda _: str(weekday)
        case "weekday_hour":
            return lambda hour: f"{weekday} {hour}"
        case _:
            return lambda group: group


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
