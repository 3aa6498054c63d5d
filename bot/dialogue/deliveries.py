"""How far messages got that a channel had taken: sent, delivered, read, played, failed.

A channel tells it later, in any order, some of it twice and some never. Each report is a document
of its own that is only ever added, so order and doubles do no harm, and what a message reached is
what was reported of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

ORDER: Final = ("sent", "delivered", "read", "played")
"""How far a message got; ``failed`` and whatever a channel may say besides stand for themselves."""

FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class Report:
    """What a channel says of a message it had taken.

    Args:
        id: the channel's, of the message.
        state: ``sent``, ``delivered``, ``read``, ``played``, ``failed``, ``deleted`` …
        at: when that was, aware UTC.
        conversation, item: whose outbox the message came from, and which of its items it was.
        part: which message of the item, from 0.
        code: the channel's error code, if it failed.
        reason: in our words.
        again: whether a message that failed is worth another try.
    """

    id: str
    state: str
    at: datetime
    conversation: str
    item: str
    part: int = 0
    code: int | None = None
    reason: str = ""
    again: bool = False

    @property
    def key(self) -> str:
        """The same for the same news."""
        return f"{self.id}|{self.state}"


class DeliveryStore(Protocol):
    """Reports; every method may raise ``StorageUnavailable``."""

    async def add(self, reports: Sequence[Report]) -> None:
        """Keep reports by their key; one that is there stays as it is."""
        ...

    async def has(self, key: str) -> bool:
        """Whether a report is there."""
        ...

    async def of_conversation(self, conversation: str) -> Sequence[Report]:
        """All of a conversation, the earliest first."""
        ...

    async def forget(self, conversation: str) -> int:
        """Delete those of a conversation; how many."""
        ...

    async def aged(self, before: datetime) -> int:
        """How many are older."""
        ...

    async def drop(self, before: datetime) -> None:
        """Delete those that are older."""
        ...


def furthest(reports: Sequence[Report]) -> str:
    """How far one message got by all that was said of it; empty when nothing was."""
    states = {report.state for report in reports}
    reached = [state for state in ORDER if state in states]
    if FAILED in states and not set(reached) - {"sent"}:
        return FAILED
    return reached[-1] if reached else next(iter(sorted(states)), "")
