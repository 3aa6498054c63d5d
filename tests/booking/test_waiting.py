"""The waitlist: who is offered a freed seat, for how long, and who then."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from bot.booking.life import APPLICANT, Act
from bot.booking.office import Offices
from bot.booking.queue import Queue
from bot.booking.seats import SKEW, Seat
from bot.booking.waited import Waited
from bot.booking.waiting import NotJoined, Place, Waits
from bot.booking.waitlist import Wait, WaitState
from storage.memory import MemorySeats
from storage.memory_notices import MemoryNotices
from storage.waitlist import MemoryWaitlist
from tests.support.counter import TUESDAY, one_a_day, person
from tests.support.talk import NOW


@dataclass
class World:
    """Two processes at an office of one seat a day, which is booked."""

    queue: Queue
    other_queue: Queue
    waits: Waits
    other_waits: Waits
    store: MemoryWaitlist
    booked: Seat
    now: datetime = NOW

    async def join(self, number: int) -> Place | NotJoined:
        """Somebody waits for Tuesday."""
        who = person(number)
        wait = Wait("kota_contoh", TUESDAY, who.sender, who.conversation)
        self.now += timedelta(seconds=1)
        return await self.waits.join(self.queue, wait, f"join{number}", self.now)

    async def cancel(self, queue: Queue | None = None) -> None:
        """The seat is free again, by the first process or another one."""
        act = Act("cancel", APPLICANT)
        assert await (queue or self.queue).cancel(self.booked.id, self.booked.key, act, self.now)

    async def tend(self, later: timedelta = timedelta(seconds=20)) -> None:
        """Both processes look at once."""
        self.now += later
        await asyncio.gather(
            self.waits.tend(self.queue, self.now),
            self.other_waits.tend(self.other_queue, self.now),
        )

    async def states(self) -> list[WaitState]:
        """Where those who wait stand."""
        return [wait.state for wait in await self.store.open()]


@pytest.fixture
async def world(make_office: Any) -> World:
    """One seat a day, booked; two may wait."""
    offices = Offices([one_a_day(make_office, waitlist_size=2)])
    seats, store, notices = MemorySeats(), MemoryWaitlist(), MemoryNotices()
    seen, other = Waited(), Waited()
    queue = Queue(offices, seats, seen)
    office = queue.office("kota_contoh")
    held = await queue.hold(office, TUESDAY, person(9), "h", Random(1), NOW)
    assert isinstance(held, Seat)
    booked = await queue.approve(office, held.id, held.key, "a", Random(1), NOW)
    assert booked
    return World(
        queue,
        Queue(offices, seats, other),
        Waits(store, notices, seen, Random(2)),
        Waits(store, notices, other, Random(3)),
        store,
        booked,
    )


async def test_first_come_first_served(world: World) -> None:
    """Two processes offer one seat to the first, once; silence passes it to the next."""
    assert isinstance(await world.join(1), Place)
    second = await world.join(2)
    assert isinstance(second, Place)
    assert second.ahead == 1
    again = await world.join(2)
    assert isinstance(again, Place)
    assert again.wait == second.wait
    assert await world.join(3) is NotJoined.LIST_FULL
    await world.cancel()
    await world.tend()
    assert await world.states() == [WaitState.OFFERED, WaitState.WAITING]
    await world.tend(timedelta(minutes=32))
    await world.tend()
    (left,) = await world.store.open()
    assert (left.sender, left.state) == (person(2).sender, WaitState.OFFERED)
    seat = await world.waits.take(world.queue, left.id, left.key, "take", world.now)
    assert seat == await world.waits.take(world.queue, left.id, left.key, "take", world.now)
    assert seat
    assert not await world.store.open()


async def test_between_two_looks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list is not read again before the next look: what others changed is seen, and an offer
    that lapses is passed on.
    """
    reads, read = [], world.store.open

    async def counted(office: str = "") -> Any:
        reads.append(office)
        return await read(office)

    await world.tend()
    monkeypatch.setattr(world.store, "open", counted)
    await world.waits.join(
        world.queue,
        Wait("kota_contoh", TUESDAY, person(1).sender, person(1).conversation),
        "join1",
        world.now,
    )
    await world.cancel(Queue(world.queue.offices, world.queue.seats))
    reads.clear()
    soon = timedelta(seconds=1)
    await world.tend(soon)
    office, passer = world.other_queue.office("kota_contoh"), person(5)
    hold = world.other_queue.hold(office, TUESDAY, passer, "p", Random(1), world.now)
    assert await hold is None
    assert reads == []
    await world.queue.release(world.booked.id, "somebody's", world.now)  # it knows of one freed
    await world.tend(soon)
    (offer,) = await read()
    assert offer.state is WaitState.OFFERED
    reads.clear()
    await world.tend(soon)
    assert reads == []
    world.now = offer.until + SKEW - timedelta(seconds=2)
    await world.tend(soon)  # a look, a second too early for the offer to lapse
    reads.clear()
    await world.tend(soon)
    assert "" in reads
    assert await read() == []


async def test_not_whoever_comes_along(world: World) -> None:
    """A seat that somebody waits for is not given to another, and is again once nobody does."""
    await world.join(1)
    await world.cancel()
    office = world.queue.office("kota_contoh")
    passer = person(5)
    assert await world.queue.hold(office, TUESDAY, passer, "p", Random(1), world.now) is None
    place = (await world.waits.of("kota_contoh", person(1).sender))[0]
    act = Act("leave", APPLICANT)
    assert await world.waits.leave(world.queue, place.wait.id, WaitState.LEFT, act, world.now)
    held = await world.queue.hold(office, TUESDAY, passer, "p2", Random(1), world.now)
    assert isinstance(held, Seat)


async def test_named_hold(world: World) -> None:
    """The seat taken is the one that the ordinary hold puts a person into."""
    await world.join(1)
    await world.cancel()
    await world.tend()
    (wait,) = await world.store.open()
    assert await world.waits.take(world.queue, wait.id, wait.key, "take", world.now)
    office = world.queue.office("kota_contoh")
    held = await world.queue.hold(office, TUESDAY, person(1), "named", Random(4), world.now)
    assert isinstance(held, Seat)
    assert held.claim
    assert (held.id, held.claim.key, held.claim.applicant) == (wait.seat, wait.key, person(1))


async def test_off(world: World) -> None:
    """An office without a waitlist has nobody wait."""
    office = world.queue.office("kota_contoh").model_copy(update={"waitlist": False})
    queue = Queue(Offices([office]), world.queue.seats)
    wait = replace(Wait("kota_contoh", TUESDAY, "s", "c"), joined_at=NOW)
    assert await world.waits.join(queue, wait, "k", NOW) is NotJoined.OFF


async def test_what_a_process_freed_itself_is_offered_at_once(world: World) -> None:
    """Whatever freed it, in the chat, on a page or at the desk: the process's next sweep offers
    it, not only its next look.
    """
    await world.tend()
    await world.join(1)
    await world.cancel()
    await world.tend(timedelta(seconds=1))
    assert await world.states() == [WaitState.OFFERED]
