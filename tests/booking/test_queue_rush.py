"""The queue when many come at once, and whatever a few do one after the other."""

import asyncio
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.booking.seats import Applicant, Seat
from bot.errors import StorageUnavailable
from storage.memory import MemorySeats
from tests.support.counter import TUESDAY, WEDNESDAY, Counter, person


class TestRushing:
    async def test_more_applicants_than_seats(self, counter: Counter) -> None:
        """Thirty at once for eleven seats: eleven get one each, no number twice."""
        found = await asyncio.gather(*(counter.hold(person(n), key=f"k{n}") for n in range(1, 31)))
        numbers = [seat.number for seat in found if isinstance(seat, Seat)]
        assert sorted(numbers) == list(range(1, 12))
        assert found.count(None) == 19

    async def test_day_laid_out_once(self, counter: Counter) -> None:
        """A crowd on a day nobody asked for yet lays it out once, not once each."""
        lay_out, times = counter.seats.lay_out, []

        async def counted(*given: Any) -> None:
            times.append(given[1])
            await lay_out(*given)

        counter.seats.lay_out = counted
        await asyncio.gather(*(counter.hold(person(n), key=f"k{n}") for n in range(1, 9)))
        assert times == [TUESDAY]
        assert len(await counter.taken()) == 8

    async def test_day_laid_out_meanwhile(self, counter: Counter) -> None:
        """Who looked before others laid the day out, and asks after it, is not told it is full."""
        claim = counter.seats.claim

        async def slow(*given: Any) -> Seat | None:
            found = await claim(*given)
            counter.seats.claim = claim
            assert found is None
            await Counter(counter.seats, counter.office).queue.lay_out(counter.office, TUESDAY)
            return None

        counter.seats.claim = slow
        assert isinstance(await counter.hold(person(1)), Seat)

    async def test_same_applicant_many_times(self, counter: Counter) -> None:
        """One number that asks many times at once from two conversations ends with one seat."""
        twin = person(1, office="kota_lain")

        async def insist(who: Applicant) -> None:
            with suppress(StorageUnavailable):  # seats changed hands too fast: the turn is redone
                await counter.hold(who)

        await asyncio.gather(*(insist(who) for who in [person(1), twin] * 5))
        assert len(await counter.taken()) == 1


async def test_three_thousand_for_a_quota(make_office: Any) -> None:
    """Rule "quota": 3,000 come at the moment 384 seats open; each gets an answer, 384 a seat of
    their own, in memory where nobody waits for a database.
    """
    halves = [("pagi", "08:00", "12:00", 256), ("siang", "13:00", "15:00", 128)]
    sessions = [
        {"id": name, "name": {"id": name}, "from": start, "until": until, "seats": seats}
        for name, start, until, seats in halves
    ]
    counter = Counter(MemorySeats(), make_office(sessions=sessions))

    async def apply(number: int) -> str:
        who = Applicant(f"P{number}", date(1990, 1, 1), f"web:{number}", f"web:k:{number}")
        seat = await counter.hold(who, key=f"k{number}")
        await asyncio.sleep(0)
        if not isinstance(seat, Seat):
            return "full" if seat is None else "refused"
        booked = await counter.approve(seat)
        return booked.booking_code if booked else "expired"

    answers = await asyncio.wait_for(
        asyncio.gather(*(apply(number) for number in range(3000))), timeout=60
    )
    codes = [answer for answer in answers if answer.startswith("KCN-")]
    assert len(codes) == len(set(codes)) == 384
    assert answers.count("full") == 3000 - 384
    seats = await counter.seats.of_day("kota_contoh", TUESDAY)
    assert {seat.booking_code for seat in seats} == set(codes)


STEPS = st.tuples(
    st.integers(1, 4), st.sampled_from(["hold", "book", "release", "wait"]), st.booleans()
)


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(STEPS, max_size=25))
def test_any_sequence(make_office: Any, steps: list[tuple[int, str, bool]]) -> None:
    """Whatever four people do about two days of two seats: never more taken than there are,
    nobody twice, no hold beside a conversation's other hold.
    """
    session = {"id": "pagi", "name": {"id": "Pagi"}, "from": "08:00", "until": "09:00", "seats": 2}
    counter = Counter(MemorySeats(), make_office(sessions=[session]))

    async def live() -> None:
        held: dict[int, Seat] = {}
        for number, step, other_day in steps:
            day = WEDNESDAY if other_day else TUESDAY
            if step == "hold":
                seat = await counter.hold(person(number), day)
                if isinstance(seat, Seat):
                    held[number] = seat
            elif step == "wait":
                counter.now += timedelta(minutes=9)
            elif seat := held.get(number):
                if step == "book":
                    await counter.approve(seat)
                else:
                    await counter.queue.release(seat.id, seat.claim.key, counter.now)
            today = counter.office.today(counter.now)
            active = [
                seat.claim.applicant.sender
                for day in (TUESDAY, WEDNESDAY)
                for seat in await counter.seats.of_day("kota_contoh", day)
                if seat.is_active(counter.now, today)
            ]
            assert len(active) == len(set(active))
            assert len(await counter.taken(TUESDAY)) <= 2

    asyncio.run(live())
