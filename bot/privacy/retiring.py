"""One small batch of what is past its time, of every kind."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.booking.erasure import Ageing, Retention
from bot.booking.life import ACTIVE, UPCOMING, SeatState, Step
from bot.booking.seats import Seat
from bot.privacy.redacting import redacted
from bot.stores import Stores

ENDED_BADLY: Final = frozenset({SeatState.VOID, SeatState.REJECTED})
"""Of these nobody needs the photo any more."""

LOOK_AGAIN: Final = timedelta(hours=20)
"""A photo somebody needs is looked at again this much later: every daily sweep."""


@dataclass(frozen=True, slots=True)
class Retired:
    """Counts by kind."""

    journal: int = 0
    conversations: int = 0
    days: int = 0
    bookings: int = 0
    photos: int = 0
    photos_kept: int = 0
    people: int = 0
    waits: int = 0
    deliveries: int = 0
    audit: int = 0

    def __add__(self, other: Retired) -> Retired:
        return Retired(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


class Retiring:
    """Finds by index, at most ``limit`` of each kind at a time; every step may be made again.

    Args:
        dry: only count; then one step with a large limit tells it all.
    """

    def __init__(self, stores: Stores, retention: Retention, *, dry: bool = False) -> None:
        self._stores = stores
        self.retention = retention
        self._dry = dry
        self._booked: set[str] = set()

    async def step(self, now: datetime, limit: int) -> Retired:
        """Let go of a batch of each kind; all zero when nothing is left."""
        keep = self.retention
        days, bookings = await self._bookings(now, now - _days(keep.bookings), limit)
        photos, kept = await self._photos(now, limit)
        # Its latest records stand in the conversation itself, so it stays no longer than they may.
        silent = now - _days(min(keep.conversations, keep.journal))
        return Retired(
            journal=await self._journal(now - _days(keep.journal), limit),
            conversations=await self._conversations(now, silent, limit),
            days=days,
            bookings=bookings,
            photos=photos,
            photos_kept=kept,
            people=await self._people(now, now - _days(keep.people), limit),
            waits=await self._waits(silent, limit),
            deliveries=await self._aged(self._stores.deliveries, now - _days(keep.journal)),
            audit=await self._aged(self._stores.audit, now - _days(keep.audit)),
        )

    async def _journal(self, before: datetime, limit: int) -> int:
        found = await self._stores.conversations.aged(before, limit)
        pairs = []
        for record in found:
            who = await self._stores.seats.pseudonym(record["conversation"])
            which = await self._stores.seats.pseudonym(record["_id"])
            pairs.append((record["_id"], redacted(record, who, which)))
        if pairs and not self._dry:
            await self._stores.conversations.redact(pairs)
        return len(pairs)

    async def _conversations(self, now: datetime, before: datetime, limit: int) -> int:
        """Silent ones go, unless a booking is still to come: its reminders are told there."""
        gone = 0
        for id_ in await self._stores.conversations.idle(before, limit + len(self._booked)):
            stored = await self._stores.conversations.load(id_) if id_ not in self._booked else None
            if stored is None:
                continue
            contact = stored.contact
            theirs = {contact.address, contact.own_address}
            seats = [seat for each in theirs for seat in await self._stores.seats.of_sender(each)]
            if any(seat.state in ACTIVE and seat.day >= _yesterday(now) for seat in seats):
                self._booked.add(id_)  # until the day is over
                continue
            if not self._dry:
                await self._stores.conversations.copy_journal(stored.journal)
                await self._stores.conversations.forget(id_, stored.revision)
            gone += 1
        return gone

    async def _bookings(self, now: datetime, before: datetime, limit: int) -> tuple[int, int]:
        store, named = self._stores.seats, 0
        days = await store.unswept_days(before.date(), limit)
        for office, day in days:
            seats = [seat for seat in await store.of_day(office, day) if seat.claim]
            named += len(seats)
            if self._dry:
                continue
            for seat in seats:
                if seat.state is SeatState.HELD:
                    await store.release(seat.id, seat.key, now, Step.EXPIRED)
                else:
                    await store.forget(seat.id, seat.key)
            await store.swept(office, day)
        return len(days), named

    async def _photos(self, now: datetime, limit: int) -> tuple[int, int]:
        gone = kept = 0
        oldest = (now - _days(self.retention.photos)).date()
        for sha256 in await self._stores.photos.due(now, limit):
            seats = await self._stores.seats.with_photo(sha256)
            if any(_needs_photo(seat, now, oldest) for seat in seats):
                kept += 1
                if not self._dry:
                    await self._stores.photos.look_again(sha256, now + LOOK_AGAIN)
                continue
            gone += 1
            if not self._dry:
                await self._stores.photos.drop(sha256)
        return gone, kept

    async def _people(self, now: datetime, before: datetime, limit: int) -> int:
        found = await self._stores.people.past(before, now, limit)
        for person in found if not self._dry else ():
            await self._stores.people.forget(person)
        return len(found)

    async def _waits(self, before: datetime, limit: int) -> int:
        """Places in waitlists go with the silent conversations they are told in."""
        found = await self._stores.waitlist.aged(before, limit)
        for wait in found if not self._dry else ():
            await self._stores.waitlist.forget(wait)
        return len(found)

    async def _aged(self, store: Ageing, before: datetime) -> int:
        found = await store.aged(before)
        if found and not self._dry:
            await store.drop(before)
        return found


def _needs_photo(seat: Seat, now: datetime, oldest: date) -> bool:
    if seat.state is SeatState.HELD:
        return seat.claim is not None and seat.claim.until > now
    if seat.state in UPCOMING and seat.day >= _yesterday(now):
        return True
    return seat.state not in ENDED_BADLY and seat.day > oldest


def _days(number: int) -> timedelta:
    return timedelta(days=number)


def _yesterday(now: datetime) -> date:
    """A date that is past or today wherever an office is."""
    return now.astimezone(UTC).date() - timedelta(days=1)
