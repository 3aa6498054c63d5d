"""One process sends a conversation at a time, and another goes on where it ends."""

import asyncio
from datetime import timedelta
from typing import Any

from bot.dialogue.store import NEVER
from bot.errors import TryLater
from tests.support.shell import CONTACT, Bot, MakeBot
from tests.support.talk import NOW

ID = CONTACT.conversation_id


class TestLease:
    async def test_dead_process(self, make: MakeBot) -> None:
        """What a process left behind is sent by another, once its lease is over."""
        a, b = make("a"), make("b")
        a.outbox.start = lambda _: None  # it dies after the save
        await a.hear("twice")
        assert await b.sweeper.sweep() == 0
        b.clock.move(seconds=44)
        await b.sweeper.sweep()
        await b.outbox.tend(ID)
        await b.outbox.close()
        assert b.delivery.sent == []
        b.clock.move(seconds=1)
        await b.sweeper.sweep()
        await b.outbox.close()
        assert b.delivery.sent == ["satu", "dua", "mau apa"]
        assert (await b.stored()).due_at == NEVER

    async def test_asked_twice_at_once(self, make: MakeBot) -> None:
        """The sweeper and a message that comes again find the same: it is sent and marked once."""
        a, b = make("a"), make("b")
        a.outbox.start = lambda _: None  # it dies after the save
        await a.hear("twice")
        b.clock.move(seconds=46)
        before = b.store.calls.copy()
        await asyncio.gather(b.outbox.tend(ID), b.outbox.tend(ID))
        await b.outbox.close()
        assert b.delivery.sent == ["satu", "dua", "mau apa"]
        assert b.store.calls - before == {"lease": 1, "load": 1, "mark_sent": 1}

    async def test_sent_while_a_turn_is_decided(self, make: MakeBot) -> None:
        """What waited when a turn began, and was sent by the time it is saved, is not sent again:
        the lease is free both times.
        """
        a, b = make("a"), make("b")
        a.delivery.moods.append(TryLater("busy"))
        await a.hear("twice", "m0")
        await a.outbox.close()

        async def retry() -> None:
            b.clock.move(seconds=2)
            await b.sweeper.sweep()
            await b.outbox.close()

        a.store.after["load"] = retry
        await a.hear("none", "m1")
        await a.outbox.close()
        assert b.delivery.sent == ["satu", "dua", "mau apa"]
        assert a.delivery.sent == ["apa", "mau apa"]

    async def test_dead_between_send_and_mark(self, make: MakeBot) -> None:
        """What was sent and not marked arrives again: rather twice than never."""
        a, b = make("a"), make("b")
        a.store.fail = ["mark_sent"]
        await a.hear("none")
        await a.outbox.close()
        b.clock.move(seconds=45)
        await b.sweeper.sweep()
        await b.outbox.close()
        assert (a.delivery.sent, b.delivery.sent) == (["mau apa"], ["mau apa"])

    async def test_renewed(self, make: MakeBot) -> None:
        """A long outbox is sent under a lease that is renewed on the way."""
        a, b = make("a"), make("b")
        a.delivery.before = lambda: a.clock.move(seconds=30)
        await a.hear("twice", "m0")
        await a.hear("twice", "m1")
        await a.outbox.close()
        assert a.clock.now > NOW + timedelta(seconds=170)
        await b.sweeper.sweep()
        await b.outbox.close()
        assert (len(a.delivery.sent), b.delivery.sent) == (6, [])

    async def test_slow_database(self, bot: Bot) -> None:
        """Leasing that itself takes long does not keep anything from being sent."""
        lease = bot.store.lease

        async def slow(*given: Any) -> Any:
            bot.clock.move(seconds=10)
            return await lease(*given)

        bot.store.lease = slow
        bot.delivery.before = lambda: bot.clock.move(seconds=10)
        await bot.hear("twice")
        await bot.outbox.close()
        assert bot.delivery.sent == ["satu", "dua", "mau apa"]

    async def test_lost_to_another(self, make: MakeBot) -> None:
        """A process that was away too long finds the rest sent by another, and sends it not."""
        a, b = make("a"), make("b")
        a.delivery.gate.clear()
        await a.hear("twice")
        await a.delivery.until(lambda: a.delivery.tried == 1)
        a.clock.move(seconds=46)
        await b.sweeper.sweep()
        await b.outbox.close()
        a.delivery.gate.set()
        await a.outbox.close()
        assert a.delivery.sent == ["satu"]
        assert b.delivery.sent == ["satu", "dua", "mau apa"]

    async def test_another_still_at_it(self, make: MakeBot) -> None:
        """Nor does it while the other is still sending."""
        a, b = make("a"), make("b")
        a.delivery.gate.clear()
        b.delivery.gate.clear()
        await a.hear("twice")
        await a.delivery.until(lambda: a.delivery.tried == 1)
        a.clock.move(seconds=46)
        await b.outbox.tend(ID)
        a.delivery.gate.set()
        await a.outbox.close()
        assert [item.id for item in (await a.stored()).outbox] == ["m-twice/1", "m-twice/2"]
        b.delivery.gate.set()
        await b.outbox.close()
        assert a.delivery.sent == ["satu"]
        assert b.delivery.sent[-2:] == ["dua", "mau apa"]

    async def test_storage_down_while_sending(self, make: MakeBot) -> None:
        """When the database fails under the sender, the sweeper takes over."""
        a = make("a")
        a.store.fail = ["mark_sent"]
        await a.hear("none", "m0")
        await a.outbox.close()
        await a.hear("none", "m1")
        await a.outbox.close()
        assert a.delivery.sent[-2:] == ["apa", "mau apa"]
        assert (await a.stored()).outbox == ()

    async def test_sent_while_storage_was_away(self, make: MakeBot) -> None:
        """Who sent it and could not write that down still knows: it arrives once."""
        a = make("a")
        a.store.fail = ["mark_sent"]
        await a.hear("twice")
        await a.outbox.close()
        assert len((await a.stored()).outbox) == 3
        a.clock.move(seconds=45)
        await a.sweeper.sweep()
        await a.outbox.close()
        assert a.delivery.sent == ["satu", "dua", "mau apa"]
        assert (await a.stored()).outbox == ()


class TestClosing:
    async def test_drains(self, bot: Bot) -> None:
        """A process that is stopped sends what waits, if there is time."""
        bot.delivery.gate.clear()
        await bot.hear("twice")
        closing = asyncio.create_task(bot.outbox.close(timedelta(seconds=5)))
        await bot.delivery.until(lambda: bot.delivery.tried == 1)
        bot.delivery.gate.set()
        await closing
        assert bot.delivery.sent == ["satu", "dua", "mau apa"]

    async def test_gives_back(self, make: MakeBot) -> None:
        """A process that is stopped ends the message under way; another has the rest at once."""
        a, b = make("a"), make("b")
        a.delivery.gate.clear()
        await a.hear("twice")
        await a.delivery.until(lambda: a.delivery.tried == 1)
        a.delivery.before = lambda: setattr(a.outbox, "_closing", True)
        a.delivery.gate.set()
        await a.outbox.close(timedelta(0))
        await b.sweeper.sweep()
        await b.outbox.close()
        assert (a.delivery.sent, b.delivery.sent) == (["satu"], ["dua", "mau apa"])

    async def test_cuts_off(self, make: MakeBot) -> None:
        """What does not end in time is cut off; it is sent once its lease is over."""
        a, b = make("a"), make("b")
        a.delivery.gate.clear()
        await a.hear("none")
        await a.delivery.until(lambda: a.delivery.tried == 1)
        await a.outbox.close(timedelta(0), timedelta(0))
        b.clock.move(seconds=45)
        await b.sweeper.sweep()
        await b.outbox.close()
        assert (a.delivery.sent, b.delivery.sent) == ([], ["mau apa"])

    async def test_says_no_more(self, bot: Bot) -> None:
        """What turns say after that is left for others."""
        await bot.outbox.close(timedelta(0))
        await bot.hear("none")
        await bot.outbox.close(timedelta(0))
        stored = await bot.stored()
        assert (bot.delivery.sent, stored.leased_by) == ([], "")
        assert stored.due_at <= bot.clock.now
