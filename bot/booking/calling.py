"""The day's queue as it moves: who is called, who is nearly up, how late it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.booking.in_turn import in_order
from bot.booking.life import SYSTEM, Act, SeatState, Step
from bot.booking.life import UPCOMING as TO_END
from bot.booking.line import is_late
from bot.booking.notices import FOR_EVER, Notice, NoticeName, NoticeStore, Value
from bot.booking.office import Office
from bot.booking.plan import seats_of
from bot.booking.seats import Seat, SeatStore, seat_id
from bot.errors import AntreError, StorageUnavailable

NEARLY_LASTS = timedelta(minutes=30)
"""So long after the call "you are nearly up" is still worth telling."""

ROUNDED_TO = 5
"""Minutes of lateness are told roughly."""

UPCOMING = TO_END - {SeatState.CALLED}
"""States of a booking that is still to be called."""

TRIES = 8
"""So often it is looked who waits, when others call everybody first."""


@dataclass(frozen=True, slots=True)
class Board:
    """What the board at an office's counter shows today.

    Args:
        number: the highest called so far; 0 before the first.
        at: when it was called, aware UTC.
        late: minutes it was called after its planned moment; 0 when in time.
        late_told: whether those still to come were told that it runs late.
        revision: another after each change of the queue that staff made.
        run: bookings called since the last walk-in number.
    """

    number: int = 0
    at: datetime = FOR_EVER
    late: int = 0
    late_told: bool = False
    revision: int = 0
    run: int = 0


@dataclass(frozen=True, slots=True)
class Called:
    """What a call led to.

    Args:
        nearly: how many are told that they are nearly up.
        late: how many are told that it runs late.
    """

    board: Board
    nearly: int
    late: int


@dataclass(frozen=True, slots=True)
class Place:
    """How a booking stands in its day's queue.

    Args:
        ahead: bookings that will be called before it.
        late: minutes it runs late, roughly.
        number: the last one called; 0 before the first.
        called: whether its own number was called or passed.
    """

    ahead: int
    late: int
    number: int
    called: bool


@dataclass(frozen=True, slots=True)
class Busy:
    """A counter that calls nobody: somebody is there."""

    seat: Seat


class NoSuchNumber(AntreError):
    """A number was called that the day does not have; its queue may not be laid out at all."""


class CallStore(Protocol):
    """The boards; every method raises ``StorageUnavailable`` when the database does not answer."""

    async def board(self, office: str, day: date) -> Board:
        """The board of a day; an empty one before the first call."""
        ...

    async def show(self, office: str, day: date, number: int, at: datetime, late: int) -> None:
        """Show a call, unless a higher number was called already."""
        ...

    async def told_late(self, office: str, day: date) -> None:
        """Remember that those still to come were told that it runs late."""
        ...

    async def turn(self, office: str, day: date, run: int | None = None) -> None:
        """The queue has changed; ``run`` as in :class:`Board`, if that has."""
        ...


class Calls:
    """Calls numbers, and tells who is to come."""

    def __init__(self, seats: SeatStore, calls: CallStore, notices: NoticeStore) -> None:
        self._seats = seats
        self._calls = calls
        self._notices = notices

    async def next(
        self, office: Office, counter: int, act: Act, now: datetime
    ) -> Seat | Busy | None:
        """Call whoever is next of those who have checked in, in the order of :func:`in_order`.

        One conditional write claims them, so of any number of counters, in any number of
        processes, no two get the same person. Done again with the same act it is the same person.

        Args:
            counter: its number, from 1; 0 is none in particular, where any number of people are.

        Returns:
            ``Busy`` while the last one called there is not done; ``None`` when nobody waits.
        """
        day = office.today(now)
        for _ in range(TRIES):
            if done := await self._seats.called_by(act.key):
                return await self._told(office, done, now)
            if there := await self._seats.at_counter(office.id, day, counter):
                return Busy(there)
            board = await self._calls.board(office.id, day)
            waiting = in_order(await self._seats.waiting(office.id, day), office, board.run)
            if not waiting:
                return None
            for seat in waiting:
                if called := await self._claim(seat, counter, act, now):
                    await self._calls.turn(office.id, day, 0 if seat.walk_in else board.run + 1)
                    return await self._told(office, called, now)
                if await self._seats.at_counter(office.id, day, counter):
                    break  # by the same press, done at once elsewhere, or by a colleague here
        raise StorageUnavailable(f"{office.short_name}: others were faster with everybody")

    async def call_to(
        self, office: Office, seat: Seat, counter: int, act: Act, now: datetime
    ) -> Seat | None:
        """Call this one, in or out of turn, or once more; ``None`` when they do not wait, are at
        another counter, or somebody else is at this one.
        """
        called = await self._claim(seat, counter, act, now)
        if called is None:
            return None
        await self._calls.turn(office.id, office.today(now))
        return await self._told(office, called, now)

    async def _claim(self, seat: Seat, counter: int, act: Act, now: datetime) -> Seat | None:
        return await self._seats.step(seat.id, seat.key, Step.CALLED, act, now, counter=counter)

    async def _told(self, office: Office, seat: Seat, now: datetime) -> Seat:
        """Tell the others, of a booking; numbers of the walk-in line say nothing to them.

        The whole day is read only where it runs late and all are to hear it: that is ten times as
        slow as looking at the few behind it.
        """
        if seat.walk_in or seat.day != office.today(now):
            return seat
        planned: Sequence[Seat] = seats_of(office, seat.day)
        if (seat.number, seat.hour) not in {(each.number, each.hour) for each in planned}:
            planned = await self._seats.of_day(office.id, seat.day)  # laid out by other rules
        late = minutes_late(office, planned, seat.number, now)
        board = await self._calls.board(office.id, seat.day)
        if 0 < office.late_notice_minutes < late and not board.late_told:
            behind = await self._seats.of_day(office.id, seat.day)
        else:
            near = range(seat.number + 1, seat.number + office.call_ahead + 1)
            ids = [seat_id(office.id, seat.day, number) for number in near]
            found = await asyncio.gather(*(self._seats.seat(each) for each in ids))
            behind = [each for each in found if each]
        await self._announce(office, behind, seat.number, late, now)
        return seat

    async def call(self, office: Office, number: int, now: datetime, by: str = SYSTEM) -> Called:
        """Call ``number`` today, to no counter in particular.

        Those up to ``office.call_ahead`` numbers behind it are told that they are nearly up; when
        it runs later than ``office.late_notice_minutes``, those behind them are told so, once a
        day. A number called again, or one below, moves nothing. Whoever has the number and was
        checked in has it in the seat's trail that service began. Safe to repeat.

        Args:
            by: who called, as in :class:`~bot.booking.life.Act`.

        Raises:
            NoSuchNumber: the day has none such.
        """
        day = office.today(now)
        seats = await self._seats.of_day(office.id, day)
        if number not in {seat.number for seat in seats}:
            raise NoSuchNumber(f"{office.short_name} has no number {number} on {day}")
        await self._begin_service(next(seat for seat in seats if seat.number == number), by, now)
        late = minutes_late(office, seats, number, now)
        return await self._announce(office, seats, number, late, now)

    async def _announce(
        self, office: Office, seats: Sequence[Seat], number: int, late: int, now: datetime
    ) -> Called:
        """Show a number of today, and tell those behind it; not who is late, and void by that."""
        day = office.today(now)
        board = await self._calls.board(office.id, day)
        if number < board.number:
            return Called(board, 0, 0)
        near = number + office.call_ahead
        waiting = [
            seat for seat in seats if seat.state in UPCOMING and not is_late(seat, office, now)
        ]
        nearly = [seat for seat in waiting if number < seat.number <= near]
        told = [_nearly(seat, number, now) for seat in nearly]
        runs_late = 0 < office.late_notice_minutes < late and not board.late_told
        behind = [seat for seat in waiting if seat.number > near] if runs_late else []
        told += [_late(seat, office, late, now) for seat in behind]
        await self._notices.add(told)
        # Only now: should this process die before, calling again tells them.
        await self._calls.show(office.id, day, number, now, late)
        if runs_late:
            await self._calls.told_late(office.id, day)
        board = await self._calls.board(office.id, day)
        return Called(board, len(nearly), len(behind))

    async def _begin_service(self, seat: Seat, by: str, now: datetime) -> None:
        """Note in the seat's trail, once, that who has checked in with it is called."""
        if seat.state is SeatState.CHECKED_IN:
            act = Act(f"{seat.key}|called", by)
            await self._seats.step(seat.id, seat.key, Step.CALLED, act, now)
            await self._calls.turn(seat.office, seat.day)

    async def place_of(self, seat: Seat) -> Place:
        """How a booking stands in its day's queue."""
        board = await self._calls.board(seat.office, seat.day)
        seats = await self._seats.of_day(seat.office, seat.day)
        ahead = sum(
            each.state in UPCOMING and board.number < each.number < seat.number for each in seats
        )
        return Place(ahead, _rounded(board.late), board.number, called=seat.number <= board.number)


def minutes_late(office: Office, seats: Iterable[Seat], number: int, now: datetime) -> int:
    """How long after its planned moment a number of today is called at ``now``; 0 if in time.

    The numbers of one hour are spread evenly over it: of 30 between 08.00 and 09.00, number 16 is
    planned for 08.30.
    """
    listed = sorted(seats, key=lambda seat: seat.number)
    hour = next(seat.hour for seat in listed if seat.number == number)
    together = [seat.number for seat in listed if seat.hour == hour]
    planned = datetime.combine(office.today(now), hour, office.zone) + (
        timedelta(minutes=office.slot_minutes) * together.index(number) / len(together)
    )
    return max(0, int((now - planned) / timedelta(minutes=1)))


def _nearly(seat: Seat, number: int, now: datetime) -> Notice:
    values: dict[str, Value] = {
        "number": seat.number,
        "ahead": seat.number - number,
        "called": number,
    }
    return _notice(seat, NoticeName.NEARLY_CALLED, values, now, now + NEARLY_LASTS)


def _late(seat: Seat, office: Office, minutes: int, now: datetime) -> Notice:
    hour = datetime.combine(seat.day, seat.hour, office.zone)
    expected = hour + timedelta(minutes=minutes)
    values: dict[str, Value] = {
        "number": seat.number,
        "minutes": _rounded(minutes),
        "hour": f"{expected:%H.%M}",
    }
    return _notice(seat, NoticeName.RUNNING_LATE, values, now, expected)


def _notice(
    seat: Seat, name: NoticeName, values: dict[str, Value], due_at: datetime, until: datetime
) -> Notice:
    if seat.claim is None:
        raise ValueError(f"{seat.id} is nobody's")
    key = seat.claim.key
    to = seat.claim.applicant.conversation
    return Notice(f"{key}/{name.value}", to, name.value, values, due_at, until, key)


def _rounded(minutes: int) -> int:
    return round(minutes / ROUNDED_TO) * ROUNDED_TO
