"""Staff change days while applicants book: what they see, what is moved, what every bot knows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from bot.booking.days import laid_over
from bot.booking.life import Step
from bot.booking.moved import MoveNews
from bot.booking.notices import Notice, NoticeName
from bot.booking.office import Office, Offices
from bot.booking.queue import Queue
from bot.booking.reminding import Reminders
from bot.booking.waited import Waited
from bot.booking.waiting import Place, Waits
from bot.booking.waitlist import Wait, WaitState
from bot.day_desk import DayDesk, Staff
from bot.errors import ConfigError
from bot.stores import Stores
from storage.stores import stores_in_memory
from tests.support.counter import TUESDAY, WEDNESDAY, Counter, one_a_day, person
from tests.support.house import House
from tests.support.talk import NOW

STAFF = Staff("ani", NOW)


async def told_at(stores: Stores, now: datetime) -> list[Notice]:
    """The notices due by then."""
    return list(await stores.notices.due(now, 20))


@pytest.fixture
def stores() -> Stores:
    """Empty stores in memory."""
    return stores_in_memory()


@pytest.fixture
def counter(stores: Stores, make_office: Any) -> Counter:
    """An office of eleven seats a day."""
    return Counter(stores.seats, make_office())


@pytest.fixture
def desk(stores: Stores, counter: Counter) -> DayDesk:
    """The desk for that office's days."""
    return DayDesk(Offices([counter.office]), "kota_contoh", stores, Random(3))


class TestShow:
    async def test_taken_and_free_by_session(self, desk: DayDesk, counter: Counter) -> None:
        """A line for each day; a closed one says why."""
        await counter.book(person(1))
        await counter.hold(person(2))
        lines = await desk.show(TUESDAY, date(2026, 11, 28), NOW)
        assert lines[0] == "2026-11-24 Tue  pagi 2/8  siang 0/3"
        assert lines[4] == "2026-11-28 Sat  closed: Sabtu"

    def test_an_office_that_is_not_there(self, stores: Stores, counter: Counter) -> None:
        """The nearest name is told."""
        with pytest.raises(ConfigError, match="did you mean 'kota_contoh'"):
            DayDesk(Offices([counter.office]), "kota_conto", stores, Random(1))


class TestClose:
    async def test_bookings_are_moved_to_the_nearest_day(
        self, desk: DayDesk, counter: Counter, stores: Stores
    ) -> None:
        """Each gets a free seat of the nearest open day with a code of its own, and is told once;
        what was only held is let go.
        """
        first, second = await counter.book(person(1)), await counter.book(person(2))
        await counter.hold(person(3))
        assert [seat.number for seat in await desk.hit_by_closing(TUESDAY, NOW)] == [1, 2, 3]
        lines = await desk.close(TUESDAY, "Banjir", STAFF, move=True)
        assert lines[0] == "2026-11-24 is closed: Banjir"
        assert lines[1].startswith(f"{first.booking_code}: moved to 2026-11-25 08.00 number 1, ")
        assert lines[2].startswith(f"{second.booking_code}: moved to 2026-11-25 08.00 number 2, ")
        assert await counter.taken() == []
        assert await counter.taken(WEDNESDAY) == [1, 2]
        told = await told_at(stores, NOW)
        assert {notice.conversation for notice in told} == {
            person(number).conversation for number in (1, 2)
        }
        assert (told[0].name, told[0].values["reason"]) == (NoticeName.MOVED, "Banjir")
        assert (told[0].values["day_before"], told[0].values["date"]) == (
            "2026-11-24", "2026-11-25",
        )  # fmt: skip
        await desk.close(TUESDAY, "Banjir", STAFF, move=True)
        assert await told_at(stores, NOW) == told

    async def test_it_is_staff_who_moved_them(
        self, desk: DayDesk, counter: Counter, stores: Stores
    ) -> None:
        """The trail says who and why, it takes no move from the applicant, who is reminded of the
        new day and no longer of the old one.
        """
        booked = await counter.book(person(1))
        await Reminders(stores.notices).promise(booked, counter.office, NOW)
        await desk.close(TUESDAY, "Banjir", STAFF, move=True)
        old = await stores.seats.seat(booked.id)
        assert (old.trail[-1].step, old.trail[-1].by) == (Step.RESCHEDULED, "staff:ani")
        assert old.trail[-1].reason == "Banjir"
        (moved,) = await counter.queue.bookings_of(counter.office, person(1).sender, NOW)
        assert counter.queue.may_move(moved, NOW) is None
        told = await told_at(stores, NOW + timedelta(days=9))
        assert {notice.about for notice in told} == {moved.key}
        assert [f"{n.name} {n.due_at:%d}" for n in told[1:]] == [
            "notice_reminder 24", "notice_reminder 24",
        ]  # fmt: skip

    async def test_a_member_of_a_family_moves_as_well(
        self, desk: DayDesk, counter: Counter, stores: Stores
    ) -> None:
        """Each keeps counting as part of one booking of their number."""
        people = [person(number, sender=1) for number in (1, 2, 3)]
        held = await counter.queue.hold_group(
            counter.office, TUESDAY, people, "f", counter.random, NOW
        )
        assert isinstance(held, list)
        keys = [(seat.id, seat.key) for seat in held]
        assert await counter.queue.approve_group(counter.office, keys, "a", counter.random, NOW)
        await desk.close(TUESDAY, "Banjir", STAFF, move=True)
        assert await counter.taken() == []
        assert await counter.taken(WEDNESDAY) == [1, 2, 3]
        assert len(await counter.queue.bookings_of(counter.office, person(1).sender, NOW)) == 1
        assert len(await told_at(stores, NOW)) == 3

    async def test_a_move_that_died_half_way_is_ended_by_the_next(
        self, desk: DayDesk, counter: Counter, stores: Stores, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The new seat is booked, the old one not yet free: closing again ends it with one."""
        await counter.book(person(1))
        release = stores.seats.release

        async def die(*_: Any) -> bool:
            raise RuntimeError("killed")

        monkeypatch.setattr(stores.seats, "release", die)
        with pytest.raises(RuntimeError):
            await desk.close(TUESDAY, "Banjir", STAFF, move=True)
        monkeypatch.setattr(stores.seats, "release", release)
        await desk.close(TUESDAY, "Banjir", STAFF, move=True)
        assert (await counter.taken(), await counter.taken(WEDNESDAY)) == ([], [1])

    async def test_whoever_ends_a_move_tells_of_it(
        self, desk: DayDesk, counter: Counter, stores: Stores, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Killed once the old seat was free: another process's upkeep ends the move, and the
        person is told once, and reminded of the new day alone.
        """
        booked = await counter.book(person(1))
        await Reminders(stores.notices).promise(booked, counter.office, NOW)
        release = stores.seats.release

        async def done_and_dead(*given: Any) -> bool:
            await release(*given)
            raise RuntimeError("killed")

        monkeypatch.setattr(stores.seats, "release", done_and_dead)
        with pytest.raises(RuntimeError):
            await desk.close(TUESDAY, "Banjir", STAFF, move=True)
        monkeypatch.setattr(stores.seats, "release", release)
        assert await told_at(stores, NOW) == []
        news = MoveNews(stores.notices)
        queue = Queue(Offices([counter.office]), stores.seats, news=news)
        for _ in range(2):
            await queue.finish_moves(NOW)
            await desk.close(TUESDAY, "Banjir", STAFF, move=True)
        (told,) = await told_at(stores, NOW)
        assert (told.name, told.values["reason"]) == (NoticeName.MOVED, "Banjir")
        assert (told.values["day_before"], told.values["date"]) == ("2026-11-24", "2026-11-25")
        (moved,) = await queue.bookings_of(counter.office, person(1).sender, NOW)
        all_told = await told_at(stores, NOW + timedelta(days=9))
        assert {notice.about for notice in all_told} == {moved.key}
        assert len(all_told) == 3

    async def test_where_nothing_is_free_the_booking_stays(
        self, stores: Stores, make_office: Any
    ) -> None:
        """Nobody loses a seat for nothing: staff are told whom to call."""
        office = make_office(horizon_days=1)
        counter = Counter(stores.seats, office)
        booked = await counter.book(person(1))
        desk = DayDesk(Offices([office]), office.id, stores, Random(3))
        lines = await desk.close(TUESDAY, "Banjir", STAFF, move=True)
        assert lines[1] == f"{booked.booking_code}: no free seat to move to; call them"
        assert (await counter.taken(), await told_at(stores, NOW)) == ([1], [])

    async def test_without_move_bookings_stay(self, desk: DayDesk, counter: Counter) -> None:
        """Closing alone touches nobody's seat."""
        await counter.book(person(1))
        assert await desk.close(TUESDAY, "Banjir", STAFF, move=False) == [
            "2026-11-24 is closed: Banjir"
        ]
        assert await counter.taken() == [1]
        assert await desk.show(TUESDAY, TUESDAY, NOW) == ["2026-11-24 Tue  closed: Banjir  1 taken"]

    async def test_a_day_that_has_passed_is_left_alone(self, desk: DayDesk) -> None:
        """Nothing can be changed about yesterday."""
        with pytest.raises(ConfigError, match="2026-11-22 has passed"):
            await desk.close(date(2026, 11, 22), "Banjir", STAFF, move=False)


class TestReseat:
    async def test_a_smaller_quota_says_what_stays(self, desk: DayDesk, counter: Counter) -> None:
        """Seats somebody has are never removed."""
        for number in (1, 2, 3):
            await counter.book(person(number))
        assert await desk.reseat(TUESDAY, {"pagi": 2}, STAFF) == [
            "2026-11-24: 5 seats, 5 withdrawn, 1 beyond that stay: somebody has them"
        ]
        assert await desk.show(TUESDAY, TUESDAY, NOW) == ["2026-11-24 Tue  pagi 3/2  siang 0/3"]

    async def test_a_session_that_is_not_there(self, desk: DayDesk) -> None:
        """Nothing is saved."""
        with pytest.raises(ConfigError, match="no session 'malam'"):
            await desk.reseat(TUESDAY, {"malam": 2}, STAFF)

    async def test_the_trail_tells_who(self, desk: DayDesk, stores: Stores) -> None:
        """Who, when, what and why, in the order it was done."""
        await desk.close(TUESDAY, "Banjir", STAFF, move=False)
        await desk.open(TUESDAY, STAFF)
        await desk.reseat(TUESDAY, {"pagi": 2}, STAFF)
        trail = await stores.calendar.trail("kota_contoh")
        assert [(event["by"], event["step"]) for event in trail] == [
            ("staff:ani", "closed"),
            ("staff:ani", "opened"), ("staff:ani", "carried_out"),
            ("staff:ani", "reseated"), ("staff:ani", "carried_out"),
        ]  # fmt: skip
        assert trail[0]["reason"] == "Banjir"


class TestBots:
    async def test_every_bot_follows(self, tmp_path: Any) -> None:
        """Two processes on one database see a closing at their next look, and its end."""
        house = House.at(tmp_path)
        bots = house.bot(), house.bot()
        desk = DayDesk(bots[0].offices, "contoh", house.stores, Random(3))
        await desk.close(TUESDAY, "Banjir", STAFF, move=False)
        for bot in bots:
            await bot.library.refresh()
            (office,) = bot.offices
            assert office.closed == {TUESDAY: "Banjir"}
        house.edit("v2")
        await bots[0].library.refresh()
        assert next(iter(bots[0].offices)).closed == {TUESDAY: "Banjir"}
        assert await house.says(bots[0], "ya") == ["two v2"]
        await desk.open(TUESDAY, STAFF)
        for bot in bots:
            await bot.library.refresh()
            assert next(iter(bot.offices)).closed == {}


class TestWhoWaits:
    """What staff change is offered to those who wait, though it was another process."""

    @pytest.fixture
    async def waits(self, stores: Stores, make_office: Any) -> tuple[Waits, DayDesk]:
        """An office of one seat a day, which is booked on Tuesday; somebody waits for another."""
        office = one_a_day(make_office)
        counter = Counter(stores.seats, office)
        await counter.book(person(1))
        waits = Waits(stores.waitlist, stores.notices, Waited(), Random(1))
        wait = Wait(office.id, TUESDAY, person(2).sender, person(2).conversation)
        assert isinstance(await waits.join(counter.queue, wait, "j", NOW), Place)
        assert await self.offered(waits, stores, office, 0) == []
        return waits, DayDesk(Offices([office]), office.id, stores, Random(3))

    async def offered(
        self, waits: Waits, stores: Stores, office: Office, seconds: int
    ) -> list[WaitState]:
        """How the waits ended, or stand if it is offered, after a look so much later."""
        offices = laid_over(Offices([office]), await stores.calendar.all())
        await waits.tend(Queue(offices, stores.seats), NOW + timedelta(seconds=seconds))
        found = await stores.waitlist.of_sender(person(2).sender)
        return [wait.state for wait in found if wait.state is not WaitState.WAITING]

    async def test_more_seats(
        self, waits: tuple[Waits, DayDesk], stores: Stores, make_office: Any
    ) -> None:
        """A larger quota is offered by the next look, at most ten seconds later."""
        await waits[1].reseat(TUESDAY, {"pagi": 2}, STAFF)
        office = one_a_day(make_office)
        assert await self.offered(waits[0], stores, office, 11) == [WaitState.OFFERED]
        (told,) = await told_at(stores, NOW + timedelta(seconds=11))
        assert told.name == NoticeName.SEAT_OFFERED

    async def test_closed(
        self, waits: tuple[Waits, DayDesk], stores: Stores, make_office: Any
    ) -> None:
        """Nobody waits for a day that is closed."""
        await waits[1].close(TUESDAY, "Banjir", STAFF, move=True)
        office = one_a_day(make_office)
        assert await self.offered(waits[0], stores, office, 11) == [WaitState.OVER]
