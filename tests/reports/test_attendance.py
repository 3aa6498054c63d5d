"""A month with known answers, played through the real queue: every figure of every grouping."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from math import ceil
from random import Random
from typing import Any

import pytest

from bot.booking.calendar import WorkingCalendar
from bot.booking.office import Office
from bot.reports.columns import COLUMNS, By
from bot.reports.report import Report, report_on
from bot.reports.sums import days_of
from bot.stores import Stores
from storage.driver import open_database
from storage.stores import stores_in, stores_in_memory
from tests.support.month import Month

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
NAME = {"id": "Sesi"}
OFFICE = Office.model_validate(
    {
        "id": "timur",
        "name": "Kantor Timur",
        "short_name": "Timur",
        "prefix": "TMR",
        "time_zone": "Asia/Jayapura",
        "flow": "passport_guided",
        "walk_in_seats": 5,
        "sessions": [
            {"id": "pagi", "name": NAME, "from": "08:00", "until": "12:00", "seats": 8},
            {"id": "siang", "name": NAME, "from": "13:00", "until": "15:00", "seats": 3},
        ],
    }
)
"""Two hours east of Jakarta: its nights are other days elsewhere."""

QUEUE: tuple[By, ...] = ("day", "session", "hour", "staff", "reason")
Played = tuple[Month, Callable[[By], Any]]


@pytest.fixture
async def played(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[Played]:
    """A month played, in memory unless a test says otherwise, and how to report on it."""
    database = None
    if getattr(request, "param", "memory") == "memory":
        stores: Stores = stores_in_memory()
    else:
        database = open_database(request.getfixturevalue("embedded_mongo"), database_name)
        stores = await stores_in(database)
    month = Month(OFFICE, stores, Random(11))
    await month.play(FIRST, LAST)

    async def report(by: By) -> Report:
        return await report_on(OFFICE, stores, FIRST, LAST, by, ends=(), now=NOW)

    yield month, report
    if database:
        await database.close()


@pytest.mark.parametrize("played", ["memory", "embedded"], indirect=True)
async def test_every_figure(played: Played) -> None:
    """Counts, and times to a tenth of a minute, are what was played; and nothing else is said."""
    month, report = played
    for by in QUEUE:
        made = await report(by)
        rows = {row.key: row.figures for row in (*made.rows, made.total)}
        for group, counts in month.expected[by].items():
            for what, times in counts.items():
                assert rows[group][what] == times, (by, group, what)
        for group, figures in rows.items():
            for what in ENDS & figures.keys():
                assert figures[what] == month.expected[by][group][what], (by, group, what)
            for kind in ("wait", "service"):
                if f"{kind}_mean" in figures:
                    spans = sorted(month.spans[by][f"{group} {kind}"])
                    assert figures[f"{kind}_mean"] == mean(spans), (by, group)
                    assert figures[f"{kind}_median"] == part(spans, 0.5), (by, group)
                    assert figures[f"{kind}_p90"] == part(spans, 0.9), (by, group)


ENDS = {
    *("bookings", "cancelled", "rescheduled", "released", "no_show", "late", "voided", "came"),
    *("walk_ins", "served", "rejected", "left", "waiting", "checked_in", "called", "voids"),
    "undone",
}


def mean(spans: list[int]) -> float | None:
    """In minutes."""
    return round(sum(spans) / len(spans) / 60, 1) if spans else None


def part(spans: list[int], share: float) -> float | None:
    """The smallest that so many do not exceed, in minutes."""
    return round(spans[ceil(len(spans) * share - 1e-9) - 1] / 60, 1) if spans else None


async def test_quota(played: Played) -> None:
    """Eleven places each open day, booked or not; none on the others; use is what stayed taken."""
    _, report = played
    made = await report("day")
    open_days = {
        day.isoformat() for day in days_of(FIRST, LAST) if WorkingCalendar(OFFICE).is_open(day)
    }
    for row in made.rows:
        assert row.figures["quota"] == (11 if row.key in open_days else 0)
        freed = sum(row.figures[each] for each in ("cancelled", "rescheduled", "released"))
        assert row.figures["taken"] == row.figures["bookings"] - freed
    total = made.total.figures
    assert total["quota"] == 11 * len(open_days)
    assert total["use_percent"] == round(100 * total["taken"] / total["quota"], 1)
    by_session = {row.key: row.figures["quota"] for row in (await report("session")).rows}
    assert by_session == {"pagi": 8 * len(open_days), "siang": 3 * len(open_days), "walk_in": 0}


async def test_nothing_personal(played: Played) -> None:
    """No name, number or birth date of anybody stands in any report; staff's ids do."""
    _, report = played
    told = ""
    for by in QUEUE:
        told += str([(row.key, dict(row.figures)) for row in (await report(by)).rows])
    assert "staff:rina" in told
    for secret in ("budi", "fiktif", "62812", "1990", "3271012501870001"):
        assert secret not in told.lower()


@pytest.mark.parametrize("by", ["session", "hour"])
async def test_other_groupings_sum_to_the_days(played: Played, by: By) -> None:
    """Each count adds up to the month's, and every grouping has the same month."""
    _, report = played
    days, other = await report("day"), await report(by)
    for column in COLUMNS[by]:
        if column.name.endswith(("_percent", "_mean", "_median", "_p90")):
            continue
        whole = days.total.figures[column.name]
        assert sum(row.figures[column.name] for row in days.rows) == whole
        assert sum(row.figures[column.name] for row in other.rows) == whole
        assert other.total.figures[column.name] == whole
