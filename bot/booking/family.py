"""Families: several people registered in one conversation, seated side by side.

A family is one booking of its number. It is held as a whole or not at all; from its approval on
every member has a seat, a code and a life of their own. Source: 000_…, DOMAIN.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from bot.booking.codes import approval_code
from bot.booking.holding import Holding
from bot.booking.life import Act, SeatState, Step
from bot.booking.line import (
    RETRIES,
    is_hold_of,
    is_on,
)
from bot.booking.marks import marks_of, member_mark, member_of
from bot.booking.members import FamilyProblem, check_family, nearest
from bot.booking.office import Office
from bot.booking.person import person_mark
from bot.booking.refusal import Refused, refused
from bot.booking.seats import AlreadyActive, Applicant, Claim, Seat, seat_id
from bot.errors import StorageUnavailable


class Families(Holding):
    """What families ask of the queue."""

    async def hold_group(
        self,
        office: Office,
        day: date,
        people: Sequence[Applicant],
        key: str,
        random: Random,
        now: datetime,
    ) -> list[Seat] | FamilyProblem | Refused | None:
        """Hold seats of ``day`` for all of ``people``, as near to each other as can be. Who the
        conversation holds seats for already is replaced; the same number of people on the same day
        keep their seats.

        Returns:
            The seats in the order of the people, all with one approval code; what the office has
            against it; :class:`Refused`, and nothing is held; or ``None`` when there are not so
            many seats (an earlier hold then stays).

        Raises:
            StorageUnavailable: others were faster again and again. The call may be made again.
        """
        if problem := check_family(office, day, people):
            return problem
        claims: Sequence[Claim] = _claims(office, day, people, key, random, now)
        for _ in range(RETRIES + office.active_per_sender):
            if held := await self._held_by(claims, now):
                return held
            await self.lay_out(office, day)
            waited = self._waited.on(office.id, day)
            free = [] if waited else await self._seats.free_numbers(office.id, day, now)
            numbers = nearest(free, len(people))
            if numbers is None:
                return await self._corrected_all(office, day, people, key, now)
            try:
                if await self._claim_all(office, day, numbers, claims, now):
                    await self._release_holds(office, people[0], now, but=claims[0].active_sender)
            except AlreadyActive as met:
                if kept := await self._corrected_all(office, day, people, key, now):
                    return kept
                after = await self._past(met.seat, office, claims, now)
                if isinstance(after, Refused):
                    return after
                claims = after
        raise StorageUnavailable(f"Seats of {office.id} on {day} went too fast. Try again.")

    async def approve_group(
        self,
        office: Office,
        held: Sequence[tuple[str, str]],
        approval: str,
        random: Random,
        now: datetime,
        sender: str = "",
    ) -> list[Seat] | None:
        """Make all seats of a family bookings, or none.

        Args:
            held: id and key of each seat, in the order of the people.
            approval: key of this approval.

        Returns:
            The booked seats; ``None`` when the hold has ended.
        """
        booked: list[Seat] = []
        for number, (seat, key) in enumerate(held, start=1):
            step = f"{approval}/{number}"
            done = await self.approve(office, seat, key, step, random, now, sender)
            if done is None:
                act = Act(approval, sender=sender, reason="family incomplete")
                for each in booked:
                    await self._free(each.id, each.key, now, Step.RELEASED, act)
                return None
            booked.append(done)
            # Done again after a crash, the others are approved as of when the first one was.
            told = await self._seats.pseudonym(step)
            now = min(now, *(event.at for event in done.trail if event.key == told))
        return booked

    async def release_all(self, seat: str, key: str, now: datetime, act: Act) -> None:
        """Free a held seat claimed with ``key``, and with it those held for the same family."""
        found = await self._seats.seat(seat)
        if found is None or found.key != key:
            return
        for each in reversed(await self.family_of(found)):
            if each.state is SeatState.HELD:
                await self.release(each.id, each.key, now, act)

    async def _held_by(self, claims: Sequence[Claim], now: datetime) -> list[Seat]:
        """The seats that all the claims hold; what only some of them hold is given back."""
        held = sorted(await self._seats.of_group(claims[0].group), key=member_of)
        if len(held) == len(claims) and all(map(_holds, held, claims, [now] * len(claims))):
            return held
        await self._give_all_back(held, now)
        return []

    async def _past(
        self, rival: Seat, office: Office, claims: Sequence[Claim], now: datetime
    ) -> Sequence[Claim] | Refused:
        """How to claim on where ``rival`` stood in the way; or that it stays there, and then no
        hold of the conversation is left.
        """
        first = claims[0].applicant
        if await self._make_way(rival, first, now, claims[0].active_sender):
            return claims
        marks = marks_of(office, first.sender)
        left = marks[marks.index(claims[0].active_sender) + 1 :]
        no = refused(_meant(claims, rival), rival)
        if not no and left:
            return _under(left[0], claims)
        await self._release_holds(office, first, now)
        return no or Refused(await self._standing(rival, now) or rival)

    async def _claim_all(
        self,
        office: Office,
        day: date,
        numbers: Sequence[int],
        claims: Sequence[Claim],
        now: datetime,
    ) -> bool:
        """Claim these seats, the lowest first; all of them, or none is kept.

        However many families claim at once, one of them gets its seats: whoever has the highest
        seat of all that are claimed wants only higher ones, which nobody has. So every round that
        some lose, one wins, and who loses :data:`RETRIES` rounds is told to try again.
        """
        got: list[Seat] = []
        try:
            for number, claim in zip(numbers, claims, strict=True):
                seat = await self._seats.claim_seat(seat_id(office.id, day, number), claim, now)
                seat = await self._counted_once(seat, claim, now)
                if seat is None:
                    break
                got.append(seat)
            else:
                return True
        except AlreadyActive:
            await self._give_all_back(got, now)
            raise
        await self._give_all_back(got, now)
        return False

    async def _give_all_back(self, seats: Sequence[Seat], now: datetime) -> None:
        for seat in reversed(seats):
            await self._give_back(seat, now, "family incomplete")

    async def _own_family(
        self, office: Office, day: date, people: Sequence[Applicant], now: datetime
    ) -> list[Seat]:
        """The seats this conversation holds on that day for as many people."""
        for mark in marks_of(office, people[0].sender):
            seat = await self._seats.active_of(mark)
            if seat is None or not is_on(seat, office, day) or not self.is_active(seat, now):
                continue
            if is_hold_of(seat, people[0].conversation) and seat.claim and seat.claim.group:
                family = await self.family_of(seat)
                if len(family) == len(people) and all(
                    each.state is SeatState.HELD for each in family
                ):
                    return family
        return []

    async def _corrected_all(
        self, office: Office, day: date, people: Sequence[Applicant], key: str, now: datetime
    ) -> list[Seat] | Refused | None:
        """The seats this conversation holds on that day for as many people, for ``people`` now;
        ``None`` when there are none. Who is among them already keeps their seat.
        """
        held = await self._own_family(office, day, people, now)
        new = [each for each in people if all(map(_is_not_for, held, [each] * len(held)))]
        seats: dict[Applicant, Seat] = {}
        for seat in held:
            here = seat.claim and seat.claim.applicant
            person = here if here and here in people else new.pop(0)
            done = await self._corrected(seat, person, f"{key}|{seat.id}", now)
            if not isinstance(done, Seat):
                await self._give_all_back(held, now)
                return done
            seats[person] = done
        return [seats[person] for person in people] if held else None


def _claims(
    office: Office,
    day: date,
    people: Sequence[Applicant],
    key: str,
    random: Random,
    now: datetime,
) -> list[Claim]:
    code = approval_code(random)
    until = now + timedelta(minutes=office.hold_minutes)
    return [
        Claim(
            key=f"{key}/{number}",
            applicant=person,
            approval_code=code,
            until=until,
            active_sender=member_mark(people[0].sender, number),
            active_person=person_mark(day, person.name, person.birth_date),
            group=f"{key}/1",
            member=number,
        )
        for number, person in enumerate(people, start=1)
    ]


def _under(mark: str, claims: Sequence[Claim]) -> list[Claim]:
    """The same claims as another booking of their number."""
    return [replace(claim, active_sender=member_mark(mark, claim.member)) for claim in claims]


def _meant(claims: Sequence[Claim], rival: Seat) -> Claim:
    """The claim that ``rival`` keeps out."""
    marks = {rival.claim.active_sender, rival.claim.active_person} if rival.claim else set()
    by_person = (claim for claim in claims if claim.active_person in marks)
    return next(by_person, claims[0])


def _is_not_for(seat: Seat, person: Applicant) -> bool:
    return seat.claim is None or seat.claim.applicant != person


def _holds(seat: Seat, claim: Claim, now: datetime) -> bool:
    """Whether the seat is held as ``claim`` asks, or booked."""
    if seat.claim is None or seat.claim.applicant != claim.applicant:
        return False
    return seat.state is SeatState.BOOKED or seat.claim.until > now
