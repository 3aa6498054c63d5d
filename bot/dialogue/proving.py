"""What is kept of who proves from a web page that a telephone number is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.dialogue.store import LONG_AGO, Proven


@dataclass(frozen=True, slots=True)
class Pending:
    """A code that was sent, or would have been if the number were known.

    Args:
        code: a keyed hash of it; the key is the visitor's cookie, which is kept nowhere.
        phone: the number it went to, digits only.
        address: whose the number is: ``whatsapp:6281234567890``; empty where nobody is known.
        office: that sent it.
        until: when it ends, aware UTC.
        tries: codes that were typed in.
    """

    code: str
    phone: str
    address: str
    office: str
    until: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """A visitor, and what they have proven.

    Args:
        visitor: what they are known by, the sender of their contact.
        pending: the code that is open, one at a time.
        proven_at: when they did; aware UTC.
        at: when a code was asked for or typed in last.
        revision: writes so far; 0 for one that was never saved.
    """

    visitor: str
    proven: Proven | None = None
    pending: Pending | None = None
    proven_at: datetime = LONG_AGO
    at: datetime = LONG_AGO
    revision: int = 0


class ProofStore(Protocol):
    """Proofs; every method raises ``StorageUnavailable`` when the database does not answer."""

    async def load(self, visitor: str) -> Proof:
        """What is known of a visitor; nothing if nothing was saved."""
        ...

    async def save(self, proof: Proof) -> bool:
        """Write over the revision it was read at; ``False`` when it has changed since."""
        ...

    async def of(self, address: str) -> Sequence[Proof]:
        """What is kept of ``web:VISITOR``, or of whoever has proven ``whatsapp:…``, or is about
        to.
        """
        ...

    async def forget(self, address: str) -> int:
        """Delete what is kept of ``web:VISITOR``, or of whoever has proven ``whatsapp:…``."""
        ...

    async def purge(self, before: datetime) -> int:
        """Delete what has not changed since."""
        ...
