"""Read marks: one call a message, and dots only while an answer is being made."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.inbound import Inbound
from bot.channels.whatsapp.marks import Marked, ReadMarks
from bot.dialogue.events import Message
from bot.dialogue.store import Contact
from bot.errors import StorageUnavailable
from tests.support.webhooks import ACCOUNT, APPLICANT

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HELLO = Inbound(
    Contact("whatsapp", APPLICANT, "jakarta_pusat", ACCOUNT),
    Message("wamid.1", "text", "Pagi", NOW),
)


class Bot:
    """Takes up each message once, and answers when it is let; shows marks by writing them down."""

    def __init__(self, patience: timedelta) -> None:
        self.marks = ReadMarks(self.seen, patience)
        self.hears = Marked(self, self.marks)
        self.shown: list[tuple[str, bool]] = []
        self.mark_came = asyncio.Event()
        self.let = asyncio.Event()
        self.fails = False
        self._known: set[str] = set()

    async def hear(self, inbound: Inbound) -> None:
        """A turn."""
        if inbound.message.id in self._known:
            return
        self._known.add(inbound.message.id)
        self.marks.taken_up(inbound)
        await self.let.wait()
        if self.fails:
            raise StorageUnavailable("gone fishing")

    async def seen(self, _: Contact, message_id: str, *, typing: bool) -> None:
        """A mark."""
        self.shown.append((message_id, typing))
        self.mark_came.set()


async def test_answered_at_once() -> None:
    """A message that is answered, or needs no answer, is read and nothing is promised."""
    bot = Bot(timedelta(seconds=30))
    bot.let.set()
    await bot.hears.hear(HELLO)
    await bot.marks.close()
    assert bot.shown == [("wamid.1", False)]


async def test_while_the_answer_is_made() -> None:
    """Who has waited for a while sees that an answer is coming; there is no second mark."""
    bot = Bot(timedelta(0))
    turn = asyncio.create_task(bot.hears.hear(HELLO))
    await bot.mark_came.wait()
    assert bot.shown == [("wamid.1", True)]
    bot.let.set()
    await turn
    await bot.marks.close()
    assert bot.shown == [("wamid.1", True)]


async def test_one_mark_a_message() -> None:
    """What was handled before is not marked again, and another message has a mark of its own."""
    bot = Bot(timedelta(seconds=30))
    bot.let.set()
    for message_id in ("wamid.1", "wamid.1", "wamid.2"):
        await bot.hears.hear(replace(HELLO, message=replace(HELLO.message, id=message_id)))
    await bot.marks.close()
    assert sorted(bot.shown) == [("wamid.1", False), ("wamid.2", False)]


async def test_failed() -> None:
    """A turn that fails promises nothing: its message is delivered again."""
    bot = Bot(timedelta(seconds=30))
    bot.fails = True
    bot.let.set()
    with pytest.raises(StorageUnavailable):
        await bot.hears.hear(HELLO)
    await bot.marks.close()
    assert bot.shown == [("wamid.1", False)]


async def test_closing_leaves_no_mark_out() -> None:
    """Who shuts down shows the marks of turns that are not over, once and promising nothing."""
    bot = Bot(timedelta(seconds=30))
    turn = asyncio.create_task(bot.hears.hear(HELLO))
    await asyncio.sleep(0)
    await bot.marks.close()
    assert bot.shown == [("wamid.1", False)]
    bot.let.set()
    await turn
    await bot.marks.close()
    assert bot.shown == [("wamid.1", False)]
