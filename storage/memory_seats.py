"""Seats in this process's memory. No method waits for anything, so each is atomic under asyncio."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.booking.life import Act, SeatState, Step
from bot.booking.occupancy import Occupancy
from bot.booking.seats import (
    AlreadyActive,
    Applicant,
    BookingCodeTaken,
    Claim,
    Seat,
    WalkIn,
)
from storage.moments import milliseconds
from storage.occupied import days_of, with_seats
from storage.pseudonym import new_key, pseudonym_of
from storage.seat_documents import (
    ACTIVE_FIELDS,
    CALL_KEY,
    SERVING,
    WAITS,
    WITHDRAWN,
    day_id,
    free_seat_document,
    seat_from,
)
from storage.seat_table import Document, Table, Taken
from storage.seat_writes import SeatWrites, at_counter_of, restore, withdraw


class MemorySeats:
    """:class:`bot.booking.seats.SeatStore` in memory."""

    def __init__(self) -> None:
        self._table = Table()
        self._days: dict[str, date | None] = {}
        self._writes = SeatWrites(pseudonym_of(new_key()))

    async def prepare(self) -> None:
        """Nothing to prepare; here so that every store is opened alike."""

    async def lay_out(self, office: str, day: date, seats: Sequence[Seat]) -> None:
        """See the Protocol."""
        for seat in seats:
            self._table.add(free_seat_document(seat))
        self._days.setdefault(day_id(office, day), day)

    async def is_laid_out(self, office: str, day: date) -> bool:
        """See the Protocol."""
        return day_id(office, day) in self._days

    async def open_days(self, office: str, days: Sequence[date], now: datetime) -> Sequence[date]:
        """See the Protocol."""
        return [
            day
            for day in days
            if day_id(office, day) not in self._days
            or next(self._table.claimable(office, day, now), None) is not None
        ]

    async def claim(self, office: str, day: date, claim: Claim, now: datetime) -> Seat | None:
        """See the Protocol."""
        lowest = next(self._table.claimable(office, day, now), None)
        return self._claim(lowest, claim, now)

    async def claim_seat(self, seat: str, claim: Claim, now: datetime) -> Seat | None:
        """See the Protocol."""
        return self._claim(self._table.get(seat), claim, now)

    async def release(
        self,
        seat: str,
        key: str,
        now: datetime,
        step: Step = Step.RELEASED,
        act: Act | None = None,
    ) -> bool:
        """See the Protocol and :meth:`storage.mongo_seats.MongoSeats.release`."""
        act = act or Act(key)
        self._table.write(self._writes.free(seat, key, step, act, now))
        return self._writes.was_freed(self._table.get(seat) or {}, key, step, act)

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
        """See the Protocol."""
        found = self._table.get(seat)
        if found is None or found.get("claim_key") != key:
            return None
        write = self._writes.at_counter(found, step, act, now, since, mark, counter)
        try:
            done = self._table.write(write) if write else None
        except Taken:
            return None
        return self._done(done or found, step, act)

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
        """See the Protocol."""
        try:
            self._table.write(
                self._writes.amend(seat, key, applicant, active_person, until, act, now, code)
            )
        except Taken as taken:
            raise AlreadyActive(seat_from(taken.rival)) from None
        found = self._table.get(seat)
        return (
            self._done(found, Step.AMENDED, act)
            if found and found.get("claim_key") == key
            else None
        )

    async def walk_in(
        self, line: str, day: date, given: WalkIn, act: Act, now: datetime
    ) -> Seat | None:
        """See the Protocol."""
        if (own := self._table.carrying("claim_key", given.key)) is not None:
            return seat_from(own)
        free = next(self._table.claimable(line, day, now), None)
        if free is None:
            return None
        return _seat(self._table.write(self._writes.walk_in(free, given, act, now)))

    async def settle(self, seat: str, key: str, active_sender: str) -> bool:
        """See the Protocol."""
        try:
            return self._table.write(self._writes.settle(seat, key, active_sender)) is not None
        except Taken:
            return False

    async def retire(self, seat: str, key: str) -> None:
        """See the Protocol."""
        self._table.write(self._writes.retire(seat, key))

    async def approve(
        self,
        seat: str,
        key: str,
        approval: str,
        booking_code: str,
        now: datetime,
        sender: str = "",
    ) -> Seat | None:
        """See the Protocol."""
        write = self._writes.approve(seat, key, approval, booking_code, now, sender)
        try:
            self._table.write(write)
        except Taken:
            raise BookingCodeTaken(booking_code) from None
        found = self._table.get(seat) or {}
        booked = (found.get("claim_key"), found.get("approval_key")) == (key, approval)
        return seat_from(found) if booked else None

    async def seat(self, seat: str) -> Seat | None:
        """See the Protocol."""
        return _seat(self._table.get(seat))

    async def active_of(self, active_sender: str) -> Seat | None:
        """See the Protocol."""
        return _seat(self._table.carrying("active_sender", active_sender))

    async def by_key(self, key: str) -> Seat | None:
        """See the Protocol."""
        return _seat(self._table.carrying("claim_key", key))

    async def by_code(self, booking_code: str) -> Seat | None:
        """See the Protocol."""
        return _seat(self._table.carrying("booking_code", booking_code))

    async def of_group(self, group: str) -> Sequence[Seat]:
        """See the Protocol."""
        found = map(seat_from, self._table.all_carrying("group", group))
        return sorted(found, key=lambda seat: (seat.office, seat.day, seat.number))

    async def of_sender(self, sender: str) -> Sequence[Seat]:
        """See the Protocol."""
        found = map(seat_from, self._table.all_carrying("sender", sender))
        return sorted(found, key=lambda seat: (seat.office, seat.day, seat.number))

    async def with_photo(self, sha256: str) -> Sequence[Seat]:
        """See the Protocol."""
        return [seat_from(seat) for seat in self._table.all_carrying("photo", sha256)]

    async def forget(self, seat: str, key: str) -> bool:
        """See the Protocol."""
        return self._table.write(self._writes.forget(seat, key)) is not None

    async def first_day(self, office: str) -> date | None:
        """See the Protocol."""
        found = [id_ for id_ in self._days if id_.rpartition(":")[0] == office]
        return date.fromisoformat(min(found).rpartition(":")[2]) if found else None

    async def unswept_days(self, before: date, limit: int) -> Sequence[tuple[str, date]]:
        """See the Protocol."""
        old = [(day, id_) for id_, day in self._days.items() if day and day < before]
        return [(id_.rpartition(":")[0], day) for day, id_ in sorted(old)][:limit]

    async def swept(self, office: str, day: date) -> None:
        """See the Protocol."""
        self._days[day_id(office, day)] = None

    async def pseudonym(self, text: str) -> str:
        """See the Protocol."""
        return self._writes.pseudonym(text)

    async def of_day(self, office: str, day: date) -> Sequence[Seat]:
        """See the Protocol."""
        seats = self._table.of_day(office, day)
        return [seat_from(seat) for seat in seats if WITHDRAWN not in seat]

    async def withdraw(self, seat: str, now: datetime) -> bool:
        """See the Protocol."""
        return self._table.write(withdraw(seat, now)) is not None

    async def restore(self, seat: str) -> bool:
        """See the Protocol."""
        return self._table.write(restore(seat)) is not None

    async def withdrawn(self, office: str, day: date) -> Sequence[Seat]:
        """See the Protocol."""
        return [seat_from(seat) for seat in self._table.of_day(office, day) if WITHDRAWN in seat]

    async def waiting(self, office: str, day: date) -> Sequence[Seat]:
        """See the Protocol."""
        return [seat_from(seat) for seat in self._table.all_carrying(WAITS, day_id(office, day))]

    async def at_counters(self, office: str, day: date) -> Sequence[Seat]:
        """See the Protocol."""
        ours = at_counter_of(day_id(office, day), "")
        return [seat_from(seat) for at, seat in self._table.having(SERVING) if at.startswith(ours)]

    async def at_counter(self, office: str, day: date, counter: int) -> Seat | None:
        """See the Protocol."""
        place = at_counter_of(day_id(office, day), counter)
        return _seat(self._table.carrying(SERVING, place))

    async def called_by(self, key: str) -> Seat | None:
        """See the Protocol."""
        return _seat(self._table.carrying(CALL_KEY, self._writes.pseudonym(key)))

    async def free_numbers(self, office: str, day: date, now: datetime) -> Sequence[int]:
        """See the Protocol."""
        return [seat["number"] for seat in self._table.claimable(office, day, now)]

    async def occupied(self, office: str, month: date) -> Occupancy:
        """See the Protocol."""
        days = days_of(month.replace(day=1))
        seats = (seat for day in days for seat in self._table.of_day(office, day))
        return with_seats(Occupancy((), {}), seats, self._writes.pseudonym)

    async def recount(self, office: str, month: date, older_than: timedelta) -> bool:  # noqa: ARG002 - nothing is kept that could be wrong
        """See the Protocol."""
        return False

    async def moving(self, limit: int) -> Sequence[Seat]:
        """See the Protocol."""
        booked = [
            seat_from(seat)
            for _, seat in self._table.having("moving")
            if seat["state"] == SeatState.BOOKED
        ]
        return booked[:limit]

    async def expired(self, now: datetime, limit: int) -> Sequence[Seat]:
        """See the Protocol."""
        over = [seat_from(seat) for ends, seat in self._table.having("hold_ends") if ends <= now]
        return over[:limit]

    def _claim(self, found: Document | None, claim: Claim, now: datetime) -> Seat | None:
        if (own := self._table.carrying("claim_key", claim.key)) is not None:
            return seat_from(own)
        if found is None or found["claimable_from"] > milliseconds(now):
            return None
        try:
            return _seat(self._table.write(self._writes.hold(found, claim, now)))
        except Taken as taken:
            rivals = (self._table.carrying(mark, getattr(claim, mark)) for mark in ACTIVE_FIELDS)
            first = next((rival for rival in rivals if rival not in (None, found)), taken.rival)
            raise AlreadyActive(seat_from(first)) from None

    def _done(self, found: Document, step: Step, act: Act) -> Seat | None:
        """The seat, if ``act`` took ``step`` in it, now or before."""
        seat = seat_from(found)
        return seat if seat.took(step, self._writes.pseudonym(act.key)) else None


def _seat(found: Document | None) -> Seat | None:
    return None if found is None else seat_from(found)
