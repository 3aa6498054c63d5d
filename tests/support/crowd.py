"""A crowd at one office: people, staff and jobs, doing many things at once and some of them twice.

Every step is a method of :class:`Crowd` named as in ``STEPS``: to add a kind of step, write the
method and name it there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from bot.booking.counter import walk_in_line
from bot.booking.life import (
    APPLICANT,
    FREEING,
    UPCOMING,
    Act,
    SeatState,
    Step,
    replayed,
    staff,
    target,
)
from bot.booking.offering import is_unnamed
from bot.booking.office import Office, Offices
from bot.booking.person import person_mark
from bot.booking.queue import Queue
from bot.booking.seats import SKEW, AlreadyActive, Applicant, Seat, SeatStore
from bot.errors import StorageUnavailable
from tests.support.counter import TUESDAY, WEDNESDAY
from tests.support.talk import NOW

DAYS = (TUESDAY, WEDNESDAY, date(2026, 11, 26))
STEPS = [
    *("hold", "approve", "release", "cancel", "move", "family", "approve_family", "amend"),
    *("check_in", "serve", "reject", "void", "undo", "walk_in", "upkeep"),
]
PEOPLE = 5


_AGAIN = {Step.HELD, Step.RELEASED, Step.EXPIRED}
"""Steps that a family's hold, when it could not get all its seats, takes anew with its key."""


class Fickle:
    """A store that lets others go first, and now and then does not answer: before or after it did
    what it was asked.
    """

    def __init__(self, store: Any, random: Random, *, failing: float) -> None:
        self._store, self._random, self.failing = store, random, failing

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        call = getattr(self._store, name)

        async def run(*given: Any, **named: Any) -> Any:
            for _ in range(self._random.randrange(3)):
                await asyncio.sleep(0)
            if self._random.random() < self.failing / 2:
                raise StorageUnavailable("not this time")
            answer = await call(*given, **named)
            if self._random.random() < self.failing / 2:
                raise StorageUnavailable("done, and nobody heard")
            return answer

        return run


class Crowd:
    """What everybody does at an office, and what must hold afterwards."""

    def __init__(self, store: SeatStore, office: Office, seed: int, failing: float) -> None:
        self.random = Random(seed)
        self.store, self.office, self.now = store, office, NOW
        self.queue = Queue(Offices([office]), Fickle(store, self.random, failing=failing))
        self.keys = 0
        self.meant: dict[str, list[Seat]] = {}
        self.codes: dict[str, str] = {}  # of every approval that was answered: its seat

    def person(self, number: int, sender: int) -> Applicant:
        """Somebody, registered with a number of two that are in reach."""
        address = f"{self.office.id}{sender}"
        names = (f"{self.office.id} {number}", f"Hj. {self.office.id.title()}  {number}, S.H.")
        name = names[self.random.randrange(2)]
        return Applicant(name, date(1990, 1, 1 + number), f"whatsapp:{address}", f"c:{address}")

    async def do(self, step: str, who: int, other: int, day: int) -> None:
        """One step with a key of its own, made again with the same one when nobody answers, as
        WhatsApp delivers a message: what is half done is somebody's to end.
        """
        self.keys += 1
        key = f"{self.office.id}|{self.keys}"
        for _ in range(60):
            try:
                await getattr(self, step)(key, who, other, DAYS[day])
            except StorageUnavailable:
                continue
            return

    async def theirs(self, key: str, who: int, *states: SeatState) -> list[Seat]:
        """The seats of a number that are in one of these states; a step tried again means those
        that it meant first.
        """
        if key not in self.meant:
            sender = f"whatsapp:{self.office.id}{who}"
            self.meant[key] = [
                seat
                for seat in await self.all_seats()
                if seat.claim and seat.claim.applicant.sender == sender and seat.state in states
            ]
        return self.meant[key]

    async def hold(self, key: str, who: int, other: int, day: date) -> None:
        """Register oneself, or now and then somebody else."""
        person = self.person(other if other % 3 == 0 else who, who)
        await self.queue.hold(self.office, day, person, key, self.random, self.now)

    async def approve(self, key: str, who: int, _other: int, _day: date) -> None:
        """Send the code back."""
        for seat in await self.theirs(key, who, SeatState.HELD):
            alone = seat.claim and not seat.claim.group and not seat.claim.replaces
            if alone and not is_unnamed(seat):
                booked = await self.queue.approve(
                    self.office, seat.id, seat.key, key, self.random, self.now
                )
                self.remember([booked] if booked else [])

    async def release(self, key: str, who: int, _other: int, _day: date) -> None:
        """Start again."""
        for seat in await self.theirs(key, who, SeatState.HELD):
            await self.queue.release(seat.id, seat.key, self.now, Act(key, APPLICANT))

    async def cancel(self, key: str, who: int, other: int, _day: date) -> None:
        """Do not come after all: one of a family, or whoever it is."""
        seats = await self.theirs(key, who, SeatState.BOOKED)
        for seat in seats[other % 2 : other % 2 + 1]:
            await self.queue.cancel(seat.id, seat.key, Act(key, APPLICANT), self.now)

    async def move(self, key: str, who: int, other: int, day: date) -> None:
        """Come another day."""
        seats = await self.theirs(key, who, SeatState.BOOKED)
        for seat in seats[other % 2 : other % 2 + 1]:
            act = Act(key, APPLICANT, f"whatsapp:{who}")
            moved = await self.queue.move(seat.id, seat.key, day, act, self.random, self.now)
            self.remember([moved] if isinstance(moved, Seat) else [])

    async def family(self, key: str, who: int, other: int, day: date) -> None:
        """Register oneself and one or two more."""
        people = [self.person((who + n) % PEOPLE, who) for n in range(2 + other % 2)]
        await self.queue.hold_group(self.office, day, people, key, self.random, self.now)

    async def approve_family(self, key: str, who: int, _other: int, _day: date) -> None:
        """Send the family's code back."""
        seats = [seat for seat in await self.theirs(key, who, SeatState.HELD) if seat.claim.group]
        family = await self.queue.family_of(seats[0]) if seats else []
        held = [(seat.id, seat.key) for seat in family]
        if held:
            booked = await self.queue.approve_group(self.office, held, key, self.random, self.now)
            self.remember(booked or [])

    async def amend(self, key: str, who: int, other: int, _day: date) -> None:
        """Correct the name."""
        for seat in (await self.theirs(key, who, SeatState.HELD))[:1]:
            person = self.person(other, who)
            with suppress(AlreadyActive):
                await self.queue.amend(seat.id, person, key, self.now)

    async def check_in(self, key: str, who: int, _other: int, _day: date) -> None:
        """Show the code at the counter."""
        for seat in (await self.theirs(key, who, SeatState.BOOKED))[:1]:
            act = Act(key, staff("a"))
            await self.queue.check_in(self.office, seat.booking_code, act, self.now)

    async def serve(self, key: str, who: int, _other: int, _day: date) -> None:
        """Be served."""
        for seat in (await self.theirs(key, who, SeatState.CHECKED_IN))[:1]:
            await self.queue.serve(seat, Act(key, staff("a")), self.now)

    async def reject(self, key: str, who: int, _other: int, _day: date) -> None:
        """Have forgotten a document."""
        for seat in (await self.theirs(key, who, SeatState.CHECKED_IN))[:1]:
            act = Act(key, staff("b"), reason="documents")
            await self.queue.reject(seat, act, self.now)

    async def void(self, key: str, who: int, _other: int, _day: date) -> None:
        """Not be there when called."""
        for seat in (await self.theirs(key, who, SeatState.BOOKED, SeatState.CHECKED_IN))[:1]:
            await self.queue.void(seat, Act(key, staff("b"), reason="no_show"), self.now)

    async def undo(self, key: str, who: int, _other: int, _day: date) -> None:
        """Have been taken for somebody else."""
        ended = set(SeatState) - {SeatState.FREE, SeatState.HELD, SeatState.BOOKED}
        for seat in (await self.theirs(key, who, *ended))[:1]:
            await self.queue.undo(seat, Act(key, staff("a")), self.now)

    async def walk_in(self, key: str, _who: int, _other: int, day: date) -> None:
        """Queue by hand."""
        await self.queue.walk_in(self.office, day, "elderly", Act(key, staff("a")), self.now)

    async def upkeep(self, _key: str, _who: int, _other: int, _day: date) -> None:
        """Time's own work."""
        await self.queue.finish_moves(self.now)
        await self.queue.expire_holds(self.now)
        await self.queue.void_late(self.office, self.now)

    def remember(self, booked: list[Seat]) -> None:
        """Keep the codes people were given."""
        self.codes |= {seat.booking_code: seat.id for seat in booked}

    async def all_seats(self) -> list[Seat]:
        """Every seat of the office, walk-in ones too."""
        lines = (self.office.id, walk_in_line(self.office))
        found = [await self.store.of_day(line, day) for line in lines for day in DAYS]
        return [seat for seats in found for seat in seats]

    async def check(self) -> None:
        """What must always hold."""
        seats = await self.all_seats()
        ids = [seat.id for seat in seats]
        assert len(ids) == len(set(ids))
        by_id = dict(zip(ids, seats, strict=True))
        for day in DAYS:
            ours = [seat for seat in seats if (seat.office, seat.day) == (self.office.id, day)]
            assert len(ours) in (0, self.office.quota)
            named = [seat for seat in ours if self._counts(seat) and not is_unnamed(seat)]
            persons = [_person(seat) for seat in named]
            assert len(persons) == len(set(persons)), "a person twice on a day"
            over = {seat.number for seat in ours if _claimable(seat, self.now)}
            free = await self.store.free_numbers(self.office.id, day, self.now)
            assert set(free) == over, "an expired hold that is not free"
        for seat in seats:
            assert _led_to(seat) is seat.state, "a step without its event"
            keys = [(event.step, event.key) for event in seat.trail if event.step not in _AGAIN]
            assert len(keys) == len(set(keys)), "a step audited twice"
        for code, where in self.codes.items():
            seat = by_id[where]
            known_as = await self.store.pseudonym(code)
            given = [at for at, event in enumerate(seat.trail) if event.code == known_as]
            assert len(given) == 1
            ended = any(event.step in FREEING for event in seat.trail[given[0] :])
            assert ended or seat.booking_code == code, "a booking that vanished"

    async def check_at_rest(self) -> None:
        """What must hold once everybody is done and moves are finished."""
        self.queue = Queue(Offices([self.office]), self.store)
        await self.queue.finish_moves(self.now)
        await self.check()
        for seat in await self.all_seats():
            assert replayed(seat.trail) is seat.state, "a trail that is no life"
        counted = [seat for seat in await self.all_seats() if self._counts(seat)]
        seats = [seat for seat in counted if seat.state in UPCOMING]
        assert not any(seat.moving for seat in seats), "a move that is not finished"
        for sender in {seat.claim.applicant.sender for seat in seats}:
            theirs = [seat for seat in seats if seat.claim.applicant.sender == sender]
            bookings = {seat.claim.group or seat.id for seat in theirs}
            assert len(bookings) == 1, "a number with two bookings"
            assert await self.queue.active_of(self.office, sender, self.now), "a lost booking"

    def _counts(self, seat: Seat) -> bool:
        return seat.claim is not None and self.queue.is_active(seat, self.now)


def _person(seat: Seat) -> str:
    who = seat.claim.applicant
    return person_mark(seat.day, who.name, who.birth_date)


def _led_to(seat: Seat) -> SeatState | None:
    """Where the trail leads, by the table of the machine: a machine a look would take seconds."""
    state: SeatState | None = SeatState.FREE
    for event in seat.trail:
        state = state and target(state, event.step)
    return state


def _claimable(seat: Seat, now: datetime) -> bool:
    if seat.state is SeatState.HELD:
        return seat.claim.until + SKEW <= now + timedelta(milliseconds=1)
    return seat.state is SeatState.FREE
