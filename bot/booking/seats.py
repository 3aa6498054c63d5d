"""Seats: one document each, in which the hold and the booking live.

``free → held → booked``, and back to free by expiry, release or cancellation. Every step is one
conditional write on one seat, so any number of processes may try at once and no job is needed for
correctness: a hold past its ``until`` can no longer be approved, and from :data:`SKEW` after that
anybody may claim the seat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

SKEW = timedelta(seconds=60)
"""A seat is claimable again only this long after its hold ended: processes' clocks differ."""


class SeatState(StrEnum):
    """Where a seat stands. A held seat whose hold has expired counts as free."""

    FREE = "free"
    HELD = "held"
    BOOKED = "booked"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who a seat is for.

    Args:
        name: as the applicant wrote it, single spaces, in capitals.
        birth_date: of the person who comes to the counter.
        sender: ``channel:sender`` of whoever registers; ``whatsapp:6281234567890``.
        conversation: id of the conversation it was registered in.
        details: what else the office asked for, by name: ``kind``, ``address``, ``photo`` (the
            SHA-256 under which the picture is kept).
    """

    name: str
    birth_date: date
    sender: str
    conversation: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claim:
    """A wish to hold a seat.

    Args:
        key: key of the action; claiming again with it returns the same seat and code.
        approval_code: 8 digits the applicant must send back.
        until: when the hold ends, aware UTC.
        active_sender: at most one active seat in all carries this value (``sender``, or with a
            running number where an office allows several).
        active_person: at most one active seat carries this value: ``day|NAME|birth date``.
    """

    key: str
    applicant: Applicant
    approval_code: str
    until: datetime
    active_sender: str
    active_person: str


@dataclass(frozen=True, slots=True)
class Seat:
    """One place in one day's queue of one office.

    Args:
        number: the queue number, 1 first, in the order of the day.
        hour: local time the applicant is served; they arrive earlier.
        session: id of the session, ``pagi`` or ``siang``.
        claim: who holds or has booked it; ``None`` when it was never claimed or is released.
        booking_code: ``JKP-7F4Q2-M8XCK`` once booked.
    """

    office: str
    day: date
    session: str
    number: int
    hour: time
    state: SeatState = SeatState.FREE
    claim: Claim | None = None
    booking_code: str = ""

    @property
    def id(self) -> str:
        """``office:2026-11-24:017``."""
        return seat_id(self.office, self.day, self.number)

    def is_active(self, now: datetime, today: date) -> bool:
        """Whether it still counts against its holder: a live hold, or a booking not yet past."""
        if self.claim is None:
            return False
        if self.state is SeatState.HELD:
            return self.claim.until > now
        return self.state is SeatState.BOOKED and self.day >= today


def seat_id(office: str, day: date, number: int) -> str:
    """Id of a seat's document."""
    return f"{office}:{day.isoformat()}:{number:03d}"


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

    async def has_free(self, office: str, day: date, now: datetime) -> bool:
        """Whether a laid-out day has a claimable seat."""
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

    async def release(self, seat: str, key: str, now: datetime) -> bool:
        """Free seat ``seat`` at once if it is claimed (held or booked) with claim key ``key``."""
        ...

    async def retire(self, seat: str, key: str) -> None:
        """Drop the ``active_`` marks of a booking whose date has passed; the booking stays."""
        ...

    async def approve(
        self, seat: str, key: str, approval: str, booking_code: str, now: datetime
    ) -> Seat | None:
        """Turn the live hold claimed with ``key`` into a booking.

        Args:
            approval: key of the approving action; with the same one the first booking is returned
                again, its first ``booking_code`` included.

        Returns:
            The booked seat, or ``None`` when the hold has ended or is not this one.

        Raises:
            BookingCodeTaken: draw another code.
        """
        ...

    async def active_of(self, active_sender: str) -> Seat | None:
        """The seat carrying this ``active_sender``, active or not."""
        ...

    async def by_code(self, booking_code: str) -> Seat | None:
        """The seat booked with this code."""
        ...

    async def of_day(self, office: str, day: date) -> Sequence[Seat]:
        """All seats of a day by number; empty when it is not laid out."""
        ...


class BookingCodeTaken(Exception):
    """Another seat has this booking code; one chance in 2^45 a pair."""
