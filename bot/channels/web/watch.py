"""Pages open at this process see what other processes say: timers, news, a person's answers, and
what was written in another page of the same browser.

Whoever saves a turn sends it, and reaches the pages at its own process alone. So each process looks
once a second, while pages are open at it, for conversations in which something was said just now:
one find by index, whatever is open. What it shows stands in the transcript, so nothing is lost with
a process that dies, and nothing is shown twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final, TypeAlias

from bot.channels.inbound import Collects
from bot.channels.web.sender import WebSender

SaidLately: TypeAlias = Callable[[timedelta], Awaitable[Mapping[str, str]]]
""":meth:`bot.dialogue.store.ConversationStore.said_lately`."""

PAUSE: Final = timedelta(seconds=1)

WITHIN: Final = timedelta(seconds=15)
"""Longer than a look and the answer of a slow database take together."""


class PageWatch:
    """Looks after the pages of one process.

    Args:
        sender: knows the pages open here.
    """

    def __init__(self, sender: WebSender, said_lately: SaidLately, collects: Collects) -> None:
        self._sender = sender
        self._said_lately = said_lately
        self._collects = collects
        self._shown: set[str] = set()

    async def look(self) -> int:
        """Show open pages what was said elsewhere; how many conversations that were.

        What was shown is taken off the outbox a look later, when whoever said it has found nobody
        to send it to.

        Raises:
            StorageUnavailable: the next look shows it.
        """
        for conversation_id in self._sender.open_among(self._shown):
            await self._collects.collect(conversation_id)
        self._shown.clear()
        if not self._sender.has_pages:
            return 0
        for conversation_id, record_id in (await self._said_lately(WITHIN)).items():
            if await self._sender.show(conversation_id, record_id):
                self._shown.add(conversation_id)
        return len(self._shown)
