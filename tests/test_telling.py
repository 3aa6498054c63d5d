"""Notices: each is told its conversation once, whatever is asked there and whoever dies."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.booking.notices import Notice, NoticeName
from bot.dialogue.events import NOTICE, Noticed
from bot.herald import FIRST_PAUSE, MAX_ATTEMPTS
from storage.memory_notices import MemoryNotices
from tests.support.shell import COLLECTED, CONTACT, Bot, Clock, MakeBot, Numbers
from tests.support.talk import NOW

NEWS = Notice("n1", CONTACT.conversation_id, "notice_news", {"what": "kabar"}, NOW)


@pytest.fixture
def make(stores: Any, tmp_path: Path) -> MakeBot:
    """Bots over the same stores and clock."""
    clock, numbers, notices = Clock(), Numbers(), MemoryNotices()

    def bot(owner: str = "a", **more: Any) -> Bot:
        shared = {"clock": clock, "numbers": numbers, "notices": notices, **more}
        return Bot(stores[0], tmp_path, owner=owner, **shared)

    return bot


async def told(bot: Bot) -> list[str]:
    """What was sent since the last time."""
    await bot.outbox.close()
    sent = bot.delivery.sent.copy()
    bot.delivery.sent.clear()
    return sent


class TestTelling:
    async def test_with_a_question_open(self, make: MakeBot) -> None:
        """It is told, the open question is asked again, and the conversation is where it was."""
        bot = make()
        await bot.hear("wait")
        await told(bot)
        before = await bot.stored()
        await bot.turns.tell(NEWS)
        assert await told(bot) == ["ada kabar", "ayo"]
        after = await bot.stored()
        assert after.conversation == before.conversation
        assert after.contact == before.contact

    async def test_after_the_end(self, make: MakeBot) -> None:
        """A conversation that has ended is told too, and does not begin anew."""
        bot = make()
        await bot.hear("close")
        await told(bot)
        await bot.turns.tell(NEWS)
        assert await told(bot) == ["ada kabar"]
        assert (await bot.stored()).conversation.frame.state == "closed"

    async def test_in_their_language(self, make: MakeBot) -> None:
        """It is told in the language of the conversation."""
        bot = make()
        await bot.hear("close language=en")
        await told(bot)
        await bot.turns.tell(NEWS)
        assert await told(bot) == ["there is kabar"]

    async def test_fills_no_slot(self, make: MakeBot) -> None:
        """Its values are no answer to what is asked, not even under the name of a slot."""
        bot = make()
        await bot.hear("wait")
        await bot.turns.tell(replace(NEWS, values={"what": "x", "name": "y", "text": "z"}))
        assert not (await bot.stored()).conversation.slots.get("name")

    async def test_twice(self, make: MakeBot) -> None:
        """The same notice is told once."""
        bot = make()
        await bot.hear("close")
        await told(bot)
        for _ in range(3):
            await bot.turns.tell(NEWS)
        assert await told(bot) == ["ada kabar"]

    async def test_many_processes(self, make: MakeBot) -> None:
        """However many processes tell it at once, it is told once."""
        bots = [make(owner) for owner in "abc"]
        await bots[0].hear("close")
        await told(bots[0])
        await asyncio.gather(*(bot.turns.tell(NEWS) for bot in bots for _ in range(3)))
        assert [text for bot in bots for text in await told(bot)] == ["ada kabar"]

    async def test_journal(self, make: MakeBot) -> None:
        """It is a turn of its own in the journal."""
        bot = make()
        await bot.hear("close")
        await bot.turns.tell(NEWS)
        *_, record = await bot.store.transcript(CONTACT.conversation_id)
        assert record["notice"] == "notice_news"
        assert record["heard"] == {"what": "kabar"}
        assert [reply["text"] for reply in record["replies"]] == ["ada kabar"]

    async def test_to_nobody(self, make: MakeBot) -> None:
        """A conversation that is not there is told nothing, and none begins."""
        bot = make()
        with capture_logs() as logs:
            await bot.turns.tell(NEWS)
        assert [line["event"] for line in logs] == ["notice_for_nobody"]
        assert await bot.store.load(CONTACT.conversation_id) is None

    async def test_not_heard(self, make: MakeBot) -> None:
        """What a flow does not hear is not told; the conversation stays as it was."""
        bot = make()
        await bot.hear("wait")
        await told(bot)
        before = await bot.stored()
        await bot.turns.tell(replace(NEWS, name="notice_unknown"))
        assert await told(bot) == []
        assert (await bot.stored()).conversation == before.conversation

    async def test_its_effect_is_one(self, make: MakeBot) -> None:
        """An action it runs and whose save is lost is done again with the same key."""
        bot = make()
        await bot.hear("wait")
        await told(bot)
        bot.store.lose = ["save"]
        with pytest.raises(Exception, match="no answer"):
            await bot.turns.tell(replace(NEWS, name="notice_draw"))
        await bot.turns.tell(replace(NEWS, name="notice_draw"))
        assert len(bot.numbers.given) == 1

    async def test_due_timer_first(self, make: MakeBot) -> None:
        """A timer that was due before rings before."""
        bot = make()
        await bot.hear("wait")
        await told(bot)
        bot.clock.move(minutes=10)
        await bot.turns.tell(NEWS)
        assert await told(bot) == ["terlambat", "mau apa", "ada kabar", "mau apa"]

    async def test_after_a_day(self, make: MakeBot) -> None:
        """After a day of silence only what has a template is said, not the open question."""
        bot = make()
        await bot.hear("hang")
        await told(bot)
        bot.clock.move(hours=23, minutes=59)
        await bot.turns.tell(replace(NEWS, name="notice_template"))
        assert await told(bot) == ["penting", "lama"]
        bot.clock.move(minutes=1)
        await bot.turns.tell(replace(NEWS, id="n2", name="notice_template"))
        assert await told(bot) == ["penting"]
        await bot.turns.tell(replace(NEWS, id="n3"))
        assert await told(bot) == ["ada kabar", "lama"]


class TestForging:
    @pytest.mark.parametrize("text", ["notice_news", "notice_news what=x", "notice_draw"])
    async def test_not_by_applicants(self, make: MakeBot, text: str) -> None:
        """No message of an applicant's is ever heard as a notice."""
        bot = make()
        await bot.says("wait")
        assert await bot.says(text) == ["apa", "ayo"]
        assert bot.numbers.runs == 0

    def test_names(self) -> None:
        """All names begin alike, and no other can be told."""
        assert all(name.startswith(NOTICE) for name in NoticeName)
        with pytest.raises(ValueError, match="notice_"):
            Noticed("cancel")


class TestHerald:
    async def test_in_time(self, make: MakeBot) -> None:
        """The sweeper tells what is due, once, and forgets it."""
        bot = make()
        await bot.hear("close")
        await told(bot)
        await bot.notices.add([replace(NEWS, due_at=NOW + timedelta(minutes=1))])
        await bot.sweeper.sweep()
        assert await told(bot) == []
        bot.clock.move(minutes=1)
        for _ in range(2):
            await bot.sweeper.sweep()
        assert await told(bot) == ["ada kabar"]
        assert await bot.notices.due(bot.clock(), 1) == []

    async def test_who_collects(self, make: MakeBot) -> None:
        """Where nothing is pushed it waits to be collected."""
        bot = make()
        await bot.says("close")
        await bot.notices.add([replace(NEWS, conversation=COLLECTED.conversation_id)])
        await bot.sweeper.sweep()
        replies = await bot.outbox.collect(COLLECTED.conversation_id)
        assert [reply.text for reply in replies] == ["ada kabar"]

    async def test_several(self, make: MakeBot) -> None:
        """All processes may sweep at once: every notice is told once."""
        bots = [make(owner) for owner in "abc"]
        contacts = [replace(CONTACT, sender=f"62812000000{number}") for number in range(6)]
        for contact in contacts:
            await bots[0].hear("close", "m0", contact)
        await told(bots[0])
        await bots[0].notices.add(
            [
                replace(NEWS, id=contact.sender, conversation=contact.conversation_id)
                for contact in contacts
            ]
        )
        await asyncio.gather(*(bot.sweeper.sweep() for bot in bots))
        assert [text for bot in bots for text in await told(bot)] == ["ada kabar"] * 6

    async def test_too_late(self, make: MakeBot) -> None:
        """What is too late to be of use is dropped."""
        bot = make()
        await bot.hear("close")
        await told(bot)
        await bot.notices.add([replace(NEWS, until=NOW + timedelta(minutes=30))])
        bot.clock.move(minutes=30)
        with capture_logs() as logs:
            await bot.sweeper.sweep()
        assert "notice_too_late" in [line["event"] for line in logs]
        assert await told(bot) == []
        assert await bot.notices.due(bot.clock(), 1) == []

    async def test_storage_fails(self, make: MakeBot) -> None:
        """While the database is silent it waits, and keeps no other waiting."""
        bot = make()
        await bot.hear("close")
        await told(bot)
        await bot.notices.add([NEWS])
        bot.store.fail = ["save"]
        await bot.sweeper.sweep()
        (waiting,) = await bot.notices.due(bot.clock(), 1)
        assert waiting.attempts == 0
        await bot.sweeper.sweep()
        assert await told(bot) == ["ada kabar"]

    async def test_a_bug(self, make: MakeBot) -> None:
        """One that fails by a bug is tried again, ever later, and given up with an alarm."""
        bot = make()
        await bot.hear("close")
        await told(bot)
        await bot.notices.add(
            [replace(NEWS, id="bug", name="notice_crash"), replace(NEWS, id="good")]
        )
        failed: list[bool] = []
        with capture_logs() as logs:
            for attempt in range(MAX_ATTEMPTS):
                await bot.sweeper.sweep()
                await bot.sweeper.sweep()  # not due again yet
                bot.clock.now += FIRST_PAUSE * 4**attempt
        failed = [line["given_up"] for line in logs if line["event"] == "notice_failed"]
        assert failed == [False] * (MAX_ATTEMPTS - 1) + [True]
        assert await told(bot) == ["ada kabar"]
        bot.clock.move(days=1)
        assert await bot.notices.due(bot.clock(), 1) == []
