"""The hall: who is called to which counter, in which order, and what everybody sees of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.booking.calling import Busy, Calls
from bot.booking.hall import Hall, Stage, can_undo, stage_of
from bot.booking.in_turn import in_order
from bot.booking.life import Act, SeatState, Step, staff
from bot.booking.seats import Seat, SeatStore
from storage.memory_notices import MemoryCalls, MemoryNotices
from tests.support.counter import TUESDAY, Counter, person

EIGHT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""Of Tuesday, in Jakarta."""

RINA = staff("rina")


class Day:
    """Tuesday at the office, from eight."""

    def __init__(self, counter: Counter) -> None:
        self.counter, self.now, self.keys = counter, EIGHT, 0
        self.calls = MemoryCalls()
        self.notices = MemoryNotices()
        calls = Calls(counter.seats, self.calls, self.notices)
        self._hall_of = lambda office: Hall(counter.queue, calls, self.calls, office)
        self.hall = self._hall_of(counter.office)

    def rule(self, **rules: int) -> None:
        """The office has other rules."""
        self.hall = self._hall_of(self.counter.office.model_copy(update=rules))

    def act(self, reason: str = "") -> Act:
        """Another press of a button."""
        self.keys += 1
        return Act(f"press {self.keys}", RINA, reason=reason)

    async def come(self, *numbers: int) -> list[Seat]:
        """These have booked and check in."""
        seats = await self.counter.seats.of_day(self.counter.office.id, TUESDAY)
        came = []
        for number in numbers:
            code = seats[number - 1].booking_code
            came.append(await self.hall.check_in(code, self.act(), self.now))
        return came

    async def next(self, counter: int = 1, act: Act | None = None) -> Any:
        """A counter presses "next"."""
        return await self.hall.next(counter, act or self.act(), self.now)

    async def told(self, name: str) -> list[int]:
        """The numbers that are told so."""
        notices = await self.notices.due(self.now, 100)
        return sorted(int(each.values["number"]) for each in notices if each.name == name)  # type: ignore[arg-type] - a number

    async def call_and_serve(self) -> str:
        """Whoever is next is served at once."""
        seat = await self.next()
        await self.hall.serve(seat, self.act(), self.now)
        return str(seat.label)


@pytest.fixture
async def day(seats: SeatStore, make_office: Any) -> Day:
    """Six have booked for eight o'clock and after; walk-ins after every two of them."""
    counter = Counter(seats, make_office(walk_in_seats=3, walk_in_after=2))
    for number in range(1, 7):
        await counter.book(person(number), TUESDAY)
    return Day(counter)


async def test_a_visit_from_door_to_door(day: Day) -> None:
    """Checked in, called, at the counter, done: each is seen, with its counter, and once."""
    (seat,) = await day.come(2)
    assert stage_of(seat) is Stage.WAITING
    assert (await day.hall.showing(day.now)).next == ["2"]
    called = await day.next(counter=3)
    assert (called.id, called.counter, stage_of(called)) == (seat.id, 3, Stage.CALLED)
    showing = await day.hall.showing(day.now)
    assert [(each.number, each.counter) for each in showing.called] == [("2", 3)]
    assert (showing.next, showing.board.number) == ([], 2)
    attended = await day.hall.attend(called, day.act(), day.now)
    assert attended
    assert stage_of(attended) is Stage.ATTENDED
    done = await day.hall.serve(attended, day.act(), day.now)
    assert done
    assert stage_of(done) is Stage.SERVED
    assert (await day.hall.showing(day.now)).called == []


async def test_one_press_calls_one_person(day: Day) -> None:
    """A double click, or a page sent again later, gets the person it got; never another."""
    await day.come(1, 2, 3)
    act = day.act()
    first, again = await asyncio.gather(day.next(1, act), day.next(1, act))
    assert first.id == again.id
    await day.hall.serve(first, day.act(), day.now)
    assert (await day.next(1, act)).id == first.id
    assert (await day.next(1)).number == 2


async def test_a_counter_has_one_person(day: Day) -> None:
    """Nobody is called to a counter where somebody is; not by their number either."""
    _, second = await day.come(1, 2)
    first = await day.next(1)
    assert await day.next(1) == Busy(first)
    assert await day.hall.call(second, 1, day.act(), day.now) is None
    assert await day.hall.call(first, 2, day.act(), day.now) is None
    again = await day.hall.call(first, 1, day.act(), day.now + timedelta(seconds=9))
    assert again
    assert again.last(Step.CALLED).at > first.last(Step.CALLED).at
    assert (await day.next(2)).id == second.id
    assert await day.next(3) is None


async def test_everybody_at_once(day: Day) -> None:
    """However many counters press together: each gets somebody else, and nobody is left out."""
    await day.come(1, 2, 3, 4, 5, 6)
    got = await asyncio.gather(*(day.next(counter) for counter in range(1, 8)))
    assert sorted(seat.number for seat in got if isinstance(seat, Seat)) == [1, 2, 3, 4, 5, 6]
    assert got.count(None) == 1


async def test_walk_in_after(day: Day) -> None:
    """Rule ``walk_in_after``: after two with a booking one by hand; then whoever is left."""
    for _ in range(3):
        await day.hall.walk_in("elderly", day.act(), day.now)
    await day.come(5, 1, 3)
    called = [await day.call_and_serve() for _ in range(6)]
    assert called == ["1", "3", "L1", "5", "L2", "L3"]


async def test_settings_of_the_order(day: Day) -> None:
    """Rule ``walk_in_after``: 0 calls walk-in numbers first, a large number last."""
    for _ in range(2):
        await day.hall.walk_in("disabled", day.act(), day.now)
    await day.come(3, 2, 1)
    waiting = await day.counter.seats.waiting(day.counter.office.id, TUESDAY)
    for after, order in ((0, "L1 L2 1 2 3"), (1, "1 L1 2 L2 3"), (9, "1 2 3 L1 L2")):
        office = day.counter.office.model_copy(update={"walk_in_after": after})
        assert " ".join(seat.label for seat in in_order(waiting, office)) == order


async def test_those_behind_hear_of_it(day: Day) -> None:
    """A counter's call tells those nearly up, and once a day all behind when it runs late."""
    day.rule(call_ahead=2, late_notice_minutes=30)
    await day.come(1, 2, 4)
    await day.call_and_serve()
    assert await day.told("notice_nearly_called") == [2, 3]
    assert await day.told("notice_running_late") == []
    day.now += timedelta(minutes=80)
    await day.call_and_serve()
    assert await day.told("notice_nearly_called") == [2, 3, 4]
    assert await day.told("notice_running_late") == [5, 6]


async def test_a_call_is_taken_back(day: Day) -> None:
    """Undone, who was called waits again and is next; after a minute it is too late."""
    await day.come(1, 2)
    first = await day.next(1)
    assert can_undo(first, day.now)
    back = await day.hall.undo(first, day.act(), day.now)
    assert back
    assert back.state is SeatState.CHECKED_IN
    again = await day.next(2)
    assert (again.id, again.counter) == (first.id, 2)
    day.now += timedelta(seconds=61)
    assert not can_undo(again, day.now)
    assert await day.hall.undo(again, day.act(), day.now) is None


async def test_who_was_done_too_early_waits_again(day: Day) -> None:
    """Serving undone puts them back into the line, first by number, for any counter."""
    await day.come(1, 2)
    first = await day.next(1)
    done = await day.hall.serve(first, day.act(), day.now)
    assert done
    assert await day.hall.undo(done, day.act(), day.now)
    assert (await day.next(1)).id == first.id


async def test_absent(day: Day) -> None:
    """Who is late, or called and not there, is absent; the first counts as a no-show after the
    minute in which it can be undone.
    """
    (first,) = await day.come(1)
    second = await day.hall.find("2", day.now)
    assert second
    assert await day.hall.absent(second, day.act(), day.now) is None
    called = await day.next(1)
    left = await day.hall.absent(called, day.act(), day.now)
    assert left
    assert (left.id, stage_of(left)) == (first.id, Stage.VOID)
    assert await day.hall.at(1, day.now) is None
    day.now += timedelta(minutes=90)
    missed = await day.hall.absent(second, day.act(), day.now)
    assert missed
    assert stage_of(missed) is Stage.NO_SHOW
    queue, office = day.counter.queue, day.counter.office
    soon = await queue.void_late(office, day.now + timedelta(seconds=59))
    assert missed.id not in {seat.id for seat in soon}
    later = await queue.void_late(office, day.now + timedelta(seconds=61))
    assert missed.id in {seat.id for seat in later}


async def test_each_change_turns_the_board(day: Day) -> None:
    """Pages learn of every change by one number."""
    seen = [(await day.hall.board(day.now)).revision]

    async def turned() -> bool:
        seen.append((await day.hall.board(day.now)).revision)
        return seen[-1] > seen[-2]

    await day.come(1)
    assert await turned()
    seat = await day.next(1)
    assert await turned()
    assert await day.hall.reject(seat, day.act("Dokumen tidak lengkap"), day.now)
    assert await turned()
    assert await day.hall.undo(seat, day.act(), day.now)
    assert await turned()
    await day.hall.walk_in("children", day.act(), day.now)
    assert await turned()


async def test_who_is_not_there(day: Day) -> None:
    """A number that nobody has today is nobody's."""
    for label in ("0", "7", "L1", "L", "1x", "¹", "99999", "", "../1"):
        assert await day.hall.find(label, day.now) is None, label
    assert (await day.hall.find("6", day.now)).number == 6
