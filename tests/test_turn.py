"""The shell of a turn: everything is saved once, whatever happens on the way."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.channels.inbound import Inbound
from bot.dialogue.attachment import (
    Attachment,
    Card,
    Cards,
    Context,
    Form,
    Location,
    Order,
    OrderItem,
    Reaction,
    Referral,
    Unreadable,
)
from bot.dialogue.events import SILENT, Media, Message
from bot.dialogue.reply import Reply
from bot.dialogue.store import HANDLED_KEPT, NEVER, ConversationStore
from bot.errors import StorageUnavailable
from bot.wording import LAST_RESORT
from storage.memory import MemoryConversations
from tests.support.shell import COLLECTED, CONTACT, FLOWS, Bot, Clock, MakeBot
from tests.support.talk import NOW

ID = COLLECTED.conversation_id


@pytest.fixture
def bot(make: MakeBot) -> Bot:
    """A bot."""
    return make()


@pytest.fixture
def store(stores: Any) -> ConversationStore:
    """The store behind it."""
    found: ConversationStore = stores[0]
    return found


async def test_a_turn(bot: Bot) -> None:
    """A message is answered, with what the office and the clock there say."""
    assert await bot.says("draw") == ["nomor 1 untuk Rina Fiktif pukul 9", "mau apa"]
    assert await bot.says("none") == ["apa", "mau apa"]
    assert bot.noticed == ["draw", "none"]


async def test_a_reaction(bot: Bot, store: ConversationStore) -> None:
    """It is put on the message that is answered, and stands in the record so."""
    await bot.says("twice", "m1")
    [record] = await store.transcript(ID)
    reactions = [Reply.from_document(reply).reaction for reply in record["replies"]]
    assert reactions == [None, Reaction("m1", "🙏"), None]


async def test_journal(bot: Bot, store: ConversationStore) -> None:
    """A turn's record tells the message, what it was understood as, and all that followed, down to
    which sentence each answer is.
    """
    await bot.says("draw 5=x", "m1")
    [record] = await store.transcript(ID)
    origins = [reply.pop("origin") for reply in record["replies"]]
    assert [origin["key"] for origin in origins] == ["number", "what_now"]
    assert all(len(origin["words"]) == 8 for origin in origins)
    assert record == {
        "_id": f"{ID}|m1",
        "conversation": ID,
        "turn": 1,
        "at": NOW,
        "office": "office",
        "version": (await bot.stored(COLLECTED)).conversation.version,
        "language": "id",
        "before": [],
        "after": ["shop.open"],
        "message": {
            "id": "m1",
            "kind": "text",
            "text": "draw 5=x",
            "at": NOW,
            "title": "",
            "media": None,
        },
        "understood": {
            "intent": "draw",
            "confidence": 1.0,
            "entities": [{"type": "5", "value": "x", "text": ""}],
            "problems": [],
            "example": "",
            "guesses": [],
        },
        "actions": [
            {"action": "draw", "key": f"{ID}|m1|0", "outcome": "drawn", "values": {"number": 1}}
        ],
        "trace": ["open shop.open", "take intent.draw", "take outcome.drawn"],
        "replies": [{"text": "nomor 1 untuk Rina Fiktif pukul 9"}, {"text": "mau apa"}],
    }


async def test_storage_calls(bot: Bot) -> None:
    """An ordinary turn costs one find, one save and, once sent, one mark."""
    await bot.hear("none")
    await bot.outbox.close()
    assert bot.store.calls == {"load": 1, "save": 1, "mark_sent": 1}


class TestTwice:
    async def test_same_id(self, bot: Bot) -> None:
        """A message that comes again changes nothing and is answered with nothing."""
        await bot.says("draw", "m1")
        before = await bot.stored(COLLECTED)
        assert await bot.says("draw", "m1") == []
        after = await bot.stored(COLLECTED)
        assert replace(after, leased_by="", leased_until=NOW) == replace(
            before, leased_by="", leased_until=NOW
        )
        assert (bot.numbers.runs, bot.noticed) == (1, ["draw"])

    async def test_long_ago(self, tmp_path: Path) -> None:
        """So it is with one older than the ids a conversation keeps."""
        bot = Bot(MemoryConversations(), tmp_path, clock=Clock())
        await bot.says("draw", "first")
        stored = await bot.stored(COLLECTED)
        for number in range(HANDLED_KEPT + 1):
            await bot.hear("none", f"n{number}", COLLECTED)
            if number % 20 == 0:
                await bot.outbox.collect(ID)
        assert "first" not in (await bot.stored(COLLECTED)).handled
        bot.store.calls.clear()
        await bot.hear("draw", "first", COLLECTED)
        assert bot.store.calls == {"load": 1, "journalled": 1}
        assert bot.numbers.runs == 1
        assert stored.revision == 1

    async def test_long_ago_and_not_copied(self, tmp_path: Path) -> None:
        """Also while its record waits in the conversation itself."""
        bot = Bot(MemoryConversations(), tmp_path, clock=Clock())
        for number in range(HANDLED_KEPT + 2):
            await bot.hear("none", f"n{number}", COLLECTED)
        bot.store.calls.clear()
        await bot.hear("none", "n0", COLLECTED)
        assert bot.store.calls == {"load": 1}

    async def test_at_once(self, bot: Bot) -> None:
        """Delivered twice at the same time, it is handled once."""
        await asyncio.gather(*(bot.hear("draw", "m1", COLLECTED) for _ in range(4)))
        assert (await bot.stored(COLLECTED)).revision == 1
        assert bot.numbers.runs == 1


class TestRaces:
    async def test_one_process(self, bot: Bot) -> None:
        """Messages at once are handled one after the other, in the order they came."""
        await asyncio.gather(*(bot.hear("draw", f"m{n}", COLLECTED) for n in range(5)))
        stored = await bot.stored(COLLECTED)
        assert stored.handled == ("m0", "m1", "m2", "m3", "m4")
        assert bot.store.calls["save"] == 5
        assert bot.numbers.runs == 5

    async def test_two_processes(self, make: MakeBot) -> None:
        """Two bots and 12 messages, some to both: each is handled once, none is lost."""
        a, b = make("a"), make("b")
        texts = [f"m{n}" for n in range(12)]
        await asyncio.gather(
            *(bot.hear("draw", text, COLLECTED) for text in texts for bot in (a, b))
        )
        stored = await a.stored(COLLECTED)
        assert sorted(stored.handled) == sorted(texts)
        assert stored.revision == 12
        records = await a.store.transcript(ID)
        keys = [action["key"] for record in records for action in record["actions"]]
        assert len(set(keys)) == 12
        assert len(a.numbers.given) == 12

    async def test_lost_race(self, make: MakeBot) -> None:
        """A turn that comes too late is done again with the same keys: the same codes."""
        a, b = make("a"), make("b")
        await a.hear("none", "m0", COLLECTED)

        async def quicker() -> None:
            await b.hear("none", "m1", COLLECTED)

        a.store.after["load"] = quicker
        assert await a.says("draw", "m2") == [
            "mau apa",
            "apa",
            "mau apa",
            "nomor 1 untuk Rina Fiktif pukul 9",
            "mau apa",
        ]
        assert (a.numbers.runs, len(a.numbers.given)) == (2, 1)
        assert (await a.stored(COLLECTED)).handled == ("m0", "m1", "m2")
        assert a.noticed == ["none", "draw"]

    async def test_timer_fired_by_another(self, make: MakeBot) -> None:
        """Where both bots find the timer due and get the same message, it is handled once."""
        a, b = make("a"), make("b")
        await a.hear("wait", "m0", COLLECTED)
        a.clock.move(minutes=11)

        async def quicker() -> None:
            await b.hear("draw", "m1", COLLECTED)

        a.store.after["load"] = quicker
        await a.hear("draw", "m1", COLLECTED)
        stored = await a.stored(COLLECTED)
        assert [turn for turn in stored.handled if turn == "m1"] == ["m1"]
        assert a.numbers.runs == 1


class TestStorageDown:
    @pytest.mark.parametrize("call", ["load", "save"])
    async def test_for_a_moment(self, bot: Bot, call: str) -> None:
        """A short failure is sat out."""
        bot.store.fail = [call, call]
        assert await bot.says("draw") == ["nomor 1 untuk Rina Fiktif pukul 9", "mau apa"]
        assert bot.noticed == ["draw"]

    @pytest.mark.parametrize("call", ["load", "save"])
    async def test_for_long(self, make: MakeBot, call: str) -> None:
        """A long one is given back, nothing saved; the message may come again."""
        bot = make(retry_for=0)
        bot.store.fail = [call]
        with pytest.raises(StorageUnavailable):
            await bot.hear("draw", "m1", COLLECTED)
        assert await bot.store.load(ID) is None
        assert await bot.says("draw", "m1") == ["nomor 1 untuk Rina Fiktif pukul 9", "mau apa"]
        assert len(bot.numbers.given) == 1

    async def test_no_answer_to_a_save(self, bot: Bot) -> None:
        """A save whose answer was lost is found done."""
        bot.store.lose = ["save"]
        assert await bot.says("draw", "m1") == ["nomor 1 untuk Rina Fiktif pukul 9", "mau apa"]
        assert (await bot.stored(COLLECTED)).revision == 1
        assert bot.numbers.runs == 1

    async def test_what_such_a_save_says(self, bot: Bot) -> None:
        """It is sent at once, not when the lease that was saved with it is over."""
        bot.store.lose = ["save"]
        await bot.hear("draw")
        await bot.outbox.close()
        assert bot.delivery.sent == ["nomor 1 untuk Rina Fiktif pukul 9", "mau apa"]
        assert (await bot.stored()).outbox == ()


class TestBugs:
    @pytest.mark.parametrize("text", ["crash", "wrong", "unsayable", "bug", "spin"])
    async def test_apology(self, bot: Bot, store: ConversationStore, text: str) -> None:
        """Whatever fails on our side, the applicant is told, and the next message works."""
        await bot.says("none", "m0")
        before = (await bot.stored(COLLECTED)).conversation
        assert await bot.says(text, "m1") == ["maaf"]
        stored = await bot.stored(COLLECTED)
        assert (stored.conversation, stored.handled) == (before, ("m0", "m1"))
        record = (await store.transcript(ID))[-1]
        assert (record["failed"], record["message"]["text"]) == (True, text)
        assert (await bot.says("draw", "m2"))[-1] == "mau apa"

    @pytest.mark.parametrize("template", ["'{{ 1 / 0 }}'", "'{{ contact.phone }}'", "'{{ \"\" }}'"])
    async def test_apology_that_fails(
        self, make: MakeBot, monkeypatch: pytest.MonkeyPatch, template: str
    ) -> None:
        """An apology that cannot be said itself is replaced by one in both languages, and somebody
        is told.
        """
        for name in ("replies/id.yml", "replies/en.yml"):
            spoilt = re.sub(r"apology: \w+", f"apology: {template}", FLOWS[name])
            monkeypatch.setitem(FLOWS, name, spoilt)
        bot = make()
        await bot.says("none", "m0")
        with capture_logs() as logs:
            assert await bot.says("bug", "m1") == [LAST_RESORT.text]
        assert (logs[-1]["event"], logs[-1]["alarm"]) == ("apology_failed", True)
        assert await bot.says("draw", "m2") == ["nomor 1 untuk Rina Fiktif pukul 9", "mau apa"]

    async def test_a_number_no_database_keeps(self, bot: Bot) -> None:
        """What was understood and cannot be stored does not block the number either."""
        assert await bot.says(f"none much={10**30}") == ["maaf"]

    async def test_first_message(self, bot: Bot) -> None:
        """So it is with the very first message."""
        assert await bot.says("bug", "m1") == ["maaf"]
        assert await bot.says("none", "m2") == ["mau apa"]

    async def test_timer(self, bot: Bot) -> None:
        """A timer that fails is dropped, and not tried for ever."""
        await bot.says("wait", "m0")
        await bot.says("poison_timer", "m1")
        bot.clock.move(minutes=11)
        await bot.turns.ring(ID)
        stored = await bot.stored(COLLECTED)
        assert (stored.conversation.timer, stored.due_at) == (None, NEVER)
        assert stored.journal[-1]["failed"]
        assert await bot.says("none", "m2") == ["apa"]

    async def test_language_no_longer_spoken(self, make: MakeBot) -> None:
        """An apology, and any reply, comes in the first language when theirs is gone."""
        bot = make(languages=["en"])
        assert await bot.says("none", "m0") == ["what now"]
        assert await bot.says("bug", "m1") == ["sorry"]


class TestTimers:
    async def test_due(self, bot: Bot) -> None:
        """A state's timer is when the conversation is due."""
        await bot.says("wait", "m0")
        assert (await bot.stored(COLLECTED)).due_at == NOW + timedelta(minutes=10)
        await bot.turns.ring(ID)
        assert (await bot.stored(COLLECTED)).revision == 1

    async def test_rings(self, bot: Bot, store: ConversationStore) -> None:
        """Once due, it is a turn of its own."""
        await bot.says("wait", "m0")
        bot.clock.move(minutes=10)
        await bot.turns.ring(ID)
        await bot.turns.ring(ID)
        stored = await bot.stored(COLLECTED)
        assert (stored.revision, stored.due_at) == (2, NEVER)
        assert [reply.text for reply in await bot.outbox.collect(ID)] == ["terlambat", "mau apa"]
        record = (await store.transcript(ID))[-1]
        assert (record["timer"], record["before"], record["after"]) == (
            2, ["shop.waiting"], ["shop.open"])  # fmt: skip

    async def test_before_a_late_message(self, bot: Bot) -> None:
        """What was due rings before a message that comes later is heard."""
        await bot.says("wait", "m0")
        bot.clock.move(minutes=15)
        assert await bot.says("none", "m1") == ["terlambat", "mau apa", "apa", "mau apa"]

    async def test_left_in_time(self, bot: Bot) -> None:
        """A timer of a state that was left does not ring."""
        await bot.says("wait", "m0")
        await bot.says("poison_timer", "m1")
        assert (await bot.stored(COLLECTED)).conversation.frame.state == "doomed"
        bot.clock.move(minutes=5)
        await bot.says("none", "m2")
        assert (await bot.stored(COLLECTED)).due_at == NOW + timedelta(minutes=10)

    async def test_unknown_conversation(self, bot: Bot) -> None:
        """Nobody's timer is nothing."""
        await bot.turns.ring("rest:office:nobody")


class TestLease:
    async def test_pushed(self, bot: Bot) -> None:
        """A save for a channel that pushes takes the lease; until it ends nobody need look."""
        bot.delivery.gate.clear()
        await bot.hear("none")
        stored = await bot.stored()
        assert (stored.leased_by, stored.leased_until) == ("a", NOW + timedelta(seconds=45))
        assert stored.due_at == stored.leased_until
        bot.delivery.gate.set()
        await bot.outbox.close()
        stored = await bot.stored()
        assert (stored.leased_by, stored.due_at, stored.outbox) == ("", NEVER, ())

    async def test_timer_before_the_lease_ends(self, bot: Bot) -> None:
        """A timer that rings sooner is when the sweeper must look."""
        await bot.hear("wait", "m0")
        await bot.outbox.close()
        bot.clock.move(minutes=9, seconds=30)
        bot.delivery.gate.clear()
        await bot.hear("none", "m1")
        assert (await bot.stored()).due_at == NOW + timedelta(minutes=10)
        bot.delivery.gate.set()
        await bot.outbox.close()

    async def test_collected(self, bot: Bot) -> None:
        """One that is collected from takes none."""
        await bot.hear("none", "m0", COLLECTED)
        stored = await bot.stored(COLLECTED)
        assert (stored.leased_by, stored.due_at, len(stored.outbox)) == ("", NEVER, 1)

    async def test_held_by_another(self, make: MakeBot) -> None:
        """A lease of another bot is left alone, and that bot sends what was added."""
        a, b = make("a"), make("b")
        a.delivery.gate.clear()
        await a.hear("none", "m0")
        await b.hear("none", "m1")
        stored = await a.stored()
        assert (stored.leased_by, stored.due_at) == ("a", NOW + timedelta(seconds=45))
        a.delivery.gate.set()
        await a.outbox.close()
        await b.outbox.close()
        assert (a.delivery.sent, b.delivery.sent) == (["mau apa", "apa", "mau apa"], [])

    async def test_contact(self, bot: Bot) -> None:
        """The conversation keeps who it is with as they last were."""
        await bot.hear("none", "m0")
        later = replace(CONTACT, profile="Rina F.", heard_at=NOW + timedelta(hours=1))
        await bot.hear("none", "m1", later)
        assert (await bot.stored()).contact == later


@pytest.mark.parametrize("kind", sorted(SILENT))
async def test_what_wants_no_answer(bot: Bot, store: ConversationStore, kind: str) -> None:
    """A reaction is noted once and changes nothing; before anybody has written there is nowhere."""
    silent = Message("r", kind, "", NOW + timedelta(hours=1))
    await bot.turns.hear(Inbound(replace(COLLECTED, heard_at=silent.at), silent))
    assert await store.load(ID) is None
    await bot.says("draw")
    before = await bot.stored(COLLECTED)
    for _ in range(2):
        await bot.turns.hear(Inbound(replace(COLLECTED, heard_at=silent.at), silent))
    after = await bot.stored(COLLECTED)
    assert (after.conversation, after.contact) == (before.conversation, before.contact)
    assert after.revision == before.revision + 1
    assert await bot.outbox.collect(ID) == []
    records = await store.transcript(ID)
    assert [record["noted"]["kind"] for record in records if "noted" in record] == [kind]


@pytest.mark.parametrize(
    "attachment",
    [
        Location(-6.2, 106.8, "Monas"),
        Cards((Card("Budi", ("+62 812",)), Card(""))),
        Order("7", (OrderItem("P", 2, 15000.5, "IDR"),)),
        Form("flow", '{"nama": "Rina"}'),
        Unreadable("poll", 131051, '{"$a.b": "\\u0000"}'),
    ],
)
async def test_what_a_message_brings_is_kept(
    bot: Bot, store: ConversationStore, attachment: Attachment
) -> None:
    """Whatever comes with a message, its record can be kept and read again as it was."""
    whole = Message(
        "m", "any", "a\0b", NOW, media=Media("1", filename="k.pdf"), attachment=attachment,
        context=Context("m0", forwarded=True), referral=Referral("ad", "7"), edits="m0",
    )  # fmt: skip
    await bot.turns.hear(Inbound(COLLECTED, whole))
    [record] = await store.transcript(ID)
    assert record["message"] == whole.as_document()
