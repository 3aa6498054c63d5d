"""A whole bot in one object and in memory, for tests of the doors: it says back what it hears."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from bot.channels.inbound import Inbound, Progress, Sender
from bot.dialogue.attachment import Card, Location, Reaction
from bot.dialogue.events import Message
from bot.dialogue.reply import Button, Pdf, Picture, Reply
from bot.dialogue.store import Contact
from bot.errors import Absent, StorageUnavailable, TryLater

ALL = Reply(
    "Semuanya",
    document=Pdf("form.pdf", "f" * 64),
    location=Location(-6.2, 106.8, "Kantor Contoh", "Jalan Contoh No. 1"),
    contact=Card("Kantor; Contoh", ("+62 812 0000 0001",)),
    reaction=Reaction("m1", "✅"),
)
"""A reply with all there is beside words."""

NOW = datetime(2026, 11, 23, 2, 41, tzinfo=UTC)


def echo(message: Message) -> Sequence[Reply]:
    """Says the text back; ``buttons``, ``list``, ``picture``, ``sign`` and ``all`` get one each."""
    rows = (Button("Pertama", '/pick{"n":1}', "baris satu"), Button("Kedua", '/pick{"n":2}'))
    match message.text:
        case "buttons":
            return [Reply("Pilih:", rows)]
        case "list":
            return [Reply("Pilih dari daftar:", rows, menu="Buka daftar")]
        case "picture":
            return [Reply("Ini kodenya", barcode="JKP-7F4Q2-M8XCK")]
        case "sign":
            return [Reply("Di sini", picture=Picture("front_desk.png", "e" * 64))]
        case "all":
            return [ALL]
        case text:
            return [Reply(f"Anda: {message.title or text}")]


class EchoBot:
    """Hears, collects and remembers, as the turn, the outbox and the store do together.

    Args:
        answer: what is said to a message.

    Attributes:
        heard: every inbound message that was new, in order.
        down: whether storage is out of order.
        sender: of a channel that pushes; sending starts by itself after a message is saved.
    """

    def __init__(self, answer: Callable[[Message], Sequence[Reply]] = echo) -> None:
        self.heard: list[Inbound] = []
        self.down = False
        self.sender: Sender | None = None
        self._answer = answer
        self._outbox: defaultdict[str, list[Reply]] = defaultdict(list)
        self._records: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
        self._tasks: set[asyncio.Task[None]] = set()

    async def hear(self, inbound: Inbound) -> None:
        """Take a message in, once."""
        self._check()
        conversation = inbound.contact.conversation_id
        key = f"{conversation}|{inbound.message.id}"
        if any(record["_id"] == key for record in self._records[conversation]):
            return
        self.heard.append(inbound)
        replies = self._answer(inbound.message)
        self.say(inbound.contact, *replies, key=key, message=inbound.message)
        if self.sender:
            task = asyncio.create_task(self._deliver(inbound.contact))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def say(
        self, contact: Contact, *replies: Reply, key: str, message: Message | None = None
    ) -> None:
        """Save a turn; a timer's has no message."""
        record = {
            "_id": key,
            "conversation": contact.conversation_id,
            "at": message.at if message else NOW,
            "message": asdict(message) if message else None,
            "replies": [reply.as_document() for reply in replies],
        }
        self._records[contact.conversation_id].append(record)
        self._outbox[contact.conversation_id] += replies

    async def collect(self, conversation_id: str) -> Sequence[Reply]:
        """Give out what waits."""
        self._check()
        return self._outbox.pop(conversation_id, [])

    async def transcript(self, conversation_id: str) -> Sequence[Mapping[str, Any]]:
        """All turns of a conversation."""
        self._check()
        return list(self._records[conversation_id])

    def waiting(self, contact: Contact) -> int:
        """How many replies wait in the contact's outbox."""
        return len(self._outbox.get(contact.conversation_id, ()))

    async def _deliver(self, contact: Contact) -> None:
        assert self.sender
        waiting = self._outbox[contact.conversation_id]
        while waiting:
            try:
                await self.sender.send(contact, waiting[0], Progress())
            except (Absent, TryLater):
                return
            waiting.pop(0)

    def _check(self) -> None:
        if self.down:
            raise StorageUnavailable("out of order")
