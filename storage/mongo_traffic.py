"""Reading what many conversations did, for reports: by index, a day's worth at a time.

A turn's record stands in its conversation's document first and is copied to the journal in
batches, so both are read. Conversations are found by when their person wrote last: no record of a
message is younger.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.dialogue.traffic import FIELDS, Heard, heard_from
from storage.driver import Collection
from storage.records import KeptRecord

PART: Final = timedelta(days=1)
"""What is read at once: the embedded database reads all of an index range before the first."""

REDELIVERED: Final = timedelta(days=8)
"""Meta delivers for seven days: a message's turn may be that much later than the message."""


async def heard_by(
    conversations: Collection,
    journal: Collection,
    office: str,
    since: datetime,
    until: datetime,
    now: datetime,
) -> AsyncIterator[Heard]:
    """See :meth:`bot.dialogue.store.ConversationStore.heard`.

    Ids are remembered by their hash, eight bytes each, for a year has a million.
    """
    # The documents first: a record copied out in between is then found twice, never lost.
    seen: set[int] = set()
    for begin, end in _parts(since - REDELIVERED, now + PART):
        where = {"contact.office": office, "contact.heard_at": {"$gte": begin, "$lt": end}}
        for document in await conversations.find(where, only=["journal"]):
            for kept in map(KeptRecord.read, document["journal"]):
                key = hash(kept["_id"])
                if key in seen or not since <= kept["at"] < until:
                    continue  # its person wrote again meanwhile, or it is of another time
                seen.add(key)
                if heard := heard_from(kept):
                    yield heard
    for begin, end in _parts(since, min(until, now + PART)):
        where = {"office": office, "at": {"$gte": begin, "$lt": end}}
        for record in await journal.find(where, only=FIELDS):
            if hash(record["_id"]) not in seen and (heard := heard_from(record)):
                yield heard


def _parts(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    while since < until:
        end = min(since + PART, until)
        yield since, end
        since = end
