"""Everything is sent, in order, once, however many wait."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.store import NEVER, Contact
from bot.leases import JOURNAL_KEPT
from bot.outbox import EACH
from tests.support.shell import COLLECTED, CONTACT, Bot, MakeBot
from tests.support.talk import NOW


class TestPushing:
    async def test_order(self, bot: Bot) -> None:
        """Replies go out in the order they were said."""
        await bot.hear("twice")
        await bot.hear("draw")
        await bot.outbox.close()
        assert bot.delivery.sent == [
            "satu", "dua", "mau apa", "nomor 1 untuk Rina Fiktif pukul 9", "mau apa",
        ]  # fmt: skip
        stored = await bot.stored()
        assert (stored.outbox, stored.leased_by, stored.due_at) == ((), "", NEVER)

    async def test_turns_while_sending(self, bot: Bot) -> None:
        """What turns add while the channel is slow is sent too, nothing twice."""
        bot.delivery.gate.clear()
        for number in range(4):
            await bot.hear("twice", f"m{number}")
        await bot.delivery.until(lambda: bot.delivery.tried == 1)
        bot.delivery.gate.set()
        await bot.hear("draw", "m9")
        await bot.outbox.close()
        assert bot.delivery.sent[:-2] == ["satu", "dua", "mau apa"] * 4
        assert bot.delivery.tried == 14
        assert (await bot.stored()).due_at == NEVER

    async def test_turns_saved_by_another(self, make: MakeBot) -> None:
        """So is what another process adds."""
        a, b = make("a"), make("b")
        a.delivery.gate.clear()
        await a.hear("none", "m0")
        await a.delivery.until(lambda: a.delivery.tried == 1)
        await asyncio.gather(*(b.hear("twice", f"m{n}") for n in range(1, 4)))
        a.delivery.gate.set()
        await a.outbox.close()
        assert a.delivery.sent == ["mau apa", *(["satu", "dua", "mau apa"] * 3)]
        assert b.delivery.sent == []

    async def test_turn_at_the_last_moment(self, bot: Bot) -> None:
        """A turn saved just after the lease was given back is sent all the same."""

        async def another() -> None:
            await bot.hear("twice", "m1")

        bot.store.after["mark_sent"] = another
        await bot.hear("none", "m0")
        await bot.outbox.close()
        assert bot.delivery.sent == ["mau apa", "satu", "dua", "mau apa"]

    async def test_several_conversations(self, bot: Bot) -> None:
        """A slow conversation holds up no other."""
        bot.delivery.gate.clear()
        for number in range(10):
            contact = CONTACT.__class__("pushed", f"62812000000{number}", "office")
            await bot.hear("none", "m0", contact)
        await bot.delivery.until(lambda: bot.delivery.tried == 10)
        bot.delivery.gate.set()
        await bot.outbox.close()
        assert bot.delivery.sent == ["mau apa"] * 10


class TestInLine:
    """More conversations than are sent at once."""

    @pytest.fixture(autouse=True)
    def few(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Two are sent at the same time."""
        monkeypatch.setattr("bot.outbox.SENDING_AT_ONCE", 2)

    async def crowd(self, bot: Bot, people: int = 6) -> list[Contact]:
        """Some people write, and the channel takes nothing yet."""
        bot.delivery.gate.clear()
        crowd = [replace(CONTACT, sender=f"62812000000{n}") for n in range(people)]
        for contact in crowd:
            await bot.hear("none", "m0", contact)
        await bot.delivery.until(lambda: bot.delivery.tried == 2)
        return crowd

    async def test_all_sent(self, bot: Bot) -> None:
        """Who is in line is sent too, with what was added meanwhile, without the sweeper."""
        crowd = await self.crowd(bot)
        await bot.hear("twice", "m1", crowd[-1])
        bot.delivery.gate.set()
        await bot.outbox.close()
        assert sorted(bot.delivery.sent) == ["dua", *["mau apa"] * 7, "satu"]
        last = [text for text in bot.delivery.sent if text != "mau apa"]
        assert last == ["satu", "dua"]  # what others are sent may come in between

    async def test_another_account(self, bot: Bot) -> None:
        """A line of one number holds up nobody who writes to another."""
        await self.crowd(bot)
        await bot.hear("none", "m0", replace(CONTACT, sender="6281200000009", account="other"))
        await bot.delivery.until(lambda: bot.delivery.tried == 3)
        bot.delivery.gate.set()
        await bot.outbox.close()
        assert bot.delivery.sent == ["mau apa"] * 7

    async def test_lease(self, make: MakeBot) -> None:
        """Leases of those in line last longer, are renewed, and nobody else sends them."""
        a, b = make("a"), make("b")
        crowd = await self.crowd(a)
        last = crowd[-1]
        before = await a.stored(last)
        assert before.leased_until == NOW + timedelta(seconds=45) + 3 * EACH
        a.clock.move(seconds=46)
        await a.sweeper.sweep()
        await b.outbox.tend(last.conversation_id)
        after = await a.stored(last)
        assert after.leased_until == a.clock.now + timedelta(seconds=45) + 4 * EACH
        assert after.due_at == after.leased_until
        a.delivery.gate.set()
        await asyncio.gather(a.outbox.close(), b.outbox.close())
        assert (a.delivery.sent, b.delivery.sent) == (["mau apa"] * 6, [])

    async def test_timer(self, bot: Bot) -> None:
        """The timer of one in line rings in time, also when its lease is renewed."""
        crowd = await self.crowd(bot, 4)
        await bot.hear("wait", "m1", crowd[-1])
        bot.clock.move(minutes=9, seconds=30)
        await bot.sweeper.sweep()
        stored = await bot.stored(crowd[-1])
        assert stored.due_at == NOW + timedelta(minutes=10) < stored.leased_until
        bot.delivery.gate.set()
        await bot.outbox.close()

    async def test_died(self, make: MakeBot) -> None:
        """What a dead process had in line is sent by another, once the leases are over."""
        a, b = make("a"), make("b")
        await self.crowd(a)
        b.clock.move(seconds=46)
        await b.sweeper.sweep()
        await b.outbox.close()
        assert b.delivery.sent == ["mau apa"] * 6

    async def test_torn_down(self, bot: Bot) -> None:
        """Who ends without closing begins with nobody more."""
        await self.crowd(bot)
        here = asyncio.current_task()
        under_way = asyncio.all_tasks() - {here}
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        assert asyncio.all_tasks() == {here}

    async def test_closed(self, make: MakeBot) -> None:
        """A process that is stopped gives them back."""
        a, b = make("a"), make("b")
        await self.crowd(a)
        closing = asyncio.create_task(a.outbox.close(timedelta(0)))
        await asyncio.sleep(0)
        a.delivery.gate.set()
        await closing
        await b.sweeper.sweep()
        await b.outbox.close()
        assert (a.delivery.sent, b.delivery.sent) == (["mau apa"] * 2, ["mau apa"] * 4)


async def test_journal(bot: Bot) -> None:
    """Records are copied out several at a time; the transcript has all of them, in order."""
    for number in range(JOURNAL_KEPT * 2 + 3):
        bot.clock.move(seconds=1)
        await bot.says("none", f"m{number}")
        stored = await bot.stored(COLLECTED)
        assert len(stored.journal) < JOURNAL_KEPT
        records = await bot.store.transcript(COLLECTED.conversation_id)
        assert [record["message"]["id"] for record in records] == [
            f"m{n}" for n in range(number + 1)
        ]
    assert bot.store.calls["copy_journal"] == 2
