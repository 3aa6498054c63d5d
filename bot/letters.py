"""Messages that nobody got: what is kept of them, and how they are named.

A dead letter is a record of the journal beside that of the turn which said it, so retention and
erasure apply to it as to any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.dialogue.store import Outgoing, Stored

LABEL_LIMIT: Final = 500
"""WhatsApp repeats up to 512 characters in statuses; the number of a part comes to it."""


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
