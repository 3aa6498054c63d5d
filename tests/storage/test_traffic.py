"""What messages did, for reports: every turn once, wherever its record stands."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.dialogue.conversation import Conversation
from bot.dialogue.store import NEVER, Contact, ConversationStore, Stored, TurnSave
from bot.dialogue.traffic import Heard

DAY = datetime(2026, 11, 23, 17, tzinfo=UTC)
"""Midnight of the 24th in Jakarta."""
HOUR = timedelta(hours=1)
NOW = DAY + timedelta(days=40)


def record(turn: int, at: datetime, sender: str = "62811", **more: Any) -> dict[str, Any]:
    """A turn's record as the journal has it."""
    conversation = f"whatsapp:bogor:{sender}"
    return {
        "_id": f"{conversation}|m{turn}",
        "conversation": conversation,
        "turn": turn,
        "at": at,
        "office": "bogor",
        "before": ["one.asking"],
        "after": ["one.asking", "two.choosing"],
        "actions": [{"action": "approve_hold", "outcome": "approved", "values": {}, "key": "k"}],
        "message": {"id": f"m{turn}", "text": "BUDI FIKTIF"},
        "understood": {"intent": "greet", "entities": []},
        "replies": [],
        **more,
    }


async def keep(
    store: ConversationStore, heard_at: datetime, *records: dict[str, Any], sender: str = "62811"
) -> None:
    """A conversation whose records are not copied out yet."""
    contact = Contact("whatsapp", sender, "bogor", heard_at=heard_at)
    conversation = Conversation(contact.conversation_id, "one")
    before = Stored(conversation, contact)
    for each in records:
        save = TurnSave(
            before, conversation, contact, each["_id"], (), each, NEVER, "", before.leased_until
        )
        assert await store.save(save)
        before = await store.load(contact.conversation_id)


async def turns(store: ConversationStore, **given: Any) -> list[tuple[str, int]]:
    """Senders and turns of the 24th in Jakarta."""
    return sorted((each.conversation[-5:], each.turn) for each in await all_of(store, **given))


async def all_of(store: ConversationStore, office: str = "bogor") -> list[Heard]:
    """What was heard on the 24th in Jakarta."""
    return [each async for each in store.heard(office, DAY, DAY + 24 * HOUR, NOW)]


async def test_every_turn_once(conversations: ConversationStore) -> None:
    """From the journal, from the documents, and once where a dead process left it in both."""
    records = [record(turn, DAY + turn * HOUR) for turn in (1, 2, 3, 4)]
    await conversations.copy_journal(records[:3])
    await keep(conversations, DAY + 4 * HOUR, *records[2:])
    assert await turns(conversations) == [("62811", turn) for turn in (1, 2, 3, 4)]


async def test_of_its_time_and_office(conversations: ConversationStore) -> None:
    """From the first millisecond on, before the last; of no other office."""
    moments = (-1, 0, 1, 24 * 3_600_000 - 1, 24 * 3_600_000)
    records = [
        record(turn, DAY + timedelta(milliseconds=moment))
        for turn, moment in enumerate(moments, start=1)
    ]
    await conversations.copy_journal(records)
    await keep(
        conversations,
        records[4]["at"],
        *[{**each, "_id": f"{each['_id']}b", "turn": each["turn"] + 10} for each in records],
    )
    inside = [("62811", turn) for turn in (2, 3, 4, 12, 13, 14)]
    assert await turns(conversations) == inside
    assert await turns(conversations, office="depok") == []


async def test_who_wrote_again_later(conversations: ConversationStore) -> None:
    """A record of the day still stands in a document whose person wrote weeks after; one whose
    message was delivered days late stands in one that seems older.
    """
    again = [record(1, DAY + HOUR), record(2, DAY + timedelta(days=30))]
    await keep(conversations, DAY + timedelta(days=30), *again)
    late = record(1, DAY + HOUR, "62812")
    await keep(conversations, DAY - timedelta(days=6), late, sender="62812")
    assert await turns(conversations) == [("62811", 1), ("62812", 1)]


async def test_only_messages(conversations: ConversationStore) -> None:
    """Timers, notices and replies that nobody got are no messages."""
    timer = record(1, DAY, timer=3)
    del timer["message"], timer["understood"]
    lost = {
        "_id": "lost",
        "conversation": "whatsapp:bogor:62811",
        "at": DAY,
        "office": "bogor",
        "undelivered": {"item": "m1/0", "code": 1},
        "replies": [],
    }
    await conversations.copy_journal([timer, lost])
    assert await turns(conversations) == []


async def test_what_is_known_of_a_turn(conversations: ConversationStore) -> None:
    """Where it led and how its actions ended; "none" without entities was not understood."""
    none = {"intent": "none", "entities": []}
    named = {"intent": "none", "entities": [{"type": "person_name", "value": "BUDI FIKTIF"}]}
    records = [
        record(1, DAY),
        record(2, DAY, understood=none, actions=[]),
        record(3, DAY, understood=named, before=[]),
    ]
    await conversations.copy_journal(records)
    first, second, third = sorted(await all_of(conversations), key=lambda each: each.turn)
    assert first == Heard(
        "whatsapp:bogor:62811",
        1,
        DAY,
        before="one.asking",
        after="two.choosing",
        understood=True,
        outcomes=("approved",),
    )
    assert (second.understood, second.outcomes) == (False, ())
    assert (third.understood, third.before) == (True, "")
    assert "BUDI" not in repr((first, second, third))
