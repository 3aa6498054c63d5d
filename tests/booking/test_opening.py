from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.booking.office import Office
from bot.booking.plan import DayProblemKind, bookable_days, check_day, opens_next

MakeOffice = Callable[..., Office]

FRIDAY = {"weekday": "friday", "at": "14:00", "days": "next_week"}


def jakarta(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of 2026 on Jakarta's clock."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


class TestOpens:
    def test_next_week_opens_on_friday_at_two(self, make_office: MakeOffice) -> None:
        """Until the moment only this week can be booked; from then on the next one can."""
        office = make_office(opens=FRIDAY)
        before = list(bookable_days(office, jakarta(27, 13, 59)))
        after = list(bookable_days(office, jakarta(27, 14)))
        assert before == []  # a Friday: nothing is left of this week
        assert (after[0], after[-1]) == (date(2026, 11, 30), date(2026, 12, 4))

    def test_without_the_rule_days_open_one_by_one(self, make_office: MakeOffice) -> None:
        """The rolling horizon."""
        assert len(list(bookable_days(make_office(), jakarta(27, 13)))) > 5
        assert opens_next(make_office(), jakarta(27, 13)) is None

    def test_a_day_says_when_it_opens(self, make_office: MakeOffice) -> None:
        """The moment is the Friday before, at the office's time."""
        problem = check_day(make_office(opens=FRIDAY), date(2026, 12, 1), jakarta(24, 9))
        assert problem is not None
        assert problem.kind is DayProblemKind.NOT_OPEN_YET
        assert problem.opens_at == jakarta(27, 14)

    def test_the_week_after_next_opens_a_week_earlier(self, make_office: MakeOffice) -> None:
        """``week_after_next``: always a whole week ahead of ``next_week``."""
        office = make_office(opens=FRIDAY | {"days": "week_after_next"})
        days = list(bookable_days(office, jakarta(24, 9)))
        assert (days[0], days[-1]) == (date(2026, 11, 25), date(2026, 12, 4))
        assert opens_next(office, jakarta(24, 9)) == jakarta(27, 14)

    def test_the_horizon_still_ends_it(self, make_office: MakeOffice) -> None:
        """A day beyond ``horizon_days`` is too far, not just closed yet."""
        office = make_office(opens=FRIDAY, horizon_days=10)
        problem = check_day(office, date(2026, 12, 30), jakarta(24, 9))
        assert problem is not None
        assert problem.kind is DayProblemKind.TOO_FAR

    @settings(deadline=None)  # the first example loads the holidays
    @given(
        moment=st.datetimes(datetime(2026, 11, 1), datetime(2027, 2, 1)),  # noqa: DTZ001 - made aware below
        ahead=st.integers(0, 30),
        weekday=st.sampled_from(["monday", "friday", "sunday"]),
        days=st.sampled_from(["next_week", "week_after_next"]),
    )
    def test_what_is_offered_is_what_is_open(
        self, make_office: MakeOffice, moment: datetime, ahead: int, weekday: str, days: str
    ) -> None:
        """A day is among the bookable ones exactly when nothing keeps it from being booked, and
        the next opening lies ahead and brings a further week.
        """
        now = moment.replace(tzinfo=UTC)
        office = make_office(opens={"weekday": weekday, "at": "14:00", "days": days})
        day = office.today(now) + timedelta(days=ahead)
        offered = list(bookable_days(office, now))
        assert (check_day(office, day, now) is None) == (day in offered)
        opens = opens_next(office, now)
        assert opens is not None
        assert timedelta() < opens - now <= timedelta(weeks=1)


class TestServiceHours:
    @pytest.mark.parametrize(
        ("now", "opens"),
        [
            (jakarta(23, 7, 29), jakarta(23, 7, 30)),
            (jakarta(23, 7, 30), None),
            (jakarta(23, 9, 59), None),
            (jakarta(23, 10), jakarta(24, 7, 30)),
            (jakarta(23, 23), jakarta(24, 7, 30)),
        ],
    )
    def test_when_to_write(
        self, make_office: MakeOffice, now: datetime, opens: datetime | None
    ) -> None:
        """Inside, now; before, today; after, tomorrow (Source: 002_…, Batam 07.30 to 10.00)."""
        office = make_office(service_hours={"from": "07:30", "until": "10:00"})
        assert office.service_hours
        assert office.service_hours.opens_at(office.local(now)) == opens

    def test_hours_that_end_before_they_begin_are_refused(self, make_office: MakeOffice) -> None:
        """No number is open backwards."""
        with pytest.raises(ValidationError, match="must end after they begin"):
            make_office(service_hours={"from": "10:00", "until": "07:30"})
