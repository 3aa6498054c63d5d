"""The journal's record of a turn: what every one of them says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.dialogue.conversation import Conversation
from bot.dialogue.store import Stored
from bot.dialogue.trace import PLACE


def record_id(conversation_id: str, turn: str) -> str:
    """Key of a turn's journal record."""
    return f"{conversation_id}|{turn}"


def record_of(
    before: Stored, after: Conversation, turn: str, office: str, at: datetime
) -> dict[str, Any]:
    """The record of a turn that did and said nothing.

    Args:
        turn: id of the message, timer, notice or news.
    """
    return {
        "_id": record_id(after.id, turn),
        "conversation": after.id,
        "turn": before.revision + 1,
        "at": at,
        "office": office,
        "version": after.version,
        "language": after.language,
        "before": _where(before.conversation),
        "after": _where(after),
        "actions": [],
        "replies": [],
    }


def trace_of(before: Stored, began: Conversation | None, trace: Sequence[str]) -> list[str]:
    """The trace of a turn, from where its conversation stood before.

    Args:
        began: what was decided on: the same conversation by the names that the flows have now.
    """
    if began is None or _where(began) == _where(before.conversation):
        return list(trace)
    return [" ".join([PLACE, *_where(began)]), *trace]


def _where(conversation: Conversation) -> list[str]:
    """The flow stack as ``["passport_guided.confirming"]``, root first."""
    return [f"{frame.flow}.{frame.state}" for frame in conversation.frames]
