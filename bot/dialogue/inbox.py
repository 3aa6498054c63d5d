"""Conversations as lists of them show them, found by index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.dialogue.care import Care
from bot.dialogue.store import Contact


@dataclass(frozen=True, slots=True)
class Overview:
    """A conversation as a list shows it.

    Args:
        where: its open state, ``flow.state``; empty where none is.
        care: the person who has it or should.
        missed_at: when something in it was last not understood.
        revision: turns saved so far.
    """

    contact: Contact
    where: str
    care: Care
    missed_at: datetime | None
    revision: int

    @property
    def id(self) -> str:
        """Of the conversation."""
        return self.contact.conversation_id


class InboxStore(Protocol):
    """Lists of conversations; every method may raise ``StorageUnavailable``."""

    async def cared(self, office: str) -> Sequence[Overview]:
        """All that a person has or should have, the longest waiting first; these are few."""
        ...

    async def missed(self, office: str, since: datetime, until: datetime) -> Sequence[Overview]:
        """Those in which something was last not understood in that time, the latest first."""
        ...

    async def heard(self, office: str, since: datetime, until: datetime) -> Sequence[Overview]:
        """Those whose person wrote last in that time, ``until`` not included, the latest first."""
        ...
