"""The actions that tell of offices: when dates open, who is near, which office it is."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest

from bot.booking.office import Offices
from bot.booking.opening import WEEKDAYS
from bot.booking.queue import Queue
from bot.dialogue.events import Outcome
from storage.memory import MemorySeats
from tests.support.acting import IDENTITY, Applicant
from tests.support.talk import NOW


@pytest.fixture
def rina(make_office: Any) -> Applicant:
    """An applicant of the first of two offices."""
    other = make_office(id="kota_tetap", short_name="Kota Tetap", prefix="KTP")
    return Applicant(Queue(Offices([make_office(), other]), MemorySeats()))


class TestOpenings:
    FRIDAY: ClassVar = {"weekday": "friday", "at": "14:00", "days": "next_week"}

    def applicant(self, make_office: Any, **changes: Any) -> Applicant:
        """An applicant of an office with other rules."""
        return Applicant(Queue(Offices([make_office(**changes)]), MemorySeats()))

    async def test_nothing_is_open_before_the_moment(self, make_office: Any) -> None:
        """On a Friday morning next week is not open yet, and the moment is told."""
        ani = self.applicant(make_office, opens=self.FRIDAY)
        ani.now = NOW + timedelta(days=4)  # Friday 09.00
        outcome = await ani.do("find_dates")
        assert outcome.name == "not_open_yet"
        assert outcome.values["quota_opens"] == {"date": "2026-11-27", "hour": "14.00"}
        for action in ("check_date", "hold_seat"):
            outcome = await ani.do(action, **{**IDENTITY, "service_date": "2026-12-01"})
            assert outcome.name == "not_open_yet"
            assert outcome.values["quota_opens"] == {"date": "2026-11-27", "hour": "14.00"}
        ani.now += timedelta(hours=5)
        outcome = await ani.do("find_dates")
        assert (outcome.name, outcome.values["dates"][0]) == ("found", "2026-11-30")

    async def test_without_the_rule_days_open_one_by_one(self, make_office: Any) -> None:
        """The same Friday morning has dates."""
        ani = self.applicant(make_office)
        ani.now = NOW + timedelta(days=4)
        outcome = await ani.do("find_dates")
        assert (outcome.name, outcome.values["quota_opens"]) == ("found", None)

    async def test_full_is_told_with_the_next_opening(self, make_office: Any) -> None:
        """All that is open is taken: that is full, and further days open on Friday."""
        ani = self.applicant(make_office, opens=self.FRIDAY)
        for day in range(24, 28):
            await ani.queue.seats.lay_out("kota_contoh", date(2026, 11, day), ())
        outcome = await ani.do("find_dates")
        assert outcome.name == "full"
        assert outcome.values["quota_opens"] == {"date": "2026-11-27", "hour": "14.00"}

    async def test_service_hours(self, make_office: Any) -> None:
        """Always open without the setting; with it, when to write is told."""
        assert (await self.applicant(make_office).do("check_service_hours")).name == "open"
        ani = self.applicant(make_office, service_hours={"from": "07:30", "until": "10:00"})
        assert (await ani.do("check_service_hours")).name == "open"
        ani.now += timedelta(hours=1)
        outcome = await ani.do("check_service_hours")
        assert outcome.name == "outside"
        assert outcome.values["service_opens"] == {
            "date": "2026-11-24", "hour": "07.30", "today": False,
        }  # fmt: skip

    async def test_remaining_seats_are_told_where_the_office_says(self, make_office: Any) -> None:
        """By day and session, with the session's names; otherwise nothing is looked up."""
        ani = self.applicant(make_office, show_remaining=True)
        await ani.do("hold_seat", **IDENTITY)
        remaining = (await ani.do("find_dates")).values["remaining"]
        names = {"id": "Sesi", "en": "Session"}
        assert remaining["2026-11-24"] == [
            {"name": names, "seats": 7}, {"name": names, "seats": 3},
        ]  # fmt: skip
        assert len(remaining) == 5
        assert (await self.applicant(make_office).do("find_dates")).values["remaining"] == {}


class TestNeighbours:
    @pytest.fixture
    def ani(self, make_office: Any) -> Applicant:
        """An applicant of an office with four neighbours; the second has no seat at all."""
        ids = ["satu", "dua", "tiga", "empat"]
        prefixes = ["AAA", "BBB", "CCC", "DDD"]
        others = [
            make_office(
                id=name, short_name=name.title(), prefix=prefix,
                closed_weekdays=list(WEEKDAYS) if name == "dua" else ["saturday", "sunday"],
                numbers=["0812 0000 0001"] if name == "satu" else [], area="Pasar Contoh",
            )
            for name, prefix in zip(ids, prefixes, strict=True)
        ]  # fmt: skip
        return Applicant(Queue(Offices([make_office(neighbours=ids), *others]), MemorySeats()))

    async def test_the_nearest_free_dates_nearby(self, ani: Applicant) -> None:
        """Up to three that have one, in the order of the file, with a link where there is one."""
        outcome = await ani.do("find_neighbours")
        near = outcome.values["neighbours"]
        assert outcome.name == "found"
        assert [(each["id"], each["date"]) for each in near] == [
            ("satu", "2026-11-24"), ("tiga", "2026-11-24"), ("empat", "2026-11-24"),
        ]  # fmt: skip
        assert [each["links"] for each in near] == [["https://wa.me/6281200000001"], [], []]

    async def test_none(self, rina: Applicant) -> None:
        """An office without neighbours."""
        assert await rina.do("find_neighbours") == Outcome("none", {"neighbours": []})


class TestFindOffice:
    async def test_the_office_one_talks_to(self, rina: Applicant) -> None:
        """Nothing named, or its own name."""
        assert (await rina.do("find_office")).name == "here"
        assert (await rina.do("find_office", {"office": "kota_contoh"})).name == "here"

    async def test_another_one(self, rina: Applicant) -> None:
        """By its id, or by what was typed."""
        for heard in ({"office": "kota_tetap"}, {"place": "kantor kota tetap di mana"}):
            outcome = await rina.do("find_office", heard)
            assert outcome.name == "found"
            assert outcome.values["found_office"]["short_name"] == "Kota Tetap"

    async def test_several_and_one_chosen(self, rina: Applicant) -> None:
        """A name both have: they are listed, and the chosen one is found."""
        outcome = await rina.do("find_office", {"place": "kantor kota"})
        assert (outcome.name, outcome.values["office_ids"]) == (
            "several", ["kota_contoh", "kota_tetap"],
        )  # fmt: skip
        assert (await rina.do("find_office", chosen_office="kota_tetap")).name == "found"

    @pytest.mark.parametrize("heard", [{"office": "nowhere"}, {"place": "kantor nowhere"}])
    async def test_unknown(self, rina: Applicant, heard: Mapping[str, Any]) -> None:
        """A tap of another time, or a town without an office."""
        assert (await rina.do("find_office", heard)).name == "unknown"
