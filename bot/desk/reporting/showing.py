"""The figures of a range, put together for the page: all from :mod:`bot.reports`, none its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final

from bot.booking.life import SYSTEM, staff
from bot.booking.office import Office
from bot.desk.accounts import Account
from bot.desk.reporting.asking import Asked
from bot.desk.reporting.heat import heat_map
from bot.desk.reporting.plot import Group, Plot, Series, plot_of
from bot.desk.words import Words
from bot.reports.columns import By
from bot.reports.ranges import Range
from bot.reports.report import Days, Report, Row, added_up, compared
from bot.reports.sums import days_of

TOLD: Final = (
    ("bookings", "use_percent"),
    ("came", ""),
    ("missed", "missed_percent"),
    ("walk_ins", ""),
    ("served", ""),
    ("wait_median", "wait_p90"),
    ("service_median", "service_p90"),
    ("booked", "dialogues"),
)
"""The figures told first, and what is said beside each."""

PLOTS: Final[Mapping[str, Sequence[tuple[str, bool]]]] = {
    "queue": (
        ("served", False),
        ("turned_away", False),
        ("missed", False),
        ("open", False),
        ("quota", True),
    ),
    "times": (("wait_median", True), ("wait_p90", True), ("service_median", True)),
    "talk": (("dialogues", False), ("booked", True)),
}
"""Columns of each plot, and whether each is a line."""


@dataclass(frozen=True, slots=True)
class Reports:
    """One range by each grouping that the page shows; ``time`` is compared with what was before."""

    time: Report
    heat: Report
    staff: Report
    reason: Report
    state: Report


@dataclass(frozen=True, slots=True)
class Flow:
    """How far dialogues came in one flow: its states, the most reached first."""

    name: str
    states: Sequence[tuple[str, Row]]


def reports_of(office: Office, days: Days, asked: Asked) -> Reports:
    """Add days up; it takes a while for a year, so beside the loop.

    Args:
        days: those asked for, and those before.
    """

    def by(what: By, span: Range = asked.days) -> Report:
        return added_up(office, days, span.first, span.last, what)

    then = by(asked.grouping, asked.days.before())
    return Reports(
        time=compared(by(asked.grouping), then),
        heat=by("weekday_hour"),
        staff=by("staff"),
        reason=by("reason"),
        state=by("state"),
    )


def shown(
    reports: Reports, asked: Asked, words: Words, names: Mapping[str, str]
) -> Mapping[str, Any]:
    """What the template shows.

    Args:
        names: of members of staff, by login.
    """
    groups = [
        Group(*_called(asked.grouping, row.key, words), row.figures) for row in reports.time.rows
    ]
    most = reports.state.rows
    return {
        "told": [(name, beside) for name, beside in TOLD],
        "total": reports.time.total.figures,
        "before": reports.time.before,
        "plots": [_plot(name, groups, reports.time.total, words) for name in PLOTS],
        "heats": [heat_map(reports.heat, column) for column in ("arrived", "messages")],
        "weekdays": Counter(day.isoweekday() for day in days_of(asked.days.first, asked.days.last)),
        "staff": [(names.get(row.key, row.key), row) for row in reports.staff.rows],
        "reasons": reports.reason,
        "flows": _flows(most),
        "talk": reports.state.total.figures,
        "stopped": max(most, key=lambda row: row.figures["given_up"], default=None),
    }


def names_of(accounts: Iterable[Account], words: Words) -> Mapping[str, str]:
    """Names of staff, and of what the bots do by themselves, as the rows call them."""
    people = {staff(account.login): account.name for account in accounts}
    return {**people, SYSTEM: words("reports.by_itself")}


def _plot(name: str, groups: Sequence[Group], total: Row, words: Words) -> Plot:
    series = [Series(column, words(f"figure.{column}"), is_line) for column, is_line in PLOTS[name]]
    return plot_of(name, groups, series, total.figures, words.number)


def _called(grouping: str, key: str, words: Words) -> tuple[str, str]:
    """A group's short and long name."""
    match grouping:
        case "hour":
            hour = words.hour(time.fromisoformat(key))
            return hour, hour
        case "day":
            day = date.fromisoformat(key)
            return words.short_day(day) if day.day == 1 else str(day.day), words.day(day)
        case "week":
            monday = date.fromisoformat(f"{key}-1")
            return words.short_day(monday), words(
                "reports.week_of",
                first=words.short_day(monday),
                last=words.short_day(monday + timedelta(days=6)),
            )
        case _:
            first = date.fromisoformat(f"{key}-01")
            return words.short_month(first), words.month(first)


def _flows(rows: Sequence[Row]) -> Sequence[Flow]:
    """States by flow; the flow with the most dialogues first. Rows come the most reached first."""
    flows: dict[str, list[tuple[str, Row]]] = {}
    for row in rows:
        flow, _, state = row.key.rpartition(".")
        flows.setdefault(flow, []).append((state, row))
    return [Flow(name, states) for name, states in flows.items()]
