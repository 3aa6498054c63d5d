"""The stores allow exactly the steps that the machine of a life allows, and audit each once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.booking.life import (
    ACTIVE,
    APPLICANT,
    FREEING,
    SYSTEM,
    Act,
    SeatState,
    Step,
    replayed,
    sources,
    staff,
    target,
)
from bot.booking.seats import SKEW, AlreadyActive, SeatStore, WalkIn, seat_id
from storage import seat_table, seat_writes
from tests.storage.test_seats import DAY, HOLD, NEXT_DAY, NOW, OFFICE, claim_of, seats_of

SEAT = seat_id(OFFICE, DAY, 1)
KEY = claim_of(1).key
SENDER = claim_of(1).applicant.sender
RINA = staff("rina")

WAYS: dict[SeatState, tuple[Step, ...]] = {
    SeatState.FREE: (),
    SeatState.HELD: (Step.HELD,),
    SeatState.BOOKED: (Step.HELD, Step.APPROVED),
    SeatState.CHECKED_IN: (Step.HELD, Step.APPROVED, Step.CHECKED_IN),
    SeatState.CALLED: (Step.HELD, Step.APPROVED, Step.CHECKED_IN, Step.CALLED),
    SeatState.SERVED: (Step.HELD, Step.APPROVED, Step.CHECKED_IN, Step.SERVED),
    SeatState.REJECTED: (Step.HELD, Step.APPROVED, Step.CHECKED_IN, Step.REJECTED),
    SeatState.VOID: (Step.HELD, Step.APPROVED, Step.VOIDED),
}
"""How a seat gets into each state."""


class Walk:
    """The only seat of a day, and one applicant's way through its life."""

    def __init__(self, seats: SeatStore, n: int = 0) -> None:
        self.seats, self.n, self.day = seats, n, DAY + timedelta(days=100 * n)
        self.seat = seat_id(OFFICE, self.day, 1)
        self.claim = claim_of(1 + n)

    async def into(self, state: SeatState) -> None:
        """Lay the seat out and bring it into a state by the steps there are."""
        await self.seats.lay_out(OFFICE, self.day, seats_of(1, self.day))
        for step in WAYS[state]:
            assert await self.take(step, f"{self.n} to {step}")
        assert (await self.seats.seat(self.seat)).state is state

    async def take(self, step: Step, key: str) -> object:
        """Take a step; what the store answers, falsy when it does not allow it."""
        seats, act, ours = self.seats, Act(key, RINA, SENDER), self.claim.key
        if step is Step.HELD:
            return await seats.claim_seat(self.seat, self.claim, NOW)
        if step is Step.WALKED_IN:
            given = WalkIn(f"walk{self.n}", "elderly")
            return await seats.walk_in(OFFICE, self.day, given, act, NOW)
        if step is Step.APPROVED:
            return await seats.approve(self.seat, ours, key, f"JKP-{self.n + 1}", NOW, SENDER)
        if step is Step.AMENDED:
            other = replace(self.claim.applicant, name="PEMOHON SATU")
            return await seats.amend(
                self.seat, ours, other, f"person {self.n}", NOW + HOLD, act, NOW
            )
        if step in FREEING:
            now = NOW + HOLD if step is Step.EXPIRED else NOW
            return await seats.release(self.seat, ours, now, step, act)
        return await seats.step(self.seat, ours, step, act, NOW)


async def seat_in(seats: SeatStore, state: SeatState) -> None:
    """The day's only seat, claimed with ``KEY``, in a state."""
    await Walk(seats).into(state)


@pytest.mark.parametrize("state", SeatState)
async def test_exactly_the_machines_steps(seats: SeatStore, state: SeatState) -> None:
    """From every state every step: taken if the machine allows it, with its event; else refused,
    and nothing is changed or written.
    """
    for n, step in enumerate(Step):
        this = Walk(seats, n)
        await this.into(state)
        before = await seats.seat(this.seat)
        answer = await this.take(step, f"then {step}")
        after = await seats.seat(this.seat)
        allowed = target(state, step)
        new = [event.step for event in after.trail[len(before.trail) :]]
        if allowed is None:
            assert (after, after.trail) == (before, before.trail)
            assert not answer or step is Step.HELD  # the same key gets the seat it has
        else:
            assert answer
            assert (after.state, new) == (allowed, [step])
            assert replayed(after.trail) is allowed


def test_every_step_leads_somewhere() -> None:
    """No step is without a state to take it from, and every state is reached."""
    assert all(sources(step) for step in Step)
    assert {target(state, step) for step in Step for state in sources(step)} == set(SeatState)
    assert {Step.RELEASED, Step.CANCELLED, Step.EXPIRED, Step.RESCHEDULED} == FREEING


async def test_the_trail(seats: SeatStore) -> None:
    """An event says what, when, by whom, with which key and code, and never who in clear."""
    await seats.lay_out(OFFICE, DAY, seats_of(1))
    await seats.claim(OFFICE, DAY, claim_of(1), NOW)
    await seats.approve(SEAT, KEY, "a", "JKP-1", NOW, SENDER)
    act = Act("v", RINA, SENDER, "late")
    await seats.step(SEAT, KEY, Step.VOIDED, act, NOW + HOLD)
    held, approved, voided = (await seats.seat(SEAT)).trail
    by_key = [await seats.pseudonym(key) for key in (KEY, "a")]
    assert (held.step, held.by, held.key, held.code) == (Step.HELD, APPLICANT, by_key[0], "")
    code = await seats.pseudonym("JKP-1")
    assert (approved.step, approved.key, approved.code) == (Step.APPROVED, by_key[1], code)
    assert (voided.by, voided.reason) == ("staff:rina", "late")
    assert voided.at == (NOW + HOLD).replace(microsecond=123_000)
    assert len({held.who, approved.who, voided.who}) == 1
    assert held.who
    assert not any("62812" in f"{event}" for event in (held, approved, voided))


async def test_the_same_key_is_one_event(seats: SeatStore) -> None:
    """A step done again with its key answers as before and adds nothing, even steps later."""
    await seat_in(seats, SeatState.BOOKED)
    act = Act("in", RINA)
    first = await seats.step(SEAT, KEY, Step.CHECKED_IN, act, NOW)
    assert await seats.step(SEAT, KEY, Step.CHECKED_IN, act, NOW) == first
    await seats.step(SEAT, KEY, Step.UNDONE, Act("undo", RINA), NOW)
    assert (await seats.step(SEAT, KEY, Step.CHECKED_IN, act, NOW)).state is SeatState.BOOKED
    steps = [event.step for event in (await seats.seat(SEAT)).trail]
    assert steps == [Step.HELD, Step.APPROVED, Step.CHECKED_IN, Step.UNDONE]


async def test_expiry_is_audited_when_claimed_over(seats: SeatStore) -> None:
    """Who claims a seat over a hold that is over leaves both events."""
    await seat_in(seats, SeatState.HELD)
    later = NOW + HOLD + SKEW
    await seats.claim(OFFICE, DAY, claim_of(2, later), later)
    trail = (await seats.seat(SEAT)).trail
    assert [event.step for event in trail] == [Step.HELD, Step.EXPIRED, Step.HELD]
    assert trail[1].by == SYSTEM
    assert trail[1].who == trail[0].who != trail[2].who


async def test_a_reason_does_not_name_the_person(seats: SeatStore) -> None:
    """The trail outlives the name: what staff typed is kept without it and without numbers."""
    await seat_in(seats, SeatState.BOOKED)
    seat = await seats.seat(SEAT)
    assert seat
    assert seat.claim
    name = seat.claim.applicant.name.split()[0].lower()
    act = Act("v", RINA, SENDER, f"{name}: KTP 3171234 hilang")
    voided = await seats.step(SEAT, KEY, Step.VOIDED, act, NOW + HOLD)
    assert voided
    assert "KTP … hilang" in voided.trail[-1].reason
    assert name not in voided.trail[-1].reason


async def test_expired_holds_are_found(seats: SeatStore) -> None:
    """Holds that are over, and those alone, are found for tidying."""
    await seats.lay_out(OFFICE, DAY, seats_of(3))
    for n in (1, 2):
        await seats.claim(OFFICE, DAY, claim_of(n), NOW)
    await seats.approve(SEAT, KEY, "a", "JKP-1", NOW)
    assert await seats.expired(NOW + HOLD, 10) == []
    over = await seats.expired(NOW + HOLD + SKEW, 10)
    assert [seat.number for seat in over] == [2]
    assert await seats.release(over[0].id, over[0].key, NOW + HOLD + SKEW, Step.EXPIRED)
    assert await seats.expired(NOW + HOLD + SKEW, 10) == []


async def test_a_hold_does_not_expire_early(seats: SeatStore) -> None:
    """Nobody's hold is declared over before its end."""
    await seat_in(seats, SeatState.HELD)
    just = NOW + HOLD - timedelta(milliseconds=1)
    assert not await seats.release(SEAT, KEY, just, Step.EXPIRED)
    assert await seats.release(SEAT, KEY, NOW + HOLD, Step.EXPIRED)


@pytest.mark.parametrize("end", sorted(set(SeatState) - ACTIVE - {SeatState.FREE}))
async def test_an_end_gives_the_marks_back(seats: SeatStore, end: SeatState) -> None:
    """Whose booking has ended at the counter may register again, the same day too; the seat stays
    taken and is found by its code.
    """
    await seat_in(seats, end)
    await seats.lay_out(OFFICE, NEXT_DAY, seats_of(1, NEXT_DAY))
    again = replace(claim_of(1), key="again")
    assert await seats.claim(OFFICE, NEXT_DAY, again, NOW)
    assert (await seats.by_code("JKP-1")).state is end
    assert not await seats.open_days(OFFICE, [DAY], NOW + timedelta(days=1000))


async def test_undoing_gives_the_marks_back_to_the_seat(seats: SeatStore) -> None:
    """A step undone makes the booking count again; not when its person registered meanwhile."""
    await seat_in(seats, SeatState.SERVED)
    assert await seats.step(SEAT, KEY, Step.UNDONE, Act("u", RINA), NOW)
    await seats.lay_out(OFFICE, NEXT_DAY, seats_of(1, NEXT_DAY))
    again = replace(claim_of(1), key="again")
    with pytest.raises(AlreadyActive):
        await seats.claim(OFFICE, NEXT_DAY, again, NOW)
    await seats.step(SEAT, KEY, Step.REJECTED, Act("r", RINA), NOW)
    assert await seats.claim(OFFICE, NEXT_DAY, again, NOW)
    assert await seats.step(SEAT, KEY, Step.UNDONE, Act("u2", RINA), NOW) is None
    assert (await seats.seat(SEAT)).state is SeatState.REJECTED


async def test_undoing_too_late(seats: SeatStore) -> None:
    """A step is undone only since the moment given."""
    await seat_in(seats, SeatState.CHECKED_IN)
    undo = Act("u", RINA)
    since = NOW + timedelta(milliseconds=1)
    assert await seats.step(SEAT, KEY, Step.UNDONE, undo, NOW, since) is None
    assert await seats.step(SEAT, KEY, Step.UNDONE, undo, NOW, NOW)


async def test_amending(seats: SeatStore) -> None:
    """A correction changes the person and the end, no code; a person seated elsewhere is
    refused.
    """
    await seats.lay_out(OFFICE, DAY, seats_of(2))
    held = await seats.claim(OFFICE, DAY, claim_of(1), NOW)
    await seats.claim(OFFICE, DAY, claim_of(2), NOW)
    other = replace(claim_of(1).applicant, name="PEMOHON SATU")
    ends = NOW + 2 * HOLD
    amended = await seats.amend(SEAT, KEY, other, "satu", ends, Act("c", APPLICANT), NOW)
    until = ends.replace(microsecond=123_000)
    claim = replace(held.claim, applicant=other, active_person="satu", until=until)
    assert amended == replace(held, claim=claim)
    with pytest.raises(AlreadyActive):
        await seats.amend(SEAT, KEY, other, claim_of(2).active_person, ends, Act("d"), NOW)
    assert await seats.seat(SEAT) == amended
    assert await seats.amend(SEAT, KEY, other, "x", ends, Act("e"), ends) is None


async def test_the_walk_in_line(seats: SeatStore) -> None:
    """Numbers go up, a key has one, and after the last there is none."""
    await seats.lay_out(OFFICE, DAY, seats_of(2))
    first = await seats.walk_in(OFFICE, DAY, WalkIn("w1", "elderly"), Act("w1", RINA), NOW)
    assert await seats.walk_in(OFFICE, DAY, WalkIn("w1", "elderly"), Act("w1"), NOW) == first
    second = await seats.walk_in(OFFICE, DAY, WalkIn("w2", "disabled"), Act("w2", RINA), NOW)
    assert (first.number, second.number, second.walk_in.kind) == (1, 2, "disabled")
    assert await seats.walk_in(OFFICE, DAY, WalkIn("w3", "elderly"), Act("w3"), NOW) is None
    assert await seats.step(first.id, "w1", Step.UNDONE, Act("u", RINA), NOW) is None
    assert await seats.step(first.id, "w1", Step.SERVED, Act("s", RINA), NOW)
    assert await seats.step(first.id, "w1", Step.UNDONE, Act("u", RINA), NOW)


async def test_the_trail_does_not_grow_for_ever(
    seats: SeatStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script that takes and drops one seat leaves its latest events only."""
    for module in (seat_table, seat_writes):
        monkeypatch.setattr(module, "TRAIL_KEPT", 6)
    await seats.lay_out(OFFICE, DAY, seats_of(1))
    for n in range(4):
        claim = replace(claim_of(1), key=f"k{n}")
        await seats.claim(OFFICE, DAY, claim, NOW)
        await seats.release(SEAT, claim.key, NOW)
    trail = (await seats.seat(SEAT)).trail
    keys = [await seats.pseudonym(key) for key in ("k1", "k1", "k2", "k2", "k3", "k3")]
    assert [event.key for event in trail] == keys
