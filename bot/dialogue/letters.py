"""Messages that nobody got, and those that wait: what is kept of them, and how they are named.

A dead letter is a record of the journal beside that of the turn which said it, so retention and
erasure apply to it as to any other. It counts as open until somebody sent it again or dropped it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from bot.dialogue.store import Contact, Outgoing, Stored

LABEL_LIMIT: Final = 500
"""WhatsApp repeats up to 512 characters in statuses; the number of a part comes to it."""

AGAIN: Final = "~"
"""Between an item's id and how often it was put back after it had been given up."""


def trouble(kind: str, code: int | None, reason: str, at: datetime) -> Mapping[str, Any]:
    """Why a message waits; ``reason`` is ours, without personal data."""
    return {"kind": kind, "code": code, "reason": reason, "at": at}


def dead_letter(
    stored: Stored, item: Outgoing, code: int | None, reason: str, now: datetime
) -> dict[str, Any]:
    """The journal's record of a message that is given up."""
    return {
        "_id": f"{stored.conversation.id}|{item.id}|undelivered",
        "conversation": stored.conversation.id,
        "at": now,
        "office": stored.contact.office,
        "undelivered": {
            "item": item.id,
            "code": code,
            "reason": reason,
            "attempts": item.attempts,
            "reply": dict(item.reply),
            "since": now,
        },
        "replies": [],
    }


def label_of(stored: Stored, item: Outgoing) -> str:
    """What a reply is called towards its channel; empty when that would be too long."""
    label = f"{stored.conversation.id}|{item.id}"
    return label if len(label) <= LABEL_LIMIT else ""


def turn_of(item: Outgoing) -> str:
    """The turn that said it: id of the message, or what stands for it."""
    return item.id.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation with messages that are not sent yet."""

    contact: Contact
    outbox: tuple[Outgoing, ...]
    due_at: datetime


class LetterStore(Protocol):
    """Waiting messages and dead letters; every method may raise ``StorageUnavailable``."""

    async def requeue(self, conversation: str, item: Outgoing, due_at: datetime) -> bool:
        """Put an item at the end of an outbox, due then, unless it waits there already; ``False``
        when there is no such conversation. Counts as a turn for who is about to save one.
        """
        ...

    async def waiting(self) -> Sequence[Waiting]:
        """Conversations with messages that somebody will look at, the most overdue first. Reads
        all that have a timer too, so not for a turn.
        """
        ...

    async def dead(self) -> Sequence[Mapping[str, Any]]:
        """Open dead letters, the oldest first."""
        ...

    async def settle(self, letter: str, how: Mapping[str, Any]) -> bool:
        """Close a dead letter by its ``_id``; ``False`` when it is not open."""
        ...
