"""Notices: what the service itself tells a conversation, at a moment set beforehand.

A notice waits in a :class:`NoticeStore`. Any process's herald (``bot/herald.py``) hands those that
are due to their conversations, whose handled ids see to it that each is told once, however many
processes try and whichever of them dies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

Value: TypeAlias = str | int | float | bool | None

FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)


class NoticeName(StrEnum):
    """What the queue tells of itself; flows hear these names under ``always``.

    All begin with ``notice_``, which no message of an applicant's is ever understood as.
    """

    REMINDER = "notice_reminder"
    NEARLY_CALLED = "notice_nearly_called"
    RUNNING_LATE = "notice_running_late"
    MOVED = "notice_moved"
    SEAT_OFFERED = "notice_seat_offered"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell one conversation.

    Args:
        id: what it is, made of the key of the action behind it; the same id is the same notice.
        conversation: id of the conversation, ``channel:office:sender``.
        name: what flows hear; begins with ``notice_``.
        values: what replies and flows read as ``heard``. No personal data: the conversation, or
            the action the flow runs, knows the rest.
        due_at: when to tell it, aware UTC.
        until: when it is too late to be of use; it is then dropped.
        about: what :meth:`NoticeStore.withdraw` finds it by, such as a seat's claim key.
        attempts: how often telling it failed.
    """

    id: str
    conversation: str
    name: str
    values: Mapping[str, Value] = field(default_factory=dict)
    due_at: datetime = FOR_EVER
    until: datetime = FOR_EVER
    about: str = ""
    attempts: int = 0


class NoticeStore(Protocol):
    """Notices that wait; every method raises ``StorageUnavailable`` when the database is silent.

    Times are kept to the millisecond.
    """

    async def add(self, notices: Sequence[Notice]) -> None:
        """Let notices wait; those whose id waits already are left as they are."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[Notice]:
        """Notices with ``due_at <= now``, the most overdue first."""
        ...

    async def done(self, notice: str) -> None:
        """Forget a notice: it was told, or never will be."""
        ...

    async def withdraw(self, about: str) -> None:
        """Forget all notices about something that is no more."""
        ...

    async def postpone(self, notice: str, attempts: int, due_at: datetime) -> None:
        """Try a notice again later, unless it is gone."""
        ...
