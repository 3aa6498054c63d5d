"""Seats: one document each, in which the hold and the booking live.

Which step is allowed from where :mod:`bot.booking.life` says. Every step is one conditional write
on one seat, which adds its event to the seat's trail, so any number of processes may try at once
and no job is needed for correctness: a hold past its ``until`` can no longer be approved, and from
:data:`SKEW` after that anybody may claim the seat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol

from bot.booking.claim import Applicant, Claim, WalkIn
from bot.booking.life import ACTIVE, Act, Event, SeatState, Step
from bot.booking.occupancy import Occupancy

__all__ = [
    "SKEW",
    "TRAIL_KEPT",
    "AlreadyActive",
    "Applicant",
    "BookingCodeTaken",
    "Claim",
    "Seat",
    "SeatState",
    "SeatStore",
    "WalkIn",
    "day_of",
    "seat_id",
]

SKEW = timedelta(seconds=60)
"""A seat is claimable again only this long after its hold ended: processes' clocks differ."""

TRAIL_KEPT = 400
"""Events a seat's trail keeps, the latest: a seat that scripts hold and drop must not grow."""

WALK_IN_LINE = "/walk_in"
"""What an office's walk-in seats have behind its id."""

WALK_IN_LETTER = "L"
"""Before walk-in numbers, which begin at 1 like the others."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One place in one day's queue of one office.

    Args:
        number: the queue number, 1 first, in the order of the day.
        hour: local time the applicant is served; they arrive earlier.
        session: id of the session, ``pagi`` or ``siang``.
        claim: who holds or has booked it; ``None`` when it was never claimed or is released.
        booking_code: ``JKP-7F4Q2-M8XCK`` once booked.
        walk_in: who it was given to in the walk-in line; such a seat has no claim.
        moving: whether it still has to take the place of another one.
        counter: which one they were called to last; 0 for none in particular.
        trail: its latest steps, oldest first.
    """

    office: str
    day: date
    session: str
    number: int
    hour: time
    state: SeatState = SeatState.FREE
    claim: Claim | None = None
    booking_code: str = ""
    walk_in: WalkIn | None = None
    moving: bool = False
    counter: int = 0
    trail: tuple[Event, ...] = field(default=(), compare=False, repr=False)

    @property
    def id(self) -> str:
        """``office:2026-11-24:017``."""
        return seat_id(self.office, self.day, self.number)

    @property
    def key(self) -> str:
        """What whoever has the seat acts on it with; empty when it is nobody's."""
        given = self.claim or self.walk_in
        return given.key if given else ""

    @property
    def label(self) -> str:
        """Its number as boards show it: ``17``; of the walk-in line ``L3`` (*langsung*)."""
        return f"{WALK_IN_LETTER if self.walk_in else ''}{self.number}"

    def last(self, step: Step) -> Event | None:
        """The latest event of this step in its trail."""
        return next((event for event in reversed(self.trail) if event.step is step), None)

    def took(self, step: Step, key: str) -> bool:
        """Whether the trail has ``step``, made with the action key of pseudonym ``key``."""
        return any((event.step, event.key) == (step, key) for event in self.trail)

    def is_active(self, now: datetime, today: date) -> bool:
        """Whether it still counts against its holder: a live hold, or a booking not yet past."""
        if self.claim is None:
            return False
        if self.state is SeatState.HELD:
            return self.claim.until > now
        return self.state in ACTIVE and self.day >= today


def line_of(office: str) -> str:
    """The office whose people wait in this line: of ``bogor/walk_in`` ``bogor``."""
    return office.removesuffix(WALK_IN_LINE)


def seat_id(office: str, day: date, number: int) -> str:
    """Id of a seat's document."""
    return f"{office}:{day.isoformat()}:{number:03d}"


def day_of(seat: str) -> date:
    """The day of the seat with this id."""
    return date.fromisoformat(seat.rsplit(":", 2)[1])


class AlreadyActive(Exception):
    """A claim met a seat that already carries its ``active_sender`` or ``active_person``.

    Internal to the queue: the action turns it into an outcome. ``seat`` is the one in the way.
    """

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat.id)
        self.seat = seat


class SeatStore(Protocol):
    """Seats in a database; every method raises ``StorageUnavailable`` when it does not answer."""

    async def lay_out(self, office: str, day: date, seats: Sequence[Seat]) -> None:
        """Make a day's seats, those that are missing; then remember that the day is laid out.
        Safe to repeat and to do from several processes at once.
        """
        ...

    async def is_laid_out(self, office: str, day: date) -> bool:
        """Whether :meth:`lay_out` ran to its end for this day."""
        ...

    async def open_days(self, office: str, days: Sequence[date], now: datetime) -> Sequence[date]:
        """Those of the days on which there is a seat to have: one that is claimable, or any of a
        day that nobody ever asked for and that is not laid out yet.
        """
        ...

    async def claim(self, office: str, day: date, claim: Claim, now: datetime) -> Seat | None:
        """Claim the lowest claimable seat of a laid-out day (lowest as far as the race allows).

        Returns:
            The held seat; the one already claimed with ``claim.key`` if there is one (whatever
            its day); ``None`` when nothing is free.

        Raises:
            AlreadyActive: another seat carries the same ``active_sender`` or ``active_person``.
        """
        ...

    async def claim_seat(self, seat: str, claim: Claim, now: datetime) -> Seat | None:
        """Claim seat ``seat`` and no other; ``None`` when it is not claimable.

        Returns:
            As :meth:`claim`, the seat already claimed with ``claim.key`` included.

        Raises:
            AlreadyActive: as :meth:`claim`.
        """
        ...

    async def release(
        self,
        seat: str,
        key: str,
        now: datetime,
        step: Step = Step.RELEASED,
        act: Act | None = None,
    ) -> bool:
        """Free seat ``seat`` at once, if it is claimed with claim key ``key`` and ``step``, one of
        :data:`~bot.booking.life.FREEING`, is allowed; ``EXPIRED`` only past the hold's end.

        Args:
            act: who does it; the system, with the claim's own key, when none is given.

        Returns:
            Whether the claim ended so: done again also ``True``, whoever has the seat by then.
        """
        ...

    async def step(
        self,
        seat: str,
        key: str,
        step: Step,
        act: Act,
        now: datetime,
        since: datetime | None = None,
        mark: str = "",
        counter: int = 0,
    ) -> Seat | None:
        """Take a step of a booking: ``CONFIRMED``, ``CHECKED_IN``, ``CALLED``, ``ATTENDED``,
        ``SERVED``, ``REJECTED``, ``VOIDED`` or ``UNDONE``. Where the seat stops being active its
        marks go, and come back when undone. At a counter there is one person at a time, and one
        act calls one person.

        Args:
            since: take it only if the last step was not before this.
            mark: the ``active_sender`` to come back with, if not the one it ended with.
            counter: of ``CALLED``: where to; 0 for none in particular. Who was called is called
                again by that counter alone.

        Returns:
            The seat, also when ``act.key`` did this before; ``None`` when the step is not allowed,
            or cannot be undone because sender or person registered again, or somebody else is at
            the counter, or ``act`` called somebody else.
        """
        ...

    async def amend(
        self,
        seat: str,
        key: str,
        applicant: Applicant,
        active_person: str,
        until: datetime,
        act: Act,
        now: datetime,
        code: str = "",
    ) -> Seat | None:
        """Put ``applicant`` into the live hold claimed with ``key``, which then ends at ``until``;
        ``None`` when it has ended already.

        Args:
            code: its approval code from now on; the one it has, when empty.

        Raises:
            AlreadyActive: the person has another seat; the hold stays as it was.
        """
        ...

    async def walk_in(
        self, line: str, day: date, given: WalkIn, act: Act, now: datetime
    ) -> Seat | None:
        """Give the lowest free number of a laid-out walk-in line; the same one for the same key.

        Returns:
            The seat, checked in; ``None`` when no number is left.
        """
        ...

    async def settle(self, seat: str, key: str, active_sender: str) -> bool:
        """Let the active seat claimed with ``key`` carry ``active_sender``, and end its move.

        Returns:
            Whether it does now; ``False`` when it is no longer active or the mark is another's.
        """
        ...

    async def retire(self, seat: str, key: str) -> None:
        """Drop the ``active_`` marks of a booking whose date has passed; the booking stays."""
        ...

    async def approve(
        self,
        seat: str,
        key: str,
        approval: str,
        booking_code: str,
        now: datetime,
        sender: str = "",
    ) -> Seat | None:
        """Turn the live hold claimed with ``key`` into a booking.

        Args:
            approval: key of the approving action; with the same one the first booking is returned
                again, its first ``booking_code`` included.
            sender: for the trail, as in :class:`~bot.booking.life.Act`.

        Returns:
            The booked seat, or ``None`` when the hold has ended or is not this one.

        Raises:
            BookingCodeTaken: draw another code.
        """
        ...

    async def seat(self, seat: str) -> Seat | None:
        """The seat of this id."""
        ...

    async def active_of(self, active_sender: str) -> Seat | None:
        """The seat carrying this ``active_sender``, active or not."""
        ...

    async def by_key(self, key: str) -> Seat | None:
        """The seat claimed with this key."""
        ...

    async def by_code(self, booking_code: str) -> Seat | None:
        """The seat booked with this code."""
        ...

    async def of_group(self, group: str) -> Sequence[Seat]:
        """The seats of a family, by office, day and number."""
        ...

    async def of_sender(self, sender: str) -> Sequence[Seat]:
        """All seats that carry this sender's identity, by office, day and number."""
        ...

    async def with_photo(self, sha256: str) -> Sequence[Seat]:
        """The seats whose applicant sent this photo."""
        ...

    async def forget(self, seat: str, key: str) -> bool:
        """Take the identity, marks and codes out of the seat claimed with ``key``: for good. Its
        state and its trail, which holds pseudonyms, stay for the reports.
        """
        ...

    async def first_day(self, office: str) -> date | None:
        """The first day that was ever laid out there."""
        ...

    async def unswept_days(self, before: date, limit: int) -> Sequence[tuple[str, date]]:
        """Office and date of laid-out days before then that :meth:`swept` was not said of."""
        ...

    async def swept(self, office: str, day: date) -> None:
        """Remember that no identity is left in the seats of a day."""
        ...

    async def pseudonym(self, text: str) -> str:
        """The keyed hash that trails hold instead of a number or a key; the same in every process
        on this database.
        """
        ...

    async def of_day(self, office: str, day: date) -> Sequence[Seat]:
        """All seats of a day by number; empty when it is not laid out."""
        ...

    async def waiting(self, office: str, day: date) -> Sequence[Seat]:
        """Who has checked in and is not called, in both lines of the office; in no order."""
        ...

    async def at_counters(self, office: str, day: date) -> Sequence[Seat]:
        """Who is called and not done, in both lines of the office; in no order."""
        ...

    async def at_counter(self, office: str, day: date, counter: int) -> Seat | None:
        """Who is called to this counter and not done."""
        ...

    async def called_by(self, key: str) -> Seat | None:
        """Whom the act with this key called last."""
        ...

    async def free_numbers(self, office: str, day: date, now: datetime) -> Sequence[int]:
        """The claimable numbers of a day, ascending."""
        ...

    async def occupied(self, office: str, month: date) -> Occupancy:
        """The seats of the month of that day, as they are now."""
        ...

    async def recount(self, office: str, month: date, older_than: timedelta) -> bool:
        """Prepare for :meth:`occupied`, and mend what it goes by should it be wrong, unless that
        was done less than ``older_than`` ago; whether it was done now.
        """
        ...

    async def moving(self, limit: int) -> Sequence[Seat]:
        """Some of the booked seats that have still to take another one's place."""
        ...

    async def expired(self, now: datetime, limit: int) -> Sequence[Seat]:
        """Some of the seats whose hold ended :data:`SKEW` ago and that nobody claimed since."""
        ...

    async def withdraw(self, seat: str, now: datetime) -> bool:
        """Take a free seat out of its day; ``False`` if somebody has it, or it was out before."""
        ...

    async def restore(self, seat: str) -> bool:
        """Bring a withdrawn seat back, free; ``False`` when it is not withdrawn."""
        ...

    async def withdrawn(self, office: str, day: date) -> Sequence[Seat]:
        """The withdrawn seats of a day by number; :meth:`of_day` has none of them."""
        ...


class BookingCodeTaken(Exception):
    """Another seat has this booking code; one chance in 2^45 a pair."""
