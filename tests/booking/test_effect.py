"""What a change of a day would do is said before it is done, and then is what is done."""

from __future__ import annotations

from collections import Counter as Counted
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from bot.booking.effect import Effect
from bot.booking.office import Offices
from bot.day_desk import DayDesk, Staff
from bot.day_order import DayOrder
from bot.day_worker import DayWorker
from bot.errors import ConfigError
from bot.stores import Stores
from storage.stores import stores_in_memory
from tests.support.counter import TUESDAY, WEDNESDAY, Counter, person
from tests.support.talk import NOW

STAFF = Staff("ani", NOW)
CLOSING = DayOrder(TUESDAY, "closed", "Banjir", move=True, key="form")


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
    """The desk for that office's days; bots take two seconds to follow."""
    settle = timedelta(seconds=2)
    return DayDesk(Offices([counter.office]), "kota_contoh", stores, Random(3), settle)


def worker(stores: Stores, counter: Counter, desk: DayDesk) -> DayWorker:
    """Of one process, at the counter's clock."""
    offices = Offices([counter.office])
    return DayWorker(stores.calendar, lambda: offices, lambda _: desk, lambda: counter.now)


async def taken_by_day(counter: Counter) -> Counted[date]:
    """How many seats are taken on the two days."""
    return Counted({day: len(await counter.taken(day)) for day in (TUESDAY, WEDNESDAY)})


class TestForeseen:
    async def test_a_closing_is_done_as_it_was_shown(
        self, desk: DayDesk, counter: Counter, stores: Stores
    ) -> None:
        """Nine bookings, seven seats on the next day: the others go further; the hold is let go.
        Nothing is written before it is ordered, and then each goes where it was shown.
        """
        for number in range(1, 10):
            await counter.book(person(number))
        for number in range(11, 15):
            await counter.book(person(number), WEDNESDAY)
        await counter.hold(person(20))
        effect = await desk.foresee(CLOSING, NOW)
        assert (effect.held, effect.here, effect.staying) == (1, 0, [])
        thursday = WEDNESDAY + timedelta(days=1)
        assert effect.moved_to == {WEDNESDAY: 7, thursday: 2}
        assert (effect.before, effect.after) == ((("pagi", 8), ("siang", 3)), ())
        assert await taken_by_day(counter) == {TUESDAY: 10, WEDNESDAY: 4}
        await desk.order(CLOSING, STAFF)
        counter.now += timedelta(seconds=3)
        assert await worker(stores, counter, desk).tend() == 1
        assert await taken_by_day(counter) == {TUESDAY: 0, WEDNESDAY: 11}
        for hit in effect.hit:
            (now,) = await stores.seats.of_sender(hit.seat.claim.applicant.sender)
            assert now.day == hit.to

    async def test_who_finds_no_seat_stays(self, stores: Stores, make_office: Any) -> None:
        """Where no other day can be booked, all stay and have to be called."""
        office = make_office(horizon_days=1)
        counter = Counter(stores.seats, office)
        await counter.book(person(1))
        desk = DayDesk(Offices([office]), office.id, stores, Random(3))
        effect = await desk.foresee(CLOSING, NOW)
        assert [hit.seat.number for hit in effect.staying] == [1]

    async def test_fewer_seats_hit_the_last_numbers_of_a_session(
        self, desk: DayDesk, counter: Counter, stores: Stores
    ) -> None:
        """Of three bookings in a session cut to one seat two move; the free seats go."""
        for number in (1, 2, 3):
            await counter.book(person(number))
        order = DayOrder(TUESDAY, "reseated", "Petugas kurang", {"pagi": 1}, move=True)
        effect = await desk.foresee(order, NOW)
        assert [hit.seat.number for hit in effect.hit] == [2, 3]
        assert (effect.fitted.withdrawn, effect.fitted.beyond) == (5, 2)
        await desk.order(order, STAFF)
        counter.now += timedelta(seconds=3)
        await worker(stores, counter, desk).tend()
        assert (await counter.taken(), await counter.taken(WEDNESDAY)) == ([1], [1, 2])
        there = await stores.seats.of_day(counter.office.id, TUESDAY)
        assert Counted(seat.session for seat in there) == {"pagi": 1, "siang": 3}

    async def test_nobody_is_foreseen_beside_themselves(
        self, desk: DayDesk, counter: Counter, stores: Stores
    ) -> None:
        """Who has a booking on the nearest day already, from another number, goes further."""
        await counter.book(person(1))
        await counter.book(person(2))
        await counter.book(person(1, sender=9), WEDNESDAY)
        effect = await desk.foresee(CLOSING, NOW)
        assert [hit.to for hit in effect.hit] == [WEDNESDAY + timedelta(days=1), WEDNESDAY]
        await desk.order(CLOSING, STAFF)
        counter.now += timedelta(seconds=3)
        await worker(stores, counter, desk).tend()
        for hit in effect.hit:
            assert hit.seat.claim
            (now,) = await stores.seats.of_sender(hit.seat.claim.applicant.sender)
            assert now.day == hit.to

    async def test_it_is_another_effect_once_somebody_books(
        self, desk: DayDesk, counter: Counter
    ) -> None:
        """What was shown is told apart from what would happen by now."""

        async def shown() -> Effect:
            return await desk.foresee(CLOSING, NOW)

        before = await shown()
        assert (await shown()).digest == before.digest
        await counter.book(person(1))
        assert (await shown()).digest != before.digest

    @pytest.mark.parametrize(
        "order",
        [
            DayOrder(TUESDAY, "closed"),
            DayOrder(TUESDAY, "reseated", seats={"pagi": 1}, move=True),
            DayOrder(TUESDAY, "reseated", seats={"pagi": 0, "siang": 0}),
            DayOrder(date(2026, 11, 22), "opened"),
        ],
    )
    async def test_what_cannot_be_done_is_refused(self, desk: DayDesk, order: DayOrder) -> None:
        """Without a reason, without a seat, or on a day that has passed."""
        with pytest.raises(ConfigError):
            await desk.foresee(order, NOW)
        with pytest.raises(ConfigError):
            await desk.order(order, STAFF)


class TestCarriedOut:
    async def test_a_form_sent_twice_is_done_once(self, desk: DayDesk, stores: Stores) -> None:
        """The second one changes nothing, leaves no work and no trace."""
        for _ in range(2):
            await desk.order(CLOSING, STAFF)
        (days,) = await stores.calendar.all()
        assert (days.revision, len(days.work)) == (1, 1)
        assert await desk.was_ordered("form")

    async def test_not_before_every_bot_follows(
        self, desk: DayDesk, counter: Counter, stores: Stores
    ) -> None:
        """Bookings stay for the two seconds that bots need."""
        await counter.book(person(1))
        await desk.order(CLOSING, STAFF)
        assert await worker(stores, counter, desk).tend() == 0
        assert await counter.taken() == [1]

    async def test_who_dies_over_it_is_followed(
        self, desk: DayDesk, counter: Counter, stores: Stores, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One process is killed after the first of two moves: for a minute nobody else begins, then
        another ends it, and the trail says what was done.
        """
        await counter.book(person(1))
        await counter.book(person(2))
        await desk.order(CLOSING, STAFF)
        counter.now += timedelta(seconds=3)
        release, released = stores.seats.release, []

        async def once(*given: Any) -> bool:
            if released:
                raise RuntimeError("killed")
            released.append(given)
            return await release(*given)

        monkeypatch.setattr(stores.seats, "release", once)
        with pytest.raises(RuntimeError):
            await worker(stores, counter, desk).tend()
        monkeypatch.setattr(stores.seats, "release", release)
        other = worker(stores, counter, desk)
        assert await other.tend() == 0
        counter.now += timedelta(seconds=61)
        assert await other.tend() == 1
        assert await other.tend() == 0
        assert await taken_by_day(counter) == {TUESDAY: 0, WEDNESDAY: 2}
        assert len(await stores.notices.due(counter.now, 9)) == 2
        trail = await stores.calendar.trail("kota_contoh")
        assert [event["step"] for event in trail] == ["closed", "carried_out"]

    async def test_a_day_opened_again_keeps_its_bookings(
        self, desk: DayDesk, counter: Counter, stores: Stores
    ) -> None:
        """What the day is when work is done counts, not what it was when it was ordered."""
        await counter.book(person(1))
        await desk.order(CLOSING, STAFF)
        await desk.order(DayOrder(TUESDAY, "opened"), STAFF)
        counter.now += timedelta(seconds=3)
        assert await worker(stores, counter, desk).tend() == 2
        assert await counter.taken() == [1]
