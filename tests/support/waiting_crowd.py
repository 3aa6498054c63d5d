"""A crowd too large for the seats: they wait, are offered what is freed, and take it or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from bot.booking.calling import Calls, NoSuchNumber
from bot.booking.life import APPLICANT, SYSTEM, Act
from bot.booking.offering import is_unnamed
from bot.booking.office import Office, Offices
from bot.booking.queue import Queue
from bot.booking.seats import Seat, SeatState
from bot.booking.waited import Waited
from bot.booking.waiting import NotJoined, Place, Waits
from bot.booking.waitlist import OPEN, Wait, WaitState
from bot.stores import Stores
from tests.support.crowd import DAYS, PEOPLE, STEPS, Crowd, Fickle

WAITING_STEPS = [*STEPS, *("join", "tend", "take", "name", "pass_on", "leave", "call") * 2]

_NEXT = {
    WaitState.WAITING: {WaitState.OFFERED, WaitState.LEFT, WaitState.BOOKED, WaitState.OVER},
    WaitState.OFFERED: {WaitState.TAKEN, WaitState.PASSED, WaitState.LAPSED, WaitState.LEFT},
}
"""What may follow; whatever ended, only joining again."""

_DONE = {WaitState.TAKEN, WaitState.PASSED, WaitState.LEFT}
"""What ends a wait because somebody said so: a step each, made once."""


class WaitingCrowd(Crowd):
    """As :class:`Crowd`, with two processes that look after a waitlist."""

    def __init__(self, stores: Stores, office: Office, seed: int, failing: float) -> None:
        super().__init__(stores.seats, office, seed, failing)
        self.waitlist, self.notices = stores.waitlist, stores.notices
        self.places: dict[str, Wait] = {}  # of whoever was told a place: the wait as it was

        def fickle(store: Any) -> Any:
            return Fickle(store, self.random, failing=failing)

        def process() -> tuple[Queue, Waits]:
            waited = Waited()
            waits = Waits(fickle(stores.waitlist), fickle(stores.notices), waited, Random(seed))
            return Queue(Offices([office]), fickle(stores.seats), waited), waits

        self.processes = [process(), process()]
        self.queue = self.processes[0][0]
        self.calls = Calls(fickle(stores.seats), fickle(stores.calls), fickle(stores.notices))

    def any_process(self) -> tuple[Queue, Waits]:
        """Whichever of the two gets it."""
        return self.processes[self.random.randrange(2)]

    async def join(self, key: str, who: int, other: int, day: date) -> None:
        """Wait for a day that is full, or now and then for any."""
        queue, waits = self.any_process()
        person = self.person(who, who)
        on = None if other == 0 else day
        wait = Wait(self.office.id, on, person.sender, person.conversation)
        place = await waits.join(queue, wait, key, self.now)
        if isinstance(place, Place):
            self.places[wait.id] = place.wait
        else:
            assert place in (NotJoined.FREE, NotJoined.NOT_BOOKABLE, NotJoined.LIST_FULL)

    async def tend(self, _key: str, _who: int, _other: int, _day: date) -> None:
        """A process sweeps."""
        queue, waits = self.any_process()
        await waits.tend(queue, self.now)

    async def _offered_to(self, key: str, who: int) -> list[Wait]:
        if key not in self.meant:
            sender = f"whatsapp:{self.office.id}{who}"
            waits = await self.waitlist.open(self.office.id)
            self.meant[key] = [
                each for each in waits if (each.sender, each.state) == (sender, WaitState.OFFERED)
            ]
        return self.meant[key]

    async def take(self, key: str, who: int, _other: int, _day: date) -> None:
        """Say yes to what is offered."""
        queue, waits = self.any_process()
        for wait in (await self._offered_to(key, who))[:1]:
            seat = await waits.take(queue, wait.id, wait.key, key, self.now)
            if seat is not None:
                assert (seat.id, seat.key) == (wait.seat, wait.key), "somebody else's seat"
                assert seat.claim.until > self.now

    async def name(self, key: str, who: int, _other: int, _day: date) -> None:
        """Say whose the seat is."""
        for seat in await self.theirs(key, who, SeatState.HELD):
            held = await self.queue.hold(
                self.office, seat.day, self.person(who, who), key, self.random, self.now
            )
            if isinstance(held, Seat) and held.id == seat.id:
                assert not is_unnamed(held)

    async def pass_on(self, key: str, who: int, _other: int, _day: date) -> None:
        """Say no to it."""
        queue, waits = self.any_process()
        for wait in (await self._offered_to(key, who))[:1]:
            act = Act(key, APPLICANT, wait.sender)
            await waits.leave(queue, wait.id, WaitState.PASSED, act, self.now)

    async def leave(self, key: str, who: int, _other: int, _day: date) -> None:
        """Wait no more."""
        queue, waits = self.any_process()
        sender = f"whatsapp:{self.office.id}{who}"
        if key not in self.meant:
            self.meant[key] = [place.wait for place in await waits.of(self.office.id, sender)]
        for wait in self.meant[key]:
            act = Act(key, APPLICANT, sender)
            await waits.leave(queue, wait.id, WaitState.LEFT, act, self.now)

    async def call(self, _key: str, _who: int, other: int, _day: date) -> None:
        """A number is called to the counter."""
        if self.office.today(self.now) in DAYS:
            try:
                await self.calls.call(self.office, other % self.office.quota + 1, self.now, SYSTEM)
            except NoSuchNumber:
                seats = await self.store.of_day(self.office.id, self.office.today(self.now))
                assert not seats, "a number that is there cannot be called"

    async def check(self) -> None:
        """Nobody loses their place, every step is audited, a seat is offered to one at a time."""
        await super().check()
        offered: set[str] = set()
        for told in self.places.values():
            wait = await self.waitlist.load(told.id)
            assert wait, "a wait that vanished"
            assert wait.state is wait.trail[-1].state, "a step without its event"
            for one, other in pairwise(step.state for step in wait.trail):
                assert other in _NEXT.get(one, {WaitState.WAITING}), f"{other} after {one}"
            done = [(step.state, step.key) for step in wait.trail if step.state in _DONE]
            assert len(done) == len(set(done)), "a step audited twice"
            at = told.trail[-1] if told.state is WaitState.WAITING else None
            since = wait.trail[wait.trail.index(at) :] if at in wait.trail else ()
            if since and all(step.state in OPEN for step in since):
                assert wait.joined_at == told.joined_at, "a place that was lost"
                assert wait.is_open, "an end that nobody made"
            seat = await self.store.seat(wait.seat) if wait.seat else None
            if wait.state is WaitState.OFFERED and seat and seat.key == wait.key:
                assert seat.claim.applicant.sender == wait.sender, "offered to somebody else"
                assert seat.id not in offered, "a seat offered to two"
                offered.add(seat.id)

    async def check_at_rest(self) -> None:
        """Once nothing fails, whoever came first is offered what is free."""
        await super().check_at_rest()
        waited = Waited()
        queue = Queue(Offices([self.office]), self.store, waited)
        waits = Waits(self.waitlist, self.notices, waited, Random(1))
        for _ in range(PEOPLE + 2):  # what was begun is ended, and what that frees is offered
            before = await self.waitlist.open(self.office.id)
            self.now += timedelta(seconds=20)
            await waits.tend(queue, self.now)
            await self._first_come(queue, before)
        await self.check()
        for wait in await self.waitlist.open(self.office.id):
            if wait.state is WaitState.OFFERED:
                assert wait.told, "an offer that nobody is told of"
            elif not await queue.active_of(self.office, wait.sender, self.now):
                free = Queue(Offices([self.office]), self.store)
                days = await free.free_days(self.office, self.now)
                assert days == [] if wait.day is None else wait.day not in days, "waits in vain"
        for seat in await self.all_seats():  # everybody gives up what they have, one by one
            if seat.state is SeatState.BOOKED and seat.claim:
                act = Act(f"home|{seat.key}", SYSTEM)
                before = await self.waitlist.open(self.office.id)
                await queue.cancel(seat.id, seat.key, act, self.now)
                await waits.tend(queue, self.now)
                await self._first_come(queue, before)

    async def _first_come(self, queue: Queue, before: Sequence[Wait]) -> None:
        """Whoever was passed over had a seat elsewhere, or an offer."""
        now = {wait.id: wait for wait in await self.waitlist.open(self.office.id)}
        by_time = sorted(before, key=lambda wait: (wait.joined_at, wait.id))
        waiting = [wait for wait in by_time if wait.state is WaitState.WAITING]
        for at, wait in enumerate(waiting):
            got = now.get(wait.id)
            if got is None or got.state is not WaitState.OFFERED:
                continue
            seat = await self.store.seat(got.seat)
            for earlier in waiting[:at]:
                left = now.get(earlier.id)
                if left and left.state is WaitState.WAITING and left.day in (None, seat.day):
                    assert await queue.active_of(self.office, left.sender, self.now), (
                        "somebody who came later was first"
                    )
