"""What the directory says beyond the conversations does no harm, and what it lacks is made anew."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.dialogue.care import NOBODY, UnknownHours
from bot.dialogue.conversation import Conversation
from bot.dialogue.store import LONG_AGO, NEVER, Contact, Outgoing, Stored, TurnSave
from storage.directory import UNFINISHED, Directory
from storage.documents import beside_of, state_document
from storage.driver import Database, open_database
from storage.mongo import MongoConversations
from tests.support.talk import NOW

CONTACT = Contact("whatsapp", "6281200000001", "bogor", heard_at=NOW)
ID = CONTACT.conversation_id
FRESH = Stored(Conversation(ID, "shop"), CONTACT)
ASKED = NOBODY.asked(NOW, UnknownHours())
MISSED = {"message": {"kind": "text"}, "understood": {"intent": "none", "entities": []}}
HOUR = timedelta(hours=1)


@pytest.fixture
async def database(embedded_mongo: str, database_name: str) -> AsyncIterator[Database]:
    """An empty database with its indexes."""
    opened = open_database(embedded_mongo, database_name)
    await MongoConversations(opened).prepare()
    yield opened
    await opened.close()


def turn(before: Stored, contact: Contact = CONTACT, **more: Any) -> TurnSave:
    """A turn that changes the contact alone."""
    record = {"_id": f"{before.conversation.id}|{before.revision}", "at": NOW, "office": "bogor"}
    rest = {"turn": before.revision + 1, "before": [], "after": [], "actions": [], "replies": []}
    said = more.pop("said", {})
    return TurnSave(
        before=before,
        conversation=before.conversation,
        contact=contact,
        handled=f"m{before.revision}",
        outbox=(),
        journal={**record, "conversation": before.conversation.id, **rest, **said},
        due_at=NEVER,
        leased_by="",
        leased_until=before.leased_until,
        **more,
    )


async def entry(database: Database) -> dict[str, Any]:
    """What the directory has of the conversation."""
    return await database.collection("directory").find_one({"_id": ID}) or {}


async def announced(directory: Directory, save: TurnSave) -> None:
    """As a save does it first."""
    await directory.announce(save, beside_of(save))


async def test_what_was_announced_and_never_saved(database: Database) -> None:
    """A turn that lost its race, or whose process died, is found by nobody."""
    store, directory = MongoConversations(database), Directory(database)
    await announced(directory, turn(FRESH, care=ASKED, said=MISSED))
    assert await store.known_as("whatsapp", CONTACT.sender) == []
    assert await directory.cared("bogor", ["contact"]) == []
    assert await directory.missed("bogor", NOW, NOW + HOUR, ["contact"]) == []
    assert (await entry(database))["cared"]["revision"] == 1  # it may still be saved
    first = turn(FRESH)
    assert await store.save(first)
    lost = replace(CONTACT, ids=(CONTACT.sender, "ID.1"))
    await announced(directory, turn(first.applied(), lost))
    assert [each.sender for each in await store.known_as("whatsapp", CONTACT.sender)] == [
        CONTACT.sender
    ]
    assert await store.known_as("whatsapp", "ID.1") == []


async def test_who_is_wanted_no_more(database: Database) -> None:
    """The entry forgets whom nobody wants, and not one who is wanted again meanwhile."""
    store, directory = MongoConversations(database), Directory(database)
    asked = turn(FRESH, care=ASKED)
    assert await store.save(asked)
    ended = turn(asked.applied(), care=NOBODY)
    assert await store.save(ended)
    await announced(directory, turn(ended.applied(), care=ASKED))  # about to be saved
    assert await directory.cared("bogor", []) == []
    assert (await entry(database))["cared"]["revision"] == 3
    assert await store.save(turn(ended.applied()))  # but another turn was quicker
    assert await directory.cared("bogor", []) == []
    assert "cared" not in await entry(database)


async def test_who_was_heard_since(database: Database) -> None:
    """Who wrote again is not silent, and is not looked at each time."""
    store = MongoConversations(database)
    first = turn(FRESH)
    assert await store.save(first)
    later = replace(CONTACT, heard_at=NOW + 5 * HOUR)
    assert await store.save(turn(first.applied(), later))
    assert (await entry(database))["silent_since"] == NOW
    assert await store.idle(NOW + HOUR, 1) == []
    assert (await entry(database))["silent_since"] == NOW + 5 * HOUR
    assert await store.idle(NOW + 6 * HOUR, 1) == [ID]


async def test_entries_without_a_conversation(database: Database) -> None:
    """One whose conversation is gone goes too; one whose conversation is about to come stays."""
    store, directory = MongoConversations(database), Directory(database)
    await announced(directory, turn(FRESH))
    assert await store.idle(NOW + HOUR, 9) == []
    assert await entry(database)
    born = {"$set": {"born": await database.now() - timedelta(minutes=2)}}
    await database.collection("directory").update_one({"_id": ID}, born)
    assert await store.idle(NOW + HOUR, 9) == []
    assert not await entry(database)


async def test_announced_anew_while_it_is_forgotten(database: Database) -> None:
    """Who writes just when their old conversation is deleted is found afterwards."""
    store, directory = MongoConversations(database), Directory(database)
    assert await store.save(turn(FRESH))
    born = await directory.birth(ID)
    born_before = {"$set": {"born": born - timedelta(days=1)}} if born else {}
    await database.collection("directory").update_one({"_id": ID}, born_before)
    seen = await directory.birth(ID)
    await database.collection("conversations").delete_many({"_id": ID})
    assert await store.save(turn(FRESH))
    assert not await directory.strike(ID, seen)
    assert [each.sender for each in await store.known_as("whatsapp", CONTACT.sender)] == [
        CONTACT.sender
    ]
    assert await store.forget(ID, 1)
    assert not await entry(database)


async def test_a_conversation_of_the_first_release(database: Database) -> None:
    """Its records and replies lie open in it, it has no entry: it is read, found, and goes on."""
    store = MongoConversations(database)
    record = {"_id": f"{ID}|m1", "conversation": ID, "turn": 1, "at": NOW, "office": "bogor"}
    await database.collection("conversations").insert_one(
        {
            "_id": ID,
            "revision": 1,
            "conversation": {**state_document(FRESH.conversation)},
            "contact": {"channel": "whatsapp", "sender": CONTACT.sender, "office": "bogor"}
            | {"account": "", "profile": "", "heard_at": NOW},
            "handled": ["m1"],
            "outbox": [{"id": "m1/0", "reply": {"text": "Halo"}, "attempts": 1}],
            "journal": [record],
            "leased_by": "",
            "leased_until": LONG_AGO,
            "due_at": NOW,
        }
    )
    await store.prepare()
    [known] = await store.known_as("whatsapp", CONTACT.sender)
    assert known == CONTACT
    before = await store.load(ID)
    assert before is not None
    assert before.outbox == (Outgoing("m1/0", {"text": "Halo"}, attempts=1),)
    assert [dict(each) for each in before.journal] == [record]
    assert await store.save(turn(before))
    assert [each["turn"] for each in await store.transcript(ID)] == [1, 2]
    after = await store.load(ID)
    assert after is not None
    await store.copy_journal(after.journal)
    ids = [each["_id"] for each in after.journal]
    assert await store.mark_sent(ID, "", after.revision, ["m1/0"], ids, NEVER)
    emptied = await store.load(ID)
    assert emptied is not None
    assert (emptied.outbox, emptied.journal) == ((), ())


@pytest.mark.parametrize("half", [False, True])
async def test_made_from_the_conversations(database: Database, *, half: bool) -> None:
    """A directory that is missing, or that was half made when its process died, is whole after."""
    store = MongoConversations(database)
    contacts = [replace(CONTACT, sender=f"62812000{at:05}") for at in range(3)]
    for contact in contacts:
        id_ = contact.conversation_id
        fresh = Stored(Conversation(id_, "shop"), contact)
        assert await store.save(turn(fresh, contact, care=ASKED, said=MISSED))
    entries = database.collection("directory")
    await entries.delete_many({"_id": contacts[0].conversation_id} if half else {})
    if half:
        await entries.insert_one({"_id": UNFINISHED})
    await store.prepare()
    for contact in contacts:
        assert [c.sender for c in await store.known_as("whatsapp", contact.sender)] == [
            contact.sender
        ]
    assert await entries.find_one({"_id": UNFINISHED}) is None
    directory = Directory(database)
    assert len(await directory.cared("bogor", [])) == 3
    assert len(await directory.missed("bogor", NOW, NOW + HOUR, [])) == 3
    assert len(await store.idle(NOW + HOUR, 9)) == 3
