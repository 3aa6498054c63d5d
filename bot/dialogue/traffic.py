"""What reports may know of a turn: where it led, whether it was understood; not what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.dialogue.events import NOTHING_UNDERSTOOD

FIELDS: Final = (
    "conversation",
    "turn",
    "at",
    "before",
    "after",
    "understood",
    "message",
    "actions",
    "attended",
)
"""Fields of a journal record that :func:`heard_from` looks at."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message's turn.

    Args:
        conversation: its id, to tell conversations apart; it goes into no report.
        turn: number of the turn in its conversation.
        at: aware UTC.
        before, after: the open state before and after, ``flow.state``; empty when there was none.
        understood: whether anything was, intent or entity, or a person was there to read it.
        outcomes: of the actions done, in order.
    """

    conversation: str
    turn: int
    at: datetime
    before: str
    after: str
    understood: bool
    outcomes: tuple[str, ...]


def heard_from(record: Mapping[str, Any]) -> Heard | None:
    """A journal record as reports see it; ``None`` for a timer, a notice or a lost reply."""
    if "understood" not in record and "message" not in record:
        return None
    if "turn" not in record:
        return None
    return Heard(
        conversation=record["conversation"],
        turn=record["turn"],
        at=record["at"],
        before=_open(record.get("before")),
        after=_open(record.get("after")),
        understood=is_understood(record),
        outcomes=tuple(each["outcome"] for each in record.get("actions") or ()),
    )


def _open(stack: Any) -> str:
    return str(stack[-1]) if stack else ""


def is_understood(record: Mapping[str, Any]) -> bool:
    """Whether anything of a turn's message was, or a person was there to read it."""
    understood = record.get("understood")
    if understood is None or "attended" in record:
        return True
    return understood.get("intent") != NOTHING_UNDERSTOOD.intent or bool(understood.get("entities"))
