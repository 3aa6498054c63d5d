"""Moving a booking to another day, and what is left when a process dies on the way."""

from datetime import timedelta
from typing import Any

import pytest

from bot.booking.life import APPLICANT, Act, SeatState, Step, staff
from bot.booking.moving import NotMoved
from bot.booking.seats import Seat, SeatStore
from bot.errors import StorageUnavailable
from tests.support.counter import TUESDAY, WEDNESDAY, Counter, one_a_day, person

THURSDAY = WEDNESDAY + timedelta(days=1)


async def move(
    counter: Counter, seat: Seat, day: Any = WEDNESDAY, key: str = "m", **by: str
) -> Any:
    """Move a booking as its applicant would."""
    act = Act(key, **({"by": APPLICANT, "sender": seat.claim.applicant.sender} | by))
    return await counter.queue.move(seat.id, seat.key, day, act, counter.random, counter.now)


async def test_moved(counter: Counter) -> None:
    """The new day's seat is booked with a code of its own, the old one is anybody's at once."""
    booked = await counter.book(person(1))
    moved = await move(counter, booked)
    assert (moved.day, moved.state, moved.moving) == (WEDNESDAY, SeatState.BOOKED, False)
    assert moved.booking_code != booked.booking_code
    assert await counter.taken(TUESDAY) == []
    assert await counter.queue.bookings_of(counter.office, person(1).sender, counter.now) == [moved]
    old = await counter.seats.seat(booked.id)
    assert old.trail[-1].step is Step.RESCHEDULED
    assert (await counter.hold(person(2))).id == booked.id


async def test_the_same_key(counter: Counter) -> None:
    """Moved again with the same key it is the same seat, also when the old one is given away."""
    booked = await counter.book(person(1))
    moved = await move(counter, booked)
    await counter.book(person(2))
    assert await move(counter, booked) == moved


@pytest.mark.parametrize(("reschedules", "second"), [(0, None), (1, NotMoved.TOO_OFTEN), (2, None)])
async def test_how_often(
    seats: SeatStore, make_office: Any, *, reschedules: int, second: NotMoved | None
) -> None:
    """Rule "reschedule once": as often as ``reschedules`` says; staff may always."""
    counter = Counter(seats, make_office(reschedules=reschedules))
    moved = await move(counter, await counter.book(person(1)))
    if not reschedules:
        assert moved is NotMoved.TOO_OFTEN
        return
    again = await move(counter, moved, THURSDAY, "m2")
    assert again is second if second else again.day == THURSDAY
    if second:
        assert (await move(counter, moved, THURSDAY, "m3", by=staff("rina"))).day == THURSDAY


async def test_until_the_day_before(counter: Counter) -> None:
    """On its day a booking is not moved any more."""
    booked = await counter.book(person(1))
    counter.now += timedelta(hours=22)
    assert await move(counter, booked) is NotMoved.TOO_LATE


async def test_it_stays_where_it_is(seats: SeatStore, make_office: Any) -> None:
    """A full day, the same day, a day on which the person is booked: the booking stays."""
    counter = Counter(seats, one_a_day(make_office))
    booked = await counter.book(person(1))
    await counter.book(person(2), WEDNESDAY)
    await counter.book(person(1, sender=3), THURSDAY)
    assert await move(counter, booked) is NotMoved.FULL
    assert await move(counter, booked, TUESDAY) is NotMoved.SAME_DAY
    other = Counter(seats, make_office(id="kota_lain", prefix="KTN"), counter.office)
    other.keys = 100  # keys are never shared
    elsewhere = await other.book(person(4))
    await counter.book(person(4, sender=5), THURSDAY + timedelta(days=1))
    assert await move(other, elsewhere, THURSDAY + timedelta(days=1)) is NotMoved.PERSON_BOOKED
    assert await seats.seat(booked.id) == booked


async def test_a_booking_that_is_gone(counter: Counter) -> None:
    """What was cancelled meanwhile cannot be moved, and no seat is won by trying."""
    booked = await counter.book(person(1))
    await counter.queue.cancel(booked.id, booked.key, Act("c", APPLICANT), counter.now)
    assert await move(counter, booked) is NotMoved.GONE
    assert await counter.taken(WEDNESDAY) == []


class Dying:
    """A store whose process dies before a call of this name."""

    def __init__(self, store: SeatStore, call: str) -> None:
        self._store, self._call = store, call

    def __getattr__(self, name: str) -> Any:
        if name == self._call:
            raise StorageUnavailable("the process died")
        return getattr(self._store, name)


@pytest.mark.parametrize("call", ["approve", "release", "settle"])
async def test_a_process_that_died(counter: Counter, call: str) -> None:
    """Wherever it died: the booking stands, and a redone turn or the job ends the move."""
    booked = await counter.book(person(1))
    queue = counter.queue
    queue._seats = Dying(counter.seats, call)
    with pytest.raises(StorageUnavailable):
        await move(counter, booked)
    queue._seats = counter.seats
    standing = [await counter.seats.by_code(booked.booking_code), *await counter.seats.moving(9)]
    assert any(seat and seat.state is SeatState.BOOKED for seat in standing)
    await queue.finish_moves(counter.now)
    if call != "approve":
        assert await counter.taken(TUESDAY) == []
    moved = await move(counter, booked)
    assert await counter.seats.moving(9) == []
    assert await queue.bookings_of(counter.office, person(1).sender, counter.now) == [moved]
    assert (await counter.taken(TUESDAY), await counter.taken(WEDNESDAY)) == ([], [1])


async def test_cancelled_while_moving(counter: Counter) -> None:
    """A booking cancelled while its move was half done: the new seat is given back too."""
    booked = await counter.book(person(1))
    queue = counter.queue
    queue._seats = Dying(counter.seats, "release")
    with pytest.raises(StorageUnavailable):
        await move(counter, booked)
    queue._seats = counter.seats
    await queue.cancel(booked.id, booked.key, Act("c", APPLICANT), counter.now)
    await queue.finish_moves(counter.now)
    assert (await counter.taken(TUESDAY), await counter.taken(WEDNESDAY)) == ([], [])
