"""The outbox: everything is sent, in order, once; or given to who comes for it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.store import LONG_AGO, NEVER, Contact
from bot.errors import Absent, TryLater, Undeliverable
from bot.leases import JOURNAL_KEPT
from bot.outbox import EACH, LONGEST_PAUSE
from tests.support.shell import COLLECTED, CONTACT, Bot, Clock, Numbers
from tests.support.talk import NOW

MakeBot = Callable[..., Bot]
ID = CONTACT.conversation_id


@pytest.fixture
def make(stores: Any, tmp_path: Path) -> MakeBot:
    """Bots over the same store and clock."""
    clock, numbers = Clock(), Numbers()

    def bot(owner: str = "a", **more: Any) -> Bot:
        return Bot(stores[0], tmp_path, clock=clock, numbers=numbers, owner=owner, **more)

    return bot


@pytest.fixture
def bot(make: MakeBot) -> Bot:
    """A bot."""
    return make()


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


class TestFailing:
    async def test_later(self, bot: Bot) -> None:
        """What cannot be sent now waits with all that follows, and goes out in order then."""
        bot.delivery.moods.extend([None, TryLater("busy")])
        await bot.hear("twice")
        await bot.outbox.close()
        stored = await bot.stored()
        assert bot.delivery.sent == ["satu"]
        assert [(item.id, item.attempts) for item in stored.outbox] == [
            ("m-twice/1", 1), ("m-twice/2", 0),
        ]  # fmt: skip
        assert (stored.leased_by, stored.due_at) == ("", NOW + timedelta(seconds=2))
        bot.clock.move(seconds=2)
        await bot.sweeper.sweep()
        await bot.outbox.close()
        assert bot.delivery.sent == ["satu", "dua", "mau apa"]
        assert (await bot.stored()).due_at == NEVER

    async def test_pauses(self, bot: Bot) -> None:
        """Pauses grow with the failures, as the channel wants, and end at a quarter of an hour."""
        errors = [
            TryLater("busy"),
            TryLater("busy", after=timedelta(seconds=7)),
            TryLater("busy", base=4),
            *[TryLater("busy", base=4)] * 3,
        ]
        bot.delivery.moods.extend(errors)
        await bot.hear("none")
        await bot.outbox.close()
        pauses = []
        for _ in errors:
            due_at = (await bot.stored()).due_at
            pauses.append(due_at - bot.clock.now)
            bot.clock.now = due_at
            await bot.sweeper.sweep()
            await bot.outbox.close()
        assert [pause.total_seconds() for pause in pauses] == [
            2, 7, 64, 256, LONGEST_PAUSE.total_seconds(), LONGEST_PAUSE.total_seconds(),
        ]  # fmt: skip
        assert bot.delivery.sent == ["mau apa"]

    async def test_given_up(self, bot: Bot) -> None:
        """After so many failures a message is dropped, and those after it go on."""
        bot.delivery.moods.extend([TryLater("busy")] * 12)
        await bot.hear("twice")
        await bot.outbox.close()
        for _ in range(11):
            bot.clock.move(minutes=20)
            await bot.sweeper.sweep()
            await bot.outbox.close()
        assert bot.delivery.sent == ["dua", "mau apa"]
        assert (await bot.stored()).outbox == ()

    async def test_undeliverable(self, bot: Bot) -> None:
        """What can never be sent is dropped at once."""
        bot.delivery.moods.append(Undeliverable("gone", 131026))
        await bot.hear("twice")
        await bot.outbox.close()
        assert bot.delivery.sent == ["dua", "mau apa"]
        transcript = await bot.store.transcript(ID)
        lost = [record["undelivered"] for record in transcript if "undelivered" in record]
        assert lost == [
            {
                "item": "m-twice/0",
                "code": 131026,
                "reason": "gone",
                "attempts": 0,
                "reply": {"text": "satu", "origin": lost[0]["reply"]["origin"]},
                "since": NOW,
            }
        ]

    async def test_several_parts(self, bot: Bot) -> None:
        """Of a reply in several messages those that were accepted are not sent again."""
        bot.delivery.parts, bot.delivery.moods = 3, deque([None, TryLater("busy"), None])
        await bot.hear("none")
        await bot.outbox.close()
        (waiting,) = (await bot.stored()).outbox
        assert (waiting.parts, waiting.attempts) == (1, 1)
        bot.clock.move(seconds=2)
        await bot.sweeper.sweep()
        await bot.outbox.close()
        assert bot.delivery.sent == ["mau apa 1", "mau apa 2", "mau apa 3"]

    async def test_why(self, bot: Bot) -> None:
        """What waits says since when, and why."""
        bot.delivery.moods.append(TryLater("busy", 131000))
        await bot.hear("none")
        await bot.outbox.close()
        (waiting,) = (await bot.stored()).outbox
        assert waiting.said_at == NOW
        assert waiting.trouble == {"kind": "retry", "code": 131000, "reason": "busy", "at": NOW}

    async def test_held_back_by_ourselves(self, bot: Bot) -> None:
        """Waiting for a rate of our own is no failure of the message."""
        own = TryLater("our rates", after=timedelta(seconds=1), counts=False)
        bot.delivery.moods.extend([own] * 20)
        await bot.hear("none")
        await bot.outbox.close()
        for _ in range(20):
            bot.clock.move(seconds=1)
            await bot.sweeper.sweep()
            await bot.outbox.close()
        assert bot.delivery.sent == ["mau apa"]

    async def test_jitter(self, make: MakeBot) -> None:
        """Pauses are up to a quarter longer, so that retries do not come all at once."""
        bot = make(jitter=lambda: 0.8)
        bot.delivery.moods.append(TryLater("busy", after=timedelta(seconds=10)))
        await bot.hear("none")
        await bot.outbox.close()
        assert (await bot.stored()).due_at == NOW + timedelta(seconds=12)

    async def test_new_message(self, bot: Bot) -> None:
        """Somebody who writes while a reply waits gets that first."""
        bot.delivery.moods.append(TryLater("busy", after=timedelta(hours=1)))
        await bot.hear("twice", "m0")
        await bot.outbox.close()
        await bot.hear("none", "m1")
        await bot.outbox.close()
        assert bot.delivery.sent == ["satu", "dua", "mau apa", "apa", "mau apa"]

    async def test_timer_meanwhile(self, bot: Bot) -> None:
        """A timer that is due before the retry keeps its time."""
        bot.delivery.moods.append(TryLater("busy", after=timedelta(hours=1)))
        await bot.hear("wait", "m0")
        await bot.outbox.close()
        assert (await bot.stored()).due_at == NOW + timedelta(minutes=10)

    async def test_timer_set_by_another_meanwhile(self, make: MakeBot) -> None:
        """Also one that another process set while the message failed."""
        a, b = make("a"), make("b")
        a.delivery.gate.clear()
        a.delivery.moods.append(Absent("nobody"))
        await a.hear("none", "m0")
        await a.delivery.until(lambda: a.delivery.tried == 1)
        await b.hear("wait", "m1")
        a.delivery.gate.set()
        await a.outbox.close()
        assert (await a.stored()).due_at == NOW + timedelta(minutes=10)

    async def test_bug_in_a_channel(self, bot: Bot) -> None:
        """A sender that breaks loses nothing: it is tried again when the lease is over."""
        bot.delivery.before = lambda: (_ for _ in ()).throw(RuntimeError("a bug"))
        await bot.hear("none")
        await bot.outbox.close()
        bot.delivery.before = lambda: None
        bot.clock.move(seconds=45)
        await bot.sweeper.sweep()
        await bot.outbox.close()
        assert bot.delivery.sent == ["mau apa"]


class TestAbsence:
    async def test_waits(self, bot: Bot) -> None:
        """What nobody is there to receive waits, and is not counted as failed."""
        bot.delivery.moods.extend([Absent("nobody")] * 20)
        for number in range(20):
            await bot.hear("none", f"m{number}")
            await bot.outbox.close()
        stored = await bot.stored()
        assert (bot.delivery.sent, stored.due_at, stored.outbox[0].attempts) == ([], NEVER, 0)
        assert len(stored.outbox) == 39
        assert len(stored.journal) < JOURNAL_KEPT * 2
        assert len(await bot.outbox.collect(ID)) == 39
        assert await bot.outbox.collect(ID) == []

    async def test_back(self, bot: Bot) -> None:
        """Or it goes out with the next message."""
        bot.delivery.moods.append(Absent("nobody"))
        await bot.hear("none", "m0")
        await bot.outbox.close()
        await bot.hear("none", "m1")
        await bot.outbox.close()
        assert bot.delivery.sent == ["mau apa", "apa", "mau apa"]


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


class TestCollecting:
    async def test_once(self, bot: Bot) -> None:
        """Each reply is given out once, in order."""
        await bot.hear("twice", "m0", COLLECTED)
        await bot.hear("none", "m1", COLLECTED)
        given = await bot.outbox.collect(COLLECTED.conversation_id)
        assert [reply.text for reply in given] == ["satu", "dua", "mau apa", "apa", "mau apa"]
        assert await bot.outbox.collect(COLLECTED.conversation_id) == []

    async def test_at_once(self, make: MakeBot) -> None:
        """Also to several who come at the same time, to one process or two."""
        a, b = make("a"), make("b")
        await a.hear("twice", "m0", COLLECTED)
        given = await asyncio.gather(
            *(bot.outbox.collect(COLLECTED.conversation_id) for bot in (a, b, a, b, a))
        )
        given.append(await b.outbox.collect(COLLECTED.conversation_id))
        assert [reply.text for part in given for reply in part] == ["satu", "dua", "mau apa"]

    async def test_while_turns_are_saved(self, make: MakeBot) -> None:
        """A turn saved while somebody collects is given out with the rest."""
        a, b = make("a"), make("b")
        await a.hear("twice", "m0", COLLECTED)

        async def another() -> None:
            await a.hear("draw", "m1", COLLECTED)

        b.store.after["load"] = another
        given = await b.outbox.collect(COLLECTED.conversation_id)
        assert [reply.text for reply in given][3:] == [
            "nomor 1 untuk Rina Fiktif pukul 9", "mau apa",
        ]  # fmt: skip
        assert (await a.stored(COLLECTED)).leased_by == ""

    async def test_just_said(self, make: MakeBot) -> None:
        """What this process just said is at hand; what another took out is not given again."""
        a, b = make("a"), make("b")
        before = a.store.calls.copy()
        assert await a.says("twice", "m0") == ["satu", "dua", "mau apa"]
        assert a.store.calls - before == {"load": 1, "save": 1, "take_out": 1}
        await a.hear("twice", "m1", COLLECTED)
        assert len(await b.outbox.collect(COLLECTED.conversation_id)) == 3
        assert await a.outbox.collect(COLLECTED.conversation_id) == []

    async def test_said_by_two(self, make: MakeBot) -> None:
        """Whoever collects last has what both said."""
        a, b = make("a"), make("b")
        await a.hear("twice", "m0", COLLECTED)
        await b.hear("none", "m1", COLLECTED)
        given = [*await a.outbox.collect(COLLECTED.conversation_id)]
        given += await b.outbox.collect(COLLECTED.conversation_id)
        assert [reply.text for reply in given] == ["satu", "dua", "mau apa", "apa", "mau apa"]

    async def test_never_collected(self, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of many conversations that nobody collects only some are at hand; all can be had."""
        monkeypatch.setattr("bot.outbox.AT_HAND_AT_MOST", 2)
        crowd = [replace(COLLECTED, sender=f"visitor{n}") for n in range(4)]
        for contact in crowd:
            await bot.hear("none", "m0", contact)
        before = bot.store.calls["lease"]
        for contact in crowd:
            assert len(await bot.outbox.collect(contact.conversation_id)) == 1
        assert bot.store.calls["lease"] - before == 2

    async def test_nothing(self, make: MakeBot) -> None:
        """Who finds nothing keeps nobody else from finding something."""
        a, b = make("a"), make("b")
        assert await a.outbox.collect("rest:office:nobody") == []
        await a.hear("none", "m0", COLLECTED)
        await a.outbox.collect(COLLECTED.conversation_id)
        assert await a.outbox.collect(COLLECTED.conversation_id) == []
        assert (await a.stored(COLLECTED)).leased_until == LONG_AGO
        assert await b.says("none", "m1") == ["apa", "mau apa"]

    async def test_timer(self, bot: Bot) -> None:
        """Collecting leaves the timer as it is."""
        await bot.says("wait", "m0")
        assert (await bot.stored(COLLECTED)).due_at == NOW + timedelta(minutes=10)


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
