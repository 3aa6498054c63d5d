"""Who did what at the desk, and when: written once, never changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from bot.booking.erasure import Ageing

SUBJECT: Final = re.compile(r"[a-z_]+:[A-Za-z0-9._/|*-]{1,120}")
"""A kind and an id, ``seat:bogor/2026-11-24/17``: nobody's name, number or words fit in."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing somebody did.

    Args:
        at: aware UTC, to the millisecond.
        by: login.
        office: id of the office it was done at.
        action: ``signed_in``, ``checked_in`` …; a sentence of the desk tells it, ``audit.ACTION``.
        subject: what it was done to, as :data:`SUBJECT`; empty where that is clear.

    Raises:
        ValueError: the subject might hold personal data.
    """

    at: datetime
    by: str
    office: str
    action: str
    subject: str = ""

    def __post_init__(self) -> None:
        if self.subject and not SUBJECT.fullmatch(self.subject):
            raise ValueError(f"write the subject as kind:id without personal data: {self.action}")


class AuditStore(Ageing, Protocol):
    """The trail: entries are added, never changed, and go with their time. Methods raise
    ``StorageUnavailable`` when the database does not answer.
    """

    async def add(self, entry: AuditEntry) -> None:
        """Write an entry."""
        ...

    async def between(self, office: str, since: datetime, until: datetime) -> Sequence[AuditEntry]:
        """An office's entries from ``since`` on and before ``until``, the latest first."""
        ...
