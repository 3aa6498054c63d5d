"""Stores in MongoDB: every step is one conditional write on one document.

Written for MongoDB and for the embedded SecantusDB alike, so they never use
``find_one_and_update`` (there it reads the whole collection) nor partial indexes (there lookups
do not use them). Unique *sparse* indexes do the same work: a field that does not apply is absent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from pymongo.errors import DuplicateKeyError

from bot.booking.seats import AlreadyActive, BookingCodeTaken, Claim, Seat, SeatState, seat_id
from bot.dialogue.store import HANDLED_KEPT, LONG_AGO, NEVER, Standing, Stored, TurnSave
from bot.dialogue.versions import Files, Publication
from bot.errors import StorageUnavailable
from storage.documents import (
    ACTIVE_FIELDS,
    BOOKING_FIELDS,
    CLAIM_FIELDS,
    WITHDRAWN,
    contact_document,
    conversation_document,
    day_id,
    files_from,
    free_seat_document,
    held_fields,
    milliseconds,
    outgoing_document,
    publication_document,
    publication_from,
    seat_from,
    standing_from,
    state_document,
    stored_from,
)
from storage.driver import Database, Document

LEASE_FREE: Final[Mapping[str, Any]] = {"leased_by": "", "leased_until": LONG_AGO}

_OF_PUBLICATIONS: Final = ("version", "author", "note", "at")
"""Fields of a publication without its files."""

CLAIM_ATTEMPTS: Final = 3
"""How often a claim looks again when the seat in its way is gone before it could be read."""


class MongoConversations:
    """:class:`bot.dialogue.store.ConversationStore` in ``conversations`` and ``journal``."""

    def __init__(self, database: Database) -> None:
        self._conversations = database.collection("conversations")
        self._journal = database.collection("journal")

    async def prepare(self) -> None:
        """Make the indexes; safe to repeat.

        Raises:
            AntreError: an older index of another kind stands in the way.
        """
        await self._conversations.ensure_index("due_at")
        await self._journal.ensure_index("conversation", "at")

    async def load(self, conversation_id: str) -> Stored | None:
        """See the Protocol."""
        document = await self._conversations.find_one({"_id": conversation_id})
        return None if document is None else stored_from(document)

    async def save(self, save: TurnSave) -> bool:
        """See the Protocol.

        A save that is made again after ``StorageUnavailable`` returns ``False`` when the first
        one did arrive: the reloaded document then shows the message as handled.
        """
        before = save.before
        if not before.revision:
            try:
                await self._conversations.insert_one(conversation_document(save.applied()))
            except DuplicateKeyError:
                return False
            return True
        push: Document = {
            "handled": {"$each": [save.handled], "$slice": -HANDLED_KEPT},
            "journal": dict(save.journal),
        }
        if save.outbox:
            push["outbox"] = {"$each": [outgoing_document(item) for item in save.outbox]}
        return await self._conversations.update_one(
            {
                "_id": before.conversation.id,
                "revision": before.revision,
                "leased_by": before.leased_by,
                "leased_until": before.leased_until,
            },
            {
                "$set": {
                    "revision": before.revision + 1,
                    "conversation": state_document(save.conversation),
                    "contact": contact_document(save.contact),
                    "leased_by": save.leased_by,
                    "leased_until": save.leased_until,
                    "due_at": save.due_at,
                },
                "$push": push,
            },
        )

    async def lease(self, conversation_id: str, owner: str, now: datetime, until: datetime) -> bool:
        """See the Protocol."""
        taken = {"$set": {"leased_by": owner, "leased_until": until}}
        # Two writes, not an $or: for that the embedded database reads every conversation.
        return await self._conversations.update_one(
            {"_id": conversation_id, "leased_until": {"$lte": now}}, taken
        ) or await self._conversations.update_one(
            {"_id": conversation_id, "leased_by": owner}, taken
        )

    async def mark_sent(
        self,
        conversation_id: str,
        owner: str,
        revision: int,
        sent: Sequence[str],
        journalled: Sequence[str],
        due_at: datetime,
    ) -> bool:
        """See the Protocol."""
        pull: Document = {}
        if sent:
            pull["outbox"] = {"id": {"$in": list(sent)}}
        if journalled:
            pull["journal"] = {"_id": {"$in": list(journalled)}}
        change = {"$pull": pull} if pull else {}
        if await self._conversations.update_one(
            {"_id": conversation_id, "revision": revision, "leased_by": owner},
            {**change, "$set": {**LEASE_FREE, "due_at": due_at}},
        ):
            return True
        if change:
            await self._conversations.update_one({"_id": conversation_id}, change)
        return False

    async def postpone(
        self, conversation_id: str, owner: str, item: str, attempts: int, retry_at: datetime
    ) -> None:
        """See the Protocol."""
        await self._conversations.update_one(
            {"_id": conversation_id, "leased_by": owner},
            {"$set": {"outbox.$[failed].attempts": attempts, **LEASE_FREE, "due_at": retry_at}},
            array_filters=[{"failed.id": item}],
        )

    async def due(self, now: datetime, limit: int) -> Sequence[str]:
        """See the Protocol."""
        found = await self._conversations.find(
            {"due_at": {"$lte": now}}, only=["due_at"], sort=[("due_at", 1)], limit=limit
        )
        return [document["_id"] for document in found]

    async def copy_journal(self, records: Sequence[Mapping[str, Any]]) -> None:
        """See the Protocol."""
        await self._journal.insert_missing(records)

    async def journalled(self, record_id: str) -> bool:
        """See the Protocol."""
        return await self._journal.find_one({"_id": record_id}, only=["_id"]) is not None

    async def transcript(self, conversation_id: str) -> Sequence[Mapping[str, Any]]:
        """See the Protocol."""
        # The document first: a record copied out in between is then found twice, never lost.
        found = await self.load(conversation_id)
        copied = await self._journal.find({"conversation": conversation_id}, sort=[("at", 1)])
        records: dict[str, Mapping[str, Any]] = {record["_id"]: record for record in copied}
        for record in found.journal if found else ():
            records.setdefault(record["_id"], record)
        return sorted(records.values(), key=lambda record: (record["at"], record.get("turn", 0)))

    async def standing(self) -> Mapping[Standing, int]:
        """See the Protocol."""
        # Counted here: the embedded database misreads paths through arrays of documents.
        found = await self._conversations.find({}, only=["conversation"])
        return Counter(map(standing_from, found))


class MongoVersions:
    """:class:`bot.dialogue.versions.VersionStore` in ``versions``, a publication a document."""

    def __init__(self, database: Database) -> None:
        self._versions = database.collection("versions")

    async def prepare(self) -> None:
        """Make the index; safe to repeat."""
        await self._versions.ensure_index("version")

    async def newest(self, after: int = 0) -> Publication | None:
        """See the Protocol."""
        later = {"_id": {"$gt": after}}
        found = await self._versions.find_one(later, only=_OF_PUBLICATIONS, sort=[("_id", -1)])
        return None if found is None else publication_from(found)

    async def add(self, publication: Publication, files: Files) -> bool:
        """See the Protocol."""
        try:
            await self._versions.insert_one(publication_document(publication, files))
        except DuplicateKeyError:
            return False
        return True

    async def files(self, version: str) -> Files | None:
        """See the Protocol."""
        found = await self._versions.find_one({"version": version})
        return None if found is None else files_from(found)

    async def history(self) -> Sequence[Publication]:
        """See the Protocol."""
        found = await self._versions.find({}, only=_OF_PUBLICATIONS, sort=[("_id", -1)])
        return [publication_from(document) for document in found]


class MongoSeats:
    """:class:`bot.booking.seats.SeatStore` in ``seats`` and ``days``."""

    def __init__(self, database: Database) -> None:
        self._seats = database.collection("seats")
        self._days = database.collection("days")

    async def prepare(self) -> None:
        """Make the indexes; safe to repeat.

        Raises:
            AntreError: an older index of another kind stands in the way.
        """
        await self._seats.ensure_index("office", "day", "claimable_from", "number")
        for field in ("claim_key", *ACTIVE_FIELDS, "booking_code"):
            await self._seats.ensure_index(field, unique=True, sparse=True)

    async def lay_out(self, office: str, day: date, seats: Sequence[Seat]) -> None:
        """See the Protocol."""
        await self._seats.insert_missing([free_seat_document(seat) for seat in seats])
        last = max((seat.number for seat in seats), default=0)
        mark = {"_id": day_id(office, day)}
        if not await self._days.update_one(mark, {"$max": {"last": last}}):
            await self._days.insert_missing([{**mark, "last": last}])

    async def is_laid_out(self, office: str, day: date) -> bool:
        """See the Protocol."""
        return await self._days.find_one({"_id": day_id(office, day)}, only=["_id"]) is not None

    async def has_free(self, office: str, day: date, now: datetime) -> bool:
        """See the Protocol.

        The last number goes last, so it is asked first: looking at a whole free day costs the
        embedded database 6 ms, looking at one seat 1 ms.
        """
        mark = await self._days.find_one({"_id": day_id(office, day)})
        if mark is None:
            return False
        last = {"_id": seat_id(office, day, mark["last"]), "claimable_from": {"$lte": now}}
        if await self._seats.find_one(last, only=["_id"]) is not None:
            return True
        free = _claimable(office, day, now)
        return await self._seats.find_one(free, only=["_id"]) is not None

    async def claim(self, office: str, day: date, claim: Claim, now: datetime) -> Seat | None:
        """See the Protocol."""
        for _ in range(CLAIM_ATTEMPTS):
            free = _claimable(office, day, now)
            lowest = await self._seats.find_one(free, sort=[("number", 1)])
            if lowest is None or lowest.get("claim_key") == claim.key:
                return await self._carrying("claim_key", claim.key)
            try:
                return await self._take(lowest, free, claim)
            except DuplicateKeyError:
                if (own := await self._carrying("claim_key", claim.key)) is not None:
                    return own
                for mark in ACTIVE_FIELDS:
                    rival = await self._carrying(mark, getattr(claim, mark))
                    if rival is not None and rival.id != lowest["_id"]:
                        raise AlreadyActive(rival) from None
        raise StorageUnavailable(
            f"Seats of {office} on {day} changed hands too fast to claim one. Try again."
        )

    async def _take(self, lowest: Document, free: Document, claim: Claim) -> Seat | None:
        fields = held_fields(claim)
        change = {"$set": fields}
        this = {"_id": lowest["_id"], "claimable_from": free["claimable_from"]}
        if await self._seats.update_one(this, change):
            return seat_from(lowest | fields)
        # Lost a race for the lowest. Take whichever comes first in the index: that is one write,
        # so it ends, however many claim at once.
        own = await self._carrying("claim_key", claim.key)
        if own is not None or not await self._seats.update_one(free, change):
            return own
        return await self._carrying("claim_key", claim.key)

    async def release(self, seat: str, key: str, now: datetime) -> bool:
        """See the Protocol. Released again with the same key, a seat still free says ``True``:
        a call repeated after ``StorageUnavailable`` learns that the first one did arrive.
        """
        freed = {
            "state": SeatState.FREE.value,
            "claimable_from": LONG_AGO,
            "released_by": key,
            "released_at": now,
        }
        if await self._seats.update_one(
            {"_id": seat, "claim_key": key},
            {"$set": freed, "$unset": _unset(CLAIM_FIELDS + BOOKING_FIELDS)},
        ):
            return True
        again = {"_id": seat, "released_by": key, "state": SeatState.FREE.value}
        return await self._seats.find_one(again, only=["_id"]) is not None

    async def retire(self, seat: str, key: str) -> None:
        """See the Protocol."""
        await self._seats.update_one(
            {"_id": seat, "claim_key": key}, {"$unset": _unset(ACTIVE_FIELDS)}
        )

    async def approve(
        self, seat: str, key: str, approval: str, booking_code: str, now: datetime
    ) -> Seat | None:
        """See the Protocol."""
        hold = {"_id": seat, "claim_key": key, "state": SeatState.HELD.value, "until": {"$gt": now}}
        booking = {
            "state": SeatState.BOOKED.value,
            "claimable_from": NEVER,
            "booking_code": booking_code,
            "approval_key": approval,
            "booked_at": now,
        }
        try:
            await self._seats.update_one(hold, {"$set": booking})
        except DuplicateKeyError:
            raise BookingCodeTaken(booking_code) from None
        booked = {"_id": seat, "claim_key": key, "approval_key": approval}
        found = await self._seats.find_one(booked)
        return None if found is None else seat_from(found)

    async def active_of(self, active_sender: str) -> Seat | None:
        """See the Protocol."""
        return await self._carrying("active_sender", active_sender)

    async def by_code(self, booking_code: str) -> Seat | None:
        """See the Protocol."""
        return await self._carrying("booking_code", booking_code)

    async def of_day(self, office: str, day: date) -> Sequence[Seat]:
        """See the Protocol."""
        found = await self._documents_of(office, day)
        return [seat_from(document) for document in found if WITHDRAWN not in document]

    async def withdraw(self, seat: str, now: datetime) -> bool:
        """See the Protocol."""
        free = {"_id": seat, "state": SeatState.FREE.value, "claimable_from": {"$lt": NEVER}}
        return await self._seats.update_one(
            free, {"$set": {WITHDRAWN: now, "claimable_from": NEVER}}
        )

    async def restore(self, seat: str) -> bool:
        """See the Protocol."""
        return await self._seats.update_one(
            {"_id": seat, WITHDRAWN: {"$exists": True}},
            {"$set": {"claimable_from": LONG_AGO}, "$unset": {WITHDRAWN: ""}},
        )

    async def withdrawn(self, office: str, day: date) -> Sequence[Seat]:
        """See the Protocol."""
        found = await self._documents_of(office, day)
        return [seat_from(document) for document in found if WITHDRAWN in document]

    async def _documents_of(self, office: str, day: date) -> Sequence[Document]:
        found = await self._seats.find({"office": office, "day": day.isoformat()})
        return sorted(found, key=lambda document: int(document["number"]))

    async def _carrying(self, field: str, value: str) -> Seat | None:
        found = await self._seats.find_one({field: value})
        return None if found is None else seat_from(found)


def _claimable(office: str, day: date, now: datetime) -> Document:
    """Filter of a day's claimable seats.

    Exactly the leading fields of the index: with any more the embedded database reads all seats.
    And "before the next millisecond", not "at most now": inside an index it loses the equal ones.
    """
    next_moment = milliseconds(now) + timedelta(milliseconds=1)
    return {"office": office, "day": day.isoformat(), "claimable_from": {"$lt": next_moment}}


def _unset(fields: Sequence[str]) -> Document:
    return dict.fromkeys(fields, "")
