"""A laid-out day made to fit other quotas."""

from __future__ import annotations

import asyncio
from collections import Counter as Count
from datetime import timedelta
from typing import Any

from bot.booking.fitting import Fitted, fit_day
from bot.booking.remaining import remaining
from bot.booking.seats import Seat, SeatStore
from tests.support.counter import TUESDAY, Counter, person

DAY = TUESDAY.isoformat()


async def test_new_seats_appear_where_the_hours_are_emptiest(
    counter: Counter, make_office: Any
) -> None:
    """They take the numbers after the last one and can be claimed."""
    await counter.book(person(1))
    bigger = make_office(quotas={DAY: {"pagi": 10}})
    assert await fit_day(counter.seats, bigger, TUESDAY, counter.now) == Fitted(added=2)
    seats = await counter.seats.of_day("kota_contoh", TUESDAY)
    assert [seat.number for seat in seats] == list(range(1, 14))
    crowds = Count(seat.hour.hour for seat in seats if seat.session == "pagi")
    assert crowds == {8: 3, 9: 3, 10: 2, 11: 2}
    assert await remaining(counter.seats, bigger, TUESDAY, counter.now) == {"pagi": 9, "siang": 3}


async def test_free_surplus_seats_go_and_come_back(counter: Counter, make_office: Any) -> None:
    """The last ones first; withdrawn seats are neither shown nor claimed, and come back first."""
    await counter.book(person(1))
    smaller = make_office(quotas={DAY: {"pagi": 2, "siang": 0}})
    assert await fit_day(counter.seats, smaller, TUESDAY, counter.now) == Fitted(withdrawn=9)
    seats = await counter.seats.of_day("kota_contoh", TUESDAY)
    assert [seat.number for seat in seats] == [1, 2]
    second = await counter.hold(person(2))
    assert isinstance(second, Seat)
    assert second.number == 2
    assert await counter.hold(person(3)) is None
    assert await fit_day(counter.seats, counter.office, TUESDAY, counter.now) == Fitted(added=9)
    seats = await counter.seats.of_day("kota_contoh", TUESDAY)
    assert [seat.number for seat in seats] == list(range(1, 12))


async def test_nobody_loses_a_seat(counter: Counter, make_office: Any) -> None:
    """What somebody has stays, beyond the quota; fitting again changes nothing."""
    for number in range(1, 6):
        await counter.book(person(number))
    smaller = make_office(quotas={DAY: {"pagi": 3}})
    assert await fit_day(counter.seats, smaller, TUESDAY, counter.now) == Fitted(
        withdrawn=3, beyond=2
    )
    assert await counter.taken() == [1, 2, 3, 4, 5]
    assert await fit_day(counter.seats, smaller, TUESDAY, counter.now) == Fitted(beyond=2)


async def test_a_hold_that_ran_out_is_free(counter: Counter, make_office: Any) -> None:
    """Its seat may go like any free one."""
    await counter.hold(person(1))
    smaller = make_office(quotas={DAY: {"pagi": 0}})
    assert (await fit_day(counter.seats, smaller, TUESDAY, counter.now)).beyond == 1
    counter.now += timedelta(minutes=17)
    assert await fit_day(counter.seats, smaller, TUESDAY, counter.now) == Fitted(withdrawn=1)


async def test_a_day_not_laid_out_needs_nothing(counter: Counter, make_office: Any) -> None:
    """It is laid out by the quota of that moment."""
    bigger = make_office(quotas={DAY: {"pagi": 10}})
    assert await fit_day(counter.seats, bigger, TUESDAY, counter.now) == Fitted()


async def test_claims_and_fitting_at_once_never_share_a_seat(
    counter: Counter, make_office: Any
) -> None:
    """Whoever was given a seat still has it when the day has become smaller meanwhile."""
    await counter.book(person(1))
    smaller = make_office(quotas={DAY: {"pagi": 1, "siang": 0}})
    given, _ = await asyncio.gather(
        asyncio.gather(*(counter.hold(person(number)) for number in range(2, 9))),
        fit_day(counter.seats, smaller, TUESDAY, counter.now),
    )
    there = {seat.id for seat in await counter.seats.of_day("kota_contoh", TUESDAY)}
    assert {seat.id for seat in given if isinstance(seat, Seat)} <= there


async def test_remaining_counts_by_session(counter: Counter, seats: SeatStore) -> None:
    """Whole before the day is laid out; then without what is held or booked."""
    office = counter.office
    assert await remaining(seats, office, TUESDAY, counter.now) == {"pagi": 8, "siang": 3}
    await counter.book(person(1))
    await counter.hold(person(2))
    assert await remaining(seats, office, TUESDAY, counter.now) == {"pagi": 6, "siang": 3}
    later = counter.now + timedelta(minutes=17)
    assert await remaining(seats, office, TUESDAY, later) == {"pagi": 7, "siang": 3}
