"""Seats in MongoDB: every step is one conditional write on one document.

The rules of :mod:`storage.mongo` hold here too. Unique *sparse* indexes do what partial ones would:
a field that does not apply is absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from zlib import crc32

from pymongo.errors import DuplicateKeyError

from bot.booking.life import Act, SeatState, Step
from bot.booking.seats import (
    AlreadyActive,
    Applicant,
    BookingCodeTaken,
    Claim,
    Seat,
    WalkIn,
)
from bot.errors import StorageUnavailable
from storage.driver import Document
from storage.mongo_days import UNSWEPT, MongoDays
from storage.occupied import MongoMonths
from storage.pseudonym import kept_key, pseudonym_of
from storage.seat_documents import (
    ACTIVE_FIELDS,
    CALL_KEY,
    CHANGED_AT,
    CHANGED_IN,
    FOUND_FIELDS,
    SERVING,
    UNIQUE_FIELDS,
    day_id,
    seat_from,
)
from storage.seat_writes import SeatWrites, Write, at_counter_of, claimable, never_claimed

CLAIM_ATTEMPTS: Final = 8
"""How often a claim looks again when the seat in its way is gone before it could be read, or
others were faster with every seat it saw."""


class MongoSeats(MongoDays):
    """:class:`bot.booking.seats.SeatStore` in ``seats`` and ``days``."""

    async def prepare(self) -> None:
        """Make the indexes, and read the key of pseudonyms; safe to repeat.

        Raises:
            AntreError: an older index of another kind stands in the way.
        """
        await self._seats.ensure_index("office", "day", "claimable_from", "number")
        for field in UNIQUE_FIELDS:
            await self._seats.ensure_index(field, unique=True, sparse=True)
        for field in FOUND_FIELDS:
            await self._seats.ensure_index(field, sparse=True)
        await self._seats.ensure_index(CHANGED_IN, CHANGED_AT, sparse=True)
        await self._days.ensure_index(UNSWEPT, sparse=True)
        pseudonym = pseudonym_of(await kept_key(self._database))
        self._writes = SeatWrites(pseudonym)
        self._months = MongoMonths(self._database, pseudonym)

    async def claim(self, office: str, day: date, claim: Claim, now: datetime) -> Seat | None:
        """See the Protocol."""
        free = claimable(office, day.isoformat(), now)
        for attempt in range(CLAIM_ATTEMPTS):
            lowest = await self._one_of(free, claim.key, lowest=not attempt)
            if lowest is None or lowest.get("claim_key") == claim.key:
                return await self._carrying("claim_key", claim.key)
            if (seat := await self._take(lowest, claim, now)) is not None:
                return seat
            # Lost a race for the lowest. Take whichever comes first in the index: that is one
            # write, so it ends, however many claim at once.
            if (seat := await self._take_any(lowest, claim, now)) is not None:
                return seat
        raise StorageUnavailable(
            f"Seats of {office} on {day} changed hands too fast to claim one. Try again."
        )

    async def claim_seat(self, seat: str, claim: Claim, now: datetime) -> Seat | None:
        """See the Protocol."""
        if (own := await self._carrying("claim_key", claim.key)) is not None:
            return own
        found = await self._seats.find_one({"_id": seat})
        if found is None or found["claimable_from"] > now:
            return None
        taken = await self._take(found, claim, now)
        return taken or await self._carrying("claim_key", claim.key)

    async def release(
        self,
        seat: str,
        key: str,
        now: datetime,
        step: Step = Step.RELEASED,
        act: Act | None = None,
    ) -> bool:
        """See the Protocol. Released again with the same key, it says ``True`` whoever has the
        seat by then: a call repeated after ``StorageUnavailable``, or by the next process, learns
        that the first one did arrive.
        """
        act = act or Act(key)
        if await self._write(self._writes.free(seat, key, step, act, now)):
            return True
        found = await self._seats.find_one({"_id": seat}, only=["state", "released_by", "trail"])
        return self._writes.was_freed(found or {}, key, step, act)

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
        found = await self._seats.find_one({"_id": seat, "claim_key": key})
        write = found and self._writes.at_counter(found, step, act, now, since, mark, counter)
        try:
            if write:
                await self._write(write)
        except DuplicateKeyError:
            return None
        return await self._done(seat, key, step, act)

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
            await self._write(
                self._writes.amend(seat, key, applicant, active_person, until, act, now, code)
            )
        except DuplicateKeyError:
            rival = await self._carrying("active_person", active_person)
            if rival is None:
                raise StorageUnavailable(
                    f"{seat} changed hands while amended. Try again."
                ) from None
            raise AlreadyActive(rival) from None
        return await self._done(seat, key, Step.AMENDED, act)

    async def walk_in(
        self, line: str, day: date, given: WalkIn, act: Act, now: datetime
    ) -> Seat | None:
        """See the Protocol."""
        free = never_claimed(line, day.isoformat())
        for _ in range(CLAIM_ATTEMPTS):
            if (own := await self._carrying("claim_key", given.key)) is not None:
                return own
            lowest = await self._seats.find_one(free, sort=[("number", 1)])
            if lowest is None:
                return None
            try:
                await self._write(self._writes.walk_in(lowest, given, act, now))
            except DuplicateKeyError:
                continue  # the same call, done at once elsewhere
        raise StorageUnavailable(f"Numbers of {line} on {day} went too fast. Try again.")

    async def settle(self, seat: str, key: str, active_sender: str) -> bool:
        """See the Protocol."""
        try:
            return await self._write(self._writes.settle(seat, key, active_sender))
        except DuplicateKeyError:
            return False

    async def retire(self, seat: str, key: str) -> None:
        """See the Protocol."""
        await self._write(self._writes.retire(seat, key))

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
        try:
            await self._write(self._writes.approve(seat, key, approval, booking_code, now, sender))
        except DuplicateKeyError:
            raise BookingCodeTaken(booking_code) from None
        booked = {"_id": seat, "claim_key": key, "approval_key": approval}
        return _seat(await self._seats.find_one(booked))

    async def seat(self, seat: str) -> Seat | None:
        """See the Protocol."""
        return await self._carrying("_id", seat)

    async def active_of(self, active_sender: str) -> Seat | None:
        """See the Protocol."""
        return await self._carrying("active_sender", active_sender)

    async def by_key(self, key: str) -> Seat | None:
        """See the Protocol."""
        return await self._carrying("claim_key", key)

    async def by_code(self, booking_code: str) -> Seat | None:
        """See the Protocol."""
        return await self._carrying("booking_code", booking_code)

    async def of_group(self, group: str) -> Sequence[Seat]:
        """See the Protocol."""
        found = map(seat_from, await self._seats.find({"group": group}))
        return sorted(found, key=lambda seat: (seat.office, seat.day, seat.number))

    async def of_sender(self, sender: str) -> Sequence[Seat]:
        """See the Protocol."""
        found = map(seat_from, await self._seats.find({"sender": sender}))
        return sorted(found, key=lambda seat: (seat.office, seat.day, seat.number))

    async def with_photo(self, sha256: str) -> Sequence[Seat]:
        """See the Protocol."""
        return [seat_from(found) for found in await self._seats.find({"photo": sha256})]

    async def forget(self, seat: str, key: str) -> bool:
        """See the Protocol."""
        return await self._write(self._writes.forget(seat, key))

    async def pseudonym(self, text: str) -> str:
        """See the Protocol."""
        return self._writes.pseudonym(text)

    async def at_counter(self, office: str, day: date, counter: int) -> Seat | None:
        """See the Protocol."""
        return await self._carrying(SERVING, at_counter_of(day_id(office, day), counter))

    async def called_by(self, key: str) -> Seat | None:
        """See the Protocol."""
        return await self._carrying(CALL_KEY, self._writes.pseudonym(key))

    async def free_numbers(self, office: str, day: date, now: datetime) -> Sequence[int]:
        """See the Protocol."""
        free = claimable(office, day.isoformat(), now)
        found = await self._seats.find(free, only=["number"])
        return sorted(seat["number"] for seat in found)

    async def moving(self, limit: int) -> Sequence[Seat]:
        """See the Protocol."""
        found = map(seat_from, await self._seats.find({"moving": True}))
        return [seat for seat in found if seat.state is SeatState.BOOKED][:limit]

    async def expired(self, now: datetime, limit: int) -> Sequence[Seat]:
        """See the Protocol."""
        over = claimable("", "", now)["claimable_from"]
        return list(map(seat_from, await self._seats.find({"hold_ends": over}, limit=limit)))

    async def _one_of(self, free: Document, key: str, *, lowest: bool) -> Document | None:
        """The lowest claimable seat, or one that is not the same for all: where only holds that
        are over are left, a crowd must not meet on one seat again and again.
        """
        if lowest:
            return await self._seats.find_one(free, sort=[("number", 1)])
        found = await self._seats.find(free, limit=64)
        return found[crc32(key.encode()) % len(found)] if found else None

    async def _take(self, found: Document, claim: Claim, now: datetime) -> Seat | None:
        """Claim a seat as it was read."""
        write = self._writes.hold(found, claim, now)
        if not await self._claimed(write, claim, found):
            return None
        kept = {name: value for name, value in found.items() if name not in write.drop}
        trail = [*kept.get("trail", ()), *write.events]
        return seat_from({**kept, **write.fields, "trail": trail})

    async def _take_any(self, lost: Document, claim: Claim, now: datetime) -> Seat | None:
        free = never_claimed(lost["office"], lost["day"])
        if (own := await self._carrying("claim_key", claim.key)) is not None:
            return own
        if not await self._claimed(self._writes.hold_any(free, claim, now), claim, None):
            return None
        return await self._carrying("claim_key", claim.key)

    async def _claimed(self, write: Write, claim: Claim, found: Document | None) -> bool:
        """Make a claim's write.

        Raises:
            AlreadyActive: another seat than ``found`` carries one of its marks.
        """
        try:
            return await self._write(write)
        except DuplicateKeyError:
            if await self._carrying("claim_key", claim.key) is None:
                for mark in ACTIVE_FIELDS:
                    rival = await self._carrying(mark, getattr(claim, mark))
                    if rival is not None and not (found and rival.id == found["_id"]):
                        raise AlreadyActive(rival) from None
            return False

    async def _done(self, seat: str, key: str, step: Step, act: Act) -> Seat | None:
        """The seat, if ``act`` took ``step`` in it, now or before."""
        found = _seat(await self._seats.find_one({"_id": seat, "claim_key": key}))
        did = found and found.took(step, self._writes.pseudonym(act.key))
        return found if did else None

    async def _carrying(self, field: str, value: Any) -> Seat | None:
        return _seat(await self._seats.find_one({field: value}))


def _seat(found: Document | None) -> Seat | None:
    return None if found is None else seat_from(found)
