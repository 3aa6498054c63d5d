"""What waits to be erased, and whose turn it is to look after retention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

ERASED_AFTER: Final = timedelta(minutes=2)
"""After a person asked for it in chat: the answer is sent first, and its own turn goes with all."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days what is kept, as the settings say (section ``retention``).

    Args:
        conversations: after the last message.
        journal: of words and identities in the record of turns.
        bookings: of an identity in a seat, after its day.
        photos: after the day of service; one that nobody needs any more goes within a day.
        people: of strikes, marks and holds counted, after the last of them.
        audit: of what staff did at the desk.
    """

    conversations: int
    journal: int
    bookings: int
    photos: int
    people: int
    audit: int


class Ageing(Protocol):
    """A store whose entries go with their time, and in no other way."""

    async def aged(self, before: datetime) -> int:
        """How many entries are from before then."""
        ...

    async def drop(self, before: datetime) -> None:
        """Delete the entries from before then."""
        ...


class Erasures:
    """What a conversation may ask about privacy."""

    def __init__(self, store: PrivacyStore, retention: Retention) -> None:
        self._store = store
        self.retention = retention

    async def ask(self, address: str, now: datetime) -> None:
        """Let all about an address be erased soon; safe to repeat."""
        await self._store.request(address, now + ERASED_AFTER)


class PrivacyStore(Protocol):
    """Requests and turns; every method raises ``StorageUnavailable`` when nothing answers."""

    async def request(self, address: str, at: datetime) -> None:
        """Let all that is kept about an address be erased at ``at``; asked again, the later."""
        ...

    async def requested(self, now: datetime, limit: int) -> Sequence[str]:
        """Addresses whose time has come."""
        ...

    async def settled(self, address: str) -> None:
        """Forget a request."""
        ...

    async def take_turn(self, now: datetime, until: datetime) -> bool:
        """Take the turn to look after retention until ``until``; ``False`` while it is another
        process's, or not due yet.
        """
        ...

    async def end_turn(self, next_at: datetime) -> None:
        """Give the turn back, to whoever comes first from ``next_at`` on."""
        ...
