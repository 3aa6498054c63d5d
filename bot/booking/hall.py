"""The office's hall today: who is where, and what staff do with them, seen by every counter."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.booking.calling import Board, Busy, Calls, CallStore
from bot.booking.counter import UNDO, UNDOABLE, NoNumber, TurnedAway, walk_in_line
from bot.booking.in_turn import in_order
from bot.booking.life import UPCOMING, Act, SeatState, Step, is_staff
from bot.booking.office import Office
from bot.booking.queue import Queue
from bot.booking.rules import WalkInKind
from bot.booking.seats import WALK_IN_LETTER, WALK_IN_LINE, Seat, seat_id
from bot.booking.upkeep import NO_SHOW

LEFT: Final = "left"
"""Why a booking was voided of somebody who came and did not stay."""

LATE: Final = "late"


class Stage(StrEnum):
    """Where somebody stands, as the counter speaks of it."""

    BOOKED = "booked"
    WAITING = "waiting"
    CALLED = "called"
    ATTENDED = "attended"
    SERVED = "served"
    REJECTED = "rejected"
    NO_SHOW = "no_show"
    VOID = "void"


_STAGES: Final = {
    SeatState.BOOKED: Stage.BOOKED,
    SeatState.CHECKED_IN: Stage.WAITING,
    SeatState.SERVED: Stage.SERVED,
    SeatState.REJECTED: Stage.REJECTED,
}


def stage_of(seat: Seat) -> Stage | None:
    """Where somebody stands; ``None`` for a seat that is nobody's yet."""
    if seat.state is SeatState.CALLED:
        attended, called = seat.last(Step.ATTENDED), seat.last(Step.CALLED)
        there = attended and called and attended.at >= called.at
        return Stage.ATTENDED if there else Stage.CALLED
    if seat.state is SeatState.VOID:
        voided = seat.last(Step.VOIDED)
        return Stage.NO_SHOW if voided and voided.reason == NO_SHOW else Stage.VOID
    return _STAGES.get(seat.state)


@dataclass(frozen=True, slots=True)
class Shown:
    """A call as everybody in the hall may see it.

    Args:
        number: as :attr:`~bot.booking.seats.Seat.label`.
        counter: 0 for none in particular.
        at: of the latest call, aware UTC.
    """

    number: str
    counter: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Showing:
    """What the board in the hall shows: numbers, and nobody's name.

    Args:
        called: who is at the counters, the latest call first.
        next: who is called next, if nobody comes in before.
    """

    board: Board
    called: Sequence[Shown]
    next: Sequence[str]


class Hall:
    """One office's hall. Whatever is done here turns the day's board, so that every page that
    follows it learns of it.
    """

    def __init__(self, queue: Queue, calls: Calls, boards: CallStore, office: Office) -> None:
        self._queue = queue
        self._calls = calls
        self._boards = boards
        self._office = office

    async def board(self, now: datetime) -> Board:
        """The day's board: one look by id."""
        return await self._boards.board(self._office.id, self._office.today(now))

    async def everybody(self, now: datetime) -> list[Seat]:
        """Today's people, bookings by number and then the walk-in line."""
        office, today = self._office, self._office.today(now)
        lines = [office.id, *([walk_in_line(office)] if office.walk_in_seats else [])]
        found = await asyncio.gather(*(self._queue.seats.of_day(line, today) for line in lines))
        return [seat for seats in found for seat in seats if stage_of(seat)]

    async def showing(self, now: datetime, ahead: int = 6) -> Showing:
        """What the board shows; its looks are by index, however many are booked.

        Args:
            ahead: how many of those who wait are shown.
        """
        board, today, seats = await self.board(now), self._office.today(now), self._queue.seats
        called = [
            Shown(seat.label, seat.counter, event.at)
            for seat in await seats.at_counters(self._office.id, today)
            if (event := seat.last(Step.CALLED))
        ]
        waiting = in_order(await seats.waiting(self._office.id, today), self._office, board.run)
        latest = sorted(called, key=lambda each: (each.at, each.number), reverse=True)
        return Showing(board, latest, [seat.label for seat in waiting[:ahead]])

    async def find(self, label: str, now: datetime) -> Seat | None:
        """Who has this number today, as :attr:`~bot.booking.seats.Seat.label`."""
        by_hand = label.startswith(WALK_IN_LETTER)
        digits = label.removeprefix(WALK_IN_LETTER)
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= len("9999")):
            return None
        line = self._office.id + (WALK_IN_LINE if by_hand else "")
        seat = await self._queue.seats.seat(seat_id(line, self._office.today(now), int(digits)))
        return seat if seat and stage_of(seat) else None

    async def at(self, counter: int, now: datetime) -> Seat | None:
        """Who is at this counter."""
        today = self._office.today(now)
        return await self._queue.seats.at_counter(self._office.id, today, counter)

    async def family_of(self, seat: Seat) -> list[Seat]:
        """Who was registered together, itself among them."""
        return await self._queue.family_of(seat)

    async def check_in(self, code: str, act: Act, now: datetime) -> Seat | TurnedAway:
        """Let in who shows a code; see :meth:`~bot.booking.counter.Counter.check_in`."""
        found = await self._queue.check_in(self._office, code, act, now)
        await self._turn(now)
        return found

    async def walk_in(self, kind: WalkInKind, act: Act, now: datetime) -> Seat | NoNumber:
        """Give somebody who queues by hand the next number."""
        today = self._office.today(now)
        given = await self._queue.walk_in(self._office, today, kind, act, now)
        await self._turn(now)
        return given

    async def next(self, counter: int, act: Act, now: datetime) -> Seat | Busy | None:
        """Call whoever is next; see :meth:`~bot.booking.calling.Calls.next`."""
        return await self._calls.next(self._office, counter, act, now)

    async def call(self, seat: Seat, counter: int, act: Act, now: datetime) -> Seat | None:
        """Call this one, in or out of turn, or once more."""
        return await self._calls.call_to(self._office, seat, counter, act, now)

    async def attend(self, seat: Seat, act: Act, now: datetime) -> Seat | None:
        """Who was called is at the counter."""
        return await self._turned(await self._queue.attend(seat, act, now), now)

    async def serve(self, seat: Seat, act: Act, now: datetime) -> Seat | None:
        """Somebody is done."""
        return await self._turned(await self._queue.serve(seat, act, now), now)

    async def reject(self, seat: Seat, act: Act, now: datetime) -> Seat | None:
        """Somebody is turned away for ``act.reason``."""
        return await self._turned(await self._queue.reject(seat, act, now), now)

    async def void(self, seat: Seat, act: Act, now: datetime) -> Seat | None:
        """A booking or a number is void, for ``act.reason``."""
        return await self._turned(await self._queue.void(seat, act, now), now)

    def is_absent(self, seat: Seat, now: datetime) -> bool:
        """Whether it may be said that nobody came: late, or called and not there."""
        return self._queue.is_late(seat, now) or stage_of(seat) is Stage.CALLED

    async def absent(self, seat: Seat, act: Act, now: datetime) -> Seat | None:
        """Nobody came. Of who never checked in it counts against their number, once it can no more
        be undone (:mod:`bot.booking.upkeep`); who came and left it does not.
        """
        if not self.is_absent(seat, now):
            return None
        reason = LEFT if seat.state is SeatState.CALLED else NO_SHOW
        return await self.void(seat, Act(act.key, act.by, act.sender, reason), now)

    async def undo(self, seat: Seat, act: Act, now: datetime) -> Seat | None:
        """Take back what staff did last with somebody, within a minute."""
        return await self._turned(await self._queue.undo(seat, act, now), now)

    async def _turned(self, seat: Seat | None, now: datetime) -> Seat | None:
        if seat:
            await self._turn(now)
        return seat

    async def _turn(self, now: datetime) -> None:
        await self._boards.turn(self._office.id, self._office.today(now))


def can_undo(seat: Seat, now: datetime) -> bool:
    """Whether what was done last can still be taken back."""
    last = seat.trail[-1] if seat.trail else None
    if last is None or last.step not in UNDOABLE or not is_staff(last.by):
        return False
    return now - last.at <= UNDO


def is_over(seat: Seat) -> bool:
    """Whether nothing is left to do."""
    return seat.state not in UPCOMING


__all__ = ["Hall", "Showing", "Shown", "Stage", "can_undo", "is_over", "stage_of"]
