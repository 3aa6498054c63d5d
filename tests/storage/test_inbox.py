"""Lists of conversations: alike in memory and in MongoDB."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.dialogue.care import NOBODY, Care, Patience, UnknownHours
from bot.dialogue.conversation import Conversation, Frame
from bot.dialogue.inbox import InboxStore
from bot.dialogue.store import NEVER, Contact, ConversationStore, Stored, TurnSave
from storage.driver import open_database
from storage.inbox import MemoryInbox, MongoInbox
from storage.memory import MemoryConversations
from storage.mongo import MongoConversations
from tests.support.talk import NOW

Kept = tuple[ConversationStore, InboxStore]
PATIENCE = Patience()
ASKED = NOBODY.asked(NOW, UnknownHours())


@pytest.fixture(params=["memory", "motor"])
async def kept(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[Kept]:
    """Empty conversations, and the lists of them."""
    if request.param == "memory":
        conversations = MemoryConversations()
        yield conversations, MemoryInbox(conversations)
        return
    uri = request.getfixturevalue("embedded_mongo")
    database = open_database(uri, database_name, request.param)
    stored, inbox = MongoConversations(database), MongoInbox(database)
    await stored.prepare()
    await inbox.prepare()
    yield stored, inbox
    await database.close()


async def write(store: ConversationStore, sender: str, minutes: int, **more: Any) -> None:
    """Save a turn of somebody who writes so many minutes after the beginning."""
    at = NOW + timedelta(minutes=minutes)
    contact = Contact("whatsapp", sender, more.pop("office", "bogor"), heard_at=at)
    id_ = contact.conversation_id
    before = await store.load(id_) or Stored(Conversation(id_, "shop"), contact)
    frames = (Frame("shop", "open", 1),)
    understood = {"intent": more.pop("intent", "greet"), "entities": []}
    record = {"message": {"kind": "text"}, "understood": understood, "before": [], "after": []}
    save = TurnSave(
        before=before,
        conversation=replace(before.conversation, frames=frames),
        contact=contact,
        handled=f"m{minutes}",
        outbox=(),
        journal={
            "_id": f"{id_}|m{minutes}",
            "conversation": id_,
            "turn": before.revision + 1,
            "at": at,
            "office": contact.office,
            "actions": [],
            "replies": [],
            **record,
            **more.pop("record", {}),
        },
        due_at=NEVER,
        leased_by=before.leased_by,
        leased_until=before.leased_until,
        care=more.pop("care", None),
    )
    assert await store.save(save)


async def test_care_comes_back(kept: Kept) -> None:
    """Who has a conversation is kept to the last field, stays through turns that say nothing of it,
    and goes without a trace.
    """
    store, inbox = kept
    care = ASKED.taken("bagus", NOW, PATIENCE).heard(NOW, PATIENCE)
    await write(store, "1", 0, care=care)
    await write(store, "1", 1)
    stored = await store.load("whatsapp:bogor:1")
    assert stored is not None
    assert stored.care == care
    await write(store, "1", 2, care=NOBODY)
    stored = await store.load("whatsapp:bogor:1")
    assert stored is not None
    assert stored.care == NOBODY
    assert await inbox.cared("bogor") == []


async def test_who_waits(kept: Kept) -> None:
    """Those that wait come before those that somebody has, the longest first; of one office."""
    store, inbox = kept
    later = replace(ASKED, since=NOW + timedelta(minutes=5))
    await write(store, "1", 0, care=later)
    await write(store, "2", 1, care=ASKED)
    await write(store, "3", 2, care=ASKED.taken("bagus", NOW, PATIENCE))
    await write(store, "4", 3)
    await write(store, "5", 4, care=ASKED, office="batam")
    found = await inbox.cared("bogor")
    assert [each.contact.sender for each in found] == ["2", "1", "3"]
    assert {each.where for each in found} == {"shop.open"}
    assert found[0].care == ASKED


async def test_what_was_missed(kept: Kept) -> None:
    """The last message not understood counts, not one that a person was there to read."""
    store, inbox = kept
    await write(store, "1", 0, intent="none")
    await write(store, "1", 1)
    await write(store, "2", 2, intent="none")
    await write(store, "3", 3, intent="none", record={"attended": True})
    found = await inbox.missed("bogor", NOW, NOW + timedelta(hours=1))
    assert [(each.contact.sender, each.missed_at) for each in found] == [
        ("2", NOW + timedelta(minutes=2)),
        ("1", NOW),
    ]
    assert await inbox.missed("bogor", NOW + timedelta(minutes=3), NOW + timedelta(hours=1)) == []


async def test_who_wrote(kept: Kept) -> None:
    """Those who wrote within a time, its end not included, the latest first."""
    store, inbox = kept
    for minute in range(4):
        await write(store, str(minute), minute)
    found = await inbox.heard("bogor", NOW + timedelta(minutes=1), NOW + timedelta(minutes=3))
    assert [each.contact.sender for each in found] == ["2", "1"]


def test_what_becomes_of_it() -> None:
    """Nobody is forgotten: unanswered it waits again, answered and silent it goes back to the flow;
    asking twice changes nothing.
    """
    hours = UnknownHours()
    taken = ASKED.taken("bagus", NOW, PATIENCE)
    assert ASKED.asked(NOW + timedelta(hours=1), hours) is ASKED
    assert taken.due == NOW + PATIENCE.answer
    again = taken.lapsed(NOW, hours)
    assert (again.waits, again.since, again.left_by) == (True, ASKED.since, "bagus")
    replied = taken.replied(NOW, PATIENCE)
    assert replied.lapsed(NOW, hours) == NOBODY
    heard = replied.heard(NOW + timedelta(minutes=5), PATIENCE)
    assert heard.due == NOW + timedelta(minutes=5) + PATIENCE.answer
    assert heard.heard(NOW + timedelta(minutes=9), PATIENCE).due == heard.due
    assert Care(ASKED.why, NOW, due=NOW).lapsed(NOW, hours).due is None
