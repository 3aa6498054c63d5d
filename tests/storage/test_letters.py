"""Waiting messages and dead letters, over every store."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.conversation import Conversation
from bot.dialogue.letters import LetterStore, dead_letter
from bot.dialogue.store import NEVER, Contact, ConversationStore, Outgoing, Stored, TurnSave
from bot.stores import Stores
from storage.driver import open_database
from storage.stores import stores_in, stores_in_memory
from tests.storage.conftest import STORES

NOW = datetime(2026, 11, 23, 2, 0, 0, 123_000, tzinfo=UTC)
CONTACT = Contact("whatsapp", "6281200000001", "jakarta_pusat", "10001", "Rina Fiktif", NOW)
ID = CONTACT.conversation_id
ITEM = Outgoing("m1/0", {"text": "Pagi"}, said_at=NOW)


@pytest.fixture(params=STORES)
async def both(request: pytest.FixtureRequest, database_name: str) -> AsyncIterator[Stores]:
    """Empty stores of each kind."""
    if request.param == "memory":
        yield stores_in_memory()
        return
    uri = request.getfixturevalue("embedded_mongo")
    database = open_database(uri, database_name, request.param)
    yield await stores_in(database)
    await database.close()


@pytest.fixture
def conversations(both: Stores) -> ConversationStore:
    """Those of conversations."""
    return both.conversations


@pytest.fixture
def letters(both: Stores) -> LetterStore:
    """Those of letters, beside them."""
    return both.letters


def turn(*outbox: Outgoing, due_at: datetime = NEVER, contact: Contact = CONTACT) -> TurnSave:
    """A first turn that leaves something in the outbox."""
    talk = Conversation(contact.conversation_id, "passport_guided")
    record = {"_id": f"{talk.id}|m1", "conversation": talk.id, "at": NOW}
    before = Stored(talk, contact)
    return TurnSave(before, talk, contact, "m1", outbox, record, due_at, "", before.leased_until)


async def test_requeue(conversations: ConversationStore, letters: LetterStore) -> None:
    """An item goes to the end of the outbox, once, and makes it due."""
    await conversations.save(turn(ITEM))
    again = replace(ITEM, id="m0/0~1", parts=1, trouble={"kind": "failed", "code": 1})
    for _ in range(2):
        assert await letters.requeue(ID, again, NOW)
    found = await conversations.load(ID)
    assert found.outbox == (ITEM, again)
    assert found.due_at == NOW
    assert not await letters.requeue("whatsapp:jakarta_pusat:62812", again, NOW)


async def test_requeue_beside_a_sender(
    conversations: ConversationStore, letters: LetterStore
) -> None:
    """A sender that did not see it looks again instead of going away."""
    await conversations.save(turn(ITEM))
    await conversations.lease(ID, "a", NOW, NOW + timedelta(seconds=45))
    seen = await conversations.load(ID)
    await letters.requeue(ID, replace(ITEM, id="m0/0~1"), NOW)
    assert not await conversations.mark_sent(ID, "a", seen.revision, ["m1/0"], [], NEVER)
    found = await conversations.load(ID)
    assert [item.id for item in found.outbox] == ["m0/0~1"]
    assert found.leased_by == "a"


async def test_requeue_beside_a_turn(
    conversations: ConversationStore, letters: LetterStore
) -> None:
    """A turn that did not see it is decided again."""
    await conversations.save(turn(ITEM))
    seen = await conversations.load(ID)
    await letters.requeue(ID, replace(ITEM, id="m0/0~1"), NOW)
    assert not await conversations.save(replace(turn(ITEM), before=seen))


async def test_waiting(conversations: ConversationStore, letters: LetterStore) -> None:
    """Who waits is listed by when somebody will look; who has but a timer does not wait."""
    for number, minutes in enumerate((5, 1, 3)):
        contact = replace(CONTACT, sender=f"628120000000{number}")
        due_at = NOW + timedelta(minutes=minutes)
        await conversations.save(turn(ITEM, due_at=due_at, contact=contact))
    timer = replace(CONTACT, sender="6281200000008")
    await conversations.save(turn(due_at=NOW, contact=timer))
    waiting = await letters.waiting()
    assert [each.contact.sender[-1] for each in waiting] == ["1", "2", "0"]
    assert waiting[0].outbox == (ITEM,)
    assert waiting[0].due_at == NOW + timedelta(minutes=1)


async def test_dead(conversations: ConversationStore, letters: LetterStore) -> None:
    """Open dead letters come oldest first; one that is settled is open no more."""
    stored = Stored(Conversation(ID, "passport_guided"), CONTACT)
    made = [
        dead_letter(stored, replace(ITEM, id=f"m{n}/0"), 131026, "gone", NOW - timedelta(days=n))
        for n in range(3)
    ]
    await conversations.copy_journal([*made, {"_id": "x", "conversation": ID, "at": NOW}])
    assert [each["undelivered"]["item"] for each in await letters.dead()] == [
        "m2/0", "m1/0", "m0/0",
    ]  # fmt: skip
    how = {"how": "dropped", "by": "budi", "at": NOW}
    assert await letters.settle(made[1]["_id"], how)
    assert not await letters.settle(made[1]["_id"], how)
    assert not await letters.settle("nobody", how)
    assert [each["undelivered"]["item"] for each in await letters.dead()] == ["m2/0", "m0/0"]
    (settled,) = [
        record
        for record in await conversations.transcript(ID)
        if "settled" in record.get("undelivered", {})
    ]
    assert settled["undelivered"]["settled"] == how
    assert settled["undelivered"]["reply"] == {"text": "Pagi"}


async def test_redacted(conversations: ConversationStore, letters: LetterStore) -> None:
    """What is redacted is no open dead letter any more."""
    stored = Stored(Conversation(ID, "passport_guided"), CONTACT)
    letter = dead_letter(stored, ITEM, 131026, "gone", NOW)
    await conversations.copy_journal([letter])
    left = {"_id": "p|q", "conversation": "p", "at": NOW, "redacted": True}
    await conversations.redact([(letter["_id"], left)])
    assert await letters.dead() == []
