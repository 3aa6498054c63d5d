"""Read marks: that a message was read, and that an answer is being written where it takes long.

Both are one call. Sent before the turn, it would race with the answer: the dots would come after
it, and stay for 25 seconds, or promise an answer where none comes. So it waits for the turn, which
takes some milliseconds, and promises an answer only while one is still being made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from functools import partial
from typing import Any, Final, Protocol

from bot.channels.inbound import Hears, Inbound
from bot.dialogue.store import Contact

PATIENCE: Final = timedelta(seconds=1)
"""So long nobody wonders whether anybody is there."""


class Shows(Protocol):
    """Shows a read mark; :meth:`bot.channels.whatsapp.sender.WhatsAppSender.seen`."""

    def __call__(
        self, contact: Contact, message_id: str, *, typing: bool
    ) -> Coroutine[Any, Any, None]:
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
        self._waiting: dict[tuple[str, str], tuple[Inbound, asyncio.TimerHandle]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def taken_up(self, inbound: Inbound) -> None:
        """A new message's turn begins."""
        wondered = asyncio.get_running_loop().call_later(
            self._patience.total_seconds(), partial(self._show, inbound, typing=True)
        )
        self._waiting[_key(inbound)] = inbound, wondered

    def answered(self, inbound: Inbound) -> None:
        """A message's turn is over; nothing happens for one that was not taken up, or whose sender
        was told that an answer is being written.
        """
        self._show(inbound, typing=False)

    async def close(self) -> None:
        """Show those of turns that are not over, and wait for all that are under way."""
        for inbound, _ in tuple(self._waiting.values()):
            self._show(inbound, typing=False)
        await asyncio.gather(*self._tasks)

    def _show(self, inbound: Inbound, *, typing: bool) -> None:
        """Show a mark, unless it was."""
        if waits := self._waiting.pop(_key(inbound), None):
            waits[1].cancel()
            mark = self._shows(inbound.contact, inbound.message.id, typing=typing)
            self._tasks.add(task := asyncio.create_task(mark))
            task.add_done_callback(self._tasks.discard)


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
