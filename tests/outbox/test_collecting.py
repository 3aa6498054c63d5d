"""What is said is given to who comes for it, once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.store import LONG_AGO
from tests.support.shell import COLLECTED, Bot, MakeBot
from tests.support.talk import NOW


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
