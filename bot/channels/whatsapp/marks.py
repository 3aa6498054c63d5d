"""Read marks: that a message was read, and that an answer is being written where it takes long.

Both are one call. Sent before the turn, it would race with the answer: the dots would come after
it, and stay for 25 seconds, or promise an answer where none comes. So it waits for the turn, which
takes some milliseconds, and promises an answer only while one is still being made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Final, Protocol

from bot.channels.inbound import Hears, Inbound
from bot.dialogue.store import Contact

PATIENCE: Final = timedelta(seconds=1)
"""So long nobody wonders whether anybody is there."""


class Shows(Protocol):
    """Shows a read mark; :meth:`bot.channels.whatsapp.sender.WhatsAppSender.seen`."""

    def __call__(self, contact: Contact, message_id: str, *, typing: bool) -> Awaitable[None]:
        """Never fails."""
        ...


class ReadMarks:
    """Shows read marks, one for each message that was taken up.

    Args:
        shows: sends one mark.
        patience: after so long without an answer the mark says that one is being written.
    """

    def __init__(self, shows: Shows, patience: timedelta = PATIENCE) -> None:
        self._shows = shows
        self._patience = patience
        self._answered: dict[tuple[str, str], asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def taken_up(self, inbound: Inbound) -> None:
        """A new message's turn begins."""
        self._answered[_key(inbound)] = answered = asyncio.Event()
        task = asyncio.create_task(self._mark(inbound, answered))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def answered(self, inbound: Inbound) -> None:
        """A message's turn is over; nothing happens for one that was not taken up."""
        if answered := self._answered.pop(_key(inbound), None):
            answered.set()

    async def close(self) -> None:
        """Wait for the marks under way."""
        await asyncio.gather(*self._tasks)

    async def _mark(self, inbound: Inbound, answered: asyncio.Event) -> None:
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                await answered.wait()
        except TimeoutError:
            typing = True
        else:
            typing = False
        await self._shows(inbound.contact, inbound.message.id, typing=typing)


class Marked:
    """Hears on, and tells the read marks when a turn is over."""

    def __init__(self, hears: Hears, marks: ReadMarks) -> None:
        self._hears = hears
        self._marks = marks

    async def hear(self, inbound: Inbound) -> None:
        """See :class:`bot.channels.inbound.Hears`."""
        try:
            await self._hears.hear(inbound)
        finally:
            self._marks.answered(inbound)


def _key(inbound: Inbound) -> tuple[str, str]:
    return inbound.contact.conversation_id, inbound.message.id
