"""Every figure of a month of everything, against a count of its own over trails and journal."""

import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time
from html import unescape
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.booking.calendar import WorkingCalendar
from bot.booking.counter import walk_in_line
from bot.booking.office import Office, Offices
from bot.booking.seats import Seat
from bot.day_desk import DayDesk
from bot.reports.columns import By
from bot.reports.report import Report, report_on
from bot.reports.sums import days_of
from bot.stores import Stores
from storage.stores import stores_in_memory
from tests.support.counted_trails import (
    Case,
    Talk,
    cases_of,
    counted,
    nearest_rank,
    talks_of,
    times_of,
)
from tests.support.desk import ENDS, OFFICE, open_house
from tests.support.whole_month import WholeMonth, dialogues

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)
CLOSING = date(2026, 12, 16)
HOLIDAYS = {date(2026, 12, 24), date(2026, 12, 25)}
NOW = datetime(2027, 1, 2, 3, tzinfo=UTC)
ENDS_OF_VISITS = (
    *("to_come", "cancelled", "rescheduled", "released", "no_show", "late", "voided"),
    *("waiting", "served", "rejected", "left"),
)


def office_in(zone: str) -> Office:
    """An office with a session until midnight."""
    name = {"id": "Sesi"}
    return Office.model_validate(
        {
            "id": OFFICE,
            "name": "Kantor Contoh",
            "short_name": "Contoh",
            "prefix": "CTH",
            "time_zone": zone,
            "flow": "passport_guided",
            "walk_in_seats": 4,
            "reschedules": 1,
            "cancel": "until_day_before",
            "late_grace_minutes": 30,
            "sessions": [
                {"id": "pagi", "name": name, "from": "08:00", "until": "11:00", "seats": 9},
                {"id": "malam", "name": name, "from": "22:00", "until": "23:00", "seats": 8},
            ],
        }
    )


Played = tuple[Office, Stores, list[Case], list[Talk]]


@pytest_asyncio.fixture(
    scope="module", loop_scope="module", params=["Asia/Makassar", "Asia/Jayapura"]
)
async def played(request: pytest.FixtureRequest) -> Played:
    """The month, at an office whose nights are other days elsewhere."""
    office, stores = office_in(request.param), stores_in_memory()
    random = Random(request.param)
    await WholeMonth(office, stores, random, CLOSING).play(FIRST, LAST)
    office, _ = await DayDesk(Offices([office]), office.id, stores, random).look()
    records = dialogues(office, FIRST, LAST, random)
    await stores.conversations.copy_journal(records)
    seats: list[Seat] = []
    for day in days_of(FIRST, LAST):
        seats += await stores.seats.of_day(office.id, day)
        seats += await stores.seats.withdrawn(office.id, day)
        seats += await stores.seats.of_day(walk_in_line(office), day)
    talks = [talk for talk in talks_of(records, office.zone) if FIRST <= talk.day <= LAST]
    return office, stores, cases_of(seats), talks


async def reported(played: Played, by: By) -> Report:
    """What the reports say."""
    office, stores, *_ = played
    return await report_on(office, stores, FIRST, LAST, by, ends=ENDS, now=NOW)


def group_of(by: By, case: Case, came: datetime | None, zone: ZoneInfo) -> str:
    """Where a case counts; its arrival by the hour it was."""
    if by == "session":
        return "walk_in" if case.walk_in else case.seat.session
    hour = case.seat.hour.hour
    if came or case.walk_in:
        hour = (came or case.done[0][1].astimezone(zone)).hour
    return called(by, case.seat.day, hour)


def called(by: By, day: date, hour: int) -> str:
    """What reports call a group."""
    keys = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "weekday": "%u"}
    keys |= {"hour": f"{hour:02d}:00", "weekday_hour": f"%u {hour:02d}:00"}
    return day.strftime(keys[by])


def grouped(by: By, cases: list[Case], zone: ZoneInfo) -> Any:
    """Counts and seconds by group."""
    return counted(cases, zone, lambda case, came: group_of(by, case, came, zone))


TIMES: tuple[By, ...] = ("day", "week", "month", "weekday", "weekday_hour", "hour", "session")


async def test_what_happened_in_it(played: Played) -> None:
    """The month has everything that a figure could be wrong about."""
    office, _, cases, talks = played
    outcomes = {case.outcome for case in cases}
    assert outcomes >= set(ENDS_OF_VISITS) - {"voided", "waiting", "to_come"}
    assert any(case.undone for case in cases)
    assert {case.seat.day for case in cases}.isdisjoint(HOLIDAYS)
    assert any(case.end == "rescheduled" for case in cases if case.seat.day == CLOSING)
    assert all(case.end for case in cases if case.seat.day == CLOSING)
    over = [case.done[-1][1].astimezone(office.zone) for case in cases]
    assert any(moment.time() < time(1) for moment in over)  # past midnight
    assert any(moment.astimezone(UTC).date() != moment.date() for moment in over)
    assert any(talk.turns[0]["local"].hour == 0 for talk in talks)
    counters = {event.by for case in cases for event in case.seat.trail if event.step == "called"}
    assert counters == {"staff:rina", "staff:agus"}


@pytest.mark.parametrize("by", TIMES)
async def test_bookings_and_times(played: Played, by: By) -> None:
    """Counts, sums and times of every group are what the trails say, no group more or less."""
    office, _, cases, _ = played
    counts, spans = grouped(by, cases, office.zone)
    report = await reported(played, by)
    rows = {row.key: row.figures for row in report.rows}
    assert counts.keys() <= rows.keys()
    for key, figures in rows.items():
        wanted = counts[key]
        for name in ("bookings", "walk_ins", "came", *ENDS_OF_VISITS):
            assert figures[name] == wanted[name], (key, name)
        missed = wanted["no_show"] + wanted["late"] + wanted["voided"]
        assert figures["missed"] == missed
        assert figures["open"] == wanted["waiting"] + wanted["to_come"]
        assert figures["turned_away"] == wanted["rejected"] + wanted["left"]
        if expected := missed + wanted["came"]:
            assert figures["missed_percent"] == round(100 * missed / expected, 1)
        if by != "session":
            assert figures["arrived"] == wanted["arrived"], key
        for what in ("wait", "service"):
            lengths = spans[key][what]
            assert figures[f"{what}_median"] == nearest_rank(lengths, 0.5)
            assert figures[f"{what}_p90"] == nearest_rank(lengths, 0.9)
            mean = round(sum(lengths) / len(lengths) / 60, 1) if lengths else None
            assert figures[f"{what}_mean"] == mean
    for name in ("bookings", "walk_ins", "came", *ENDS_OF_VISITS):
        assert report.total.figures[name] == sum(each[name] for each in counts.values())


async def test_quota(played: Played) -> None:
    """Seventeen places each working day but the one that was closed; none on other days."""
    report = await reported(played, "day")
    office, *_ = played
    for row in report.rows:
        day = date.fromisoformat(row.key)
        works = day.isoweekday() < 6 and day not in {*HOLIDAYS, CLOSING}
        assert WorkingCalendar(office).is_open(day) == works
        assert row.figures["quota"] == (17 if works else 0), day


DEEDS = {
    "checked_in": "checked_in",
    "called": "called",
    "served": "served",
    "rejected": "rejected",
    "voided": "voids",
    "walked_in": "walk_ins",
}


async def test_staff(played: Played) -> None:
    """Who did what, and what they took back; times of those who served five or more."""
    _, _, cases, _ = played
    wanted: dict[str, Counter[str]] = defaultdict(Counter)
    spans: dict[str, list[int]] = defaultdict(list)
    for case in cases:
        for who in case.undone:
            wanted[who]["undone"] += 1
        deeds = [] if case.end else [each for step in DEEDS if (each := case.first(step))]
        for step, _, by, _ in deeds:
            wanted[by][DEEDS[step]] += 1
        if (length := times_of(case).get("service")) is not None:
            spans[case.done[-1][2]].append(length)
    report = await reported(played, "staff")
    assert {row.key for row in report.rows} == wanted.keys()
    for row in report.rows:
        for what in (*DEEDS.values(), "undone"):
            assert row.figures[what] == wanted[row.key][what], (row.key, what)
        assert row.figures["service_median"] == nearest_rank(spans[row.key], 0.5)
        assert row.figures["service_p90"] == nearest_rank(spans[row.key], 0.9)
    assert report.total.figures["undone"] == sum(len(case.undone) for case in cases)


async def test_reasons(played: Played) -> None:
    """Why people were sent away."""
    _, _, cases, _ = played
    wanted: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        step, _, _, reason = case.done[-1]
        if step in {"rejected", "voided"} and not case.end:
            wanted[reason.lower()][DEEDS[step]] += 1
    rows = {row.key: row.figures for row in (await reported(played, "reason")).rows}
    assert rows.keys() == wanted.keys()
    for reason, figures in rows.items():
        assert dict(figures) == {name: wanted[reason][name] for name in figures}


@pytest.mark.parametrize("by", ["day", "week", "month", "weekday", "weekday_hour", "hour"])
async def test_dialogues(played: Played, by: By) -> None:
    """Messages count where they were written, dialogues where they began."""
    _, _, _, talks = played
    wanted: dict[str, dict[str, int]] = {}
    for talk in talks:
        begun = wanted.setdefault(called(by, talk.day, talk.hour), {})
        begun["dialogues"] = begun.get("dialogues", 0) + 1
        begun["booked"] = begun.get("booked", 0) + talk.booked
        for turn in talk.turns:
            group = wanted.setdefault(called(by, talk.day, turn["local"].hour), {})
            group["messages"] = group.get("messages", 0) + 1
            lost = turn["understood"]["intent"] == "none"
            group["misunderstood"] = group.get("misunderstood", 0) + lost
    rows = {row.key: row.figures for row in (await reported(played, by)).rows}
    assert wanted.keys() <= rows.keys()
    for group, figures in rows.items():
        for what in ("messages", "misunderstood", "dialogues", "booked"):
            assert figures[what] == wanted.get(group, {}).get(what, 0), (group, what)


async def test_the_funnel(played: Played) -> None:
    """How many dialogues came to each state, and gave up there."""
    _, _, _, talks = played
    report = await reported(played, "state")
    for row in report.rows:
        there = [talk for talk in talks if row.key in talk.states]
        assert row.figures["dialogues"] == len(there), row.key
        assert row.figures["booked"] == sum(talk.booked for talk in there)
        stopped = [talk for talk in there if talk.last == row.key and not talk.booked]
        assert row.figures["given_up"] == (0 if row.key in ENDS else len(stopped)), row.key
    assert {row.key for row in report.rows} == {
        "start",
        *(state for talk in talks for state in talk.states),
    }


def scale_of(chart: str) -> tuple[float, float]:
    """Where zero is drawn, and how high one is."""
    lines = re.findall(r'class="grid" d="M[\d.]+ ([\d.]+)H', chart)
    levels = re.findall(r'<text class="tick" [^>]*text-anchor="end">([\d.,]+)<', chart)
    floor, top = float(lines[0]), float(lines[-1])
    return floor, (floor - top) / float(levels[-1].replace(".", "").replace(",", "."))


def marks(chart: str, name: str) -> list[float]:
    """The figures that a chart's marks of one kind stand at, from the left; their middle counts."""
    floor, unit = scale_of(chart)
    found = re.findall(rf'class="mark mark-{name}" data-figure="{name}" (.*?)/>', chart)
    ys: list[float] = []
    for mark in found:
        if circle := re.search(r'cy="([\d.]+)"', mark):
            ys.append(float(circle[1]))
        elif square := re.search(r'\by="([\d.]+)"', mark):
            ys.append(float(square[1]) + 3)
        elif path := re.search(r'd="M[\d.]+ ([\d.]+)(l?)', mark):
            ys.append(float(path[1]) + (4 if path[2] else 0))
    assert len(ys) == len(found)
    return [round((floor - y) / unit, 3) for y in ys]


async def page_of(played: Played) -> str:
    """The page of the month, by day."""
    office, stores, *_ = played
    async with open_house(stores, offices=Offices([office])) as house:
        house.moment = NOW
        async with house.visitor("supervisor") as visitor:
            return str(await visitor.text(f"/desk/reports?from={FIRST}&to={LAST}&group=day"))


async def test_where_marks_stand(played: Played) -> None:
    """Quota, times and dialogues are drawn at the height of the figures."""
    office, _, cases, talks = played
    charts = re.findall(r'<svg class="chart".*?</svg>', await page_of(played), re.DOTALL)
    _, spans = grouped("day", cases, office.zone)
    _, unit = scale_of(charts[0])
    quota = [17.0 if WorkingCalendar(office).is_open(day) else 0.0 for day in days_of(FIRST, LAST)]
    drawn = [each for each in marks(charts[0], "quota") if each > 1]
    assert drawn == pytest.approx([each for each in quota if each], abs=0.1 / unit)
    for what, part in (("wait", 0.5), ("wait", 0.9), ("service", 0.5)):
        name = f"{what}_{'p90' if part > 0.5 else 'median'}"
        told = [nearest_rank(spans[str(day)][what], part) for day in days_of(FIRST, LAST)]
        _, unit = scale_of(charts[1])
        known = [each for each in told if each is not None]
        assert marks(charts[1], name) == pytest.approx(known, abs=0.1 / unit), name
    begun = Counter(talk.day for talk in talks)
    won = Counter(talk.day for talk in talks if talk.booked)
    talked = [day for day in days_of(FIRST, LAST) if begun[day]]
    _, unit = scale_of(charts[2])
    drawn = re.findall(r'data-figure="dialogues".*? height="([\d.]+)"', charts[2])
    assert [round(float(each) / unit, 1) for each in drawn] == [begun[day] for day in talked]
    assert [round(each) for each in marks(charts[2], "booked")] == [won[day] for day in talked]


async def test_what_the_page_draws(played: Played) -> None:
    """Bars are as high as the figures, cells and rows say them, and words beside them agree."""
    office, _, cases, talks = played
    page = await page_of(played)
    counts, spans = grouped("day", cases, office.zone)
    charts = re.findall(r'<svg class="chart".*?</svg>', page, re.DOTALL)
    assert len(charts) == 3
    floor, unit = scale_of(charts[0])
    columns = re.findall(r'<g class="column">(.*?)</g>', charts[0], re.DOTALL)
    for day, column in zip(days_of(FIRST, LAST), columns, strict=True):
        wanted = counts[str(day)]
        parts = re.findall(
            r'data-figure="(\w+)".*? y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', column
        )
        drawn = {name: round(float(height) / unit, 1) for name, _, height in parts}
        feet = [float(y) + float(height) for _, y, height in parts]
        heads = [floor, *(float(y) for _, y, _ in parts)]
        assert feet == pytest.approx(heads[: len(feet)], abs=0.02)  # each stands on the one below
        told = {
            "served": wanted["served"],
            "turned_away": wanted["rejected"] + wanted["left"],
            "missed": wanted["no_show"] + wanted["late"] + wanted["voided"],
            "open": wanted["waiting"] + wanted["to_come"],
        }
        assert drawn == {name: value for name, value in told.items() if value}, day
        assert f"Dilayani {wanted['served']}," in column
    waits = re.findall(r"Tunggu \(median\) (–|\d+(?:,\d)?)", charts[1])  # noqa: RUF001 - the dash of words
    medians = [nearest_rank(spans[str(day)]["wait"], 0.5) for day in days_of(FIRST, LAST)]
    assert [None if wait == "–" else float(wait.replace(",", ".")) for wait in waits] == medians  # noqa: RUF001
    hours = re.findall(
        r'<table class="heat" data-heat="(\w+)">.*?<tfoot>(.*?)</tfoot>', page, re.DOTALL
    )
    for name, foot in hours:
        sums = [int(each) for each in re.findall(r">(\d+)</td>", foot)]
        assert sum(sums[:-1]) == sums[-1]
        whole = sum(len(talk.turns) for talk in talks)
        arrived = sum(each["arrived"] for each in counts.values())
        assert sums[-1] == (arrived if name == "arrived" else whole)
    funnel = unescape(page).partition('data-report="state"')[2]
    row = re.search(r'data-key="cancel.asking">.*?</tr>', funnel, re.DOTALL)
    assert row
    figures = [int(each) for each in re.findall(r'number">(\d+)</td>', row[0])]
    there = [talk for talk in talks if "cancel.asking" in talk.states]
    stopped = [talk for talk in there if talk.last == "cancel.asking" and not talk.booked]
    assert figures == [len(there), sum(talk.booked for talk in there), len(stopped)]
