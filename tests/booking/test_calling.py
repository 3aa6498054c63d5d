"""Calling numbers: who is told that they are nearly up, or that it runs late."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.booking.calling import Called, Calls, NoSuchNumber, minutes_late
from bot.booking.life import Act, SeatState, Step, staff
from bot.booking.notices import Notice
from bot.booking.seats import SeatStore
from bot.commands.calling import call, next_called
from bot.errors import AntreError, ConfigError
from storage.memory_notices import MemoryCalls, MemoryNotices
from tests.support.counter import TUESDAY, Counter, person

EIGHT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""Of Tuesday, in Jakarta."""


class Hall:
    """A waiting room: numbers are called, and it shows who was told what."""

    def __init__(self, counter: Counter, **rules: int) -> None:
        self.office = counter.office.model_copy(update=rules)
        self.counter = counter
        self.notices = MemoryNotices()
        self.calls = Calls(counter.seats, MemoryCalls(), self.notices)
        self.now = EIGHT

    async def call(self, number: int, minutes: int = 0) -> Called:
        """Call a number so long after eight."""
        self.now = EIGHT + timedelta(minutes=minutes)
        return await self.calls.call(self.office, number, self.now)

    async def told(self, name: str) -> list[int]:
        """The numbers told ``name``, from the notices waiting."""
        due = await self.notices.due(self.now, 100)
        return sorted(number_of(notice) for notice in due if notice.name == f"notice_{name}")


def number_of(notice: Notice) -> int:
    """The queue number a notice is about."""
    number = notice.values["number"]
    assert isinstance(number, int)
    return number


@pytest.fixture
async def counter(seats: SeatStore, make_office: Any) -> Counter:
    """Tuesday with eleven seats, eight in the morning, all but number 4 booked."""
    counter = Counter(seats, make_office(active_per_sender=1))
    booked = [await counter.book(person(number), TUESDAY) for number in range(1, 12)]
    await counter.seats.release(booked[3].id, booked[3].claim.key, counter.now)
    return counter


class TestNearly:
    async def test_call_ahead(self, counter: Counter) -> None:
        """Rule `call_ahead`: those up to so many numbers behind are told, as two settings show."""
        few, many = Hall(counter, call_ahead=2), Hall(counter, call_ahead=5)
        assert (await few.call(2)).nearly == 1
        assert await few.told("nearly_called") == [3]
        assert (await many.call(2)).nearly == 4
        assert await many.told("nearly_called") == [3, 5, 6, 7]

    async def test_off(self, counter: Counter) -> None:
        """0 tells nobody."""
        hall = Hall(counter, call_ahead=0)
        await hall.call(1)
        assert await hall.told("nearly_called") == []

    async def test_nobody_is_left_out(self, counter: Counter) -> None:
        """Where the counter skips numbers, those skipped over are told as well; each once."""
        hall = Hall(counter, call_ahead=2)
        for number in (1, 6, 6):
            await hall.call(number)
        assert await hall.told("nearly_called") == [2, 3, 7, 8]

    async def test_called_back(self, counter: Counter) -> None:
        """A number below the board's moves nothing."""
        hall = Hall(counter, call_ahead=2)
        await hall.call(6)
        assert await hall.call(2) == Called((await hall.call(6)).board, 0, 0)
        assert await hall.told("nearly_called") == [7, 8]

    async def test_not_for_ever(self, counter: Counter) -> None:
        """Half an hour later it is of no use."""
        hall = Hall(counter, call_ahead=1)
        await hall.call(1)
        (notice,) = await hall.notices.due(hall.now, 10)
        assert notice.until == EIGHT + timedelta(minutes=30)

    async def test_no_such_number(self, counter: Counter) -> None:
        """A number the day does not have cannot be called."""
        with pytest.raises(NoSuchNumber, match="no number 12 on 2026-11-24"):
            await Hall(counter).call(12)


class TestLate:
    async def test_planned(self, counter: Counter) -> None:
        """The numbers of an hour are spread over it: 1 at 08.00, 2 at 08.30, 3 at 09.00."""
        seats = await counter.seats.of_day("kota_contoh", TUESDAY)
        late = [
            minutes_late(counter.office, seats, number, EIGHT + timedelta(minutes=75))
            for number in (1, 2, 3, 4, 9)
        ]
        assert late == [75, 45, 15, 0, 0]

    async def test_late_notice_minutes(self, counter: Counter) -> None:
        """Rule `late_notice_minutes`: those still to come are told once it is later than that."""
        patient = Hall(counter, call_ahead=2, late_notice_minutes=45)
        assert (await patient.call(2, 75)).late == 0
        strict = Hall(counter, call_ahead=2, late_notice_minutes=44)
        assert (await strict.call(2, 75)).late == 7
        assert await strict.told("running_late") == [5, 6, 7, 8, 9, 10, 11]

    async def test_not_who_is_late(self, counter: Counter) -> None:
        """Whose code is void, for they did not come in time, is told nothing of the queue."""
        hall = Hall(counter, call_ahead=2)
        assert (await hall.call(2, 76)).nearly == 0
        assert await hall.told("running_late") == [5, 6, 7, 8, 9, 10, 11]

    async def test_off(self, counter: Counter) -> None:
        """0 never tells."""
        assert (await Hall(counter, late_notice_minutes=0).call(2, 300)).late == 0

    async def test_once_a_day(self, counter: Counter) -> None:
        """However late it gets, it is told once."""
        hall = Hall(counter, call_ahead=0)
        assert (await hall.call(2, 75)).late == 8
        assert (await hall.call(3, 200)).late == 0

    async def test_told_again_if_it_died_before(self, counter: Counter) -> None:
        """A call that died before the board was written is called again: nobody is missed."""
        hall = Hall(counter, call_ahead=2)
        store = hall.calls._calls
        hall.calls._calls = Dying()
        with pytest.raises(ConnectionError):
            await hall.call(2, 75)
        hall.calls._calls = store
        await hall.call(2, 75)
        assert await hall.told("nearly_called") == [3]
        assert await hall.told("running_late") == [5, 6, 7, 8, 9, 10, 11]

    async def test_when_they_come_up(self, counter: Counter) -> None:
        """It says how late, roughly, and at about what hour they come up."""
        hall = Hall(counter, call_ahead=0)
        await hall.call(2, 72)
        last = (await hall.notices.due(hall.now, 100))[-1]
        told = {number_of(n): n.values for n in await hall.notices.due(hall.now, 100)}
        assert last.name == "notice_running_late"
        assert told[11] == {"number": 11, "minutes": 40, "hour": "14.42"}


class Dying(MemoryCalls):
    """A store whose process dies in the write."""

    async def show(self, *_: object) -> None:
        """Die."""
        raise ConnectionError


class TestPlace:
    async def test_ahead(self, counter: Counter) -> None:
        """Ahead are bookings with a lower number that were not called; a free seat is nobody."""
        hall = Hall(counter)
        seats = await counter.seats.of_day("kota_contoh", TUESDAY)
        assert (await hall.calls.place_of(seats[5])).ahead == 4
        await hall.call(2, 75)
        place = await hall.calls.place_of(seats[5])
        assert (place.ahead, place.number, place.late, place.called) == (2, 2, 45, False)
        assert (await hall.calls.place_of(seats[1])).called


class TestService:
    async def test_begins_with_the_call(self, counter: Counter) -> None:
        """Who has checked in has it in the trail, once, by whom; who has not come has nothing."""
        hall = Hall(counter)
        seat = (await counter.seats.of_day(hall.office.id, TUESDAY))[4]
        act = Act("in", staff("rina"))
        await counter.queue.check_in(hall.office, seat.booking_code, act, EIGHT)
        for minutes in (10, 12):
            now = EIGHT + timedelta(minutes=minutes)
            await hall.calls.call(hall.office, seat.number, now, staff("agus"))
        await hall.call(6, 15)
        fifth, sixth = (await counter.seats.of_day(hall.office.id, TUESDAY))[4:6]
        calls = [event for event in fifth.trail if event.step is Step.CALLED]
        assert [(call.by, call.at) for call in calls] == [
            ("staff:agus", EIGHT + timedelta(minutes=10))
        ]
        assert fifth.state is SeatState.CALLED
        assert sixth.trail[-1].step is Step.APPROVED


class TestFromTheTerminal:
    async def test_next(self, counter: Counter) -> None:
        """Nobody who has not come; one at a time to a counter; to none in particular, one more."""
        hall = Hall(counter)

        async def called(place: int) -> str:
            return await next_called(hall.calls, hall.office, place, EIGHT)

        with pytest.raises(AntreError, match="nobody who has checked in"):
            await called(2)
        for seat in (await counter.seats.of_day(hall.office.id, TUESDAY))[:3]:
            act = Act(f"here {seat.number}", staff("rina"))
            await counter.queue.check_in(hall.office, seat.booking_code, act, EIGHT)
        assert (await called(2)).endswith("number 1 is called to counter 2")
        with pytest.raises(AntreError, match="number 1 is still at counter 2"):
            await called(2)
        said = [await called(0), await called(0)]
        assert said == [f"{hall.office.short_name}: number {n} is called" for n in (2, 3)]

    @pytest.mark.parametrize("asked", [(None, False, None), (3, True, None), (3, False, 2)])
    def test_either_or(self, asked: tuple[int | None, bool, int | None]) -> None:
        """A number or whoever is next; a counter only for the latter."""
        number, next_one, counter = asked
        with pytest.raises(ConfigError, match="--next"):
            call("kota_contoh", number, next_one=next_one, counter=counter)
