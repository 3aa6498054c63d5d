"""Erasing one address: what is not needed goes, what must stay says nothing about who."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.booking.conduct import person_address
from bot.booking.life import SYSTEM, UPCOMING, Act, SeatState
from bot.booking.people import Person
from bot.booking.queue import Queue
from bot.booking.seats import Seat
from bot.booking.waitlist import Wait
from bot.privacy.redacting import redacted
from bot.privacy.subject import Subject, subject
from bot.stores import Stores

TRIES = 5
"""How often a document is looked at again that somebody changed in between."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did, in counts.

    Args:
        in_the_way: bookings still to come; when there are any, nothing was erased.
        kept: what still counts against the number, under a pseudonym and without words.
    """

    in_the_way: tuple[Seat, ...] = ()
    cancelled: int = 0
    seats: int = 0
    conversations: int = 0
    records: int = 0
    notices: int = 0
    photos: int = 0
    waits: int = 0
    deliveries: int = 0
    proofs: int = 0
    kept: Person | None = None

    @property
    def nothing(self) -> bool:
        """Whether there was nothing left to erase."""
        return replace(self, kept=None) == Erased()


class Eraser:
    """Erases over all stores; every step may be made again."""

    def __init__(self, stores: Stores, queue: Queue) -> None:
        self._stores = stores
        self._queue = queue

    async def subject(self, address: str) -> Subject:
        """What is kept about an address."""
        return await subject(self._stores, self._queue.offices, address)

    def in_the_way(self, found: Subject, now: datetime) -> tuple[Seat, ...]:
        """Bookings still to come: they need the identity at the counter."""
        return tuple(seat for seat in found.seats if self._is_to_come(seat, now))

    async def erase(
        self, address: str, now: datetime, *, cancel: bool = False, by: str = SYSTEM
    ) -> Erased:
        """Erase all that is not needed.

        Args:
            cancel: cancel bookings still to come first; one already checked in stays in the way.
            by: who does it, for the trails of cancelled seats.
        """
        found = await self.subject(address)
        waiting, cancelled = self.in_the_way(found, now), 0
        if waiting and cancel:
            for seat in waiting:
                act = Act(f"erase|{seat.key}", by, address, "erasure")
                cancelled += await self._queue.cancel(seat.id, seat.key, act, now)
                await self._stores.notices.withdraw(seat.key)
            found = replace(found, seats=await self._stores.seats.of_sender(address))
            waiting = self.in_the_way(found, now)
        if waiting:
            return Erased(waiting, cancelled)
        for seat in found.seats:
            await self._forget(seat, now)
            if seat.claim:  # what was counted of the person, whichever number registered them
                who = seat.claim.applicant
                await self._forget_conduct(person_address(who.name, who.birth_date), now)
        for notice in found.notices:
            await self._stores.notices.done(notice.id)
        proofs = await self._stores.proofs.forget(found.address)
        for sha256 in found.photos:
            if not await self._stores.seats.with_photo(sha256):
                await self._stores.photos.drop(sha256)
        return Erased(
            cancelled=cancelled,
            seats=len(found.seats),
            conversations=await self._forget_conversations(found),
            records=await self._redact(found),
            notices=len(found.notices),
            photos=len(found.photos),
            waits=await self._forget_waits(found),
            deliveries=await self._forget_deliveries(found),
            proofs=proofs,
            kept=await self._forget_conduct(address, now),
        )

    def _is_to_come(self, seat: Seat, now: datetime) -> bool:
        office = self._queue.offices.get(seat.office)
        today = office.today(now) if office else now.date()
        return seat.state in UPCOMING and seat.day >= today

    async def _forget(self, seat: Seat, now: datetime) -> None:
        """A held seat is free again; any other stays what it became, for the reports."""
        await self._stores.notices.withdraw(seat.key)
        if seat.state is SeatState.HELD:
            await self._queue.release(seat.id, seat.key, now, Act(f"erase|{seat.key}"))
        else:
            await self._stores.seats.forget(seat.id, seat.key)

    async def _forget_waits(self, found: Subject) -> int:
        for wait in found.waits:
            latest: Wait | None = wait
            for _ in range(TRIES):
                if latest is None or await self._stores.waitlist.forget(latest):
                    break
                latest = await self._stores.waitlist.load(wait.id)
        return len(found.waits)

    async def _forget_conversations(self, found: Subject) -> int:
        for stored in found.conversations:
            id_, latest = stored.conversation.id, stored
            for _ in range(TRIES):
                if await self._stores.conversations.forget(id_, latest.revision):
                    break
                loaded = await self._stores.conversations.load(id_)
                if loaded is None:
                    break
                latest = loaded
        return len(found.conversations)

    async def _forget_deliveries(self, found: Subject) -> int:
        named = {report.conversation for report in found.deliveries}
        return sum([await self._stores.deliveries.forget(id_) for id_ in named])

    async def _redact(self, found: Subject) -> int:
        named = [record for record in found.records if not record.get("redacted")]
        pairs = []
        for record in named:
            who = await self._stores.seats.pseudonym(record["conversation"])
            which = await self._stores.seats.pseudonym(record["_id"])
            pairs.append((record["_id"], redacted(record, who, which)))
        await self._stores.conversations.redact(pairs)
        return len(named)

    async def _forget_conduct(self, address: str, now: datetime) -> Person | None:
        strikes_for = timedelta(days=max(office.strike_days for office in self._queue.offices))
        for _ in range(TRIES):
            person = await self._stores.people.load(address)
            left = person.remains(now, strikes_for)
            if left:
                done = left == person or await self._stores.people.save(left)
            else:
                done = not person.revision or await self._stores.people.forget(person)
            if done:
                break
        return left
