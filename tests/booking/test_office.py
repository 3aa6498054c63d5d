from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from bot.booking.office import Cancel, Office

MakeOffice = Callable[..., Office]


def sessions(*parts: tuple[str, str, str]) -> list[dict[str, Any]]:
    """Sessions as staff write them, of an id, a beginning and an end each."""
    return [
        {"id": name, "name": {"id": name}, "from": start, "until": until, "seats": 5}
        for name, start, until in parts
    ]


class TestOffice:
    def test_rules_not_written_have_the_services_usual_values(
        self, make_office: MakeOffice
    ) -> None:
        """An office that writes no rules behaves as the press reports tell."""
        office = make_office()
        assert office.arrive_minutes == 30
        assert office.dates_offered == 5
        assert office.hold_minutes == 15
        assert office.wrong_code_tries == 3
        assert office.active_per_sender == 1
        assert office.cancel is Cancel.UNTIL_DAY_BEFORE
        assert office.closed_weekdays == {"saturday", "sunday"}

    def test_quota_is_the_sum_of_its_sessions(self, make_office: MakeOffice) -> None:
        """The quota is never written, so it cannot contradict the sessions."""
        assert make_office().quota == 11

    def test_session_by_id(self, make_office: MakeOffice) -> None:
        """A seat's session id leads back to the session."""
        assert make_office().session("siang").seats == 3

    @pytest.mark.parametrize(
        ("zone", "now", "today"),
        [
            ("Asia/Jakarta", datetime(2026, 11, 22, 23, 30, tzinfo=UTC), date(2026, 11, 23)),
            ("Asia/Jakarta", datetime(2026, 11, 22, 16, 59, tzinfo=UTC), date(2026, 11, 22)),
            ("Asia/Makassar", datetime(2026, 11, 22, 16, 0, tzinfo=UTC), date(2026, 11, 23)),
            ("Asia/Jayapura", datetime(2026, 11, 22, 15, 0, tzinfo=UTC), date(2026, 11, 23)),
        ],
    )
    def test_today_is_the_offices_own(
        self, make_office: MakeOffice, zone: str, now: datetime, today: date
    ) -> None:
        """The day changes at midnight at the office, not in UTC."""
        assert make_office(time_zone=zone).today(now) == today

    def test_a_naive_moment_is_refused(self, make_office: MakeOffice) -> None:
        """A moment without a zone would silently be taken for the server's."""
        with pytest.raises(ValueError, match="without a time zone"):
            make_office().local(datetime(2026, 11, 22, 8))  # noqa: DTZ001 - naive on purpose

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"time_zone": "Asia/Jakart"}, "no time zone 'Asia/Jakart'"),
            ({"time_zone": "../etc/passwd"}, "no time zone"),
            ({"prefix": "JOG"}, "without I, L and O"),
            ({"prefix": "JK"}, "three capital letters"),
            ({"id": "web:kota"}, "small letters"),
            ({"numbers": [81299004406]}, "in quotes"),
            ({"numbers": ["0812 9900"]}, "not a telephone number"),
            ({"closed": {"31-12-2026": "Libur"}}, "write a date as 2026-12-31"),
            ({"closed": {"2026-12-31": " "}}, "at least 1 character"),
            ({"closed": {"2026-12-31": "Libur"}, "opened": ["2026-12-31"]}, "keep one"),
            ({"closed_weekdays": ["minggu"]}, "'sunday'"),
            ({"lead_days": 31}, "no day could be booked"),
            ({"dates_offered": 11}, "less than or equal to 10"),
            ({"cancel": "always"}, "'until_day_before'"),
            ({"slot_minutes": 50}, "cannot be cut into hours of 50 minutes"),
            ({"sessions": []}, "at least one session"),
            (
                {"sessions": sessions(("pagi", "08:00", "12:00"), ("siang", "11:00", "14:00"))},
                "siang begins at 11:00, before pagi ends at 12:00",
            ),
            (
                {"sessions": sessions(("siang", "13:00", "14:00"), ("pagi", "08:00", "12:00"))},
                "pagi begins at 08:00",
            ),
            (
                {"sessions": sessions(("pagi", "08:00", "12:00"), ("pagi", "13:00", "14:00"))},
                "same id",
            ),
        ],
    )
    def test_mistakes_are_refused(
        self, make_office: MakeOffice, changes: dict[str, Any], message: str
    ) -> None:
        """Rules that cannot be kept are refused, with the mend."""
        with pytest.raises(ValidationError, match=message):
            make_office(**changes)
