"""What one event leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.conversation import Conversation


@dataclass(frozen=True, slots=True)
class Saying:
    """A reply to be said.

    Args:
        reply: its key.
        language: of the conversation at that moment.
        variables: slots at that moment, and what was found in the message.
        variant: which of its ways to say it.
    """

    reply: str
    language: str
    variables: Mapping[str, Any] = field(repr=False)
    variant: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What one event leads to.

    Args:
        conversation: the new state; to be saved only when ``action`` is ``None``.
        says: replies, in order.
        action: name of the action to run now; its outcome is the next event.
        leaving: the action is that of a state being left. Nothing else counts yet: decide on the
            same event again, with its outcome among those in ``left``.
    """

    conversation: Conversation
    says: tuple[Saying, ...] = ()
    action: str | None = None
    leaving: bool = False
