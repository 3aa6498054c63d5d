"""The report page: the same figures as page, CSV, JSON and command, for who may see them."""

import asyncio
import csv
import io
import re
from datetime import date, datetime
from html import unescape
from random import Random
from typing import Any

import pytest

from bot.booking.life import Act, staff
from bot.booking.seats import Seat
from bot.desk.reporting.asking import Asked, CannotAskError, asked
from bot.desk.words import Words
from bot.reports.columns import BYS
from bot.reports.ranges import Range
from bot.reports.report import compared, report_on
from bot.reports.writing import csv_of, json_of
from tests.reports.test_sums import turns
from tests.support.desk import ENDS, NOW, OFFICE, OTHER, DeskHouse, shipped_offices
from tests.support.month import Month
from tests.support.waiting_hall import book_number

FIRST, LAST = date(2026, 11, 9), date(2026, 11, 13)
SPAN = f"from={FIRST}&to={LAST}"


async def played(house: DeskHouse) -> DeskHouse:
    """A week of bookings and of dialogues at the desk's office."""
    office = shipped_offices().get(OFFICE)
    assert office
    with_walk_ins = office.model_copy(update={"walk_in_seats": 5})
    await Month(with_walk_ins, house.stores, Random(5)).play(FIRST, LAST)
    records = turns(Random(6))
    await house.stores.conversations.copy_journal([{**each, "office": OFFICE} for each in records])
    return house


def cells(page: str, plot: str) -> list[list[str]]:
    """The rows of the table beside a plot, the total last."""
    table = re.search(rf'<table data-plot="{plot}">(.*?)</table>', page, re.DOTALL)
    assert table
    rows = re.findall(r"<tr>(.*?)</tr>", table[1], re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]


in_words = Words("id").number


async def test_page_and_files_agree(house: DeskHouse) -> None:
    """What the page shows, CSV and JSON hold, and ``antre report`` says the same, byte by byte."""
    await played(house)
    office = shipped_offices().get(OFFICE)
    assert office
    span = Range(FIRST, LAST)
    async with house.visitor("supervisor") as visitor:
        page = await visitor.text(f"/desk/reports?{SPAN}")
        for by in BYS:
            now, then = [
                await report_on(office, house.stores, each.first, each.last, by, ends=ENDS, now=NOW)
                for each in (span, span.before())
            ]
            report = compared(now, then)
            answer = await visitor.get(f"/desk/reports/csv?by={by}&{SPAN}")
            assert await answer.text() == csv_of(report)
            assert (
                f'filename="{OFFICE}-{by}-{FIRST}-{LAST}.csv"'
                in (answer.headers["Content-Disposition"])
            )
            answer = await visitor.get(f"/desk/reports/json?by={by}&{SPAN}")
            assert answer.content_type == "application/json"
            assert await answer.text() == json_of(report)
        days = await report_on(office, house.stores, FIRST, LAST, "day", ends=ENDS, now=NOW)
    assert days.total.figures["bookings"] > 10
    shown = cells(page, "queue")
    columns = ("served", "turned_away", "missed", "open", "quota")
    wanted = [[in_words(row.figures[name]) for name in columns] for row in (*days.rows, days.total)]
    assert [row[1:] for row in shown[1:]] == wanted
    for name in ("bookings", "came", "missed", "served", "booked"):
        told = re.search(rf'data-told="{name}".*?<dd>(\d+)', page, re.DOTALL)
        assert told
        assert int(told[1]) == days.total.figures[name]


async def test_excel_in_indonesia_opens_it(house: DeskHouse) -> None:
    """The file for Excel begins with a byte order mark, and has semicolons and decimal commas."""
    await played(house)
    async with house.visitor("supervisor") as visitor:
        plain = await (await visitor.get(f"/desk/reports/csv?by=day&{SPAN}")).text()
        answer = await visitor.get(f"/desk/reports/csv?by=day&{SPAN}&excel=yes")
        raw = await answer.read()
    assert raw.startswith(b"\xef\xbb\xbfday;")
    assert b"\r\n" in raw
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert lines == [
        [cell.replace(".", ",") for cell in line] for line in csv.reader(io.StringIO(plain))
    ]
    assert any("," in cell for cell in lines[-2])


async def test_one_office_alone(house: DeskHouse) -> None:
    """Each office's supervisor sees that office, whatever the address says."""
    await played(house)
    async with house.visitor("two") as two:
        assert (await two.get(f"/desk/reports/csv?{SPAN}&office={OFFICE}")).status == 403
        await two.post("/desk/office", office=OTHER)
        answer = await two.get(f"/desk/reports/csv?{SPAN}&office={OFFICE}")
        assert OTHER in answer.headers["Content-Disposition"]
        total = list(csv.DictReader(io.StringIO(await answer.text())))[-2]
    assert (total["day"], total["bookings"], total["messages"]) == ("total", "0", "0")


SCRIPTS = ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "+1+1", '"><img src=x onerror=x>')


@pytest.mark.parametrize("reason", SCRIPTS)
async def test_what_staff_typed_runs_nowhere(house: DeskHouse, reason: str) -> None:
    """Markup in a reason is shown as it is written, and nothing begins a formula."""
    seat = await book_number(house, 1, "BUDI CONTOH")
    queue = house.desk.queue()
    office, act = queue.office(OFFICE), Act("k1", staff("counter"))
    hour = datetime.combine(seat.day, seat.hour, office.zone)
    assert isinstance(await queue.check_in(office, seat.booking_code, act, hour), Seat)
    assert await queue.reject(seat, Act("k2", staff("counter"), reason=reason), hour)
    async with house.visitor("supervisor") as visitor:
        page = await (await visitor.get("/desk/reports?range=today")).text()
        raw = await (await visitor.get("/desk/reports/csv?by=reason&range=today")).text()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    typed = list(csv.reader(io.StringIO(raw)))[1][0]
    assert typed in unescape(page)
    assert typed[0] not in "=+-@\t"


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("from=x&to=2026-11-02", "no_date"),
        ("from=2026-11-02", "no_date"),
        ("from=2026-11-03&to=2026-11-02", "wrong_way"),
        ("from=2024-11-03&to=2026-11-02", "too_long"),
        ("from=0001-01-01&to=0001-01-02", "too_far"),
        ("from=9999-12-30&to=9999-12-31", "too_far"),
    ],
)
async def test_ranges_that_cannot_be(house: DeskHouse, query: str, key: str) -> None:
    """A range that cannot be is refused in words, on the page and in files."""
    today = NOW.date()
    with pytest.raises(CannotAskError) as cannot:
        asked(dict(part.split("=") for part in query.split("&")), today)
    assert cannot.value.key == f"reports.{key}"
    async with house.visitor("supervisor") as visitor:
        for path in ("", "/csv", "/json"):
            assert (await visitor.get(f"/desk/reports{path}?{query}")).status == 400
        assert (await visitor.get("/desk/reports/csv?by=name")).status == 404


@pytest.mark.parametrize(
    ("query", "days", "before", "grouping"),
    [
        ({}, ("2026-11-01", "2026-11-24"), ("2026-10-01", "2026-10-24"), "day"),
        ({"range": "today"}, ("2026-11-24", "2026-11-24"), ("2026-11-17", "2026-11-17"), "hour"),
        ({"range": "week"}, ("2026-11-23", "2026-11-24"), ("2026-11-16", "2026-11-17"), "day"),
        (
            {"range": "last_month"},
            ("2026-10-01", "2026-10-31"),
            ("2026-09-01", "2026-09-30"),
            "day",
        ),
        (
            {"from": "2026-01-05", "to": "2026-05-04"},
            ("2026-01-05", "2026-05-04"),
            ("2025-09-07", "2026-01-04"),
            "week",
        ),
        (
            {"from": "2026-01-01", "to": "2026-12-31"},
            ("2026-01-01", "2026-12-31"),
            ("2025-01-01", "2025-12-31"),
            "month",
        ),
        (
            {"from": "2026-03-01", "to": "2026-03-30"},
            ("2026-03-01", "2026-03-30"),
            ("2026-02-01", "2026-02-28"),
            "day",
        ),
        ({"range": "x", "group": "y"}, ("2026-11-01", "2026-11-24"), None, "day"),
        ({"group": "week"}, ("2026-11-01", "2026-11-24"), None, "week"),
    ],
)
def test_ranges(query: dict[str, str], days: Any, before: Any, grouping: str) -> None:
    """Names and dates, what they are compared with, and how fine the plots are by themselves."""
    what = asked(query, NOW.date())
    assert isinstance(what, Asked)
    assert what.days == Range(*map(date.fromisoformat, days))
    assert what.grouping == grouping
    if before:
        assert what.days.before() == Range(*map(date.fromisoformat, before))
    again = dict(part.split("=") for part in what.query(by="day").split("&"))
    assert asked(again, NOW.date()).days == what.days


async def test_what_is_being_counted(house: DeskHouse) -> None:
    """While the days are counted the page says so and looks again; then it shows them."""
    gate = asyncio.Event()
    of_day = house.stores.seats.of_day

    async def slow(office: str, day: date) -> Any:
        await gate.wait()
        return await of_day(office, day)

    object.__setattr__(house.stores.seats, "of_day", slow)
    async with house.visitor("supervisor") as visitor:
        assert 'http-equiv="refresh"' in await visitor.text("/desk/reports")
        gate.set()
        await (await visitor.get("/desk/reports/json")).read()
        assert 'http-equiv="refresh"' not in await visitor.text("/desk/reports")
