"""What one event leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.conversation import Conversation
from bot.dialogue.replies import Replies
from bot.dialogue.trace import Move


@dataclass(frozen=True, slots=True)
class Saying:
    """A reply to be said.

    Args:
        reply: its key.
        replies: the sentences of the conversation's version and language at that moment.
        variables: slots at that moment, and what was found in the message.
        variant: which of its ways to say it.
        again: it is the open question, asked before.
    """

    reply: str
    replies: Replies = field(repr=False)
    variables: Mapping[str, Any] = field(repr=False)
    variant: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What one event leads to.

    Args:
        conversation: the new state; to be saved only when ``action`` is ``None``. One without
            frames has started over: on the version that counts now it goes on with ``Begun``.
        says: replies, in order.
        action: name of the action to run now; its outcome is the next event.
        leaving: the action is that of a state being left. Nothing else counts yet: decide on the
            same event again, with its outcome among those in ``left``.
        moves: what was gone through, in order.
    """

    conversation: Conversation
    says: tuple[Saying, ...] = ()
    action: str | None = None
    leaving: bool = False
    moves: tuple[Move, ...] = field(default=(), compare=False, repr=False)
