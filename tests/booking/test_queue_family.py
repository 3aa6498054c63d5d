"""Families: seats side by side, all or none, and then each a life of their own."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.booking.life import APPLICANT, Act, SeatState, staff
from bot.booking.members import FamilyProblem, FamilyProblemKind, nearest
from bot.booking.office import Offices
from bot.booking.queue import Queue, Refused
from bot.booking.seats import Applicant, Seat, SeatStore
from bot.errors import StorageUnavailable
from tests.support.counter import TUESDAY, WEDNESDAY, Counter, person


def family(count: int, sender: int = 1, first: int = 1) -> list[Applicant]:
    """People registered with one number."""
    return [person(first + n, sender=sender) for n in range(count)]


async def hold(counter: Counter, people: list[Applicant], key: str = "") -> Any:
    """Hold for a family, with a new key unless one is given."""
    counter.keys += 1
    key = key or f"f{counter.keys}"
    return await counter.queue.hold_group(
        counter.office, TUESDAY, people, key, counter.random, counter.now
    )


async def book(counter: Counter, people: list[Applicant]) -> list[Seat]:
    """Hold and approve."""
    return await approve(counter, await hold(counter, people))


async def approve(counter: Counter, held: list[Seat], key: str = "a") -> Any:
    """Approve a family's hold."""
    seats = [(seat.id, seat.key) for seat in held]
    return await counter.queue.approve_group(
        counter.office, seats, f"{key}{held[0].key}", counter.random, counter.now
    )


class Dying:
    """A store whose process dies after so many writes that change whose a seat is."""

    def __init__(self, store: SeatStore, writes: int) -> None:
        self._store, self._left = store, writes

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._store, name)
        if name not in ("settle", "retire", "step", "release", "claim", "claim_seat"):
            return call

        async def run(*given: Any, **named: Any) -> Any:
            if not self._left:
                raise StorageUnavailable("dead")
            self._left -= 1
            return await call(*given, **named)

        return run


@pytest.mark.parametrize(
    ("free", "count", "chosen"),
    [
        ([1, 2, 3, 4], 3, [1, 2, 3]),
        ([1, 3, 5, 6, 7], 3, [5, 6, 7]),
        ([1, 4, 6, 9], 3, [1, 4, 6]),
        ([2], 1, [2]),
        ([1, 2], 3, None),
    ],
)
def test_nearest(free: list[int], count: int, chosen: list[int] | None) -> None:
    """The tightest run of free numbers, the earliest of several."""
    assert nearest(free, count) == chosen


async def test_side_by_side(counter: Counter) -> None:
    """A family skips the gap that is too small for it; all have one approval code."""
    one, _ = await counter.book(person(8)), await counter.book(person(9))
    await counter.queue.cancel(one.id, one.key, Act("c"), counter.now)
    held = await hold(counter, family(3))
    assert [seat.number for seat in held] == [3, 4, 5]
    assert [seat.claim.applicant for seat in held] == family(3)
    assert len({seat.claim.approval_code for seat in held}) == 1


async def test_the_same_key(counter: Counter) -> None:
    """Held or approved again with the same key: the same seats and codes."""
    held = await hold(counter, family(3), "k")
    assert await hold(counter, family(3), "k") == held
    booked = await approve(counter, held)
    assert await approve(counter, held) == booked
    assert len({seat.booking_code for seat in booked}) == 3
    assert await counter.taken() == [1, 2, 3]


async def test_all_or_none(counter: Counter) -> None:
    """Where there are not enough seats none is held, and an earlier hold stays."""
    await hold(counter, family(5, 1))
    await hold(counter, family(4, 2, 6))
    assert await hold(counter, family(3, 3, 10)) is None
    assert await hold(counter, family(2, 3, 10))
    assert await hold(counter, family(3, 3, 10)) is None
    assert len(await counter.taken()) == 11


async def test_racing(counter: Counter) -> None:
    """Families who come at once get whole rows or nothing; no seat is left held by half of one."""

    async def insist(number: int) -> Any:
        while True:
            try:
                return await hold(counter, family(3, number, 3 * number), f"k{number}")
            except StorageUnavailable:
                continue

    found = await asyncio.gather(*(insist(number) for number in range(1, 7)))
    whole = [seats for seats in found if seats]
    taken = [seat.id for seats in whole for seat in seats]
    assert {len(seats) for seats in whole} == {3}
    assert len(taken) == len(set(taken)) == len(await counter.taken())
    assert whole


async def test_one_booking_of_the_number(counter: Counter) -> None:
    """Rule "one active booking per number": a family is one, and keeps the number from another."""
    booked = await book(counter, family(3))
    assert await counter.queue.bookings_of(counter.office, person(1).sender, counter.now) == [
        booked[0]
    ]
    assert await counter.queue.family_of(booked[2]) == booked
    assert isinstance(await counter.hold(person(9, sender=1), WEDNESDAY), Refused)


async def test_changing_one_leaves_the_others(counter: Counter) -> None:
    """The first cancels: the others keep seats and codes, are found, and still count as one."""
    booked = await book(counter, family(3))
    act = Act("c", APPLICANT)
    assert await counter.queue.cancel(booked[0].id, booked[0].key, act, counter.now)
    found = await counter.queue.bookings_of(counter.office, person(1).sender, counter.now)
    left = await counter.queue.family_of(found[0])
    assert [seat.booking_code for seat in left] == [seat.booking_code for seat in booked[1:]]
    assert isinstance(await counter.hold(person(9, sender=1), WEDNESDAY), Refused)
    moved = await counter.queue.move(
        booked[1].id, booked[1].key, WEDNESDAY, Act("m", APPLICANT), counter.random, counter.now
    )
    assert (moved.day, moved.claim.applicant) == (WEDNESDAY, booked[1].claim.applicant)
    assert await counter.taken() == [3]


async def test_correcting_one(counter: Counter) -> None:
    """A family named again with one person corrected keeps its seats, on a full day too."""
    await hold(counter, family(4, 2, 6))
    await counter.book(person(20, sender=20))
    await counter.book(person(21, sender=21))
    held = await hold(counter, family(5))
    people = [*family(4), person(30, sender=1)]
    corrected = await hold(counter, people)
    assert [seat.id for seat in corrected] == [seat.id for seat in held]
    assert [seat.claim.applicant for seat in corrected] == people


async def test_incomplete_approval(counter: Counter) -> None:
    """When one seat of a family is lost its other approvals are taken back, and it hears so."""
    held = await hold(counter, family(3))
    await counter.queue.release(held[2].id, held[2].key, counter.now)
    assert await approve(counter, held) is None
    assert await counter.taken() == []


async def test_approved_again_after_the_end(counter: Counter) -> None:
    """A process that died half-way: done again later, all are approved as of the first."""
    held = await hold(counter, family(2))
    first = (held[0].id, held[0].key)
    await counter.queue.approve(
        counter.office, *first, f"a{held[0].key}/1", counter.random, counter.now
    )
    counter.now += timedelta(minutes=15, seconds=10)
    assert [seat.state for seat in await approve(counter, held)] == [SeatState.BOOKED] * 2


class TestRules:
    @pytest.mark.parametrize(("size", "taken"), [(2, False), (3, True)])
    async def test_size(
        self, seats: SeatStore, make_office: Any, *, size: int, taken: bool
    ) -> None:
        """Rule "one phone may register its family": ``family_size`` people at most."""
        counter = Counter(seats, make_office(family_size=size))
        found = await hold(counter, family(3))
        assert isinstance(found, list) is taken
        assert taken or found == FamilyProblem(FamilyProblemKind.TOO_MANY, 2)

    @pytest.mark.parametrize(("members", "taken"), [("anyone", True), ("dependents", False)])
    async def test_adults(
        self, seats: SeatStore, make_office: Any, *, members: str, taken: bool
    ) -> None:
        """Rule "own number only": with ``dependents`` an adult must come by a number of theirs."""
        counter = Counter(seats, make_office(family_members=members))
        found = await hold(counter, family(2))
        assert isinstance(found, list) is taken
        assert taken or found == FamilyProblem(FamilyProblemKind.NOT_DEPENDENT, 1)

    @pytest.mark.parametrize(
        ("changes", "taken"),
        [({}, True), ({"child_below": 4}, False), ({"elderly_from": 61}, False)],
    )
    async def test_ages(
        self, seats: SeatStore, make_office: Any, *, changes: dict[str, int], taken: bool
    ) -> None:
        """Rule "a toddler through a parent's phone, the elderly through close family": by age."""
        counter = Counter(seats, make_office(family_members="dependents", **changes))
        parent, child, granny = family(3)
        child = replace(child, birth_date=date(2022, 1, 1))
        granny = replace(granny, birth_date=date(1966, 11, 24))
        assert isinstance(await hold(counter, [parent, child, granny]), list) is taken

    async def test_somebody_twice(self, counter: Counter) -> None:
        """The same person twice is said, with who it is."""
        people = [person(1), person(2, sender=1), replace(person(1), name="Pak Pemohon 1")]
        assert await hold(counter, people) == FamilyProblem(FamilyProblemKind.TWICE, 2)

    async def test_somebody_booked_elsewhere(self, counter: Counter) -> None:
        """A member somebody else registered is refused, nothing is said of it, nothing held."""
        await counter.book(person(3))
        assert await hold(counter, family(3)) == Refused(None)
        assert await counter.taken() == [1]


async def test_undone_member_is_found(counter: Counter) -> None:
    """A member served by mistake while the others left is found by the number again."""
    booked = await book(counter, family(2))
    counter.now += timedelta(hours=22)
    clerk = staff("rina")
    queue, now = counter.queue, counter.now
    seat = await queue.check_in(counter.office, booked[0].booking_code, Act("i", clerk), now)
    seat = await queue.serve(seat, Act("s", clerk), now)
    await queue.void(booked[1], Act("v", clerk), now)
    assert await queue.bookings_of(counter.office, person(1).sender, now) == []
    await queue.undo(seat, Act("u", clerk), now)
    assert [each.id for each in await queue.bookings_of(counter.office, person(1).sender, now)] == [
        booked[0].id
    ]


class TestReleased:
    async def test_all(self, counter: Counter) -> None:
        """Whichever of its seats is given back, the family's hold ends as a whole; again, too."""
        held = await hold(counter, family(3))
        act = Act("r", APPLICANT)
        for _ in range(2):
            await counter.queue.release_all(held[0].id, held[0].key, counter.now, act)
        assert await counter.taken() == []

    async def test_by_another_key(self, counter: Counter) -> None:
        """Seats that are somebody else's meanwhile stay theirs."""
        held = await hold(counter, family(2))
        await counter.queue.release_all(held[0].id, "other", counter.now, Act("r", APPLICANT))
        assert len(await counter.taken()) == 2

    async def test_interrupted(self, counter: Counter) -> None:
        """A process that dies between two seats leaves the rest to whoever asks again."""
        held = await hold(counter, family(3))
        release = counter.seats.release

        async def once(*given: Any) -> bool:
            await release(*given)
            raise StorageUnavailable("done, and nobody heard")

        counter.seats.release = once
        with pytest.raises(StorageUnavailable):
            await counter.hold(person(1), WEDNESDAY, key="elsewhere")
        counter.seats.release = release
        assert isinstance(await counter.hold(person(1), WEDNESDAY, key="elsewhere"), Seat)
        assert await counter.taken() == []
        assert len(held) == 3

    async def test_corrected_with_details(self, counter: Counter) -> None:
        """A family that says more of itself keeps its seats."""
        held = await hold(counter, family(2))
        people = [replace(each, details={"kind": "new"}) for each in family(2)]
        again = await hold(counter, people)
        assert [seat.id for seat in again] == [seat.id for seat in held]
        assert [seat.claim.applicant.details for seat in again] == [{"kind": "new"}] * 2


class TestStaysOneBooking:
    """Whoever of a family ends or comes back, the rest counts as the booking of its number."""

    async def test_two_end_at_once(self, counter: Counter) -> None:
        """Two who end at the same moment, each seeing the other, leave the third found."""
        booked = await book(counter, family(3))
        read, both = counter.seats.of_group, asyncio.Barrier(2)

        async def together(group: str) -> Any:
            found = await read(group)
            await both.wait()
            return found

        counter.seats.of_group = together
        act, now = Act("v", staff("rina")), counter.now
        await asyncio.gather(*(counter.queue.void(seat, act, now) for seat in booked[:2]))
        counter.seats.of_group = read
        found = await counter.queue.bookings_of(counter.office, person(1).sender, now)
        assert [seat.id for seat in found] == [booked[2].id]

    @pytest.mark.parametrize("several", [False, True])
    async def test_registering_between_two_writes(self, counter: Counter, several: bool) -> None:  # noqa: FBT001 - a case
        """Who registers while a family's mark is on its way, or after a process died there, gets
        no second booking, and the family is found again.
        """
        booked = await book(counter, family(2))
        settle = counter.seats.settle

        async def once(*given: Any) -> bool:
            await settle(*given)
            raise StorageUnavailable("done, and nobody heard")

        counter.seats.settle = once
        with pytest.raises(StorageUnavailable):
            await counter.queue.void(booked[0], Act("v", staff("rina")), counter.now)
        counter.seats.settle = settle
        assert await counter.seats.active_of(person(1).sender) is None
        if several:
            found = await hold(counter, family(2, first=7), key="new")
        else:
            found = await counter.hold(person(9, sender=1), WEDNESDAY, key="new")
        assert isinstance(found, Refused)
        assert found.by_sender
        assert found.by_sender.claim.group == booked[0].claim.group
        assert await counter.seats.active_of(person(1).sender)
        assert (len(await counter.taken()), await counter.taken(WEDNESDAY)) == (2, [])

    async def test_found_again(self, counter: Counter) -> None:
        """A family without its mark is found by its number all the same, and has it again."""
        booked = await book(counter, family(3))
        sender, settle = person(1).sender, counter.seats.settle
        for number, seat in enumerate(booked, start=1):
            await settle(seat.id, seat.key, f"{sender}/{number}")
        assert await counter.seats.active_of(sender) is None
        (found,) = await counter.queue.bookings_of(counter.office, sender, counter.now)
        assert found.claim.group == booked[0].claim.group
        carrier = await counter.seats.active_of(sender)
        assert carrier in await counter.queue.family_of(found)

    async def test_undone_beside_a_new_booking(self, counter: Counter) -> None:
        """A member's end is not undone when the number has registered again."""
        booked = await book(counter, family(2))
        act, now = Act("v", staff("rina")), counter.now
        for seat in booked:
            await counter.queue.void(seat, act, now)
        new = await counter.book(person(9, sender=1), WEDNESDAY)
        back = [await counter.queue.undo(seat, Act("u", act.by), now) for seat in booked]
        assert back == [None, None]
        found = await counter.queue.bookings_of(counter.office, person(1).sender, now)
        assert [seat.id for seat in found] == [new.id]

    async def test_all_undone(self, counter: Counter) -> None:
        """A family that was voided by mistake comes back whole, in any order."""
        booked = await book(counter, family(3))
        act, now = Act("v", staff("rina")), counter.now
        for seat in booked:
            await counter.queue.void(seat, act, now)
        for seat in booked:
            assert await counter.queue.undo(seat, Act("u", act.by), now)
        assert len(await counter.queue.bookings_of(counter.office, person(1).sender, now)) == 1

    async def test_cancelled_unheard(self, counter: Counter) -> None:
        """A cancelling that was done and not heard is ended when it is made again."""
        booked = await book(counter, family(3))
        act, now = Act("c", APPLICANT), counter.now
        release = counter.seats.release

        async def unheard(*given: Any) -> bool:
            for seat in booked[1:]:  # another member who ended just now handed the mark back
                await counter.seats.settle(seat.id, seat.key, f"{seat.claim.active_sender}x")
            await release(*given)
            raise StorageUnavailable("done, and nobody heard")

        counter.seats.release = unheard
        with pytest.raises(StorageUnavailable):
            await counter.queue.cancel(booked[0].id, booked[0].key, act, now)
        counter.seats.release = release
        assert await counter.queue.cancel(booked[0].id, booked[0].key, act, now)
        assert len(await counter.queue.bookings_of(counter.office, person(1).sender, now)) == 1

    @pytest.mark.parametrize("writes", range(1, 8))
    async def test_late_and_dead(self, counter: Counter, writes: int) -> None:
        """A member who is late, and a process that dies while the number registers anew: the
        others keep their booking, the number finds it, and gets no second one.
        """
        booked = await book(counter, family(5))  # the last of them later than the first
        assert booked[0].hour < booked[-1].hour
        counter.now = datetime.combine(TUESDAY, booked[0].hour, counter.office.zone)
        counter.now += timedelta(minutes=counter.office.late_grace_minutes, seconds=1)
        assert counter.queue.is_late(booked[0], counter.now)
        assert not counter.queue.is_late(booked[-1], counter.now)
        dying = Dying(counter.seats, writes)
        queue = Queue(Offices([counter.office]), dying)
        with suppress(StorageUnavailable):
            await queue.hold(counter.office, WEDNESDAY, person(1), "n", counter.random, counter.now)
        again = await counter.hold(person(1), WEDNESDAY, key="n")
        assert isinstance(again, Refused)
        found = await counter.queue.bookings_of(counter.office, person(1).sender, counter.now)
        assert [seat.id for seat in found] == [again.by_sender and again.by_sender.id]
