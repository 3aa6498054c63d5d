"""Reminders: when they are due, and for whom there are none."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.booking.reminding import Reminders, reminders_of
from bot.booking.seats import Seat
from storage.memory_notices import MemoryNotices
from tests.support.counter import TUESDAY, WEDNESDAY, Counter, person

DueAt = Callable[..., list[datetime]]


@pytest.fixture
def due_at(make_office: Any, counter: Counter) -> DueAt:
    """When reminders of a booking made now are due, at an office with these rules."""

    def due(seat: Seat, **rules: Any) -> list[datetime]:
        office = make_office(**rules)
        return [notice.due_at for notice in reminders_of(seat, office, counter.now)]

    return due


async def test_both(counter: Counter) -> None:
    """Two reminders, on the office's clock: the day before at 16.00 and that morning at 06.30."""
    seat = await counter.book(person(1), WEDNESDAY)
    first, second = reminders_of(seat, counter.office, counter.now)
    assert first.due_at == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert second.due_at == datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert first.until == second.until == datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
    assert first.conversation == person(1).conversation
    assert first.values == {"booking_code": seat.booking_code}
    assert first.about == second.about == seat.claim.key
    assert first.id != second.id


@pytest.mark.parametrize("off", [False, "off", None])
async def test_off(counter: Counter, due_at: DueAt, off: object) -> None:
    """Setting `reminders`: either may be off, or at another hour, in another zone."""
    seat = await counter.book(person(1), WEDNESDAY)
    morning = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert due_at(seat, reminders={"day_before": off}) == [morning]
    assert due_at(seat, reminders={"day_before": off, "morning": off}) == []
    makassar = {"reminders": {"day_before": "18:15", "morning": off}, "time_zone": "Asia/Makassar"}
    assert due_at(seat, **makassar) == [datetime(2026, 11, 24, 10, 15, tzinfo=UTC)]


def test_no_hour(make_office: Any) -> None:
    """What is neither an hour nor off is refused."""
    with pytest.raises(ValidationError, match="08:00"):
        make_office(reminders={"morning": "pagi"})


async def test_too_late(counter: Counter, due_at: DueAt) -> None:
    """A moment that is gone, or nearly come, brings no reminder; nor one after the hour itself."""
    seat = await counter.book(person(1), TUESDAY)
    before = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    counter.now = before - timedelta(hours=2, seconds=1)
    assert len(due_at(seat)) == 2
    counter.now = before - timedelta(hours=2)
    assert len(due_at(seat)) == 1
    assert due_at(seat, reminders={"morning": "08:00"}) == []


async def test_one_after_the_other(counter: Counter, due_at: DueAt) -> None:
    """Each number's reminders come two seconds after those of the one before."""
    seats = [await counter.book(person(number), WEDNESDAY) for number in (1, 2, 3)]
    moments = [due_at(seat)[0] for seat in seats]
    assert [moment - moments[0] for moment in moments] == [
        timedelta(seconds=seconds) for seconds in (0, 2, 4)
    ]


async def test_promised_and_withdrawn(counter: Counter) -> None:
    """Promised twice they come once; withdrawn they come no more, and others' stay."""
    notices = MemoryNotices()
    reminders = Reminders(notices)
    seats = [await counter.book(person(number), WEDNESDAY) for number in (1, 2)]
    for seat in (*seats, seats[0]):
        await reminders.promise(seat, counter.office, counter.now)
    whenever = counter.now + timedelta(days=9)
    assert len(await notices.due(whenever, 10)) == 4
    await reminders.withdraw(seats[0].claim.key)
    left = await notices.due(whenever, 10)
    assert {notice.about for notice in left} == {seats[1].claim.key}
