"""Delivery to open pages."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import orjson
from aiohttp import WSCloseCode, web

from bot.channels.inbound import Progress
from bot.channels.web.turns import Transcript, recall
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact
from bot.errors import Absent, StorageUnavailable, TryLater

SOCKETS_PER_CONVERSATION = 5
WRITE_SECONDS = 5.0
"""A page that takes longer to accept a frame is gone, whatever its connection says."""

TOO_MANY_PAGES = 4001
"""Close code for the oldest page of a conversation when one too many opens."""


class Looker:
    """One open page: its socket and the turns it was shown.

    Args:
        seen: id of the last turn the page has already; empty for none.
    """

    def __init__(
        self,
        socket: web.WebSocketResponse,
        conversation_id: str,
        transcript: Transcript,
        seen: str = "",
    ) -> None:
        self.conversation_id = conversation_id
        self._socket = socket
        self._transcript = transcript
        self._seen = seen
        self._shown: set[str] = set()
        self._caught_up = False
        self._one_at_a_time = asyncio.Lock()

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever said in its conversation."""
        return not self._shown

    def lacks(self, record_id: str) -> bool:
        """Whether it has caught up once, and was not shown this turn."""
        return self._caught_up and record_id not in self._shown

    async def catch_up(self) -> None:
        """Show the turns not shown yet; the page hears of it even if there are none.

        Raises:
            StorageUnavailable: the transcript cannot be read.
            ConnectionError: the page is gone.
        """
        async with self._one_at_a_time:
            turns = await recall(self._transcript, self.conversation_id)
            ids = [turn["id"] for turn in turns]
            if self._seen in ids:
                self._shown.update(ids[: ids.index(self._seen) + 1])
            self._seen = ""
            await self.say(type="turns", turns=[t for t in turns if t["id"] not in self._shown])
            self._shown.update(ids)
            self._caught_up = True

    async def say(self, **frame: Any) -> None:
        """Send one frame.

        Raises:
            ConnectionError: the page is gone.
        """
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await self._socket.send_str(orjson.dumps(frame).decode())
        except TimeoutError as slow:
            raise ConnectionResetError("the page does not read") from slow

    async def close(self, code: int, reason: str = "") -> None:
        """End the connection."""
        with suppress(ConnectionError):
            await self._socket.close(code=code, message=reason.encode())


class WebSender:
    """Wakes the open pages of a conversation; a :class:`bot.channels.inbound.Sender`."""

    def __init__(self) -> None:
        self._lookers: defaultdict[str, list[Looker]] = defaultdict(list)

    async def send(self, contact: Contact, reply: Reply, progress: Progress) -> None:  # noqa: ARG002  # pages read the transcript, where the reply stands
        """Have every open page of the contact catch up with the transcript.

        Raises:
            Absent: nobody is looking.
            TryLater: no open page could be reached, or the transcript cannot be read.
        """
        lookers = list(self._lookers.get(contact.conversation_id, ()))
        if not lookers:
            raise Absent("nobody is looking")
        reached = await asyncio.gather(*map(_reach, lookers))
        if not any(reached):
            raise TryLater("no open page could be reached")

    @property
    def has_pages(self) -> bool:
        """Whether any page is open here."""
        return bool(self._lookers)

    def open_among(self, conversations: Iterable[str]) -> Sequence[str]:
        """Those of the conversations that a page is open of."""
        return [each for each in conversations if each in self._lookers]

    async def show(self, conversation_id: str, record_id: str) -> bool:
        """Have the pages that were not shown this turn yet catch up; whether there were any.

        Raises:
            StorageUnavailable: the transcript cannot be read.
        """
        behind = [
            looker for looker in self._lookers.get(conversation_id, ()) if looker.lacks(record_id)
        ]
        for looker in behind:
            with suppress(ConnectionError):
                await looker.catch_up()
        return bool(behind)

    @contextmanager
    def looking(self, looker: Looker) -> Iterator[None]:
        """Count a page among the open ones."""
        lookers = self._lookers[looker.conversation_id]
        lookers.append(looker)
        try:
            yield
        finally:
            lookers.remove(looker)
            if not lookers:
                self._lookers.pop(looker.conversation_id, None)

    async def make_room(self, conversation_id: str) -> None:
        """Close the oldest pages of a conversation beyond ``SOCKETS_PER_CONVERSATION``.

        The oldest and not the newest: a phone that changed networks leaves dead sockets behind.
        """
        lookers = self._lookers.get(conversation_id, [])
        for looker in lookers[:-SOCKETS_PER_CONVERSATION]:
            await looker.close(TOO_MANY_PAGES, "too many pages")

    async def close(self) -> None:
        """Send every page away; it will come back to the next process."""
        everybody = [looker for lookers in self._lookers.values() for looker in lookers]
        await asyncio.gather(*(looker.close(WSCloseCode.GOING_AWAY) for looker in everybody))


async def _reach(looker: Looker) -> bool:
    try:
        await looker.catch_up()
    except ConnectionError:
        return False
    except StorageUnavailable as down:
        raise TryLater("the transcript cannot be read") from down
    return True
