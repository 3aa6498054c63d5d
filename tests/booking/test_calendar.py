from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date

import pytest

from bot.booking.calendar import Closed, ClosedKind, WorkingCalendar
from bot.booking.office import Office

MakeOffice = Callable[..., Office]


@pytest.fixture
def calendar(make_office: MakeOffice) -> WorkingCalendar:
    """Of an office that closes on weekends and holidays only."""
    return WorkingCalendar(make_office())


class TestWorkingCalendar:
    @pytest.mark.parametrize(
        ("day", "kind", "reason"),
        [
            (date(2026, 11, 28), ClosedKind.WEEKDAY, "Sabtu"),
            (date(2026, 11, 29), ClosedKind.WEEKDAY, "Minggu"),
            (date(2026, 8, 17), ClosedKind.HOLIDAY, "Hari Kemerdekaan Republik Indonesia"),
            (date(2017, 8, 17), ClosedKind.HOLIDAY, "Hari Kemerdekaan Republik Indonesia"),
            (date(2026, 12, 24), ClosedKind.HOLIDAY, "Cuti Bersama Hari Raya Natal"),
            (date(2027, 1, 5), ClosedKind.HOLIDAY, "Isra Mikraj Nabi Muhammad"),
        ],
    )
    def test_closed_days_say_why(
        self, calendar: WorkingCalendar, day: date, kind: ClosedKind, reason: str
    ) -> None:
        """Weekends, public holidays and joint days are closed, each with its Indonesian name."""
        assert calendar.why_closed(day) == Closed(kind, reason)
        assert not calendar.is_open(day)

    @pytest.mark.parametrize(
        "day", [date(2017, 8, 8), date(2026, 11, 24), date(2026, 12, 23), date(2027, 1, 4)]
    )
    def test_working_days_are_open(self, calendar: WorkingCalendar, day: date) -> None:
        """Ordinary weekdays, such as the Tuesday Tempo visited, are open."""
        assert calendar.why_closed(day) is None
        assert calendar.is_open(day)

    def test_staff_close_a_working_day(self, make_office: MakeOffice) -> None:
        """A date under ``closed`` is closed, with the reason staff wrote."""
        calendar = WorkingCalendar(make_office(closed={"2026-11-24": "Stok opname"}))
        assert calendar.why_closed(date(2026, 11, 24)) == Closed(ClosedKind.STAFF, "Stok opname")

    def test_staff_open_a_holiday_and_a_weekend(self, make_office: MakeOffice) -> None:
        """A date under ``opened`` is open whatever the calendar says."""
        calendar = WorkingCalendar(make_office(opened=["2026-12-24", "2026-11-28"]))
        assert calendar.is_open(date(2026, 12, 24))
        assert calendar.is_open(date(2026, 11, 28))

    def test_an_office_may_serve_on_weekends(self, make_office: MakeOffice) -> None:
        """Closing days are the office's; holidays still hold."""
        calendar = WorkingCalendar(make_office(closed_weekdays=["friday"]))
        assert calendar.is_open(date(2026, 11, 28))
        assert not calendar.is_open(date(2026, 11, 27))
        assert not calendar.is_open(date(2026, 12, 24))

    def test_open_days_skip_closed_ones_over_the_new_year(self, calendar: WorkingCalendar) -> None:
        """Both ends are included; weekends and the holidays of both years fall out."""
        days = list(calendar.open_days(date(2026, 12, 23), date(2027, 1, 6)))
        assert [day.isoformat()[5:] for day in days] == [
            "12-23", "12-28", "12-29", "12-30", "12-31", "01-04", "01-06",
        ]  # fmt: skip

    def test_no_days_when_the_last_is_before_the_first(self, calendar: WorkingCalendar) -> None:
        """An empty span has no days."""
        assert list(calendar.open_days(date(2026, 11, 24), date(2026, 11, 23))) == []

    def test_heavy_libraries_wait_for_the_first_question(self) -> None:
        """Importing the rules does not pay for holidays, pictures and telephone numbers."""
        lines = "import sys, bot.booking.plan, bot.booking.barcode; print(*sys.modules)"
        run = subprocess.run([sys.executable, "-c", lines], capture_output=True, check=True)  # noqa: S603 - our own interpreter and words
        loaded = set(run.stdout.decode().split())
        assert "bot.booking.plan" in loaded
        assert not loaded & {"holidays", "PIL", "barcode", "phonenumbers"}
