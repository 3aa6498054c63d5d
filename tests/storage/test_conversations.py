import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.dialogue.conversation import Conversation, Frame
from bot.dialogue.reply import Button, Reply
from bot.dialogue.store import (
    HANDLED_KEPT,
    LONG_AGO,
    NEVER,
    Contact,
    ConversationStore,
    Left,
    Outgoing,
    Stored,
    TurnSave,
)
from storage.moments import milliseconds

NOW = datetime(2026, 11, 23, 2, 0, 0, 123_456, tzinfo=UTC)
CONTACT = Contact("whatsapp", "6281200000001", "jakarta_pusat", "10001", "Rina Fiktif", NOW)
ID = CONTACT.conversation_id
STATE = Conversation(
    ID,
    "passport_guided",
    version="v1",
    frames=(
        Frame("passport_guided", "choosing_date", 2, {"misunderstood": 1}, NOW),
        Frame("cancel", "asking", 3),
    ),
    entries=3,
    slots={"name": "RINA FIKTIF", "dates": ["2026-11-24", "2026-11-25"], "group": {"size": 2}},
    language="en",
)
FRESH = Stored(Conversation(ID, "passport_guided"), CONTACT)


def turn(before: Stored, message: str, *, replies: int = 1, at: datetime = NOW) -> TurnSave:
    """A turn that answers ``message``."""
    reply = Reply("Pilih tanggal", (Button("Senin", '/choose{"a.b":"$1"}'),), menu="Tanggal")
    return TurnSave(
        before=before,
        conversation=STATE,
        contact=CONTACT,
        handled=message,
        outbox=[Outgoing(f"{message}/{n}", reply.as_document()) for n in range(replies)],
        journal={"_id": f"{ID}|{message}", "conversation": ID, "at": at, "input": {"text": "hai"}},
        due_at=at,
        leased_by=before.leased_by,
        leased_until=before.leased_until,
    )


async def saved(store: ConversationStore, *messages: str) -> Stored:
    """The conversation after turns that answered ``messages``."""
    for message in messages:
        assert await store.save(turn(await store.load(ID) or FRESH, message))
    return await store.load(ID)


async def test_unknown_conversation(conversations: ConversationStore) -> None:
    """What was never saved is not there, and is neither leased nor due."""
    assert await conversations.load(ID) is None
    assert not await conversations.lease(ID, "a", NOW, NOW)
    assert not await conversations.mark_sent(ID, "a", 1, ["x"], ["y"], NOW)
    assert await conversations.due(NEVER, 10) == []
    assert await conversations.transcript(ID) == []


async def test_comes_back_as_saved(conversations: ConversationStore) -> None:
    """A turn comes back as it was applied, times cut to milliseconds and aware."""
    first = turn(FRESH, "m1", replies=2)
    assert await conversations.save(first)
    second = turn(await conversations.load(ID), "m2", replies=0)
    assert await conversations.save(second)

    found = await conversations.load(ID)

    at = NOW.replace(microsecond=123_000)
    assert found.revision == 2
    assert found.handled == ("m1", "m2")
    assert [item.id for item in found.outbox] == ["m1/0", "m1/1"]
    assert found.conversation.frames[0].timer == at
    assert found.conversation.frames[0].timer.tzinfo is not None
    assert replace(found.conversation.frames[0], timer=NOW) == STATE.frames[0]
    assert found.conversation.slots == STATE.slots
    assert found.conversation.language == "en"
    assert found.contact == replace(CONTACT, heard_at=at)
    assert found.due_at == at
    assert found.leased_until == LONG_AGO
    assert Reply.from_document(found.outbox[0].reply).buttons[0].payload == '/choose{"a.b":"$1"}'
    assert [record["_id"] for record in found.journal] == [f"{ID}|m1", f"{ID}|m2"]


async def test_saving_again_what_arrived_says_false(conversations: ConversationStore) -> None:
    """A save repeated after an error on the wire is refused, and the reload shows why."""
    first = turn(FRESH, "m1")
    assert await conversations.save(first)
    assert not await conversations.save(first)
    second = turn(await conversations.load(ID), "m2")
    assert await conversations.save(second)
    assert not await conversations.save(second)
    found = await conversations.load(ID)
    assert found.handled == ("m1", "m2")
    assert len(found.outbox) == len(found.journal) == 2


async def test_of_simultaneous_turns_one_wins(conversations: ConversationStore) -> None:
    """Turns decided on the same document: exactly one is saved, the first one and later ones."""
    for start in (FRESH, None):
        before = start or await conversations.load(ID)
        turns = [turn(before, f"r{before.revision}-{n}") for n in range(16)]
        won = await asyncio.gather(*(conversations.save(each) for each in turns))
        assert sum(won) == 1
        found = await conversations.load(ID)
        assert found.revision == before.revision + 1
        assert found.handled[-1] == turns[won.index(True)].handled


async def test_lease_change_refuses_a_turn(conversations: ConversationStore) -> None:
    """A sender that took the lease in between makes the turn look again."""
    before = await saved(conversations, "m1")
    assert await conversations.lease(ID, "a", NOW, NOW + timedelta(seconds=45))
    assert not await conversations.save(turn(before, "m2"))


async def test_a_turn_on_the_turn_just_saved(conversations: ConversationStore) -> None:
    """``applied`` may be the next ``before``: its microseconds are no obstacle."""
    first = replace(turn(FRESH, "m1"), leased_by="a", leased_until=NOW)
    assert await conversations.save(first)
    assert await conversations.save(turn(first.applied(), "m2"))


async def test_handled_ids_are_bounded(conversations: ConversationStore) -> None:
    """Only the last ids are remembered."""
    ids = tuple(f"m{n}" for n in range(HANDLED_KEPT + 5))
    assert await conversations.save(turn(replace(FRESH, handled=ids[:-2]), ids[-2]))
    assert await conversations.save(turn(await conversations.load(ID), ids[-1]))
    assert (await conversations.load(ID)).handled == ids[-HANDLED_KEPT:]


async def test_lease(conversations: ConversationStore) -> None:
    """One owner at a time, until the lease ends; the owner may renew it."""
    await saved(conversations, "m1")
    until = NOW + timedelta(seconds=45)
    assert await conversations.lease(ID, "a", NOW, until)
    assert await conversations.lease(ID, "a", NOW, until)
    assert not await conversations.lease(ID, "b", NOW, until)
    assert await conversations.lease(ID, "b", until, until + timedelta(seconds=45))
    assert (await conversations.load(ID)).leased_by == "b"


async def test_simultaneous_leases(conversations: ConversationStore) -> None:
    """Of many senders one gets the lease."""
    await saved(conversations, "m1")
    until = NOW + timedelta(seconds=45)
    got = await asyncio.gather(
        *(conversations.lease(ID, f"sender {n}", NOW, until) for n in range(16))
    )
    assert sum(got) == 1


async def test_keep(conversations: ConversationStore) -> None:
    """A lease is renewed by who has it, as long as no turn came in between."""
    await saved(conversations, "m1")
    until = NOW.replace(microsecond=0) + timedelta(seconds=45)
    await conversations.lease(ID, "a", NOW, until)
    later, ring = until + timedelta(minutes=1), until + timedelta(seconds=30)
    for owner, revision in (("b", 1), ("a", 0)):
        await conversations.keep(ID, owner, revision, later, ring)
        assert (await conversations.load(ID)).leased_until == until
    await conversations.keep(ID, "a", 1, later, ring)
    found = await conversations.load(ID)
    assert (found.leased_by, found.leased_until, found.due_at) == ("a", later, ring)
    assert (found.revision, len(found.outbox)) == (1, 1)


async def test_mark_sent(conversations: ConversationStore) -> None:
    """Sent items and copied records go; the lease is given back; the revision stays."""
    await saved(conversations, "m1", "m2")
    await conversations.lease(ID, "a", NOW, NOW + timedelta(seconds=45))
    assert await conversations.mark_sent(ID, "a", 2, ["m1/0"], [f"{ID}|m1"], NEVER)
    found = await conversations.load(ID)
    assert [item.id for item in found.outbox] == ["m2/0"]
    assert [record["_id"] for record in found.journal] == [f"{ID}|m2"]
    assert (found.revision, found.leased_by, found.leased_until) == (2, "", LONG_AGO)
    assert found.due_at == NEVER


async def test_mark_sent_after_another_turn(conversations: ConversationStore) -> None:
    """A turn in between: what was sent goes, the lease stays, the sender looks again."""
    await saved(conversations, "m1")
    await conversations.lease(ID, "a", NOW, NOW + timedelta(seconds=45))
    await saved(conversations, "m2")
    assert not await conversations.mark_sent(ID, "a", 1, ["m1/0"], [], NEVER)
    found = await conversations.load(ID)
    assert [item.id for item in found.outbox] == ["m2/0"]
    assert (found.leased_by, found.revision) == ("a", 2)
    assert found.due_at != NEVER


async def test_take_out(conversations: ConversationStore) -> None:
    """What was said is given out once, to whom nobody came before."""
    before = await saved(conversations, "m1", "m2")
    assert await conversations.take_out(ID, ["m1/0"], [f"{ID}|m1"])
    after = await conversations.load(ID)
    assert [item.id for item in after.outbox] == ["m2/0"]
    assert [record["_id"] for record in after.journal] == [f"{ID}|m2"]
    assert (after.revision, after.due_at) == (before.revision, before.due_at)
    assert not await conversations.take_out(ID, ["m1/0"], [])
    assert await conversations.lease(ID, "a", NOW, NOW)
    assert not await conversations.take_out(ID, ["m2/0"], [])
    assert (await conversations.load(ID)).outbox == after.outbox


async def test_mark_sent_without_the_lease(conversations: ConversationStore) -> None:
    """Whoever lost the lease still takes out what it sent, and leaves the new owner's lease."""
    await saved(conversations, "m1")
    await conversations.lease(ID, "b", NOW, NOW + timedelta(seconds=45))
    assert not await conversations.mark_sent(ID, "a", 1, ["m1/0"], [], NEVER)
    found = await conversations.load(ID)
    assert (found.outbox, found.leased_by) == ((), "b")


async def test_turns_and_marks_undo_nothing(conversations: ConversationStore) -> None:
    """Turns that append and a sender that pulls at once: all that is unsent is left, in order."""
    await saved(conversations, "m0")

    arrived: asyncio.Queue[str] = asyncio.Queue()

    async def turns() -> None:
        for n in range(1, 11):
            while not await conversations.save(turn(await conversations.load(ID), f"m{n}")):
                pass
            arrived.put_nowait(f"m{n}")

    async def marks() -> None:
        await conversations.mark_sent(ID, "a", 0, ["m0/0"], [f"{ID}|m0"], NEVER)
        for _ in range(4):
            sent = await arrived.get()
            await conversations.mark_sent(ID, "a", 0, [f"{sent}/0"], [f"{ID}|{sent}"], NEVER)

    await asyncio.gather(turns(), marks())
    found = await conversations.load(ID)
    assert [item.id for item in found.outbox] == [f"m{n}/0" for n in range(5, 11)]
    assert [record["_id"] for record in found.journal] == [f"{ID}|m{n}" for n in range(5, 11)]


async def test_postpone(conversations: ConversationStore) -> None:
    """A failed send is counted, the lease given back and the retry due."""
    await saved(conversations, "m1", "m2")
    await conversations.lease(ID, "a", NOW, NOW + timedelta(seconds=45))
    retry = NOW + timedelta(seconds=4)
    first, second = (await conversations.load(ID)).outbox
    why = {"kind": "retry", "code": None, "reason": "busy", "at": retry.replace(microsecond=0)}
    tried = replace(second, attempts=1, parts=2, said_at=retry, trouble=why)
    await conversations.postpone(ID, "b", replace(first, attempts=9), NEVER)
    await conversations.postpone(ID, "a", tried, retry)
    found = await conversations.load(ID)
    assert found.outbox == (first, replace(tried, said_at=retry.replace(microsecond=123_000)))
    assert (found.leased_by, found.leased_until) == ("", LONG_AGO)
    assert found.due_at == retry.replace(microsecond=123_000)


async def test_due(conversations: ConversationStore) -> None:
    """What is due comes most overdue first, no more than asked for."""
    for n in range(4):
        contact = replace(CONTACT, sender=f"628120000000{n}")
        save = turn(FRESH, "m1", at=NOW + timedelta(minutes=(7 * n) % 4))
        before = Stored(replace(STATE, id=contact.conversation_id), contact)
        await conversations.save(
            replace(
                save,
                before=before,
                contact=contact,
                conversation=before.conversation,
            )
        )
    order = [f"whatsapp:jakarta_pusat:628120000000{n}" for n in (0, 3, 2)]
    assert await conversations.due(NOW + timedelta(minutes=2), 10) == order
    assert await conversations.due(NOW + timedelta(minutes=2), 2) == order[:2]


async def test_journal(conversations: ConversationStore) -> None:
    """Records are copied once; a transcript has them all in order, copied out or not."""
    found = await saved(conversations, "m1", "m2")
    first, second = found.journal
    earlier = {**first, "_id": "older", "at": NOW - timedelta(days=1)}
    await conversations.copy_journal([earlier, first])
    await conversations.copy_journal([{**first, "at": NEVER, "input": "changed"}])
    await conversations.copy_journal([])
    assert await conversations.journalled("older")
    assert not await conversations.journalled(second["_id"])
    transcript = await conversations.transcript(ID)
    assert [record["_id"] for record in transcript] == ["older", first["_id"], second["_id"]]
    assert transcript[1] == first
    assert await conversations.transcript("whatsapp:jakarta_pusat:62812") == []


async def test_nothing_leaks(conversations: ConversationStore) -> None:
    """Changing what was handed in or out changes nothing in the store."""
    save = turn(FRESH, "m1")
    save.conversation.slots["dates"].append("planted")
    await conversations.save(save)
    save.conversation.slots["dates"].remove("planted")
    found = await conversations.load(ID)
    found.conversation.slots["dates"].clear()
    found.journal[0]["input"].clear()
    again = await conversations.load(ID)
    assert again.conversation.slots["dates"] == ["2026-11-24", "2026-11-25", "planted"]
    assert again.journal[0]["input"] == {"text": "hai"}


async def test_known_as(conversations: ConversationStore) -> None:
    """Whoever has or had an address is found by it, in that channel, as long as they are kept."""
    await saved(conversations, "m1")
    assert await conversations.known_as("whatsapp", CONTACT.sender) == [known(CONTACT)]
    left = (Left(CONTACT.sender, NOW, NOW),)
    changed = replace(CONTACT, ids=("6281200000002", "ID.1349"), left=left, also=left)
    before = await conversations.load(ID)
    assert before
    assert await conversations.save(replace(turn(before, "m2"), contact=changed))
    for address in (CONTACT.sender, "6281200000002", "ID.1349"):
        assert await conversations.known_as("whatsapp", address) == [known(changed)]
    assert await conversations.known_as("rest", CONTACT.sender) == []
    found = await conversations.load(ID)
    assert found
    without = replace(found.contact, ids=("ID.1350",), left=())
    assert await conversations.save(replace(turn(found, "m3"), contact=without))
    assert await conversations.known_as("whatsapp", "ID.1349") == []
    assert await conversations.known_as("whatsapp", "ID.1350") == [without]
    assert await conversations.forget(ID, 3)
    assert await conversations.known_as("whatsapp", "ID.1350") == []


def known(contact: Contact) -> Contact:
    """The contact as a database remembers it."""
    cut = tuple(
        replace(each, until=milliseconds(each.until), since=milliseconds(each.since))
        for each in contact.left
    )
    return replace(contact, heard_at=milliseconds(contact.heard_at), left=cut, also=cut)


async def test_what_was_said_lately_where_people_look_at_a_page(
    conversations: ConversationStore,
) -> None:
    """The last turn of each such conversation but its first; by the database's clock."""
    web = replace(CONTACT, channel="web")
    first = Stored(Conversation(web.conversation_id, "passport_guided"), web)
    for message in ("m1", "m2", "m3"):
        before = await conversations.load(web.conversation_id) or first
        record = {"_id": f"{web.conversation_id}|{message}", "conversation": "x", "at": NOW}
        state = replace(STATE, id=web.conversation_id)
        made = turn(before, message)
        assert await conversations.save(
            replace(made, contact=web, journal=record, conversation=state)
        )
        if message == "m1":
            assert await conversations.said_lately(timedelta(minutes=1)) == {}
    await saved(conversations, "m1", "m2")  # on WhatsApp
    last = {web.conversation_id: f"{web.conversation_id}|m3"}
    assert await conversations.said_lately(timedelta(minutes=1)) == last
    assert await conversations.said_lately(timedelta(minutes=-1)) == {}
