"""Changes to days laid over the offices of the file."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

from bot.booking.calendar import WorkingCalendar
from bot.booking.days import (
    DayChange,
    OfficeDays,
    change_day,
    closing,
    laid_over,
    opening,
    seating,
)
from bot.booking.office import Office, Offices
from storage.memory_calendar import MemoryCalendar

CHRISTMAS, TUESDAY = date(2026, 12, 25), date(2026, 12, 8)
EVENT = {"at": datetime(2026, 11, 23, tzinfo=UTC), "by": "staff:ani", "step": "closed"}


def changed(office: Office, **days: DayChange) -> Office:
    """The office with changes, ``d2026_12_08=DayChange(…)``."""
    by_day = {date.fromisoformat(key[1:].replace("_", "-")): c for key, c in days.items()}
    (found,) = laid_over(Offices([office]), [OfficeDays(office.id, 1, by_day)])
    return found


def is_open(office: Office, day: date) -> bool:
    """Whether the office serves a day."""
    return WorkingCalendar(office).is_open(day)


def test_a_closed_day_is_closed_with_its_reason(make_office: Any) -> None:
    """Also one that the file had opened."""
    office = make_office(opened=["2026-12-08"])
    closed = WorkingCalendar(changed(office, d2026_12_08=DayChange(closed="Banjir")))
    why = closed.why_closed(TUESDAY)
    assert why is not None
    assert why.reason == "Banjir"
    assert closed.is_open(date(2026, 12, 9))


def test_an_opened_day_is_open_against_file_and_calendar(make_office: Any) -> None:
    """A holiday, and a date the file closed."""
    office = make_office(closed={"2026-12-08": "Arsip"})
    opened = changed(office, d2026_12_25=DayChange(opened=True), d2026_12_08=DayChange(opened=True))
    assert is_open(opened, CHRISTMAS)
    assert is_open(opened, TUESDAY)
    assert not is_open(office, CHRISTMAS)


def test_other_quotas_leave_the_other_sessions_and_days(make_office: Any) -> None:
    """Only what was changed differs."""
    office = changed(
        make_office(quotas={"2026-12-08": {"siang": 1}}),
        d2026_12_08=DayChange(seats={"pagi": 20}),
    )
    assert [(s.id, s.seats) for s in office.sessions_on(TUESDAY)] == [("pagi", 20), ("siang", 1)]
    assert office.quota_on(date(2026, 12, 9)) == 11


def test_without_changes_the_offices_are_the_same_object(make_office: Any) -> None:
    """Nothing is built anew every second."""
    offices = Offices([make_office()])
    assert laid_over(offices, []) is offices
    assert laid_over(offices, [OfficeDays("kota_contoh", 2, {})]) is offices
    assert list(laid_over(offices, [OfficeDays("gone", 1, {TUESDAY: DayChange("x")})])) == list(
        offices
    )


async def test_closing_and_opening_again_leaves_nothing(make_office: Any) -> None:
    """Opening takes a closing back; a holiday it opens against the calendar."""
    store, office = MemoryCalendar(), make_office()
    await change_day(store, office.id, TUESDAY, closing("Banjir"), EVENT)
    await change_day(store, office.id, TUESDAY, opening(office, TUESDAY, is_open), EVENT)
    after = await change_day(
        store, office.id, CHRISTMAS, opening(office, CHRISTMAS, is_open), EVENT
    )
    assert after == OfficeDays(office.id, 3, {CHRISTMAS: DayChange(opened=True)})
    assert [event["day"] for event in await store.trail(office.id)] == [
        "2026-12-08", "2026-12-08", "2026-12-25",
    ]  # fmt: skip


async def test_people_changing_days_at_once_lose_nothing() -> None:
    """Every change of ten stands in the end."""
    store = MemoryCalendar()
    days = [date(2026, 12, day) for day in range(1, 11)]
    await asyncio.gather(
        *(change_day(store, "kota_contoh", day, seating({"pagi": day.day}), EVENT) for day in days)
    )
    (after,) = await store.all()
    assert {day: change.seats["pagi"] for day, change in after.days.items()} == {
        day: day.day for day in days
    }
