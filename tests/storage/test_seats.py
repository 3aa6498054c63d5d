import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.booking.life import Act, Step
from bot.booking.seats import (
    SKEW,
    AlreadyActive,
    Applicant,
    BookingCodeTaken,
    Claim,
    Seat,
    SeatState,
    SeatStore,
    seat_id,
)
from bot.dialogue.store import NEVER
from storage.driver import Database
from storage.mongo_seats import MongoSeats

NOW = datetime(2026, 11, 23, 2, 0, 0, 123_456, tzinfo=UTC)
DAY = date(2026, 11, 24)
NEXT_DAY = date(2026, 11, 25)
OFFICE = "jakarta_pusat"
HOLD = timedelta(minutes=10)


def seats_of(count: int, day: date = DAY) -> list[Seat]:
    """A day's seats, last one first: the order they are handed in does not matter."""
    return [Seat(OFFICE, day, "pagi", n, time(8, n % 60)) for n in range(count, 0, -1)]


def claim_of(n: int, now: datetime = NOW) -> Claim:
    """The claim of one applicant of many."""
    applicant = Applicant(
        f"PEMOHON {n}", date(1990, 8, 17), f"whatsapp:62812{n:08}", f"whatsapp:{OFFICE}:62812{n:08}"
    )
    return Claim(
        key=f"{applicant.conversation}|m1|0",
        applicant=applicant,
        approval_code=f"{n:08}",
        until=now + HOLD,
        active_sender=applicant.sender,
        active_person=f"{DAY}|{applicant.name}|1990-08-17",
    )


async def claimed(seats: SeatStore, n: int, now: datetime = NOW) -> Seat:
    """The seat that applicant ``n`` now holds."""
    seat = await seats.claim(OFFICE, DAY, claim_of(n, now), now)
    assert seat is not None
    return seat


async def test_a_day_that_is_not_laid_out(seats: SeatStore) -> None:
    """A day nobody laid out has no seats yet and none to claim, but there will be some."""
    assert not await seats.is_laid_out(OFFICE, DAY)
    assert await seats.open_days(OFFICE, [NEXT_DAY, DAY], NOW) == [NEXT_DAY, DAY]
    assert await seats.of_day(OFFICE, DAY) == []
    assert await seats.claim(OFFICE, DAY, claim_of(1), NOW) is None


async def test_laying_out_repeats_safely(seats: SeatStore) -> None:
    """Several processes lay out at once, later with more seats; claimed seats stay as they are."""
    await asyncio.gather(*(seats.lay_out(OFFICE, DAY, seats_of(3)) for _ in range(4)))
    await claimed(seats, 1)
    await seats.lay_out(OFFICE, DAY, seats_of(5))
    assert await seats.is_laid_out(OFFICE, DAY)
    assert not await seats.is_laid_out(OFFICE, NEXT_DAY)
    day = await seats.of_day(OFFICE, DAY)
    assert [seat.number for seat in day] == [1, 2, 3, 4, 5]
    assert [seat.state for seat in day] == [SeatState.HELD] + [SeatState.FREE] * 4
    assert day[4] == seats_of(5)[0]


async def test_a_day_without_seats(seats: SeatStore) -> None:
    """A day may be laid out without any seat."""
    await seats.lay_out(OFFICE, DAY, [])
    assert await seats.is_laid_out(OFFICE, DAY)
    assert not await seats.open_days(OFFICE, [DAY], NOW)


async def test_days_of_every_kind_at_once(seats: SeatStore) -> None:
    """Open are the free, those with a seat given back, and those not laid out; in their order."""
    full, back, free, late = (DAY + timedelta(days=n) for n in (4, 3, 2, 1))
    for day in (full, back, free):
        await seats.lay_out(OFFICE, day, seats_of(2, day))
    for number, day in enumerate((full, full, back, back), 1):
        assert await seats.claim(OFFICE, day, claim_of(number), NOW)
    assert await seats.release(seat_id(OFFICE, back, 1), claim_of(3).key, NOW)
    assert await seats.open_days(OFFICE, [full, back, free, late], NOW) == [back, free, late]
    assert await seats.open_days(OFFICE, [], NOW) == []


async def test_claims_go_by_number(seats: SeatStore) -> None:
    """The lowest free number goes first, also one given back."""
    await seats.lay_out(OFFICE, DAY, seats_of(4))
    assert [(await claimed(seats, n)).number for n in (1, 2, 3)] == [1, 2, 3]
    assert await seats.release(seat_id(OFFICE, DAY, 2), claim_of(2).key, NOW)
    assert [(await claimed(seats, n)).number for n in (4, 5)] == [2, 4]
    assert not await seats.open_days(OFFICE, [DAY], NOW)
    assert await seats.claim(OFFICE, DAY, claim_of(6), NOW) is None


async def test_a_claimed_seat_comes_back_whole(seats: SeatStore) -> None:
    """What claim returns is what others read, times cut to milliseconds."""
    await seats.lay_out(OFFICE, DAY, seats_of(2))
    seat = await claimed(seats, 1)
    until = (NOW + HOLD).replace(microsecond=123_000)
    expected = Seat(
        OFFICE, DAY, "pagi", 1, time(8, 1), SeatState.HELD, replace(claim_of(1), until=until)
    )
    assert seat == expected
    assert await seats.active_of(claim_of(1).active_sender) == expected
    assert (await seats.of_day(OFFICE, DAY))[0] == expected


async def test_the_same_key_claims_once(seats: SeatStore) -> None:
    """Claiming again returns the first seat and code, on any day, also when no seat is left."""
    await seats.lay_out(OFFICE, DAY, seats_of(1))
    await seats.lay_out(OFFICE, NEXT_DAY, seats_of(1, NEXT_DAY))
    first = await claimed(seats, 1)
    again = replace(claim_of(1), approval_code="99999999", until=NOW + 2 * HOLD)
    assert await seats.claim(OFFICE, DAY, again, NOW) == first
    assert await seats.claim(OFFICE, NEXT_DAY, again, NOW) == first
    assert await seats.open_days(OFFICE, [NEXT_DAY], NOW)
    assert await seats.claim(OFFICE, DAY, again, NOW + timedelta(days=1)) == first


async def test_the_same_key_at_once(seats: SeatStore) -> None:
    """A claim made several times at once takes one seat."""
    await seats.lay_out(OFFICE, DAY, seats_of(12))
    got = await asyncio.gather(*(seats.claim(OFFICE, DAY, claim_of(1), NOW) for _ in range(8)))
    assert {seat.id for seat in got} == {seat_id(OFFICE, DAY, got[0].number)}
    held = [seat for seat in await seats.of_day(OFFICE, DAY) if seat.state is SeatState.HELD]
    assert held == [got[0]]


async def test_one_active_seat_a_sender_and_person(seats: SeatStore) -> None:
    """A second claim of a sender, or for a person on a day, is told the first; nothing is left."""
    await seats.lay_out(OFFICE, DAY, seats_of(3))
    await seats.lay_out(OFFICE, NEXT_DAY, seats_of(3, NEXT_DAY))
    first = await claimed(seats, 1)
    same_sender = replace(claim_of(2), active_sender=claim_of(1).active_sender)
    same_person = replace(claim_of(3), active_person=claim_of(1).active_person)
    for claim in (same_sender, same_person):
        with pytest.raises(AlreadyActive) as refusal:
            await seats.claim(OFFICE, NEXT_DAY, claim, NOW)
        assert refusal.value.seat == first
    assert {seat.state for seat in await seats.of_day(OFFICE, NEXT_DAY)} == {SeatState.FREE}


async def test_an_expired_hold(seats: SeatStore) -> None:
    """Past its end a hold is not approved; past the skew its seat is anybody's, lowest first."""
    await seats.lay_out(OFFICE, DAY, seats_of(2))
    first = await claimed(seats, 1)
    end = NOW + HOLD
    assert await seats.approve(first.id, first.claim.key, "a", "JKP-1", end) is None
    assert (await claimed(seats, 2, end)).number == 2
    assert not await seats.open_days(OFFICE, [DAY], end + SKEW - timedelta(seconds=1))
    assert await seats.open_days(OFFICE, [DAY], end + SKEW)
    taken = await claimed(seats, 3, end + SKEW)
    assert (taken.number, taken.claim.approval_code) == (1, "00000003")
    assert await seats.active_of(claim_of(1).active_sender) is None
    assert not await seats.release(first.id, first.claim.key, end + SKEW)


async def test_the_lowest_of_expired_and_never_claimed(seats: SeatStore) -> None:
    """An expired hold's low number goes before higher ones never claimed."""
    await seats.lay_out(OFFICE, DAY, seats_of(3))
    await claimed(seats, 1)
    assert (await claimed(seats, 2, NOW + HOLD + SKEW)).number == 1


async def test_claiming_over_ones_own_expired_hold(seats: SeatStore) -> None:
    """The holder of an expired hold that is next in line gets that seat anew, with a new code."""
    await seats.lay_out(OFFICE, DAY, seats_of(2))
    first = await claimed(seats, 1)
    later = NOW + HOLD + SKEW
    again = replace(claim_of(1, later), key="another", approval_code="11111111")
    seat = await seats.claim(OFFICE, DAY, again, later)
    assert (seat.id, seat.claim.approval_code) == (first.id, "11111111")


async def test_approving(seats: SeatStore) -> None:
    """A live hold becomes a booking, found by its code and never claimable; others have no say."""
    await seats.lay_out(OFFICE, DAY, seats_of(1))
    held = await claimed(seats, 1)
    assert await seats.approve(held.id, "not the key", "a", "JKP-1", NOW) is None
    assert await seats.approve("no:such:seat", held.claim.key, "a", "JKP-1", NOW) is None
    booked = await seats.approve(held.id, held.claim.key, "a", "JKP-1", NOW)
    assert booked == replace(held, state=SeatState.BOOKED, booking_code="JKP-1")
    assert await seats.by_code("JKP-1") == booked
    assert await seats.by_code("JKP-2") is None
    assert await seats.active_of(claim_of(1).active_sender) == booked
    assert not await seats.open_days(OFFICE, [DAY], NOW + timedelta(days=1000))


async def test_approving_again(seats: SeatStore) -> None:
    """The same approval gets the first booking code again, even later; another one nothing."""
    await seats.lay_out(OFFICE, DAY, seats_of(1))
    held = await claimed(seats, 1)
    first = await seats.approve(held.id, held.claim.key, "a", "JKP-1", NOW)
    later = NOW + timedelta(days=1)
    assert await seats.approve(held.id, held.claim.key, "a", "JKP-2", later) == first
    assert await seats.approve(held.id, held.claim.key, "b", "JKP-3", NOW) is None


async def test_a_booking_code_is_given_once(seats: SeatStore) -> None:
    """A code that another seat has is refused, and the hold stays as it was."""
    await seats.lay_out(OFFICE, DAY, seats_of(2))
    one, two = await claimed(seats, 1), await claimed(seats, 2)
    await seats.approve(one.id, one.claim.key, "a", "JKP-1", NOW)
    with pytest.raises(BookingCodeTaken):
        await seats.approve(two.id, two.claim.key, "b", "JKP-1", NOW)
    assert await seats.active_of(two.claim.active_sender) == two
    assert await seats.approve(two.id, two.claim.key, "b", "JKP-2", NOW)


@pytest.mark.parametrize("booked", [False, True])
async def test_releasing(seats: SeatStore, *, booked: bool) -> None:
    """Held or booked, a seat is freed by its key, leaves nothing behind, and may be freed again:
    who did it hears so even when somebody else has the seat by then, and theirs it stays.
    """
    await seats.lay_out(OFFICE, DAY, seats_of(1))
    seat = await claimed(seats, 1)
    if booked:
        await seats.approve(seat.id, seat.claim.key, "a", "JKP-1", NOW)
    assert not await seats.release(seat.id, "not the key", NOW)
    assert not await seats.release("no:such:seat", seat.claim.key, NOW)
    assert await seats.release(seat.id, seat.claim.key, NOW)
    assert await seats.release(seat.id, seat.claim.key, NOW)
    assert await seats.of_day(OFFICE, DAY) == seats_of(1)
    assert await seats.by_code("JKP-1") is None
    assert await seats.active_of(seat.claim.active_sender) is None
    next_one = await claimed(seats, 2)
    assert await seats.release(seat.id, seat.claim.key, NOW)
    assert not await seats.release(seat.id, seat.claim.key, NOW, Step.RELEASED, Act("another"))
    assert await seats.seat(seat.id) == next_one


async def test_retiring(seats: SeatStore) -> None:
    """A retired booking stays, and its holder may claim again."""
    await seats.lay_out(OFFICE, DAY, seats_of(1))
    await seats.lay_out(OFFICE, NEXT_DAY, seats_of(1, NEXT_DAY))
    seat = await claimed(seats, 1)
    await seats.approve(seat.id, seat.claim.key, "a", "JKP-1", NOW)
    await seats.retire(seat.id, "not the key")
    assert await seats.active_of(seat.claim.active_sender)
    await seats.retire(seat.id, seat.claim.key)
    assert await seats.active_of(seat.claim.active_sender) is None
    kept = await seats.by_code("JKP-1")
    assert (kept.state, kept.claim.applicant) == (SeatState.BOOKED, seat.claim.applicant)
    again = replace(claim_of(1), key="another")
    assert (await seats.claim(OFFICE, NEXT_DAY, again, NOW)).day == NEXT_DAY


async def test_racing_claims(seats: SeatStore) -> None:
    """Of 32 applicants at once for 10 seats exactly 10 get one, each another."""
    await seats.lay_out(OFFICE, DAY, seats_of(10))
    got = await asyncio.gather(*(seats.claim(OFFICE, DAY, claim_of(n), NOW) for n in range(32)))
    assert sorted(seat.number for seat in got if seat) == list(range(1, 11))
    assert {seat.claim.key for seat in await seats.of_day(OFFICE, DAY)} == {
        seat.claim.key for seat in got if seat
    }


async def test_one_sender_racing(seats: SeatStore) -> None:
    """A sender that claims many times at once, with other keys and names, gets one seat."""
    await seats.lay_out(OFFICE, DAY, seats_of(20))
    claims = [replace(claim_of(n), active_sender="whatsapp:6281200000001") for n in range(16)]
    got = await asyncio.gather(
        *(seats.claim(OFFICE, DAY, claim, NOW) for claim in claims), return_exceptions=True
    )
    won = [seat for seat in got if isinstance(seat, Seat)]
    assert len(won) == 1
    lost = [error.seat.id for error in got if isinstance(error, AlreadyActive)]
    assert lost == [won[0].id] * 15
    taken = [seat for seat in await seats.of_day(OFFICE, DAY) if seat.state is not SeatState.FREE]
    assert taken == won


async def test_racing_approval_and_takeover(seats: SeatStore) -> None:
    """A hold is either approved or, later, taken over: never both."""
    await seats.lay_out(OFFICE, DAY, seats_of(1))
    held = await claimed(seats, 1)
    last_moment, after = NOW + HOLD - timedelta(seconds=1), NOW + HOLD + SKEW
    approved, taken = await asyncio.gather(
        seats.approve(held.id, held.claim.key, "a", "JKP-1", last_moment),
        seats.claim(OFFICE, DAY, claim_of(2, after), after),
    )
    assert (approved is None) != (taken is None)


async def taken(seats: SeatStore, now: datetime = NOW) -> tuple[int, int]:
    """Of the day's seats, as its month has them: those that are somebody's, and those held."""
    there = (await seats.occupied(OFFICE, DAY)).taken(DAY, now)
    return there.get(("pagi", False), 0), there.get(("pagi", True), 0)


async def test_what_is_taken_in_a_month_is_right_at_once(seats: SeatStore) -> None:
    """Whatever happened since somebody looked: held, booked, freed, over, withdrawn; other months
    and offices do not count.
    """
    await seats.lay_out(OFFICE, DAY, seats_of(5))
    assert await taken(seats) == (0, 0)
    first, second, third = [await claimed(seats, n) for n in (1, 2, 3)]
    assert await taken(seats) == (0, 3)
    assert await seats.approve(first.id, first.key, "a", "JKP-1", NOW)
    await seats.release(second.id, second.key, NOW)
    assert await seats.withdraw(seat_id(OFFICE, DAY, 5), NOW)
    assert await taken(seats) == (1, 1)
    assert third.claim
    assert await taken(seats, third.claim.until + SKEW) == (1, 0)
    for office, month in ((OFFICE, date(2026, 12, 1)), ("bogor", DAY)):
        assert (await seats.occupied(office, month)).taken(DAY, NOW) == {}


async def test_whoever_is_taken_on_two_days_is_seen(seats: SeatStore) -> None:
    """The same person has the same number on each day, and nobody's where they may book again."""
    await seats.lay_out(OFFICE, DAY, seats_of(2))
    await seats.lay_out(OFFICE, NEXT_DAY, seats_of(2, NEXT_DAY))
    one, other = await claimed(seats, 1), await claimed(seats, 2)
    again = replace(
        claim_of(1), key="k", active_sender="x", active_person=f"{NEXT_DAY}|PEMOHON 1|1990-08-17"
    )
    assert await seats.claim(OFFICE, NEXT_DAY, again, NOW)
    november = await seats.occupied(OFFICE, DAY)
    there = november.persons(DAY, NOW)
    assert november.persons(NEXT_DAY, NOW) == {1: there[one.number]}
    assert there[one.number] != there[other.number]
    await seats.retire(one.id, one.key)
    left = (await seats.occupied(OFFICE, DAY)).persons(DAY, NOW)
    assert left == {other.number: there[other.number]}


async def test_a_month_that_was_counted_wrongly_is_counted_anew(database: Database) -> None:
    """What other means than ours put into the database is seen at the next count."""
    seats = MongoSeats(database)
    await seats.prepare()
    await seats.lay_out(OFFICE, DAY, seats_of(2))
    assert await seats.recount(OFFICE, DAY, HOLD)
    assert not await seats.recount(OFFICE, DAY, HOLD)
    behind = {
        "$set": {"state": "booked", "claimable_from": NEVER},
        "$unset": {"changed_in": "", "changed_at": ""},
    }
    await database.collection("seats").update_one({"_id": seat_id(OFFICE, DAY, 1)}, behind)
    assert await taken(seats) == (0, 0)
    assert await seats.recount(OFFICE, DAY, timedelta(0))
    assert await taken(seats) == (1, 0)
