from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from bot.booking.office import Office
from bot.booking.plan import seats_of

MakeOffice = Callable[..., Office]


def season(first: str, last: str, name: str = "Libur", **sessions: int) -> dict[str, Any]:
    """A season of hour-long sessions as staff write them, one after the other from eight."""
    return {
        "name": name,
        "from": first,
        "until": last,
        "sessions": [
            {"id": key, "name": {"id": key}, "from": f"{8 + at:02d}:00",
             "until": f"{9 + at:02d}:00", "seats": seats}
            for at, (key, seats) in enumerate((sessions or {"pagi": 4}).items())
        ],
    }  # fmt: skip


class TestSeasons:
    def test_a_day_in_a_season_has_its_sessions(self, make_office: MakeOffice) -> None:
        """The season's own sessions and seats, from its first day to its last."""
        office = make_office(seasons=[season("2026-12-07", "2026-12-11", pagi=4, malam=6)])
        assert [session.id for session in office.sessions_on(date(2026, 12, 7))] == [
            "pagi",
            "malam",
        ]
        assert office.quota_on(date(2026, 12, 11)) == 10
        assert office.quota_on(date(2026, 12, 14)) == office.quota_on(date(2026, 12, 4)) == 11
        seats = seats_of(office, date(2026, 12, 8))
        assert [(seat.session, seat.hour.hour) for seat in seats] == [("pagi", 8)] * 4 + [
            ("malam", 9)
        ] * 6

    def test_without_a_season_every_day_is_alike(self, make_office: MakeOffice) -> None:
        """The sessions of the office count."""
        assert make_office().sessions_on(date(2026, 12, 8)) == make_office().sessions

    @pytest.mark.parametrize(
        ("seasons", "complaint"),
        [
            (
                [season("2026-12-01", "2026-12-10", "A"), season("2026-12-10", "2026-12-12", "B")],
                "season B begins on 2026-12-10, before A is over",
            ),
            (
                [season("2026-12-01", "2026-12-31", "A"), season("2026-11-01", "2026-12-05", "B")],
                "season A begins on 2026-12-01, before B is over",
            ),
            ([season("2026-12-10", "2026-12-01")], "ends before it begins"),
            ([season("2026-12-01", "2026-12-02") | {"sessions": []}], "at least one session"),
            ([season("31-12-2026", "2026-12-31")], "write a date as 2026-12-31"),
        ],
    )
    def test_a_season_that_cannot_be_is_refused(
        self, make_office: MakeOffice, seasons: Any, complaint: str
    ) -> None:
        """Overlaps, an end before the beginning, no session: said in words."""
        with pytest.raises(ValidationError, match=complaint):
            make_office(seasons=seasons)


class TestQuotas:
    def test_a_day_may_have_its_own_numbers(self, make_office: MakeOffice) -> None:
        """By session; the others keep theirs, and a session without a seat is not there."""
        day, other = date(2026, 12, 8), date(2026, 12, 9)
        office = make_office(quotas={"2026-12-08": {"pagi": 2}, "2026-12-09": {"siang": 0}})
        assert [(s.id, s.seats) for s in office.sessions_on(day)] == [("pagi", 2), ("siang", 3)]
        assert [(s.id, s.seats) for s in office.sessions_on(other)] == [("pagi", 8)]
        assert len(seats_of(office, day)) == 5

    @pytest.mark.parametrize(
        ("quotas", "complaint"),
        [
            ({"2026-12-08": {"pgi": 2}}, "no session 'pgi'; did you mean 'pagi'"),
            ({"2026-12-08": {"pagi": 0, "siang": 0}}, "under closed, with the reason"),
            ({"2026-12-08": {"pagi": -1}}, "greater than or equal to 0"),
        ],
    )
    def test_a_quota_that_cannot_be_is_refused(
        self, make_office: MakeOffice, quotas: Any, complaint: str
    ) -> None:
        """A session that is not there, or a day on which nobody is served."""
        with pytest.raises(ValidationError, match=complaint):
            make_office(quotas=quotas)

    def test_in_a_season_its_sessions_count(self, make_office: MakeOffice) -> None:
        """The quota of a day in a season names the season's sessions."""
        seasons = [season("2026-12-07", "2026-12-11", malam=6)]
        office = make_office(seasons=seasons, quotas={"2026-12-08": {"malam": 1}})
        assert office.quota_on(date(2026, 12, 8)) == 1
        with pytest.raises(ValidationError, match="no session 'pagi'"):
            make_office(seasons=seasons, quotas={"2026-12-08": {"pagi": 1}})
