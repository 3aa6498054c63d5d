"""At the counter: codes, lateness, serving, turning away, undoing, walking in, and upkeep."""

from datetime import timedelta
from typing import Any

import pytest

from bot.booking.counter import NoNumber, NotCheckedIn, TurnedAway
from bot.booking.life import APPLICANT, Act, SeatState, Step, staff
from bot.booking.seats import SKEW, Seat, SeatStore
from tests.support.counter import TUESDAY, WEDNESDAY, Counter, person

RINA = staff("rina")
TO_EIGHT = timedelta(hours=23)  # from the test's now to 08.00 on Tuesday


async def check_in(counter: Counter, seat: Seat, key: str = "in") -> Any:
    """Show the code of a booking."""
    act = Act(key, RINA)
    return await counter.queue.check_in(counter.office, seat.booking_code, act, counter.now)


async def test_served(counter: Counter) -> None:
    """Checked in with the code, then served; each by whom; a code works once."""
    booked = await counter.book(person(1))
    counter.now += TO_EIGHT
    seat = await check_in(counter, booked)
    assert seat.state is SeatState.CHECKED_IN
    assert (await check_in(counter, booked, "again")).why is NotCheckedIn.OVER
    served = await counter.queue.serve(seat, Act("s", RINA), counter.now)
    assert served.state is SeatState.SERVED
    assert [event.by for event in served.trail[-2:]] == [RINA, RINA]
    assert len({event.who for event in served.trail if event.who}) == 1


async def test_codes_count_on_their_date_and_at_their_office(
    counter: Counter, make_office: Any
) -> None:
    """Rule "a code is valid only on its date": the day before and after it opens nothing."""
    booked = await counter.book(person(1))
    assert await check_in(counter, booked) == TurnedAway(NotCheckedIn.OTHER_DAY, booked)
    other = make_office(id="kota_lain", prefix="KTN")
    act = Act("in", RINA)
    away = await counter.queue.check_in(other, booked.booking_code, act, counter.now)
    assert away.why is NotCheckedIn.OTHER_OFFICE
    nobody = await counter.queue.check_in(counter.office, "KCN-1", act, counter.now)
    assert nobody == TurnedAway(NotCheckedIn.UNKNOWN)
    counter.now += timedelta(days=2)
    assert (await check_in(counter, booked)).why is NotCheckedIn.OTHER_DAY


@pytest.mark.parametrize(("grace", "state"), [(15, SeatState.VOID), (30, SeatState.CHECKED_IN)])
async def test_late(seats: SeatStore, make_office: Any, grace: int, state: SeatState) -> None:
    """Rule "late → the code is void": at 08.20, after a grace of 15 minutes and not of 30."""
    counter = Counter(seats, make_office(late_grace_minutes=grace))
    booked = await counter.book(person(1))
    counter.now += TO_EIGHT + timedelta(minutes=20)
    await check_in(counter, booked)
    assert (await seats.seat(booked.id)).state is state


async def test_rejected(counter: Counter) -> None:
    """Rule "incomplete documents are rejected": with a reason, and then they may register again."""
    booked = await counter.book(person(1))
    counter.now += TO_EIGHT
    seat = await check_in(counter, booked)
    with pytest.raises(ValueError, match="say why"):
        await counter.queue.reject(seat, Act("r", RINA), counter.now)
    await counter.queue.reject(seat, Act("r", RINA, reason="KK asli tidak dibawa"), counter.now)
    assert isinstance(await counter.hold(person(1), WEDNESDAY), Seat)


async def test_undone_within_a_minute(counter: Counter) -> None:
    """Staff take back their last step for a minute; the same key does it once; no more steps."""
    booked = await counter.book(person(1))
    counter.now += TO_EIGHT
    seat = await check_in(counter, booked)
    seat = await counter.queue.serve(seat, Act("s", RINA), counter.now)
    counter.now += timedelta(minutes=1, milliseconds=1)
    assert await counter.queue.undo(seat, Act("u", RINA), counter.now) is None
    counter.now -= timedelta(milliseconds=1)
    undone = await counter.queue.undo(seat, Act("u", RINA), counter.now)
    assert undone.state is SeatState.CHECKED_IN
    assert await counter.queue.undo(seat, Act("u", RINA), counter.now) == undone
    assert await counter.queue.undo(seat, Act("u2", RINA), counter.now) is None
    assert undone.trail[-1].step is Step.UNDONE


async def test_applicants_undo_nothing(counter: Counter) -> None:
    """An approval is no step of staff's."""
    booked = await counter.book(person(1))
    assert await counter.queue.undo(booked, Act("u", RINA), counter.now) is None


@pytest.mark.parametrize(("cancel", "freed"), [("until_day_before", True), ("never", False)])
async def test_cancelling(seats: SeatStore, make_office: Any, *, cancel: str, freed: bool) -> None:
    """Rule "cancel": by office; staff may always, and the seat is anybody's at once."""
    counter = Counter(seats, make_office(cancel=cancel))
    booked = await counter.book(person(1))
    mine = Act("c", APPLICANT)
    assert await counter.queue.cancel(booked.id, booked.key, mine, counter.now) is freed
    assert await counter.queue.cancel(booked.id, booked.key, Act("c2", RINA), counter.now)
    assert (await counter.hold(person(2))).id == booked.id


class TestWalkingIn:
    async def walk_in(self, counter: Counter, key: str, kind: Any = "elderly") -> Any:
        """Somebody stands at the counter."""
        act = Act(key, RINA)
        return await counter.queue.walk_in(counter.office, TUESDAY, kind, act, counter.now)

    @pytest.mark.parametrize(("numbers", "given"), [(0, 0), (2, 2)])
    async def test_numbers(
        self, seats: SeatStore, make_office: Any, numbers: int, given: int
    ) -> None:
        """Rule "walk-in, own quota": ``walk_in_seats`` numbers, and no seat of the booked ones."""
        counter = Counter(seats, make_office(walk_in_seats=numbers))
        counter.now += TO_EIGHT
        found = [await self.walk_in(counter, f"w{n}") for n in range(3)]
        assert [seat.number for seat in found if isinstance(seat, Seat)] == [1, 2][:given]
        assert found[-1] is NoNumber.NONE_LEFT
        assert await counter.taken() == []

    @pytest.mark.parametrize(("kinds", "let_in"), [(["elderly"], True), (["disabled"], False)])
    async def test_who(
        self, seats: SeatStore, make_office: Any, *, kinds: list[str], let_in: bool
    ) -> None:
        """Rule "the elderly and children may still queue by hand": whom ``walk_in_for`` names."""
        counter = Counter(seats, make_office(walk_in_seats=2, walk_in_for=kinds))
        counter.now += TO_EIGHT
        found = await self.walk_in(counter, "w")
        assert isinstance(found, Seat) is let_in
        assert let_in or found is NoNumber.NOT_FOR

    async def test_day(self, seats: SeatStore, make_office: Any) -> None:
        """Only on the day itself, and when the office serves."""
        counter = Counter(seats, make_office(walk_in_seats=2, closed={"2026-11-24": "Pindahan"}))
        assert await self.walk_in(counter, "w") is NoNumber.CLOSED
        counter.now += TO_EIGHT
        assert await self.walk_in(counter, "w") is NoNumber.CLOSED

    async def test_served(self, seats: SeatStore, make_office: Any) -> None:
        """Whoever walked in is there, and is served like the others."""
        counter = Counter(seats, make_office(walk_in_seats=2))
        counter.now += TO_EIGHT
        seat = await self.walk_in(counter, "w")
        assert seat.state is SeatState.CHECKED_IN
        served = await counter.queue.serve(seat, Act("s", RINA), counter.now)
        assert served.state is SeatState.SERVED


class TestUpkeep:
    async def test_holds(self, counter: Counter) -> None:
        """A hold that is over is audited as expired, once."""
        held = await counter.hold(person(1))
        assert await counter.queue.expire_holds(counter.now) == 0
        counter.now += timedelta(minutes=15) + SKEW
        assert await counter.queue.expire_holds(counter.now) == 1
        assert await counter.queue.expire_holds(counter.now) == 0
        assert (await counter.seats.seat(held.id)).trail[-1].step is Step.EXPIRED

    @pytest.mark.parametrize("somebody_came", [False, True])
    async def test_no_shows(self, counter: Counter, *, somebody_came: bool) -> None:
        """Who did not come is void, where the office checks in at all."""
        came, stayed_away = await counter.book(person(1)), await counter.book(person(2))
        counter.now += TO_EIGHT
        if somebody_came:
            await check_in(counter, came)
        counter.now += timedelta(minutes=16)
        voided = await counter.queue.void_late(counter.office, counter.now)
        assert [seat.id for seat in voided] == [stayed_away.id] * somebody_came
        assert [seat.trail[-1].reason for seat in voided] == ["no_show"] * somebody_came
