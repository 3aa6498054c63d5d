"""The queue: who gets which seat, whatever they and others do at the same time."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from bot.booking.office import Offices
from bot.booking.queue import Queue, Refused
from bot.booking.seats import SKEW, BookingCodeTaken, Seat, SeatState, SeatStore
from storage.memory import MemorySeats
from tests.support.counter import TUESDAY, WEDNESDAY, Counter, one_a_day, person
from tests.support.talk import NOW


@pytest.fixture
def narrow(seats: SeatStore, make_office: Any) -> Counter:
    """An office of one seat a day."""
    return Counter(seats, one_a_day(make_office))


class TestDays:
    async def test_free(self, counter: Counter) -> None:
        """The next working days, those nobody asked for yet included."""
        days = await counter.queue.free_days(counter.office, counter.now)
        assert [day.day for day in days] == [24, 25, 26, 27, 30]
        assert await counter.seats.of_day("kota_contoh", TUESDAY) == []

    async def test_full_days_are_left_out(self, narrow: Counter) -> None:
        """A full day is not offered; the next ones are, as many as the office shows."""
        await narrow.book(person(1), TUESDAY)
        await narrow.hold(person(2), date(2026, 11, 26))
        days = await narrow.queue.free_days(narrow.office, narrow.now)
        assert [day.day for day in days] == [25, 27, 30, 1, 2]
        assert not await narrow.queue.is_free(narrow.office, TUESDAY, narrow.now)

    async def test_everything_full(self, seats: SeatStore, make_office: Any) -> None:
        """Where all is full nothing is offered."""
        counter = Counter(seats, one_a_day(make_office, horizon_days=2))
        await counter.book(person(1), TUESDAY)
        await counter.book(person(2), WEDNESDAY)
        assert await counter.queue.free_days(counter.office, counter.now) == []

    async def test_expired_hold(self, narrow: Counter) -> None:
        """A day is free again once the hold on its last seat is over."""
        await narrow.hold(person(1))
        narrow.now += timedelta(minutes=15) + SKEW
        assert await narrow.queue.is_free(narrow.office, TUESDAY, narrow.now)


class TestHolding:
    async def test_first_on_a_day(self, counter: Counter) -> None:
        """A day is laid out when its first seat is wanted; the lowest number is given."""
        seat = await counter.hold(person())
        assert isinstance(seat, Seat)
        assert (seat.number, seat.state, seat.session) == (1, SeatState.HELD, "pagi")
        assert seat.claim.until == NOW + timedelta(minutes=15)
        assert len(await counter.seats.of_day("kota_contoh", TUESDAY)) == 11

    async def test_same_key(self, counter: Counter) -> None:
        """Holding again with the same key gives the same seat and the same code."""
        first = await counter.hold(person(), key="k")
        again = await counter.hold(person(), key="k")
        assert first == again
        assert await counter.taken() == [1]

    async def test_same_key_for_something_else(self, counter: Counter) -> None:
        """A key that a turn done anew uses for another day gives a seat of that day."""
        await counter.hold(person(), TUESDAY, key="k")
        again = await counter.hold(person(), WEDNESDAY, key="k")
        assert isinstance(again, Seat)
        assert again.day == WEDNESDAY
        assert await counter.taken(TUESDAY) == []

    async def test_full(self, narrow: Counter) -> None:
        """A full day gives none."""
        await narrow.book(person(1))
        assert await narrow.hold(person(2)) is None

    async def test_somebody_elses_expired_hold(self, narrow: Counter) -> None:
        """A hold past its time is given on, a minute later; its owner may then not approve."""
        held = await narrow.hold(person(1))
        narrow.now += timedelta(minutes=15)
        assert await narrow.hold(person(2)) is None
        narrow.now += SKEW
        assert isinstance(await narrow.hold(person(2)), Seat)
        assert await narrow.approve(held) is None


class TestMoving:
    async def test_another_day(self, counter: Counter) -> None:
        """A conversation holds one seat: the new one replaces the old."""
        await counter.hold(person(), TUESDAY)
        seat = await counter.hold(person(), WEDNESDAY)
        assert isinstance(seat, Seat)
        assert (await counter.taken(TUESDAY), await counter.taken(WEDNESDAY)) == ([], [1])

    async def test_to_a_full_day(self, narrow: Counter) -> None:
        """When the other day is full the hold stays where it is."""
        await narrow.book(person(2), WEDNESDAY)
        held = await narrow.hold(person(1), TUESDAY)
        assert await narrow.hold(person(1), WEDNESDAY) is None
        assert await narrow.taken(TUESDAY) == [1]
        assert await narrow.approve(held)

    async def test_corrected_name(self, counter: Counter) -> None:
        """A corrected name takes the seat along."""
        await counter.hold(person(1))
        seat = await counter.hold(person(3, sender=1))
        assert isinstance(seat, Seat)
        assert (seat.number, seat.claim.applicant.name) == (1, "PEMOHON 3")
        assert await counter.taken() == [1]

    async def test_corrected_name_on_a_full_day(self, narrow: Counter) -> None:
        """Also where it is the day's last seat."""
        await narrow.hold(person(1))
        seat = await narrow.hold(person(3, sender=1))
        assert isinstance(seat, Seat)
        assert seat.claim.applicant.name == "PEMOHON 3"

    async def test_own_expired_hold(self, narrow: Counter) -> None:
        """Their own hold that ran out keeps nobody from starting again."""
        await narrow.hold(person(1))
        narrow.now += timedelta(minutes=15, seconds=1)
        assert isinstance(await narrow.hold(person(1), WEDNESDAY), Seat)
        assert isinstance(await narrow.hold(person(2), TUESDAY), Seat)


class TestRefusing:
    async def test_one_booking_a_number(self, counter: Counter) -> None:
        """Who has a booking gets no other, and is shown theirs."""
        booked = await counter.book(person(1))
        assert await counter.hold(person(2, sender=1), WEDNESDAY) == Refused(booked)
        assert await counter.taken(WEDNESDAY) == []

    async def test_in_any_office(self, counter: Counter, make_office: Any) -> None:
        """A number counts across offices."""
        other = make_office(id="kota_lain", short_name="Kota Lain", prefix="KTN")
        counter = Counter(counter.seats, counter.office, other)
        booked = await counter.book(person(1), office=other)
        assert await counter.hold(person(1)) == Refused(booked)

    async def test_booking_whose_date_has_passed(self, counter: Counter) -> None:
        """After its date a booking keeps nobody from the next; it stays in the books."""
        booked = await counter.book(person(1))
        counter.now += timedelta(hours=22)
        assert await counter.hold(person(1), date(2026, 11, 26)) == Refused(booked)
        counter.now += timedelta(days=1)
        assert isinstance(await counter.hold(person(1), date(2026, 11, 26)), Seat)
        assert (await counter.seats.by_code(booked.booking_code)).state is SeatState.BOOKED

    @pytest.mark.parametrize(("grace", "again"), [(15, True), (60, False)])
    async def test_late(
        self, seats: SeatStore, make_office: Any, *, grace: int, again: bool
    ) -> None:
        """Rule "late → the code is void, may register again": once ``late_grace_minutes`` have
        gone by since the hour, and not before.
        """
        counter = Counter(seats, make_office(late_grace_minutes=grace))
        booked = await counter.book(person(1))
        counter.now += timedelta(hours=23, minutes=16)  # 08.16; the seat was for 08.00
        held = await counter.hold(person(1), WEDNESDAY)
        assert isinstance(held, Seat) is again
        state = (await seats.seat(booked.id)).state
        assert state is (SeatState.VOID if again else SeatState.BOOKED)

    async def test_person_booked_from_elsewhere(self, counter: Counter) -> None:
        """A person has one seat a day, and nothing is said of who booked it."""
        await counter.book(person(1))
        assert await counter.hold(person(1, sender=2)) == Refused(None)
        assert isinstance(await counter.hold(person(1, sender=2), WEDNESDAY), Seat)

    async def test_refused_while_holding(self, counter: Counter) -> None:
        """Whose correction names a person booked from elsewhere loses the hold."""
        await counter.book(person(1))
        await counter.hold(person(2))
        assert await counter.hold(person(1, sender=2)) == Refused(None)
        assert await counter.taken() == [1]


class TestSeveralPerNumber:
    @pytest.fixture
    def family(self, seats: SeatStore, make_office: Any) -> Counter:
        """An office where a number may have two bookings."""
        return Counter(seats, make_office(active_per_sender=2))

    async def test_two_and_no_third(self, family: Counter) -> None:
        """Two persons may be registered with one number, not three."""
        await family.book(person(1))
        second = await family.book(person(2, sender=1))
        assert await family.hold(person(3, sender=1)) == Refused(second)
        assert len(await family.queue.bookings_of(family.office, person(1).sender, NOW)) == 2

    async def test_same_person_twice(self, family: Counter) -> None:
        """The same person on the same day is shown their own booking."""
        booked = await family.book(person(1))
        assert await family.hold(person(1)) == Refused(booked)

    async def test_moving_beside_a_booking(self, family: Counter) -> None:
        """A hold moves though a booking stands beside it."""
        await family.book(person(1))
        await family.hold(person(2, sender=1), TUESDAY)
        assert isinstance(await family.hold(person(2, sender=1), WEDNESDAY), Seat)
        assert (await family.taken(TUESDAY), await family.taken(WEDNESDAY)) == ([1], [1])

    async def test_moving_after_a_booking_is_cancelled(self, family: Counter) -> None:
        """One conversation holds one seat, whichever of its number's places that uses."""
        booked = await family.book(person(1))
        await family.hold(person(2, sender=1), TUESDAY)
        await family.queue.release(booked.id, booked.claim.key, family.now)
        assert isinstance(await family.hold(person(2, sender=1), WEDNESDAY), Seat)
        assert (await family.taken(TUESDAY), await family.taken(WEDNESDAY)) == ([], [1])


class TestApproving:
    async def test_once(self, counter: Counter) -> None:
        """Approved again with the same key, it is the same booking with the same code."""
        held = await counter.hold(person())
        booked = await counter.approve(held)
        assert await counter.approve(held) == booked
        assert booked.booking_code.startswith("KCN-")

    async def test_too_late(self, counter: Counter) -> None:
        """A hold that has ended is not approved, to the second."""
        held = await counter.hold(person())
        approve = (counter.office, held.id, held.claim.key, "a", counter.random)
        assert await counter.queue.approve(*approve, held.claim.until) is None
        assert await counter.queue.approve(*approve, held.claim.until - timedelta(seconds=1))

    async def test_code_drawn_twice(self, counter: Counter) -> None:
        """A code somebody has is drawn again; chance that only ever gives it is an error."""
        first = await counter.hold(person(1))
        second = await counter.hold(person(2))
        approve = counter.queue.approve
        booked = await approve(
            counter.office, first.id, first.claim.key, "a1", Random(1), counter.now
        )
        other = await approve(
            counter.office, second.id, second.claim.key, "a2", Random(1), counter.now
        )
        assert other.booking_code != booked.booking_code

        class Always(Random):
            def choices(self, *_: Any, **__: Any) -> Any:
                return list(booked.booking_code.replace("-", "")[3:12])

        third = await counter.hold(person(3))
        with pytest.raises(BookingCodeTaken):
            await approve(counter.office, third.id, third.claim.key, "a3", Always(), counter.now)


class TestLooking:
    async def test_bookings(self, counter: Counter) -> None:
        """Holds are active but no bookings; what was released is neither."""
        sender = person().sender
        held = await counter.hold(person())
        look = counter.queue
        assert await look.active_of(counter.office, sender, NOW) == [held]
        assert await look.bookings_of(counter.office, sender, NOW) == []
        assert await look.active_of(counter.office, sender, held.claim.until) == []
        await look.release(held.id, held.claim.key, NOW)
        assert await look.active_of(counter.office, sender, NOW) == []
        booked = await counter.book(person())
        assert await look.bookings_of(counter.office, sender, NOW) == [booked]
        assert await look.bookings_of(counter.office, sender, NOW + timedelta(days=2)) == []

    @pytest.mark.parametrize(
        ("now", "cancel", "may"),
        [
            (datetime(2026, 11, 23, 16, 59, tzinfo=UTC), "until_day_before", True),
            (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), "until_day_before", False),
            (datetime(2026, 11, 20, tzinfo=UTC), "never", False),
        ],
    )
    def test_may_cancel(self, make_office: Any, now: datetime, cancel: str, may: bool) -> None:  # noqa: FBT001 - a table's column
        """Until midnight before at the office, where it allows it at all."""
        office = make_office(cancel=cancel)
        queue = Queue(Offices([office]), MemorySeats())
        assert queue.may_cancel(office, TUESDAY, now) is may

    def test_office(self, make_office: Any) -> None:
        """An office that is not there is said by its id."""
        with pytest.raises(KeyError, match="nowhere"):
            Queue(Offices([make_office()]), MemorySeats()).office("nowhere")
