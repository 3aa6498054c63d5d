from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.booking.calendar import Closed, ClosedKind
from bot.booking.office import Office
from bot.booking.plan import DayProblem, DayProblemKind, bookable_days, check_day, seats_of

MakeOffice = Callable[..., Office]

TUESDAY = date(2026, 11, 24)
TUESDAY_MORNING = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # 07.30 in Jakarta


@st.composite
def days(draw: st.DrawFn) -> dict[str, Any]:
    """Slot length and sessions of a day, as staff might write them."""
    slot = draw(st.sampled_from([15, 20, 30, 60]))
    sessions = []
    minute = draw(st.integers(0, 5)) * 60
    for number in range(draw(st.integers(1, 3))):
        start = minute + draw(st.integers(0, 2)) * slot
        minute = start + draw(st.integers(1, 4)) * slot
        begins, ends = (f"{at // 60:02d}:{at % 60:02d}" for at in (start, minute))
        seats = draw(st.integers(1, 120))
        name = f"sesi_{number}"
        sessions.append(
            {"id": name, "name": {"id": name}, "from": begins, "until": ends, "seats": seats}
        )
    return {"slot_minutes": slot, "sessions": sessions}


class TestSeatsOf:
    def test_a_small_day_in_full(self, make_office: MakeOffice) -> None:
        """Eight seats over four hours, three over two: even, and numbered through the day."""
        seats = seats_of(make_office(), TUESDAY)
        assert [(seat.number, seat.session, seat.hour.hour) for seat in seats] == [
            (1, "pagi", 8), (2, "pagi", 8), (3, "pagi", 9), (4, "pagi", 9),
            (5, "pagi", 10), (6, "pagi", 10), (7, "pagi", 11), (8, "pagi", 11),
            (9, "siang", 13), (10, "siang", 13), (11, "siang", 14),
        ]  # fmt: skip

    def test_seats_carry_office_and_day_and_are_free(self, make_office: MakeOffice) -> None:
        """A planned seat is nobody's."""
        first = seats_of(make_office(), TUESDAY)[0]
        assert first.id == "kota_contoh:2026-11-24:001"
        assert not first.is_active(TUESDAY_MORNING, TUESDAY)

    @given(day=days())
    def test_every_day_is_whole_ordered_and_even(
        self, make_office: MakeOffice, day: dict[str, Any]
    ) -> None:
        """Numbers run from 1 to the quota, hours never go back or leave their session, and no
        hour of a session is more than one applicant fuller than another.
        """
        office = make_office(**day)
        seats = seats_of(office, TUESDAY)
        assert [seat.number for seat in seats] == list(range(1, office.quota + 1))
        assert all(one.hour <= next_.hour for one, next_ in pairwise(seats))
        for session in office.sessions:
            hours = [seat.hour for seat in seats if seat.session == session.id]
            assert len(hours) == session.seats
            assert all(session.start <= hour < session.until for hour in hours)
            crowds = [hours.count(hour) for hour in session.hours(office.slot_minutes)]
            assert max(crowds) - min(crowds) <= 1


class TestBookableDays:
    def test_from_tomorrow_to_the_horizon(self, make_office: MakeOffice) -> None:
        """Without further rules: open days from tomorrow to 30 days ahead."""
        found = list(bookable_days(make_office(), TUESDAY_MORNING))
        assert found[0] == date(2026, 11, 25)
        assert found[-1] == date(2026, 12, 23)  # the 24th is a joint day
        assert len(found) == 21

    def test_tomorrow_is_the_offices_tomorrow(self, make_office: MakeOffice) -> None:
        """At 23.30 UTC it is the next morning in Jakarta, and its tomorrow a day later."""
        night = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
        assert next(bookable_days(make_office(), night)) == date(2026, 11, 25)
        assert next(bookable_days(make_office(time_zone="UTC"), night)) == TUESDAY

    def test_as_of_tempos_monday_in_2017(self, make_office: MakeOffice) -> None:
        """On Monday 7 August 2017 the Tuesday of the report can be booked, Independence Day not."""
        found = list(bookable_days(make_office(), datetime(2017, 8, 7, 3, tzinfo=UTC)))
        assert found[0] == date(2017, 8, 8)
        assert date(2017, 8, 17) not in found

    def test_today_is_bookable_while_its_first_hour_can_be_reached(
        self, make_office: MakeOffice
    ) -> None:
        """With ``lead_days: 0``, until ``arrive_minutes`` before the first hour and no later."""
        office = make_office(lead_days=0)
        late = TUESDAY_MORNING + timedelta(seconds=1)
        assert next(bookable_days(office, TUESDAY_MORNING)) == TUESDAY
        assert next(bookable_days(office, late)) == date(2026, 11, 25)


class TestCheckDay:
    @pytest.mark.parametrize(
        ("day", "kind"),
        [
            (date(2026, 11, 23), DayProblemKind.PAST),
            (date(1990, 8, 17), DayProblemKind.PAST),
            (date(2026, 11, 24), DayProblemKind.TOO_SOON),
            (date(2026, 11, 25), None),
            (date(2026, 12, 23), None),
            (date(2026, 12, 25), DayProblemKind.TOO_FAR),
            (date.max, DayProblemKind.TOO_FAR),
        ],
    )
    def test_bounds(self, make_office: MakeOffice, day: date, kind: DayProblemKind | None) -> None:
        """Past, too soon and too far are told apart."""
        expected = None if kind is None else DayProblem(kind)
        assert check_day(make_office(), day, TUESDAY_MORNING) == expected

    def test_a_closed_day_says_why(self, make_office: MakeOffice) -> None:
        """The reason goes into the answer."""
        assert check_day(make_office(), date(2026, 12, 24), TUESDAY_MORNING) == DayProblem(
            DayProblemKind.CLOSED, Closed(ClosedKind.HOLIDAY, "Cuti Bersama Hari Raya Natal")
        )

    def test_today_is_too_soon_once_its_first_hour_is_lost(self, make_office: MakeOffice) -> None:
        """Same-day booking ends with the day's first hour."""
        office = make_office(lead_days=0)
        noon = datetime.combine(TUESDAY, time(12), office.zone)
        assert check_day(office, TUESDAY, TUESDAY_MORNING) is None
        assert check_day(office, TUESDAY, noon) == DayProblem(DayProblemKind.TOO_SOON)

    @settings(deadline=None)  # the first example loads the holidays
    @given(ahead=st.integers(-40, 40), lead=st.integers(0, 5), hour=st.integers(0, 23))
    def test_agrees_with_the_days_offered(
        self, make_office: MakeOffice, ahead: int, lead: int, hour: int
    ) -> None:
        """A day has no problem exactly when it is among the bookable ones."""
        office = make_office(lead_days=lead)
        now = datetime(2026, 12, 1, hour, tzinfo=UTC)
        day = office.today(now) + timedelta(days=ahead)
        offered = day in set(bookable_days(office, now))
        assert (check_day(office, day, now) is None) == offered
