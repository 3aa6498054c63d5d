"""A message as it came in, checked and decoded, whichever door it came through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.dialogue.events import Message
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact


@dataclass(frozen=True, slots=True)
class Inbound:
    """Who wrote, and what."""

    contact: Contact
    message: Message


class Sender(Protocol):
    """Delivers replies over one channel."""

    async def send(self, contact: Contact, reply: Reply) -> None:
        """Deliver one reply.

        Raises:
            TryLater: not delivered, may be tried again.
            Absent: nobody is connected; it waits to be collected, or for the next message.
            Undeliverable: will never be delivered.
        """
        ...


class Hears(Protocol):
    """Takes messages in; :class:`bot.turn.Turns` does."""

    async def hear(self, inbound: Inbound) -> None:
        """Handle one message: when this returns, it is handled and saved for good.

        A message whose id was handled before changes nothing. Replies wait in the conversation's
        outbox; for channels that push, sending starts by itself.

        Raises:
            StorageUnavailable: nothing was saved; hand the same message in again later.
        """
        ...


class Collects(Protocol):
    """Gives out waiting replies to channels that pull; :class:`bot.outbox.Outbox` does."""

    async def collect(self, conversation_id: str) -> Sequence[Reply]:
        """The replies waiting for this conversation, in order, each given out once."""
        ...
