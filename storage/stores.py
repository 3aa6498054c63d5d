"""All stores a bot works on, together: in memory, or in one database."""

from __future__ import annotations

from bot.stores import Stores
from storage.audit import MemoryAudit, MongoAudit
from storage.backing_up import refuse_half_restored
from storage.deliveries import MemoryDeliveries, MongoDeliveries
from storage.driver import Database
from storage.inbox import MemoryInbox, MongoInbox
from storage.letters import MemoryLetters, MongoLetters
from storage.memory import MemoryConversations, MemorySeats
from storage.memory_calendar import MemoryCalendar
from storage.memory_notices import MemoryCalls, MemoryNotices
from storage.mongo import MongoConversations, MongoSeats
from storage.mongo_calendar import MongoCalendar
from storage.mongo_notices import MongoCalls, MongoNotices
from storage.people import MemoryPeople, MongoPeople
from storage.photos import MemoryPhotos, MongoPhotos
from storage.privacy import MemoryPrivacy, MongoPrivacy
from storage.proofs import MemoryProofs, MongoProofs
from storage.sums import MemorySums, MongoSums
from storage.waitlist import MemoryWaitlist, MongoWaitlist


def stores_in_memory() -> Stores:
    """Empty stores in this process's memory."""
    conversations = MemoryConversations()
    return Stores(
        conversations,
        MemorySeats(),
        MemoryPeople(),
        MemoryNotices(),
        MemoryCalls(),
        MemoryCalendar(),
        MemoryPhotos(),
        MemoryPrivacy(),
        MemoryWaitlist(),
        MemorySums(),
        MemoryDeliveries(),
        MemoryLetters(conversations),
        MemoryInbox(conversations),
        MemoryProofs(),
        MemoryAudit(),
    )


async def stores_in(database: Database) -> Stores:
    """The stores in a database, indexes made; safe to repeat.

    Raises:
        AntreError: an older index of another kind stands in the way, or only a part of a backup
            was restored.
    """
    await refuse_half_restored(database)
    return await prepared(database)


async def prepared(database: Database) -> Stores:
    """The same, whatever is in the database; for who is just filling it."""
    conversations, seats = MongoConversations(database), MongoSeats(database)
    people, notices = MongoPeople(database), MongoNotices(database)
    calendar, photos = MongoCalendar(database), MongoPhotos(database)
    privacy, waitlist = MongoPrivacy(database), MongoWaitlist(database)
    deliveries, letters = MongoDeliveries(database), MongoLetters(database)
    for store in (conversations, seats, people, notices, calendar, photos, privacy, waitlist):
        await store.prepare()
    proofs, audit, inbox = MongoProofs(database), MongoAudit(database), MongoInbox(database)
    for beside in (deliveries, letters, proofs, audit, inbox):
        await beside.prepare()
    return Stores(
        conversations,
        seats,
        people,
        notices,
        MongoCalls(database),
        calendar,
        photos,
        privacy,
        waitlist,
        MongoSums(database),
        deliveries,
        letters,
        inbox,
        proofs,
        audit,
    )
