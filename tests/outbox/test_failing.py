"""What fails is tried again in time, given up, or waits for who is absent."""

from collections import deque
from datetime import timedelta

from bot.dialogue.store import NEVER
from bot.errors import Absent, TryLater, Undeliverable
from bot.leases import JOURNAL_KEPT
from bot.outbox import LONGEST_PAUSE
from tests.support.shell import CONTACT, Bot, MakeBot
from tests.support.talk import NOW

ID = CONTACT.conversation_id


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
