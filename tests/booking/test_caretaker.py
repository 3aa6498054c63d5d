"""The caretaker: what it does to seats nobody writes about, in several processes, after a crash."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.booking.conduct import Conduct
from bot.booking.life import Act, SeatState, staff
from bot.booking.office import Office, Offices
from bot.booking.people import StrikeKind
from bot.booking.seats import SKEW, Seat
from bot.caretaker import Caretaker
from bot.errors import StorageUnavailable
from storage.people import MemoryPeople
from tests.support.counter import Counter, person

TO_EIGHT = timedelta(hours=23)  # from the test's now to 08.00 on Tuesday
LATE = timedelta(minutes=16)


@pytest.fixture
def conduct() -> Conduct:
    """Nobody is known yet."""
    return Conduct(MemoryPeople())


def process(counter: Counter, conduct: Conduct, *others: Office) -> Caretaker:
    """The caretaker of one process."""
    return Caretaker(
        offices=lambda: Offices([*others, counter.office]),
        queue=lambda: counter.queue,
        conduct=conduct,
        clock=lambda: counter.now,
    )


async def strikes(conduct: Conduct, number: int) -> list[str]:
    """Keys of a number's no-shows."""
    known = await conduct.of(person(number).sender)
    return [strike.key for strike in known.strikes if strike.kind is StrikeKind.NO_SHOW]


async def one_came(counter: Counter) -> Seat:
    """Two booked; the first came, and the second is late, whose seat this is."""
    came, absent = await counter.book(person(1)), await counter.book(person(2))
    counter.now += TO_EIGHT
    await counter.queue.check_in(
        counter.office, came.booking_code, Act("in", staff("rina")), counter.now
    )
    counter.now += LATE
    return absent


async def test_no_show(counter: Counter, conduct: Conduct) -> None:
    """Who did not come is void and has one strike, whoever looks and however often."""
    absent = await one_came(counter)
    processes = [process(counter, conduct) for _ in range(3)]
    for _ in range(2):
        await asyncio.gather(*(each.look_after() for each in processes))
    seat = await counter.seats.seat(absent.id)
    assert seat
    assert seat.state is SeatState.VOID
    assert await strikes(conduct, 2) == [absent.key]
    assert await strikes(conduct, 1) == []


async def test_died_before_counting(counter: Counter, conduct: Conduct) -> None:
    """A no-show that a process voided and could not count is counted the next time."""
    absent = await one_came(counter)
    await counter.queue.void_late(counter.office, counter.now)
    assert await strikes(conduct, 2) == []
    await process(counter, conduct).look_after()
    assert await strikes(conduct, 2) == [absent.key]


async def test_counted_is_not_looked_up_again(counter: Counter, conduct: Conduct) -> None:
    """What a process counted already costs it nothing the next minute."""
    await one_came(counter)
    caretaker = process(counter, conduct)
    await caretaker.look_after()

    async def never(*_: Any) -> None:
        raise AssertionError("counted twice")

    conduct.strike = never  # type: ignore[method-assign,assignment]  # to see that nobody asks
    with capture_logs() as logs:
        await caretaker.look_after()
    assert logs == []


async def test_cheap_before_anybody_can_be_late(counter: Counter, conduct: Conduct) -> None:
    """Before the first hour's grace is over the day's seats are not read."""
    await counter.book(person(1))
    counter.now += TO_EIGHT
    asked = []

    async def of_day(office: str, *_: Any) -> list[Seat]:
        asked.append(office)
        return []

    counter.seats.of_day = of_day  # type: ignore[method-assign]  # to see who asks
    await process(counter, conduct).look_after()
    assert asked == []
    counter.now += LATE
    await process(counter, conduct).look_after()
    assert asked == [counter.office.id]


async def test_expired_hold(counter: Counter, conduct: Conduct) -> None:
    """A hold that is over is free in the books too."""
    held = await counter.hold(person(1))
    assert isinstance(held, Seat)
    assert held.claim
    counter.now = held.claim.until + SKEW
    await process(counter, conduct).look_after()
    seat = await counter.seats.seat(held.id)
    assert seat
    assert seat.state is SeatState.FREE


async def test_one_office_fails(counter: Counter, conduct: Conduct, make_office: Any) -> None:
    """A mistake of ours at one office raises an alarm and leaves the others looked after."""
    absent = await one_came(counter)
    of_day = counter.seats.of_day

    async def failing(office: str, day: Any) -> Any:
        if office == "kota_rusak":
            raise KeyError(office)
        return await of_day(office, day)

    counter.seats.of_day = failing  # type: ignore[method-assign]  # our bug
    with capture_logs() as logs:
        await process(counter, conduct, make_office(id="kota_rusak", prefix="KRS")).look_after()
    assert [(log["job"], log["office"], log["alarm"]) for log in logs] == [
        ("void_late", "kota_rusak", True)
    ]
    assert await strikes(conduct, 2) == [absent.key]


async def test_goes_on_when_storage_is_back(counter: Counter, conduct: Conduct) -> None:
    """A database that does not answer costs one round, not the caretaker."""
    absent = await one_came(counter)
    expired, rounds = counter.seats.expired, []

    async def failing_once(*given: Any) -> Any:
        rounds.append(given)
        if len(rounds) == 1:
            raise StorageUnavailable("down")
        return await expired(*given)

    counter.seats.expired = failing_once  # type: ignore[method-assign]  # the database is down
    caretaker = Caretaker(
        offices=lambda: Offices([counter.office]),
        queue=lambda: counter.queue,
        conduct=conduct,
        clock=lambda: counter.now,
        pause=timedelta(0),
    )
    strike, struck = conduct.strike, asyncio.Event()

    async def seen(*given: Any) -> None:
        await strike(*given)
        struck.set()

    conduct.strike = seen  # type: ignore[method-assign,assignment]  # to know when it was
    task = asyncio.create_task(caretaker.run())
    await asyncio.wait_for(struck.wait(), timeout=10)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert await strikes(conduct, 2) == [absent.key]
