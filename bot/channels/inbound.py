"""A message as it came in, checked and decoded, whichever door it came through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.dialogue.events import Message
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact


@dataclass(frozen=True, slots=True)
class Inbound:
    """Who wrote, and what.

    Args:
        language: they chose where they come from; their conversation, if it is new, begins in it.
    """

    contact: Contact
    message: Message
    language: str = ""


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """News that somebody is known by other addresses than before.

    Args:
        id: the same news has the same id; of the message that brought it, where it has one.
        channel, office: where it came from.
        kind: as the channel calls it: ``user_changed_number`` …
        at: when it happened, aware.
        before: addresses they had until then, as far as the channel tells.
        after: addresses they have since; empty when none has changed.
    """

    id: str
    channel: str
    office: str
    kind: str
    at: datetime
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(slots=True)
class Progress:
    """How far one reply got, kept while it is sent: what was accepted is not sent again.

    Args:
        label: names the reply to the channel, which repeats it in what it later says of it.
        parts: messages of the reply that the channel accepted, at earlier tries too.
    """

    label: str = ""
    parts: int = 0
    ids: list[str] = field(default_factory=list)

    def accepted(self, id_: str) -> None:
        """The channel took the next message, by this id."""
        self.parts += 1
        self.ids.append(id_)


class Sender(Protocol):
    """Delivers replies over one channel."""

    async def send(self, contact: Contact, reply: Reply, progress: Progress) -> None:
        """Deliver one reply, from where it stopped the last time.

        Args:
            progress: is kept up to date, also when this raises.

        Raises:
            TryLater: not delivered, may be tried again.
            Throttled: nor may anything else from this account for a while.
            Stopped: nor may anything else from this account until a person mends something.
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


class Follows(Protocol):
    """Follows people from one address to the next; :class:`bot.identities.Identities` does."""

    async def follow(self, change: IdentityChange) -> None:
        """Let whose address changed keep what they have: when this returns, that is saved.

        News that was followed before changes nothing, nor does news of nobody known.

        Raises:
            StorageUnavailable: hand the same news in again later.
        """
        ...


class Collects(Protocol):
    """Gives out waiting replies to channels that pull; :class:`bot.outbox.Outbox` does."""

    async def collect(self, conversation_id: str) -> Sequence[Reply]:
        """The replies waiting for this conversation, in order, each given out once."""
        ...
